"""What a person says about a term counts; what presses most is looked at first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.review import Review, ReviewVerdict, days_until, doubts, priority, reviewed
from domain.terms import Citation, Gap, Reading, Rival, Standing, Term, TermField

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
HERE = Citation("a" * 64, 1, 0, 4, "2026")
READ = Reading(
    terms=(
        Term(TermField.EFFECTIVE_DATE, "2026-01-01", HERE, "rule"),
        Term(TermField.INITIAL_TERM, "P12M", HERE, "rule"),
    ),
    gaps=(Gap(TermField.NOTICE_PERIOD, "not found"), Gap(TermField.UPTIME, "not found")),
)


def review(field: TermField, verdict: ReviewVerdict, value: str = "", minutes: int = 0) -> Review:
    return Review(field, verdict, "sofia@lumora.example", AT + timedelta(minutes=minutes), value, HERE)


def shares(reading: Reading, *decisions: Review) -> dict[TermField, float]:
    return {field: one.doubt for field, one in doubts(reading, decisions).items()}


class TestAReading:
    def test_that_nobody_looked_at_stays_as_it_is(self) -> None:
        assert reviewed(READ, ()) == READ

    def test_keeps_what_was_accepted(self) -> None:
        accepted = reviewed(READ, [review(TermField.EFFECTIVE_DATE, ReviewVerdict.ACCEPTED)])
        assert [term.value for term in accepted.terms] == [term.value for term in READ.terms]
        assert [term.standing for term in accepted.terms] == [Standing.CONFIDENT, Standing.ONE_READER]

    def test_takes_a_correction_in_place_of_what_was_read(self) -> None:
        found = reviewed(READ, [review(TermField.EFFECTIVE_DATE, ReviewVerdict.CORRECTED, "2026-02-01")])
        term = found.get(TermField.EFFECTIVE_DATE)
        assert term is not None
        assert (term.value, term.rule) == ("2026-02-01", "review by sofia@lumora.example")
        assert len(found.terms) == len(READ.terms)

    def test_takes_a_correction_in_place_of_a_gap(self) -> None:
        found = reviewed(READ, [review(TermField.NOTICE_PERIOD, ReviewVerdict.CORRECTED, "P60D")])
        assert [gap.field for gap in found.gaps] == [TermField.UPTIME]

    def test_has_a_gap_where_a_value_was_rejected(self) -> None:
        found = reviewed(READ, [review(TermField.EFFECTIVE_DATE, ReviewVerdict.REJECTED)])
        assert found.get(TermField.EFFECTIVE_DATE) is None
        assert (TermField.EFFECTIVE_DATE, "rejected by sofia@lumora.example") in [(g.field, g.why) for g in found.gaps]

    def test_follows_the_newest_of_several_decisions(self) -> None:
        decisions = [
            review(TermField.EFFECTIVE_DATE, ReviewVerdict.CORRECTED, "2026-03-01", 2),
            review(TermField.EFFECTIVE_DATE, ReviewVerdict.REJECTED, minutes=1),
        ]
        term = reviewed(READ, decisions).get(TermField.EFFECTIVE_DATE)
        assert term is not None
        assert term.value == "2026-03-01"


class TestTheQueue:
    def test_holds_gaps_until_somebody_decided(self) -> None:
        assert shares(READ) == {TermField.NOTICE_PERIOD: 1.0, TermField.UPTIME: 0.5}
        assert shares(READ, review(TermField.NOTICE_PERIOD, ReviewVerdict.REJECTED)) == {TermField.UPTIME: 0.5}

    def test_holds_values_that_readers_disagree_about_with_both_quotes(self) -> None:
        there = Citation("a" * 64, 3, 0, 8, "2026-02-01")
        rival = Rival("2026-02-01", there, "trained")
        term = replace(READ.terms[0], standing=Standing.NEEDS_REVIEW, confidence=0.7, rivals=(rival,))
        reading = replace(READ, terms=(term,), gaps=())
        (waiting,) = doubts(reading, ()).values()
        assert waiting.doubt == pytest.approx(0.3)
        assert "2026-01-01 (page 1: “2026”)" in waiting.why
        assert "2026-02-01 (page 3: “2026-02-01”)" in waiting.why
        assert not doubts(reading, [review(TermField.EFFECTIVE_DATE, ReviewVerdict.ACCEPTED)])

    def test_leaves_out_what_both_readers_are_sure_of(self) -> None:
        sure = replace(READ.terms[0], standing=Standing.CONFIDENT, confidence=0.99)
        assert not doubts(replace(READ, terms=(sure,), gaps=()), ())

    @pytest.mark.parametrize(
        ("sooner", "later"),
        [
            ((Decimal(1_000_000), 30, 1.0), (Decimal(10_000), 30, 1.0)),
            ((Decimal(10_000), 30, 1.0), (Decimal(10_000), 300, 1.0)),
            ((Decimal(10_000), 30, 1.0), (Decimal(10_000), 30, 0.5)),
            ((Decimal(10_000), None, 1.0), (Decimal(10_000), 30, 1.0)),
        ],
    )
    def test_puts_money_nearness_and_doubt_first(
        self, sooner: tuple[Decimal, int | None, float], later: tuple[Decimal, int | None, float]
    ) -> None:
        assert priority(*sooner) > priority(*later)

    @given(st.decimals(0, 10**12, allow_nan=False), st.integers(-5000, 5000), st.floats(0.01, 1))
    def test_never_forgets_anybody(self, amount: Decimal, left: int, doubt: float) -> None:
        assert priority(amount, left, doubt) > 0

    def test_counts_days(self) -> None:
        assert days_until(date(2026, 12, 1), date(2026, 11, 23)) == 8
        assert days_until(None, date(2026, 11, 23)) is None
