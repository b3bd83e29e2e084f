"""Nobody reviewed a value yet: the reading that makes people act first counts, and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from domain.deadlines import Deadlines, current_deadlines, renewal_of
from domain.provisional import earliest, readings
from domain.terms import Citation, ContractTerms, Rival, Standing, Term, TermField

HERE = Citation("a" * 64, 1, 0, 4, "2026")
TODAY = date(2026, 11, 23)
TERMS = (
    Term(TermField.EFFECTIVE_DATE, "2026-12-01", HERE, "rule"),
    Term(TermField.INITIAL_TERM, "P12M", HERE, "rule"),
    Term(TermField.RENEWAL_TYPE, "auto", HERE, "rule"),
    Term(TermField.NOTICE_PERIOD, "P30D", HERE, "rule"),
)


def disputed(value: str, standing: Standing = Standing.NEEDS_REVIEW) -> tuple[Term, ...]:
    *others, notice = TERMS
    rival = Rival(value, HERE, "trained")
    return (*others, replace(notice, standing=standing, rivals=(rival,)))


def deadlines(terms: tuple[Term, ...]) -> Deadlines:
    renewals = (renewal_of(one, "US-NY") for one in readings(terms))
    found = earliest([current_deadlines(one, today=TODAY) for one in renewals if one], TODAY)
    assert found is not None
    return found


class TestADisputedNotice:
    def test_counts_as_the_longer_one(self) -> None:
        assert deadlines(disputed("P90D")).act_by < deadlines(TERMS).act_by
        assert deadlines(disputed("P10D")).act_by == deadlines(TERMS).act_by

    def test_says_that_it_is_provisional_and_what_the_other_day_is(self) -> None:
        told = deadlines(disputed("P90D")).explanation[-1]
        assert told.startswith("Provisional until somebody reviews")
        assert str(deadlines(TERMS).act_by) in told

    def test_no_longer_counts_once_it_is_decided(self) -> None:
        decided = deadlines(disputed("P90D", Standing.CONFIDENT))
        assert decided.act_by == deadlines(TERMS).act_by
        assert not decided.explanation[-1].startswith("Provisional")

    def test_of_another_form_is_not_worked_with(self) -> None:
        assert [one.text(TermField.NOTICE_PERIOD) for one in readings(disputed("sixty days"))] == ["P30D"]


class TestManyDisputes:
    def test_do_not_run_away(self) -> None:
        rivals = tuple(Rival(f"P{days}D", HERE, "trained") for days in range(31, 90))
        terms = (*disputed("P90D")[:-1], replace(TERMS[-1], standing=Standing.NEEDS_REVIEW, rivals=rivals))
        assert len(readings(terms)) == 32

    def test_without_an_anchor_there_is_no_deadline(self) -> None:
        assert earliest([], TODAY) is None


class TestAReadingThatIsLongOver:
    def test_hides_none_under_which_something_can_be_done(self) -> None:
        over = current_deadlines(renewal_of(ContractTerms(SHORT), "US-NY"), today=LATE)  # type: ignore[arg-type]
        open_ = current_deadlines(renewal_of(ContractTerms(LONG), "US-NY"), today=LATE)  # type: ignore[arg-type]
        assert over.closes < LATE < open_.closes
        found = earliest([over, open_], LATE)
        assert found is not None
        assert found.term_end == open_.term_end


LATE = date(2027, 2, 1)
SHORT = {TermField.EFFECTIVE_DATE: "2024-05-31", TermField.INITIAL_TERM: "P24M", TermField.RENEWAL_TYPE: "none"}
LONG = {**SHORT, TermField.INITIAL_TERM: "P36M"}
