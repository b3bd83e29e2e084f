"""What goes wrong in a simulated year: mail and chat down for days, nights on which nothing runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_ONE_DAY = timedelta(days=1)
# How often an outage of a kind begins, a year, and how many days it lasts.
_OUTAGES = {"mail": (9, (1, 6)), "chat": (9, (1, 6)), "runs": (9, (1, 4))}
_CALM = 7  # days at the end on which everything works, so that the last outage can be made good


@dataclass(frozen=True, slots=True)
class Weather:
    """Hold the days on which something did not work."""

    mail: frozenset[date]
    chat: frozenset[date]
    runs: frozenset[date]
    outages: int

    @property
    def dark(self) -> frozenset[date]:
        """Return the days on which nothing could leave us."""
        return self.runs | (self.mail & self.chat)

    def troubled(self, day: date) -> bool:
        """Tell whether anything was amiss that day or the day before."""
        every = self.mail | self.chat | self.runs
        return day in every or day - _ONE_DAY in every

    def blocked(self, day: date) -> bool:
        """Tell whether no message could leave us that day, whatever we did."""
        return day in self.dark


def forecast(*, starts: date, days: int, seed: str) -> Weather:
    """Draw the outages of a time; twice a year both ways are down for three days at once."""
    chance = Random(f"weather {seed}")
    drawn = {kind: list(_outages(chance, kind, starts, days)) for kind in _OUTAGES}
    both = [list(_run(chance, starts, days, 3)) for _ in range(round(days / 180))]
    found = {kind: frozenset(day for outage in drawn[kind] for day in outage) for kind in _OUTAGES}
    dark = frozenset(day for outage in both for day in outage)
    number = sum(map(len, drawn.values())) + len(both)
    return Weather(found["mail"] | dark, found["chat"] | dark, found["runs"], number)


def _outages(chance: Random, kind: str, starts: date, days: int) -> Iterator[list[date]]:
    often, (least, most) = _OUTAGES[kind]
    for _ in range(round(often * days / 365)):
        yield list(_run(chance, starts, days, chance.randint(least, most)))


def _run(chance: Random, starts: date, days: int, length: int) -> Iterator[date]:
    first = chance.randrange(3, max(4, days - _CALM - length))
    return (starts + _ONE_DAY * (first + one) for one in range(length) if first + one < days - _CALM)
