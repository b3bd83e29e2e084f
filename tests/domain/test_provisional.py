"""Nobody reviewed a value yet: the reading that makes people act first counts, and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from domain.ambiguity import meanings
from domain.deadlines import Deadlines, Renewal, current_deadlines, renewal_of
from domain.provisional import earliest, has_run_out, is_bound, is_over, readings
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


def read_as(*lengths: str, **more: str) -> list[Renewal]:
    """Return readings of one contract from 1 March 2025 that differ in their length."""
    said = {TermField.EFFECTIVE_DATE: "2025-03-01", **{TermField(name): value for name, value in more.items()}}
    found = [renewal_of(ContractTerms({**said, TermField.INITIAL_TERM: length}), "US-NY") for length in lengths]
    return [meaning for one in found if one for meaning in meanings(one)]


def bound(every: list[Renewal], end: date, closed: date) -> bool:
    return is_bound(every, end, closed, closed + ONE_DAY)


class TestARenewalThatIsLockedIn:
    def test_is_certain_where_all_readings_know_the_term_and_have_closed_it(self) -> None:
        every = read_as("P12M", **YEARLY)
        assert bound(every, date(2026, 2, 28), date(2025, 12, 30))
        assert not is_bound(every, date(2026, 2, 28), date(2025, 12, 30), date(2025, 12, 30))

    def test_is_not_certain_while_another_reading_runs_its_first_term(self) -> None:
        every = read_as("P12M", "P36M", **YEARLY)
        assert not bound(every, date(2026, 2, 28), date(2025, 12, 30))
        assert not bound(every, date(2027, 2, 28), date(2026, 12, 30))
        assert bound(every, date(2028, 2, 29), date(2027, 12, 31))

    def test_is_certain_once_each_reading_has_gone_on_again_where_their_ends_never_meet(self) -> None:
        every = read_as("P18M", "P24M", **YEARLY)
        assert not bound(every, date(2026, 8, 31), date(2026, 7, 2))
        assert bound(every, date(2027, 2, 28), date(2026, 12, 30))
        assert not bound(every, date(2027, 8, 31), date(2027, 7, 2))

    def test_is_certain_where_changed_terms_no_longer_know_it(self) -> None:
        assert bound(read_as("P13M", **YEARLY), date(2026, 2, 28), date(2025, 12, 30))


class TestAContractThatIsOver:
    def test_is_so_in_every_reading(self) -> None:
        every = read_as("P12M", "P24M", renewal_type="none")
        assert not is_over(every, date(2026, 3, 1))
        assert not is_over(every, date(2027, 2, 28))
        assert is_over(every, date(2027, 3, 1))

    def test_has_no_renewal_left_in_any_reading(self) -> None:
        every = read_as("P12M", "P24M", **YEARLY, renewal_limit="1")
        assert not is_over(every, date(2027, 3, 1))
        assert is_over(every, date(2028, 3, 1))

    def test_never_comes_where_it_renews_without_limit(self) -> None:
        assert not is_over(read_as("P12M", **YEARLY), date(2125, 1, 1))

    def test_has_run_out_where_notice_was_served_whatever_a_longer_reading_says(self) -> None:
        every = read_as("P12M", "P24M", **YEARLY)
        assert not has_run_out(every, date(2026, 2, 28), date(2026, 2, 28))
        assert has_run_out(every, date(2026, 2, 28), date(2026, 3, 1))


ONE_DAY = timedelta(days=1)
YEARLY = {"renewal_type": "auto", "renewal_term": "P12M", "notice_period": "P60D", "notice_rule": "dispatch"}
LATE = date(2027, 2, 1)
SHORT = {TermField.EFFECTIVE_DATE: "2024-05-31", TermField.INITIAL_TERM: "P24M", TermField.RENEWAL_TYPE: "none"}
LONG = {**SHORT, TermField.INITIAL_TERM: "P36M"}
