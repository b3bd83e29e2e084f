"""The days of a contract as a slider: from its first to its last, with a mark where its terms change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold one day of note: how many days after the first it is, and what happens on it."""

    at: int
    day: date
    what: str


@dataclass(frozen=True, slots=True)
class DaySlider:
    """Hold the first day, how many days follow, which is shown, and the marks in their order."""

    first: date
    length: int
    at: int
    marks: tuple[Mark, ...]


def day_slider(
    contract: Mapping[str, Any], changes: Iterable[Mapping[str, Any]], today: date, shown: date
) -> DaySlider | None:
    """Return the slider of a contract, `None` where all that is known of it happens on one day."""
    said = [
        (contract["starts"], "it starts"),
        (today, "today"),
        (contract["ends"], "it ends"),
        (contract["ended_on"], "it ended"),
    ]
    said += [(row["valid_from"], row["paper"]) for row in changes if row["state"] == "approved"]
    days: dict[date, list[str]] = {}
    for day, what in said:
        if day is not None and what not in days.setdefault(day, []):
            days[day].append(what)
    first, last = min([*days, shown]), max([*days, shown])
    if first == last:
        return None
    marks = tuple(Mark((day - first).days, day, ", ".join(days[day])) for day in sorted(days))
    return DaySlider(first, (last - first).days, (shown - first).days, marks)
