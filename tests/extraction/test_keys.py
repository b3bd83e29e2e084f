"""Two keys: agreement is confident, disagreement goes to review with both quotes, and nothing is unproven."""

from __future__ import annotations

import time

import numpy as np
import pytest

from domain.documents import Document, Page
from domain.terms import Reading, Standing, Term, TermField
from extraction import read_contract, read_document, verify
from extraction.keys import rules_say
from extraction.trained.lock import BIAS, KNOWN, LEAST, SURE, candidates, logit, meaning, unlock
from extraction.trained.mentions import dates, titles
from extraction.trained.passages import Passage
from extraction.trained.spotting import Guess
from extraction.values.loose import loose_dates_in, loose_lengths_in
from tests.conftest import ROOT

SAMPLES = sorted((ROOT / "samples/contracts").glob("*.pdf"))


def reading_of(text: str) -> Reading:
    return read_contract(Document("0" * 64, (Page(1, text),)))


def lock(bias: float = 0.0, **weights: float) -> np.ndarray:
    row = np.zeros(len(KNOWN) + 3, np.float32)
    for name, weight in weights.items():
        row[KNOWN.index(name.replace("_", " "))] = weight
    row[BIAS], row[SURE], row[LEAST] = bias, 0.9, 0.4
    return row


def guess(value: str, probability: float) -> Guess:
    return Guess(value, 0, 1, frozenset(), probability=probability)


class TestTheLock:
    def test_opens_with_both_keys(self) -> None:
        answer = unlock(lock(the_rules_say_so=3), "2026-01-01", [guess("2026-01-01", 0.9)], [])
        assert answer is not None
        assert (answer.value, answer.agreed, answer.standing) == ("2026-01-01", True, Standing.CONFIDENT)

    def test_is_not_sure_of_agreement_that_is_often_wrong(self) -> None:
        answer = unlock(lock(the_rules_say_so=1), "2026-01-01", [guess("2026-01-01", 0.9)], [])
        assert answer is not None
        assert answer.standing is Standing.NEEDS_REVIEW

    @pytest.mark.parametrize("one", [("2026-01-01", []), ("", [guess("2026-01-01", 0.99)])])
    def test_is_never_sure_with_one_key(self, one: tuple[str, list[Guess]]) -> None:
        answer = unlock(lock(bias=9), *one, [])
        assert answer is not None
        assert answer.standing is Standing.NEEDS_REVIEW
        assert answer.value == "2026-01-01"

    def test_is_never_sure_of_what_the_trained_reader_finds_second(self) -> None:
        found = [guess("P60D", 0.6), guess("P30D", 0.5)]
        answer = unlock(lock(bias=2, the_rules_say_so=5), "P30D", found, [])
        assert answer is not None
        assert (answer.value, answer.by_rules, answer.agreed) == ("P30D", True, False)
        assert answer.standing is Standing.NEEDS_REVIEW

    def test_takes_the_likelier_of_two_values_and_leaves_it_to_review(self) -> None:
        answer = unlock(lock(the_rules_say_so=1), "P30D", [guess("P60D", 0.5)], [])
        assert answer is not None
        assert (answer.value, answer.by_rules, answer.standing) == ("P30D", True, Standing.NEEDS_REVIEW)

    def test_takes_years_and_months_of_the_same_length_for_one_value(self) -> None:
        assert [one.value for one in candidates("P12M", [guess("P1Y", 0.9), guess("P24M", 0.1)], [])] == [
            "P12M",
            "P24M",
        ]

    def test_knows_how_likely_a_passage_of_the_field_is(self) -> None:
        here, elsewhere = Passage("Renewal Term", 0, 10, 0.9), Passage("Renewal Term", 50, 60, 0.4)
        (one,) = candidates("", [guess("P1Y", 0.7)], [elsewhere, here])
        known = dict(zip(KNOWN, one.known.tolist(), strict=True))
        assert known["passage"] == known["likeliest passage"] == pytest.approx(logit(0.9))
        assert known["any passage"] == pytest.approx(logit(0.94))

    def test_stays_shut_without_a_key(self) -> None:
        assert unlock(lock(), "", [], []) is None


