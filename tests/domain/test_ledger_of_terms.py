"""What a contract says on a day, as far as it was known at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from domain.amendment import changes_of
from domain.errors import Permanent
from domain.kinship import Link, kinship
from domain.ledger import LinePatch, Patch, Patches, conflicts, effective, inherited
from domain.money import Money
from domain.papers import LinkKind
from domain.terms import Change, Citation, Line, Reading, Term, TermField

T = TermField
PROOF = Citation("0" * 64, 1, 0, 10, "ten chars.")
MASTER = Reading(
    (
        Term(T.NOTICE_PERIOD, "P60D", PROOF, "rule"),
        Term(T.PAYMENT_DAYS, "30", PROOF, "rule"),
        Term(T.SERVICE_CREDIT, "99..99.9: 5", PROOF, "rule"),
        Term(T.SERVICE_CREDIT, "..99: 10", PROOF, "rule"),
    ),
    lines=(Line("Lumora Core", Decimal(10), Money(Decimal("120.00"), "EUR"), None, PROOF),),
)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def patch(value: str | None, valid_from: date, known: int, field: TermField = T.NOTICE_PERIOD, old: str = "") -> Patch:
    return Patch(field, old, value, PROOF, valid_from, "amendment", at(known))


def notice(patches: Patches, as_of: date, known_at: datetime | None = None) -> str | None:
    term = effective(MASTER, patches, as_of, known_at).get(T.NOTICE_PERIOD)
    return term.value if term else None


class TestTheTermsOnADay:
    june, july = date(2026, 6, 1), date(2026, 7, 1)
    both = Patches((patch("P90D", june, 1), patch("P30D", july, 2)))

    def test_are_those_of_the_last_change_in_force(self) -> None:
        days = (date(2026, 5, 31), self.june, date(2026, 6, 30), self.july)
        assert [notice(self.both, day) for day in days] == ["P60D", "P90D", "P90D", "P30D"]

    def test_do_not_depend_on_the_order_in_which_amendments_arrive(self) -> None:
        three = (*self.both.terms, patch("P45D", date(2026, 8, 1), 3))
        for order in permutations(three):
            assert notice(Patches(order), date(2026, 7, 15)) == "P30D"

    def test_keep_the_later_day_when_an_earlier_one_becomes_known_last(self) -> None:
        late = Patches((patch("P30D", self.july, 2), patch("P90D", self.june, 20)))
        assert notice(late, date(2026, 7, 15)) == "P30D"

    def test_are_what_was_known_at_a_moment(self) -> None:
        assert notice(self.both, date(2026, 7, 15), known_at=at(1, 12)) == "P90D"
        assert notice(self.both, date(2026, 7, 15), known_at=at(1, 8)) == "P60D"

    def test_of_one_day_are_those_known_later(self) -> None:
        corrected = Patches((patch("P90D", self.june, 1), patch("P80D", self.june, 3)))
        assert notice(corrected, self.june) == "P80D"

    def test_lose_what_is_deleted(self) -> None:
        assert notice(Patches((patch(None, self.june, 1),)), self.june) is None

    def test_replace_one_of_several_values_and_add_another(self) -> None:
        found = effective(
            MASTER,
            Patches(
                (
                    patch("99..99.9: 8", self.june, 1, T.SERVICE_CREDIT, "99..99.9: 5"),
                    patch("..95: 25", self.june, 1, T.SERVICE_CREDIT),
                )
            ),
            self.june,
        )
        assert sorted(term.value for term in found.all(T.SERVICE_CREDIT)) == ["..95: 25", "..99: 10", "99..99.9: 8"]

    def test_cite_the_paper_that_changed_them(self) -> None:
        term = effective(MASTER, self.both, self.june).get(T.NOTICE_PERIOD)
        assert term is not None
        assert term.rule == "amendment amendment"

    def test_hold_the_new_price_of_a_product_from_its_day(self) -> None:
        dearer = replace(MASTER.lines[0], product="lumora  core", unit_price=Money(Decimal("130.00"), "EUR"))
        patches = Patches(lines=(LinePatch(dearer, self.june, "amendment", at(1)),))
        before, after = (effective(MASTER, patches, day).lines for day in (date(2026, 5, 31), self.june))
        assert (before, after) == (MASTER.lines, (dearer,))


class TestAnAmendment:
    def said(self, *terms: Term, changes: tuple[Change, ...] = ()) -> list[tuple[str, str, str | None]]:
        found = changes_of(Reading(terms, changes=changes), MASTER, "a", date(2026, 6, 1))
        return [(one.field.value, one.old, one.value) for one in found.terms]

    def test_changes_what_it_says_differently(self) -> None:
        assert self.said(Term(T.PAYMENT_DAYS, "45", PROOF, "rule")) == [("payment_days", "30", "45")]

    def test_changes_nothing_by_repeating_the_contract(self) -> None:
        assert self.said(Term(T.PAYMENT_DAYS, "30", PROOF, "rule")) == []

    def test_does_not_change_the_contract_by_its_own_title_and_date(self) -> None:
        own = (Term(T.TITLE, "Amendment No. 1", PROOF, "r"), Term(T.EFFECTIVE_DATE, "2026-06-01", PROOF, "r"))
        assert self.said(*own) == []

    def test_does_not_bring_back_what_it_quotes_only_to_replace_it(self) -> None:
        text = "“fifty (50) days” is replaced by “forty-five (45) days”"
        change = Change(
            "4", "fifty (50) days", "forty-five (45) days", Citation("0" * 64, 1, 100, 100 + len(text), text)
        )
        old = Term(T.PAYMENT_DAYS, "50", Citation("0" * 64, 1, 101, 116, "fifty (50) days"), "rule")
        assert self.said(old, changes=(change,)) == []

    def test_with_a_new_ladder_replaces_the_whole_ladder(self) -> None:
        ladder = [Term(T.SERVICE_CREDIT, value, PROOF, "r") for value in ("..99: 10", "99..99.5: 7")]
        assert self.said(*ladder) == [
            ("service_credit", "99..99.9: 5", None),
            ("service_credit", "", "99..99.5: 7"),
        ]


class TestAFamily:
    links = kinship(
        [
            Link("order", "master", LinkKind.GOVERNED_BY),
            Link("master", "framework", LinkKind.GOVERNED_BY),
            Link("framework", "policy", LinkKind.INCORPORATES),
            Link("change", "order", LinkKind.AMENDS),
            Link("change", "order-2", LinkKind.AMENDS),
        ]
    )

    def test_is_of_any_depth(self) -> None:
        assert self.links.governing("order") == ["master", "framework", "policy"]
        assert self.links.governed("policy") == ["framework", "master", "order"]

    def test_has_amendments_of_several_order_forms(self) -> None:
        assert self.links.amended_by("change") == ["order", "order-2"]

    def test_never_goes_in_a_circle(self) -> None:
        with pytest.raises(Permanent, match="circle"):
            self.links.refuse_circle(Link("policy", "order", LinkKind.GOVERNED_BY))
        with pytest.raises(Permanent, match="circle"):
            self.links.refuse_circle(Link("order", "order", LinkKind.RENEWS))
        self.links.refuse_circle(Link("order", "policy", LinkKind.INCORPORATES))


class TestAnOrderForm:
    own = Reading((Term(T.PAYMENT_DAYS, "45", PROOF, "rule"), Term(T.INITIAL_TERM, "P12M", PROOF, "rule")))
    far = Reading((Term(T.GOVERNING_LAW, "Germany", PROOF, "rule"), Term(T.NOTICE_PERIOD, "P10D", PROOF, "rule")))

    def test_takes_from_its_master_what_it_leaves_open_and_nothing_else(self) -> None:
        found = inherited(self.own, [MASTER, self.far])
        values = {term.field: term.value for term in found.terms if term.field is not T.SERVICE_CREDIT}
        assert values == {
            T.PAYMENT_DAYS: "45", T.INITIAL_TERM: "P12M", T.NOTICE_PERIOD: "P60D", T.GOVERNING_LAW: "Germany",
        }  # fmt: skip

    def test_never_takes_its_dates_from_another_paper(self) -> None:
        master = Reading((Term(T.EXPIRATION_DATE, "2030-12-31", PROOF, "rule"),))
        assert inherited(self.own, [master]).get(T.EXPIRATION_DATE) is None

    def test_names_where_it_differs_from_its_master(self) -> None:
        found = conflicts(self.own, [MASTER])
        assert [(one.field, one.why) for one in found] == [
            ("payment_days", "says 45, the paper that governs it says 30 (page 1)")
        ]
