"""Availability of one window: what a source saw, what of it counts, and between which bounds the truth lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.minor_units import Rounding, rounded
from domain.outages import Impact, Outage
from domain.sla.exclusions import Exclusion, Excuses, excused
from domain.sla.stretches import Stretch, common, length, minutes, stretch, union, without
from domain.sla.window import Window

_ONE_MINUTE = timedelta(minutes=1)
_DIGITS = 4


class Verdict(StrEnum):
    """Name how a window ended; `UNDECIDED` where time of which nobody can tell makes the difference."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Counting:
    """Hold what a contract counts as unavailable.

    An outage shorter than `least` does not count; with `whole_minutes` the rest of a minute of each
    outage does not. `shrinks` takes excluded time out of the window as well as out of the downtime.
    """

    degraded: bool = False
    least: timedelta = timedelta()
    whole_minutes: bool = False
    shrinks: bool = True
    excuses: Excuses = field(default_factory=Excuses)


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold one source's measurement in exact minutes; unavailable time lies between `down` and `down + doubtful`.

    `promised` is what is left of the window without exclusions, where those shrink it. `lowest` and
    `highest` are shares of 1: doubtful time taken as down, and as up.
    """

    window: Window
    source: str
    total: Fraction
    promised: Fraction
    excluded: Fraction
    down: Fraction
    doubtful: Fraction
    lowest: Fraction
    highest: Fraction
    outages: tuple[Outage, ...] = ()
    why: tuple[str, ...] = ()

    def verdict(self, target: Decimal, *, exact_is_met: bool = True) -> Verdict:
        """Compare with a target in percent, never rounded first."""
        return compared(self.lowest, self.highest, target, exact_is_met=exact_is_met)


def compared(lowest: Fraction, highest: Fraction, target: Decimal, *, exact_is_met: bool = True) -> Verdict:
    """Compare the bounds of a share of 1 with a target in percent, never rounded first."""
    goal = Fraction(target) / 100
    if lowest > goal or (exact_is_met and lowest == goal):
        return Verdict.MET
    missed = highest < goal or (not exact_is_met and highest == goal)
    return Verdict.MISSED if missed else Verdict.UNDECIDED


def measure(
    window: Window,
    outages: Iterable[Outage],
    counting: Counting,
    *,
    source: str,
    exclusions: Iterable[Exclusion] = (),
) -> Measured:
    """Measure a window by what one source saw: 1 - (down - excluded) / (window - excluded where that shrinks it).

    Outages that overlap count once, and one that goes on before or after the window is judged whole
    but counted inside alone.
    """
    seen = tuple(sorted(outages, key=lambda one: (one.start, one.id)))
    out = excused(window, counting.excuses, exclusions, seen)
    down = _lasting(window, seen, _unavailable(counting))
    dark = union([*down, *_lasting(window, seen, frozenset({Impact.UNKNOWN}))])
    cases = [_case(window, gone, free, counting) for gone in (down, dark) for free in (out.certain, out.possible)]
    best, worst = max(cases, key=lambda case: case.share), min(cases, key=lambda case: case.share)
    lost = [case.down for case in cases]
    return Measured(
        window,
        source,
        window.minutes,
        best.promised,
        minutes(length(out.certain)),
        min(lost),
        max(lost) - min(lost),
        worst.share,
        best.share,
        seen,
        (*out.why, *_formula(window, source, best, worst)),
    )


def percent(share: Fraction) -> str:
    """Write a share of 1 as a percentage with four decimals, for people only."""
    return f"{rounded(share * 100, _DIGITS, Rounding.HALF_UP):f} %"


def in_minutes(value: Fraction) -> str:
    """Write minutes, to the hundredth where they are not whole."""
    return f"{rounded(value, 0 if value.denominator == 1 else 2, Rounding.HALF_UP):f} min"


@dataclass(frozen=True, slots=True)
class _Case:
    down: Fraction
    promised: Fraction

    @property
    def share(self) -> Fraction:
        return 1 - self.down / self.promised if self.promised else Fraction(1)

    def __str__(self) -> str:
        return f"1 - {in_minutes(self.down)} / {in_minutes(self.promised)} = {percent(self.share)}"


def _case(window: Window, gone: Sequence[Stretch], free: Sequence[Stretch], counting: Counting) -> _Case:
    down = sum((_minutes_of(window, one, free, counting) for one in gone), Fraction(0))
    return _Case(down, window.minutes - (minutes(length(free)) if counting.shrinks else 0))


def _minutes_of(window: Window, one: Stretch, free: Sequence[Stretch], counting: Counting) -> Fraction:
    if one.length < counting.least:
        return Fraction(0)
    counted = length(without(common([one], [window.time]), free))
    return Fraction(counted // _ONE_MINUTE) if counting.whole_minutes else minutes(counted)


def _unavailable(counting: Counting) -> frozenset[Impact]:
    degraded = {Impact.DEGRADED} if counting.degraded else set()
    return frozenset({Impact.DOWN, Impact.MAINTENANCE, *degraded})


def _lasting(window: Window, seen: Iterable[Outage], impacts: frozenset[Impact]) -> list[Stretch]:
    """Join the outages that touch the window, each whole; one that still lasts ends with the window."""
    end = window.time.end
    parts = [part for one in seen if one.impact in impacts for part in stretch(one.start, one.end or end)]
    return [one for one in union(parts) if common([one], [window.time])]


def _formula(window: Window, source: str, best: _Case, worst: _Case) -> Iterator[str]:
    """Write the arithmetic in minutes, with the other bound where nobody can tell."""
    left_out = window.minutes - best.promised
    less = f" - {in_minutes(left_out)} excluded = {in_minutes(best.promised)}" if left_out else ""
    yield f"{source}: {window}, {in_minutes(window.minutes)}{less}; {in_minutes(best.down)} unavailable: {best}."
    if best != worst:
        yield f"{source}: were every doubt (blind, or not proved to be excused) downtime: {worst}."
