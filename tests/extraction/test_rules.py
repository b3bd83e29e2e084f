"""What the sample contracts say is found exactly; what they do not say is a gap."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.documents import Document, Page, ReadProblem
from domain.terms import REPEATABLE, Reading, TermField
from extraction import holds, read_document, read_terms, verify

SAMPLES = Path(__file__).parents[2] / "samples"
CONTRACTS: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "contracts.yaml").read_text("utf-8"))["contracts"]


@lru_cache
def document_of(file: str) -> Document:
    return read_document((SAMPLES / "contracts" / file).read_bytes())


def reading_of(*pages: str) -> Reading:
    return read_terms(Document("0" * 64, tuple(Page(n, text) for n, text in enumerate(pages, start=1))))


def value_of(field: TermField, *pages: str) -> str | None:
    term = reading_of(*pages).get(field)
    return term.value if term else None


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["file"])
class TestASampleContract:
    def test_gives_exactly_its_terms(self, contract: dict[str, Any]) -> None:
        reading = read_terms(document_of(contract["file"]))
        found = {t.field.value: t.value for t in reading.terms if t.field not in REPEATABLE}
        assert found == contract["expected"]

    def test_gives_exactly_its_gaps(self, contract: dict[str, Any]) -> None:
        reading = read_terms(document_of(contract["file"]))
        assert [gap.field for gap in reading.gaps] == contract["gaps"]

    def test_gives_its_obligations_with_their_deadlines(self, contract: dict[str, Any]) -> None:
        terms = read_terms(document_of(contract["file"])).all(TermField.OBLIGATION)
        assert [{"due": t.duty.due or None if t.duty else None, "text": t.value} for t in terms] == contract[
            "obligations"
        ]

    def test_gives_its_special_terms(self, contract: dict[str, Any]) -> None:
        terms = read_terms(document_of(contract["file"])).all(TermField.SPECIAL)
        assert [t.value for t in terms] == contract["special"]

    def test_gives_its_parties_and_their_sides(self, contract: dict[str, Any]) -> None:
        parties = read_terms(document_of(contract["file"])).parties
        expected = {(p["name"].casefold(), p["role"]) for p in contract["parties"]}
        assert {(p.name.casefold(), p.role) for p in parties} == expected

    def test_gives_its_lines(self, contract: dict[str, Any]) -> None:
        lines = read_terms(document_of(contract["file"])).lines
        found = [(li.product, li.quantity, str(li.unit_price), str(li.total)) for li in lines]
        assert found == [(li["product"], li["quantity"], li["unit_price"], li["total"]) for li in contract["lines"]]

    def test_proves_every_value_with_its_own_words(self, contract: dict[str, Any]) -> None:
        document = document_of(contract["file"])
        reading = read_terms(document)
        assert all(verify(document, term) for term in reading.terms)
        assert all(holds(document, party.citation) for party in reading.parties)
        assert all(holds(document, line.citation) for line in reading.lines)


class TestAMissingTerm:
    def test_is_a_gap_with_a_reason(self) -> None:
        gaps = {gap.field: gap.why for gap in reading_of("Nothing of interest.").gaps}
        assert set(gaps) == {"effective_date", "initial_term", "renewal_type", "notice_period", "total_value"}
        assert all(gaps.values())

    def test_is_not_asked_for_where_the_contract_does_not_renew(self) -> None:
        reading = reading_of("This Agreement shall not renew automatically.")
        assert "notice_period" not in [gap.field for gap in reading.gaps]


class TestAContradiction:
    def test_is_a_gap_that_names_both_readings(self) -> None:
        reading = reading_of(
            "The initial term of this Agreement is twelve (12) months.",
            "The initial term of this Agreement is 24 months.",
        )
        assert reading.get(TermField.INITIAL_TERM) is None
        [gap] = [gap for gap in reading.gaps if gap.field == "initial_term"]
        assert gap.why == "two readings: P12M (page 1) and P24M (page 2)"

    def test_is_none_where_both_places_agree(self) -> None:
        assert value_of(TermField.UPTIME, "Uptime is 99.9%.", "An uptime of 99.90% is promised.") == "99.9"


class TestNotice:
    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("It renews automatically for one year unless one gives sixty (60)\ndays' prior written notice.", "P60D"),
            ("It may be terminated by notice no later than 90 days before the end of the then-current term.", "P90D"),
            ("unless notified in writing not less than 30 days prior to expiration of the Initial Term.", "P30D"),
        ],
    )  # fmt: skip
    def test_of_non_renewal_is_found(self, text: str, period: str) -> None:
        assert value_of(TermField.NOTICE_PERIOD, text) == period

    @pytest.mark.parametrize(
        "text",
        [
            "Either party may terminate for convenience upon thirty (30) days' written notice.",
            "It renews automatically for one year. A party may end it for breach not cured within 30 days of notice.",
            "thirty (30) days prior to expiration of the advance notice period for nominations.",
        ],
    )
    def test_of_something_else_is_not_taken_for_it(self, text: str) -> None:
        assert value_of(TermField.NOTICE_PERIOD, text) is None


class TestPrecision:
    def test_a_cap_on_liability_is_not_the_price(self) -> None:
        text = "The total liability shall not exceed the total fees of $50,000."
        assert value_of(TermField.TOTAL_VALUE, text) is None

    def test_a_renewal_term_is_not_the_first_term(self) -> None:
        text = "It renews for an additional term of one (1) year."
        assert value_of(TermField.INITIAL_TERM, text) is None

    def test_the_date_of_another_paper_is_not_this_ones(self) -> None:
        text = "WHEREAS the parties are bound by a certain lease dated May 15, 2002;"
        assert value_of(TermField.AGREEMENT_DATE, text) is None

    def test_bare_dollars_are_no_currency_where_other_dollars_are_spoken_of(self) -> None:
        text = "The total contract value is $9,000.00. All sums are in CAD."
        assert value_of(TermField.TOTAL_VALUE, text) is None

    def test_an_odd_number_of_days_is_no_number_of_months(self) -> None:
        text = "in force from 1 December 2026 through 12 January 2028"
        assert value_of(TermField.INITIAL_TERM, text) is None


class TestACitation:
    def test_that_was_changed_does_not_hold(self) -> None:
        document = document_of("harbourline-order-form.pdf")
        term = read_terms(document).terms[0]
        moved = Document(document.sha256, tuple(Page(p.number, "x" + p.text) for p in document.pages))
        assert not verify(moved, term)
        assert not verify(Document("0" * 64, document.pages), term)

    def test_does_not_prove_a_value_that_it_does_not_state(self) -> None:
        document = document_of("harbourline-order-form.pdf")
        term = read_terms(document).get(TermField.NOTICE_PERIOD)
        assert term is not None
        wrong = type(term)(term.field, "P90D", term.citation, term.rule)
        assert not verify(document, wrong)

    def test_never_crosses_a_page(self) -> None:
        reading = reading_of("The initial term of this Agreement is", "twelve (12) months from signature.")
        term = reading.get(TermField.INITIAL_TERM)
        assert term is not None
        assert (term.citation.page, term.citation.quote) == (2, "twelve (12) months")


class TestADocumentThatWasNotRead:
    def test_has_one_gap_and_no_terms(self) -> None:
        reading = read_terms(Document("0" * 64, (), ReadProblem.NO_TEXT, "a scan"))
        assert reading.terms == ()
        assert [(gap.field, gap.why) for gap in reading.gaps] == [("document", "a scan")]

    def test_in_part_says_so(self) -> None:
        pages = (Page(1, "The initial term is one year."), Page(2, ""))
        reading = read_terms(Document("0" * 64, pages, None, "pages that are images: 2"))
        assert "document" in [gap.field for gap in reading.gaps]


class TestALongContract:
    def test_is_read_in_a_moment(self) -> None:
        page = "\n".join(page.text for page in document_of("quillmark-master-agreement.pdf").pages)
        pages = tuple(Page(number, page[:3000]) for number in range(1, 51))
        document = Document("0" * 64, pages)
        began = time.perf_counter()
        read_terms(document)
        assert time.perf_counter() - began < 2

    @pytest.mark.parametrize(
        "text", ["renew " * 30_000, "notice before the " * 10_000, "law " * 40_000, "A " * 80_000, "shall " * 30_000]
    )
    def test_of_repeated_words_does_not_slow_the_rules_down(self, text: str) -> None:
        began = time.perf_counter()
        reading_of(text)
        assert time.perf_counter() - began < 8
