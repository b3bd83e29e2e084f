"""Windows in which a service level is measured: real time between midnights of the contract's zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import count, takewhile

from domain import calendars
from domain.periods import Period, Unit, add, subtract
from domain.pricing.billing_periods import Span
from domain.sla.stretches import Stretch, minutes

_ONE_DAY = timedelta(days=1)
_DAILY = Period(1, Unit.DAY)


class WindowKind(StrEnum):
    """Name how long a window is; a rolling one is looked at again and again and overlaps the one before."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ROLLING = "rolling"


_LENGTHS = {
    WindowKind.MONTH: Period(1, Unit.MONTH),
    WindowKind.QUARTER: Period(3, Unit.MONTH),
    WindowKind.YEAR: Period(1, Unit.YEAR),
}


@dataclass(frozen=True, slots=True)
class WindowRule:
    """Hold how windows are cut.

    Without `anchor` they are those of the calendar, with it each is counted from that day. A rolling
    window is `length` long and ends every `step`, counted from the anchor.
    """

    kind: WindowKind
    zone: str
    anchor: date | None = None
    length: Period | None = None
    step: Period = _DAILY

    def __post_init__(self) -> None:
        rolling = self.kind is WindowKind.ROLLING
        if rolling and (self.length is None or self.anchor is None):
            raise ValueError("a rolling window has a length and a day from which it is counted")
        if (self.length is not None and self.length.count < 1) or self.step.count < 1:
            raise ValueError("a window and the step to the next are longer than nothing")

    @property
    def period(self) -> Period:
        """Return the length of a whole window."""
        return self.length or _LENGTHS[self.kind]


@dataclass(frozen=True, slots=True)
class Window:
    """Hold the days that were subscribed and the whole window that they are a part of."""

    days: Span
    whole: Span
    zone: str

    @property
    def first(self) -> date:
        """Return the first day."""
        return self.days.start

    @property
    def last(self) -> date:
        """Return the last day, included."""
        return self.days.end - _ONE_DAY

    @property
    def partial(self) -> bool:
        """Tell whether only a part of the window was subscribed."""
        return self.days != self.whole

    @property
    def time(self) -> Stretch:
        """Return its real time in UTC; a day of a change of clocks has 23 or 25 hours."""
        return Stretch(midnight(self.days.start, self.zone), midnight(self.days.end, self.zone))

    @property
    def minutes(self) -> Fraction:
        """Return its real minutes."""
        return minutes(self.time.length)

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def windows(rule: WindowRule, starts: date, ends: date | None, *, through: date) -> tuple[Window, ...]:
    """Return the windows of a term from `starts` to `ends` (included) that are over by the end of `through`.

    The first and the last hold the subscribed days alone; `None` is a term without end.
    """
    after = None if ends is None else ends + _ONE_DAY
    cut = (_window(rule, whole, starts, after) for whole in _wholes(rule, starts, after))
    return tuple(takewhile(lambda one: one.last <= through, (one for one in cut if one is not None)))


def midnight(day: date, zone_name: str) -> datetime:
    """Return the moment in UTC at which a day begins in a zone; where clocks skip it, the moment they do."""
    return datetime.combine(day, time(), tzinfo=calendars.zone(zone_name)).astimezone(UTC)


def _window(rule: WindowRule, whole: Span, starts: date, after: date | None) -> Window | None:
    days = whole.overlap(starts, after)
    return None if days is None else Window(days, whole, rule.zone)


def _wholes(rule: WindowRule, starts: date, after: date | None) -> Iterator[Span]:
    if rule.kind is WindowKind.ROLLING:
        spans = _rolling(rule)
    else:
        anchor = rule.anchor or _calendar_start(rule.kind, starts)
        spans = (Span(add(anchor, rule.period.times(n)), add(anchor, rule.period.times(n + 1))) for n in count())
    return takewhile(lambda whole: after is None or whole.start < after, spans)


def _rolling(rule: WindowRule) -> Iterator[Span]:
    if rule.anchor is None:
        raise ValueError("a rolling window is counted from a day")
    first = add(rule.anchor, rule.period)
    for number in count():
        end = add(first, rule.step.times(number))
        yield Span(subtract(end, rule.period), end)


def _calendar_start(kind: WindowKind, day: date) -> date:
    if kind is WindowKind.YEAR:
        return date(day.year, 1, 1)
    if kind is WindowKind.QUARTER:
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return day.replace(day=1)
