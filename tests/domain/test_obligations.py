"""Duties fall due on days that do not drift, and late is judged by the evidence."""

from __future__ import annotations

from datetime import date

import pytest

from domain.calendars import occurrences
from domain.errors import Permanent
from domain.obligations import Direction, DueState, Trigger, due_days, duties, promise, state_of
from domain.terms import Citation, Duty, Reading, Term, TermField

PROOF = Citation("0" * 64, 1, 0, 4, "shall")
START, END = date(2026, 1, 31), date(2026, 12, 31)


def duty(**said: str) -> object:
    term = Term(TermField.OBLIGATION, "Provider shall report.", PROOF, "rule", Duty(**said))
    [found] = duties(Reading((term,)), start=START, end=END, our_roles=("provider", "Lumora Analytics, Inc."))
    return found


class TestARule:
    def test_by_months_from_the_31st_falls_on_the_last_day_and_comes_back(self) -> None:
        days = occurrences("FREQ=MONTHLY", date(2026, 1, 31), date(2026, 5, 31))
        assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]

    def test_by_years_from_29_february_falls_on_the_28th_in_between(self) -> None:
        days = occurrences("FREQ=YEARLY", date(2024, 2, 29), date(2028, 12, 31))
        assert days == [date(2024, 2, 29), *(date(year, 2, 28) for year in (2025, 2026, 2027)), date(2028, 2, 29)]

    def test_that_is_none_is_refused(self) -> None:
        with pytest.raises(Permanent, match="No recurrence 'EVERY TUESDAY'"):
            occurrences("EVERY TUESDAY", START, END)


class TestADuty:
    def test_is_ours_or_theirs(self) -> None:
        assert duty(obligor="provider", due="P30D").direction is Direction.OURS  # type: ignore[attr-defined]
        assert duty(obligor="lumora analytics, inc.", due="P30D").direction is Direction.OURS  # type: ignore[attr-defined]
        assert duty(obligor="customer", due="P30D").direction is Direction.THEIRS  # type: ignore[attr-defined]

    def test_that_recurs_is_due_at_the_end_of_each_period_on_a_business_day(self) -> None:
        quarterly = duty(obligor="provider", recurrence="quarterly")
        days = due_days(quarterly, date(2026, 1, 1), END, "US")  # type: ignore[arg-type]
        # 30 April, 31 July, and 30 October for Saturday the 31st
        assert days == [date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 30)]

    def test_with_a_day_is_due_on_it_once(self) -> None:
        once = duty(obligor="provider", due="2026-06-30")
        assert due_days(once, date(2026, 1, 1), END, "US") == [date(2026, 6, 30)]  # type: ignore[arg-type]

    def test_counts_a_period_from_the_start_of_the_term(self) -> None:
        assert duty(obligor="provider", due="P30D").starts_on == date(2026, 3, 2)  # type: ignore[attr-defined]

    def test_with_a_trigger_waits_for_it(self) -> None:
        waiting = duty(obligor="provider", due="P5D", trigger="a security incident")
        assert waiting.trigger_kind is Trigger.EVENT  # type: ignore[attr-defined]
        assert due_days(waiting, date(2026, 1, 1), END, "US") == []  # type: ignore[arg-type]

    def test_without_day_and_trigger_is_for_a_person(self) -> None:
        assert not duty(obligor="provider").watched  # type: ignore[attr-defined]
        assert not promise("Free migration", owed_on=None, start=START).watched


class TestOneTime:
    @pytest.mark.parametrize(
        ("today", "evidence", "state"),
        [
            (date(2026, 6, 1), None, DueState.SCHEDULED),
            (date(2026, 6, 16), None, DueState.OPEN),
            (date(2026, 7, 2), None, DueState.OPEN),
            (date(2026, 7, 3), None, DueState.MISSED),
            (date(2026, 9, 1), date(2026, 7, 2), DueState.FULFILLED_ON_TIME),
            (date(2026, 9, 1), date(2026, 7, 3), DueState.FULFILLED_LATE),
        ],
    )
    def test_stands_by_its_day_its_grace_and_its_evidence(
        self, today: date, evidence: date | None, state: DueState
    ) -> None:
        found = state_of(date(2026, 6, 30), 2, evidence_on=evidence, lead_days=14, today=today)
        assert found is state