class TestASample:
    @pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
    def test_has_a_quote_for_everything(self, file) -> None:
        document = read_document(file.read_bytes())
        reading = read_contract(document)
        assert all(verify(document, term) for term in reading.terms)
        for clause in reading.clauses:
            cited = clause.citation
            assert document.pages[cited.page - 1].text[cited.start : cited.end] == cited.quote
        assert all(0 < term.confidence < 1 for term in reading.terms if term.confidence is not None)

    def test_is_sure_of_nothing_that_one_reader_alone_finds(self) -> None:
        for file in SAMPLES:
            for term in read_contract(read_document(file.read_bytes())).terms:
                assert term.standing is not Standing.CONFIDENT or len(term.readers) > 1


class TestADisagreement:
    def test_shows_both_values_with_their_quotes(self) -> None:
        found = [
            term for file in SAMPLES for term in read_contract(read_document(file.read_bytes())).terms if term.rivals
        ]
        assert found
        for term in found:
            assert term.standing is Standing.NEEDS_REVIEW
            assert all(rival.value != term.value and rival.citation.quote for rival in term.rivals)


class TestRulesSay:
    def test_counts_the_end_of_a_stated_length(self) -> None:
        text = "Effective Date: 1 December 2026\nInitial Term: 12 months\n"
        reading = reading_of(text)
        said = rules_say(reading)
        assert said[TermField.EXPIRATION_DATE] == "2027-12-01"

    def test_leaves_a_length_uncounted_where_no_start_is_told(self) -> None:
        reading = reading_of("Initial Term: 12 months\n")
        assert rules_say(reading)[TermField.EXPIRATION_DATE] == "P12M"

    def test_takes_years_for_months(self) -> None:
        assert (meaning("P2Y"), meaning("P24M"), meaning("P60D")) == ("P24M", "P24M", "P60D")


class TestALongText:
    @pytest.mark.parametrize("text", ["a " * 100_000, "_ " * 30_000, "(the Agreement) " * 8_000, "May 1 " * 20_000])
    def test_of_repeated_words_is_read_in_time(self, text: str) -> None:
        began = time.perf_counter()
        reading_of(text)
        assert time.perf_counter() - began < 20


class TestMentions:
    def test_find_dates_that_were_left_open(self) -> None:
        text = "made this ____ day of May, 2000, and on March 3, 2001 or 03/24/06"
        assert [text[start:end] for start, end in dates(text)] == [
            "this ____ day of May, 2000", "March 3, 2001", "03/24/06",
        ]  # fmt: skip

    def test_find_titles_with_every_beginning(self) -> None:
        text = "Exhibit 10.1 CO-BRANDING AND ADVERTISING AGREEMENT This Agreement is made"
        assert "CO-BRANDING AND ADVERTISING AGREEMENT" in {text[start:end] for start, end in titles(text)}


class TestLooseValues:
    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("17t h day of February 2016", "2016-02-17"),
            ("7/18/11", "2011-07-18"),
            ("29/3/18", "2018-03-29"),
            ("12-23-2019", "2019-12-23"),
            ("April. 1st 2019", "2019-04-01"),
            ("9/9/97", "1997-09-09"),
        ],
    )
    def test_read_damaged_dates(self, text: str, day: str) -> None:
        assert [found.value.isoformat() for found in loose_dates_in(text)] == [day]

    @pytest.mark.parametrize("text", ["13/13/2013", "section 4.5.6", "1/2", "call 555-12-3456789"])
    def test_make_no_date_of_other_numbers(self, text: str) -> None:
        assert not list(loose_dates_in(text))

    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("from year to year", "P1Y"),
            ("month-to-month", "P1M"),
            ("until the third (3rd) anniversary of the Effective Date", "P3Y"),
            ("one (I) year", "P1Y"),
            ("sixty (60) days", "P60D"),
        ],
    )
    def test_read_lengths_that_are_said_otherwise(self, text: str, period: str) -> None:
        assert period in {str(found.value) for found in loose_lengths_in(text)}


def test_terms_say_who_read_them() -> None:
    term = Term(TermField.UPTIME, "99.9", None, "rule")  # type: ignore[arg-type]
    assert (term.standing, term.readers) == (Standing.ONE_READER, ("rules",))
