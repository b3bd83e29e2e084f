"""The slider over a contract's days."""

from __future__ import annotations

from datetime import date
from typing import Any

from web.day_slider import day_slider

TODAY = date(2026, 11, 23)
CONTRACT: dict[str, Any] = {"starts": date(2026, 11, 13), "ends": date(2027, 11, 12), "ended_on": None}


def change(day: date, state: str = "approved") -> dict[str, Any]:
    return {"valid_from": day, "paper": "Amendment No. 1", "state": state}


class TestTheSlider:
    def test_goes_from_the_first_day_to_the_last_and_marks_what_changes(self) -> None:
        found = day_slider(CONTRACT, [change(date(2026, 12, 1)), change(date(2026, 12, 1))], TODAY, TODAY)
        assert found is not None
        assert (found.first, found.length, found.at) == (date(2026, 11, 13), 364, 10)
        assert [(mark.at, mark.what) for mark in found.marks] == [
            (0, "it starts"), (10, "today"), (18, "Amendment No. 1"), (364, "it ends")
        ]  # fmt: skip

    def test_leaves_out_what_was_never_approved(self) -> None:
        found = day_slider(CONTRACT, [change(date(2026, 12, 1), "rejected")], TODAY, TODAY)
        assert found is not None
        assert "Amendment No. 1" not in [mark.what for mark in found.marks]

    def test_reaches_to_the_day_that_is_shown(self) -> None:
        found = day_slider(CONTRACT, [], TODAY, date(2030, 1, 1))
        assert found is not None
        assert found.at == found.length

    def test_is_not_there_for_a_contract_without_days(self) -> None:
        nothing = {"starts": None, "ends": None, "ended_on": None}
        assert day_slider(nothing, [], TODAY, TODAY) is None
