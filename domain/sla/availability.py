"""Availability of one window: what a source saw, what of it counts, and between which bounds the truth lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from domain.outages import Impact, Outage
from domain.sla.exclusions import Exclusion, Excuses, excused
from domain.sla.measured import Measured, in_minutes, percent
from domain.sla.stretches import Stretch, common, length, minutes, stretch, union, without
from domain.sla.window import Window

_ONE_MINUTE = timedelta(minutes=1)


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
