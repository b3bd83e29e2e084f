"""The brief: sources, precedence, gaps and what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.brief import Brief, Change, FieldSpec, Inputs, KnownGap, Question, assemble, changes
from domain.deadlines import Notice, Renewal, current_deadlines
from domain.deals import Account, Contact, Deal, DealLine, Fact, Promise, Stage
from domain.money import Money
from domain.periods import Period
from domain.signatures import SignedDocument
from domain.terms import Citation, Line, Party, Reading, Term, TermField

SPECS = (
    FieldSpec("customer", Question.WHO, "Customer", required=True),
    FieldSpec("legal_name", Question.WHO, "Legal entity", required=True),
    FieldSpec("product", Question.BOUGHT, "Product", required=True),
    FieldSpec("total_value", Question.BOUGHT, "Total value", required=True),
    FieldSpec("signer", Question.PEOPLE, "Signer"),
    FieldSpec("day_to_day", Question.PEOPLE, "Day-to-day contact"),
    FieldSpec("promise", Question.PROMISES, "Promise"),
    FieldSpec("integrations", Question.COMPLEXITY, "Integrations", required=True, ask="Which systems?"),
    FieldSpec("primary_goal", Question.SUCCESS, "Primary goal", required=True, ask="What is the one result?"),
    FieldSpec("first_action", Question.FIRST_ACTION, "First action", required=True),
    FieldSpec("send_by", Question.RENEWAL, "Last day to give notice"),
    FieldSpec("notice", Question.RENEWAL, "Notice period"),
    FieldSpec("uptime", Question.SPECIAL, "Uptime"),
)


def cited(page: int) -> Citation:
    return Citation("0" * 64, page, 0, 1, "x")


def term(field: TermField, value: str, page: int = 1) -> Term:
    return Term(field, value, cited(page), "test")


READING = Reading(
    terms=(
        term(TermField.TOTAL_VALUE, "48000.00 USD", 2),
        term(TermField.NOTICE_PERIOD, "P30D", 3),
        term(TermField.NOTICE_UNIT, "business_day", 3),
        term(TermField.UPTIME, "99.9", 4),
    ),
    parties=(Party("Vela Optics Ltd", "customer", cited(1)), Party("Lumora", "provider", cited(1))),
    lines=(Line("Analytics", Decimal(10), Money(Decimal(400), "USD"), None, cited(2)),),
)
SIGNER = Contact("Sam Roe", "SAM@vela.example", roles=("signer",))
DEAL = Deal(
    id="D-1", name="Vela", stage=Stage.WON, account=Account("A-1", "Vela Optics Ltd"),
    amount=Money(Decimal(45000), "USD"),
    contacts=(
        Contact("Sam Roe", "sam@vela.example", "CFO", ("signer", "economic_buyer")),
        Contact("Dee Poe", "dee@vela.example", "Ops lead", ("day_to_day",)),
        Contact("Kay Noe", "", "", ("day_to_day",)),
        Contact("Lou Foe", "", "", ("day_to_day",)),
    ),
    lines=(DealLine("CRM name of the product"),),
    facts={"primary_goal": Fact("close in 3 days", "CRM deal D-1", date(2026, 10, 1))},
    promises=(Promise("Migration for free", "Jonas", "2026-10-02"),),
)  # fmt: skip
DEADLINES = current_deadlines(
    Renewal(date(2026, 1, 1), Period.parse("P12M"), None, "auto", Period.parse("P12M"),
            Notice(Period.parse("P60D")), calendar="US-NY"),
    today=date(2026, 3, 1),
)  # fmt: skip
INPUTS = Inputs(
    customer="Vela Optics",
    signed=SignedDocument("doc", "Order", completed=True, status="done", signers=(SIGNER,)),
    reading=READING,
    deal=DEAL,
    deadlines=DEADLINES,
    first_action="Introduce yourself",
    first_due="Tuesday 15:00",
    csm="Lea Brandt",
)


def shown(brief: Brief, key: str) -> list[tuple[str, str]]:
    return [(answer.value, answer.source) for answer in brief.answers if answer.key == key]


class TestABrief:
    def test_names_the_source_of_every_line(self) -> None:
        brief = assemble(SPECS, INPUTS)
        assert shown(brief, "total_value") == [("USD 48,000.00", "contract, page 2")]
        assert shown(brief, "product") == [("10 × Analytics at USD 400.00", "contract, page 2")]
        assert shown(brief, "primary_goal") == [("close in 3 days", "CRM deal D-1")]
        assert shown(brief, "promise") == [("Migration for free (Jonas, 2026-10-02)", "CRM deal D-1")]
        assert shown(brief, "uptime") == [("99.9 %", "contract, page 4")]
        assert all(answer.source for answer in brief.answers)

    def test_keeps_the_age_of_a_crm_fact(self) -> None:
        goal = next(a for a in assemble(SPECS, INPUTS).answers if a.key == "primary_goal")
        assert goal.updated == date(2026, 10, 1)

    def test_tells_business_days_from_calendar_days(self) -> None:
        assert assemble(SPECS, INPUTS).get("notice") == "30 business days"

    def test_shows_the_clock_with_its_reasoning(self) -> None:
        value, source = shown(assemble(SPECS, INPUTS), "send_by")[0]
        assert value == "notice must be sent by 2026-10-30"
        assert "2026-11-01 is no business day in US-NY" in source

    def test_takes_the_signer_from_the_signature_and_their_title_from_the_crm(self) -> None:
        assert shown(assemble(SPECS, INPUTS), "signer") == [
            ("Sam Roe, CFO <sam@vela.example>", "signature certificate")
        ]

    def test_keeps_contacts_without_an_address_apart(self) -> None:
        people = [value for value, _ in shown(assemble(SPECS, INPUTS), "day_to_day")]
        assert people == ["Dee Poe, Ops lead <dee@vela.example>", "Kay Noe", "Lou Foe"]

    def test_shows_the_paper_for_products_and_the_crm_only_without_paper(self) -> None:
        without = replace(INPUTS, reading=replace(READING, lines=()))
        assert shown(assemble(SPECS, without), "product") == [("CRM name of the product", "CRM deal D-1")]

    def test_shows_what_the_rep_typed_instead_of_the_crm_and_the_paper(self) -> None:
        typed = {
            "primary_goal": Fact("halve the close", "rep, 2 Dec"),
            "legal_name": Fact("Vela Optics Limited", "rep, 2 Dec"),
            "integrations": Fact("", "rep, 2 Dec"),
        }
        brief = assemble(SPECS, replace(INPUTS, answers=typed))
        assert shown(brief, "primary_goal") == [("halve the close", "rep, 2 Dec")]
        assert shown(brief, "legal_name") == [("Vela Optics Limited", "rep, 2 Dec")]
        assert [gap.key for gap in brief.gaps] == ["integrations"]

    def test_says_what_is_missing_and_what_to_ask(self) -> None:
        brief = assemble(SPECS, INPUTS)
        assert brief.gaps == (KnownGap(Question.COMPLEXITY, "integrations", "Integrations", "Which systems?"),)
        assert brief.completeness == 1 - 1 / 7
        assert brief.answered() == 6

    def test_without_a_deal_still_tells_what_the_paper_tells(self) -> None:
        brief = assemble(SPECS, replace(INPUTS, deal=None, deadlines=None))
        assert brief.get("total_value") == "USD 48,000.00"
        assert brief.get("signer") == "Sam Roe <SAM@vela.example>"
        assert {gap.key for gap in brief.gaps} == {"integrations", "primary_goal"}

    def test_asks_by_label_where_no_question_is_written(self) -> None:
        spec = FieldSpec("migration", Question.COMPLEXITY, "Data migration", required=True)
        assert assemble([spec], INPUTS).gaps[0].ask == "Data migration"

    def test_without_required_lines_is_complete(self) -> None:
        assert assemble([], INPUTS).completeness == 1.0

    @given(st.sets(st.sampled_from([spec.key for spec in SPECS])))
    def test_grows_no_less_complete_with_every_answer(self, keys: set[str]) -> None:
        bare = replace(INPUTS, deal=None, reading=Reading(), deadlines=None)
        answered = replace(bare, answers={key: Fact("said", "rep") for key in keys})
        before, after = assemble(SPECS, bare), assemble(SPECS, answered)
        assert after.completeness >= before.completeness
        assert {gap.key for gap in after.gaps} == {gap.key for gap in before.gaps} - keys


class TestChanges:
    def test_of_a_first_version_are_none(self) -> None:
        assert changes(None, assemble(SPECS, INPUTS)) == ()

    def test_of_the_same_inputs_are_none(self) -> None:
        assert changes(assemble(SPECS, INPUTS), assemble(SPECS, INPUTS)) == ()

    def test_name_the_line_with_before_and_after(self) -> None:
        before = assemble(SPECS, INPUTS)
        typed = {"integrations": Fact("Salesforce", "rep"), "primary_goal": Fact("halve the close", "rep")}
        after = assemble(SPECS, replace(INPUTS, answers=typed, reading=Reading()))
        assert set(changes(before, after)) == {
            Change("Product", "10 × Analytics at USD 400.00", "CRM name of the product"),
            Change("Integrations", "–", "Salesforce"),
            Change("Primary goal", "close in 3 days", "halve the close"),
            Change("Total value", "USD 48,000.00", "–"),
            Change("Notice period", "30 business days", "–"),
            Change("Uptime", "99.9 %", "–"),
        }
