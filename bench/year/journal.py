"""What truly happened in the simulated time, as the world knows it; the referee judges by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bench.year.papers import Paper
from bench.year.weather import Weather
from domain.people import Leave
from domain.terms import TermField


@dataclass
class Change:
    """Hold one approved amendment: what it says, from when it holds, when it was known and taken back."""

    contract: str
    values: Mapping[TermField, str]
    valid_from: date
    approved_at: datetime
    withdrawn_at: datetime | None = None

    def known(self, at: datetime) -> bool:
        """Tell whether it counted at a moment."""
        return self.approved_at <= at and (self.withdrawn_at is None or at < self.withdrawn_at)


@dataclass
class Journal:
    """Hold who signed what, who was here, what was changed, and what did not work."""

    starts: date
    ends: date
    weather: Weather
    papers: dict[str, Paper] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    joined: dict[str, date] = field(default_factory=dict)
    left: dict[str, date] = field(default_factory=dict)
    leaves: dict[str, list[Leave]] = field(default_factory=dict)
    orphans: dict[date, list[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)
    refused: bool = False  # whether the last audit refused to move so much at once

    def here(self, email: str, day: date) -> bool:
        """Tell whether somebody worked for us and was at work that day."""
        if email in self.left and self.left[email] <= day:
            return False
        return not any(off.first <= day <= off.last for off in self.leaves.get(email, ()))

    def reads(self, email: str, first: date, last: date) -> bool:
        """Tell whether somebody was here on any day from the first to the last."""
        gone = self.left.get(email, date.max)
        if gone <= first:
            return False
        free = first
        for off in sorted(self.leaves.get(email, ()), key=lambda one: one.first):
            if off.first <= free <= off.last:
                free = date.fromordinal(off.last.toordinal() + 1)
        return free <= last and free < gone
