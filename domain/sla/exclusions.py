"""What does not count against a service level: announced maintenance, the customer's own fault, force majeure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from domain.outages import Impact, Outage
from domain.periods import Period, Unit, add
from domain.sla.stretches import Stretch, common, first_of, stretch, union
from domain.sla.window import Window, midnight

_MONTH = Period(1, Unit.MONTH)


class Cause(StrEnum):
    """Name why time is left out."""

    MAINTENANCE = "maintenance"
    CUSTOMER = "customer"
    FORCE_MAJEURE = "force majeure"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Hold time [start, end) in UTC that somebody says does not count, why, and when it was announced."""

    cause: Cause
    start: datetime
    end: datetime
    reason: str = ""
    announced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Excuses:
    """Hold what a contract lets out; `notice` and `monthly` bind maintenance alone, `None` does not bind.

    `monthly` is the time of maintenance that a calendar month of the contract's zone may hold.
    """

    causes: frozenset[Cause] = frozenset()
    notice: timedelta | None = None
    monthly: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Excused:
    """Hold the time that does not count: what is certain, and what it is where every doubt is allowed."""

    certain: tuple[Stretch, ...] = ()
    possible: tuple[Stretch, ...] = ()
    why: tuple[str, ...] = ()


def excused(window: Window, excuses: Excuses, said: Iterable[Exclusion], seen: Iterable[Outage]) -> Excused:
    """Return what of a window does not count.

    Maintenance that a monitor reports shows no announcement: where the contract wants one, it is in
    doubt. Maintenance announced too late is not excused at all.
    """
    found = [*said, *_maintenance(seen, window)]
    taken = [one for one in found if one.cause in excuses.causes]
    proved = [one for one in taken if _announced(one, excuses)]
    open_ = [one for one in taken if one.announced_at is None and one not in proved]
    certain, possible = _out(window, proved, excuses), _out(window, [*proved, *open_], excuses)
    return Excused(certain, possible, tuple(_why(found, taken, proved, open_)))


def _out(window: Window, found: Sequence[Exclusion], excuses: Excuses) -> tuple[Stretch, ...]:
    works = [part for one in found if one.cause is Cause.MAINTENANCE for part in stretch(one.start, one.end)]
    others = [part for one in found if one.cause is not Cause.MAINTENANCE for part in stretch(one.start, one.end)]
    return tuple(union(common([*others, *_allowed(window, works, excuses)], [window.time])))


def _maintenance(seen: Iterable[Outage], window: Window) -> Iterator[Exclusion]:
    for one in seen:
        end = one.end or window.time.end
        if one.impact is Impact.MAINTENANCE and one.start < end:
            yield Exclusion(Cause.MAINTENANCE, one.start, end, one.title or f"reported by {one.source}")


def _announced(one: Exclusion, excuses: Excuses) -> bool:
    if one.cause is not Cause.MAINTENANCE or excuses.notice is None:
        return True
    return one.announced_at is not None and one.start - one.announced_at >= excuses.notice


def _allowed(window: Window, works: list[Stretch], excuses: Excuses) -> list[Stretch]:
    """Take the earliest maintenance of each month up to what a month may hold."""
    if excuses.monthly is None:
        return works
    return [part for month in _months(window) for part in first_of(common(works, [month]), excuses.monthly)]


def _months(window: Window) -> Iterator[Stretch]:
    first = window.first.replace(day=1)
    while first < window.days.end:
        following = add(first, _MONTH)
        yield Stretch(midnight(first, window.zone), midnight(following, window.zone))
        first = following


def _why(
    found: list[Exclusion], taken: list[Exclusion], proved: list[Exclusion], open_: list[Exclusion]
) -> Iterator[str]:
    groups = (
        ("excluded", proved),
        ("doubtful, its announcement is not proved", open_),
        ("not excluded, announced too late", [one for one in taken if one not in proved and one not in open_]),
        ("not excluded, the contract does not let it out", [one for one in found if one not in taken]),
    )
    for word, members in groups:
        for cause, ones in groupby(sorted(members, key=lambda one: (one.cause, one.start)), lambda one: one.cause):
            listed = ", ".join(f"{one.start:%Y-%m-%d %H:%M} to {one.end:%Y-%m-%d %H:%M} UTC" for one in ones)
            yield f"{cause.capitalize()} {listed}: {word}."
