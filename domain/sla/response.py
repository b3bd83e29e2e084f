"""Response and resolution times: working time between two moments, less the time a ticket was on hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from domain import calendars
from domain.calendars import OfficeHours
from domain.sla.measured import in_minutes
from domain.sla.stretches import Stretch, common, length, minutes, stretch, without

_ONE_DAY = timedelta(days=1)


class Kind(StrEnum):
    """Name what a provider promised to do in time."""

    RESPONSE = "response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold an answer; an automatic one acknowledges nothing (Common Paper SLA 2.0)."""

    at: datetime
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """Hold a request for support; each hold is [start, end), an end of `None` still lasts."""

    id: str
    severity: str
    opened: datetime
    replies: tuple[Reply, ...] = ()
    resolved: datetime | None = None
    holds: tuple[tuple[datetime, datetime | None], ...] = ()

    def done(self, kind: Kind) -> datetime | None:
        """Return when it was answered by a person, or resolved."""
        if kind is Kind.RESOLUTION:
            return self.resolved
        return min((reply.at for reply in self.replies if not reply.automatic), default=None)


@dataclass(frozen=True, slots=True)
class Promised:
    """Hold the working time that one severity may take; without `hours` every minute counts."""

    severity: str
    kind: Kind
    within: timedelta
    hours: OfficeHours | None = None

    def __str__(self) -> str:
        deed = "answered" if self.kind is Kind.RESPONSE else "resolved"
        clock = "working time" if self.hours else "real time"
        return f"{self.severity} {deed} within {in_minutes(minutes(self.within))} of {clock}"


@dataclass(frozen=True, slots=True)
class Timing:
    """Hold how long a ticket took so far; `met` is `None` while it is open and still in time."""

    ticket: str
    promised: Promised
    took: timedelta
    met: bool | None
    done: datetime | None
    why: str


def timings(tickets: Iterable[Ticket], promises: Iterable[Promised], *, now: datetime) -> list[Timing]:
    """Judge every ticket by the promises for its severity."""
    listed = list(promises)
    return [
        timing(ticket, one, now=now)
        for ticket in tickets
        for one in listed
        if one.severity.casefold() == ticket.severity.casefold()
    ]


def timing(ticket: Ticket, promised: Promised, *, now: datetime) -> Timing:
    """Return working time from opening to the deed, or to `now`, without holds; to the limit exactly is in time."""
    done = ticket.done(promised.kind)
    end = done or now
    held = [part for first, last in ticket.holds for part in stretch(_utc(first), _utc(last or end))]
    open_ = without(stretch(_utc(ticket.opened), _utc(end)), held)
    took = worked(open_, promised.hours)
    met = took <= promised.within if done or took > promised.within else None
    return Timing(ticket.id, promised, took, met, done, _why(ticket, promised, done, took))


def worked(open_: Iterable[Stretch], hours: OfficeHours | None) -> timedelta:
    """Return the real time of the stretches that lies in working hours."""
    listed = list(open_)
    if hours is None or not listed:
        return length(listed)
    first, last = min(one.start for one in listed), max(one.end for one in listed)
    return length(common(listed, _shifts(hours, first, last)))


def _shifts(hours: OfficeHours, start: datetime, end: datetime) -> Iterator[Stretch]:
    """Yield the working hours of each business day, as real time in UTC."""
    zone = calendars.zone(hours.timezone)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        if calendars.is_business_day(day, hours.calendar):
            yield from stretch(_moment(day, hours, opening=True), _moment(day, hours, opening=False))
        day += _ONE_DAY


def _moment(day: date, hours: OfficeHours, *, opening: bool) -> datetime:
    local = datetime.combine(day, hours.opens if opening else hours.closes)
    return local.replace(tzinfo=calendars.zone(hours.timezone)).astimezone(UTC)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("moments need a zone: an hour of one is no hour of another")
    return moment.astimezone(UTC)


def _why(ticket: Ticket, promised: Promised, done: datetime | None, took: timedelta) -> str:
    until = f"until {done:%Y-%m-%d %H:%M %Z}" if done else "and still open"
    clock = f"working time in {promised.hours.timezone}, {promised.hours.calendar}" if promised.hours else "real time"
    return (
        f"{ticket.id} ({promised.severity}), {promised.kind}: {in_minutes(minutes(took))} of {clock} since "
        f"{ticket.opened:%Y-%m-%d %H:%M %Z} {until}, holds left out; allowed {in_minutes(minutes(promised.within))}."
    )
