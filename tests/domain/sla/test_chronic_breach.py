"""Enough misses within a span give a right to leave, which closes when the contract says so."""

from __future__ import annotations

from datetime import date

import pytest

from domain.periods import Period, add
from domain.sla.chronic import Chronic, right_to_leave
from domain.sla.measured import Verdict
from domain.sla.window import Window
from tests.domain.sla.levels import month

JANUARY = date(2026, 1, 1)


def year(verdicts: str) -> list[tuple[Window, Verdict]]:
    """Read `x` as missed, `.` as met and `?` as undecided, from January 2026."""
    said = {"x": Verdict.MISSED, ".": Verdict.MET, "?": Verdict.UNDECIDED}
    return [(month(add(JANUARY, Period.parse(f"P{n}M"))), said[one]) for n, one in enumerate(verdicts)]


class TestMissesInASpan:
    @pytest.mark.parametrize(
        ("verdicts", "since"),
        [
            ("x.x.x", date(2026, 6, 1)),
            ("x..x..x", None),
            ("xx", None),
            ("x?x..x", date(2026, 7, 1)),
            ("xx?", None),
            ("xxx....", date(2026, 4, 1)),
        ],
    )
    def test_give_a_right_when_there_are_enough(self, verdicts: str, since: date | None) -> None:
        found = right_to_leave(Chronic.parse("3 in P6M"), year(verdicts))
        assert (found.since if found else None) == since

    def test_renew_the_right_with_each_further_one(self) -> None:
        found = right_to_leave(Chronic.parse("2 in P3M"), year("xx.x"))
        assert found is not None
        assert found.since == date(2026, 5, 1)
        assert [window.first.month for window in found.missed] == [2, 4]

    def test_count_quarters_as_well_as_months(self) -> None:
        assert right_to_leave(Chronic.parse("2 in P3M"), year("x..x")) is None

    def test_say_what_they_are(self) -> None:
        found = right_to_leave(Chronic.parse("2 in P3M"), year("x.x"))
        assert found is not None
        assert found.why.startswith("2 misses within 3 months, 2 are enough: 2026-01-01 to 2026-01-31, 2026-03-01")


class TestMissesInARow:
    def test_must_not_be_broken(self) -> None:
        rule = Chronic(3, Period.parse("P3M"), in_a_row=True)
        assert right_to_leave(rule, year("xx.x")) is None
        assert right_to_leave(rule, year("xx?x")) is None
        assert right_to_leave(rule, year(".xxx")) is not None

    def test_must_follow_each_other_without_a_gap(self) -> None:
        whole = year("xxxx")
        assert right_to_leave(Chronic(3, Period.parse("P3M"), in_a_row=True), [*whole[:2], whole[3]]) is None


class TestTheRight:
    def test_closes_on_its_last_day(self) -> None:
        found = right_to_leave(Chronic.parse("2 in P3M", open_for=Period.parse("P30D")), year("xx"))
        assert found is not None
        assert (found.since, found.until) == (date(2026, 3, 1), date(2026, 3, 30))
        assert not found.is_open(date(2026, 2, 28))
        assert found.is_open(date(2026, 3, 30))
        assert not found.is_open(date(2026, 3, 31))

    def test_without_a_last_day_says_so(self) -> None:
        found = right_to_leave(Chronic.parse("2 in P3M"), year("xx"))
        assert found is not None
        assert found.until is None
        assert "names no last day" in found.why

    @pytest.mark.parametrize("text", ["3", "3 of P6M", "three in P6M"])
    def test_in_another_form_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="not a chronic breach"):
            Chronic.parse(text)
