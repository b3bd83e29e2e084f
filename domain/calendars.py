"""Business days and business hours by jurisdiction, the only module that knows `holidays`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib import metadata
from itertools import takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from dateutil.rrule import rrulestr

from domain.errors import Permanent

_ONE_DAY = timedelta(days=1)
_IN_EVERY_MONTH = 28


@lru_cache(maxsize=4096)
def _holidays(code: str, year: int) -> frozenset[date]:
    # A table of the library grows while it is asked, which two threads at once must not see; and
    # a holiday observed on the other side of New Year is only known once that year is asked for.
    country, _, subdivision = code.partition("-")
    try:
        table = holidays.country_holidays(country, subdiv=subdivision or None, years=range(year - 1, year + 2))
    except NotImplementedError as error:
        raise Permanent(
            f"No business calendar {code!r}",
            why="the country or its subdivision is not known",
            fix="use an ISO 3166 code such as US, US-NY, DE or DE-BY",
        ) from error
    return frozenset(day for day in table if day.year == year)


@lru_cache(maxsize=1)
def version() -> str:
    """Name the source of the holidays, so that a date can say by which table it was computed."""
    return f"holidays {metadata.version('holidays')}"


def today_in(zone_name: str, now: datetime) -> date:
    """Return the date that a contract's own zone has at an aware instant; never that of UTC."""
    return now.astimezone(zone(zone_name)).date()


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone. Raises `Permanent` when there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: "Europe" is a folder
        raise Permanent(
            f"No time zone {name!r}", why="not an IANA name", fix="use for example Europe/Berlin"
        ) from error


def is_business_day(day: date, calendar: str) -> bool:
    """Tell whether offices are open that day under the calendar (`US-NY`, `DE`)."""
    return day.weekday() < 5 and day not in _holidays(calendar, day.year)


@lru_cache(maxsize=1 << 16)
def roll_back(day: date, calendar: str) -> date:
    """Return the day itself or the last business day before it, never a later one."""
    while not is_business_day(day, calendar):
        day -= _ONE_DAY
    return day


def roll_forward(day: date, calendar: str) -> date:
    """Return the day itself or the next business day."""
    while not is_business_day(day, calendar):
        day += _ONE_DAY
    return day


@lru_cache(maxsize=1 << 16)
def add_business_days(day: date, count: int, calendar: str) -> date:
    """Move by business days, backwards when `count` is negative."""
    step = _ONE_DAY if count >= 0 else -_ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_business_day(day, calendar):
            day += step
    return day


def occurrences(rule: str, starts_on: date, until: date) -> list[date]:
    """Return the days of an RFC 5545 rule up to `until`, that day included.

    A rule by months that begins after the 28th falls on the last day of shorter months instead of
    skipping them, and comes back to its own day in longer ones. Raises `Permanent` for no rule.
    """
    late = starts_on.day > _IN_EVERY_MONTH and "BYMONTHDAY" not in rule and "BYDAY" not in rule
    if late and ("MONTHLY" in rule or "YEARLY" in rule):
        days = ",".join(str(day) for day in range(_IN_EVERY_MONTH, starts_on.day + 1))
        month = f";BYMONTH={starts_on.month}" if "YEARLY" in rule else ""
        rule = f"{rule}{month};BYMONTHDAY={days};BYSETPOS=-1"
    try:
        found = rrulestr(rule, dtstart=datetime.combine(starts_on, time()))
    except (ValueError, TypeError) as error:
        raise Permanent(
            f"No recurrence {rule!r}", why=str(error), fix="write an RFC 5545 rule such as FREQ=MONTHLY;INTERVAL=3"
        ) from error
    end = datetime.combine(until, time())
    return [day.date() for day in takewhile(lambda day: day <= end, found)]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Hold when a team works: wall-clock opening hours in one zone on one calendar."""

    timezone: str
    calendar: str
    opens: time = time(9)
    closes: time = time(17, 30)

    def add(self, start: datetime, hours: float) -> datetime:
        """Return the instant after so many *working* hours, in the office's own zone.

        `start` must be timezone-aware. Hours are counted on the wall clock of open days, so a
        weekend, a holiday or a daylight-saving change neither shortens nor lengthens them.
        """
        local = start.astimezone(zone(self.timezone)).replace(tzinfo=None)
        left = timedelta(hours=hours)
        while True:
            opens, closes = self._opening(local.date())
            local = max(local, opens)
            if self._open_on(local.date()) and local < closes:
                if local + left <= closes:
                    return (local + left).replace(tzinfo=zone(self.timezone))
                left -= closes - local
            local = datetime.combine(local.date() + _ONE_DAY, time())

    def next_business_day(self, start: datetime) -> datetime:
        """Return the same wall-clock time one business day later, inside opening hours.

        "Within 24 hours" for a team: Friday 15:00 becomes Monday 15:00, never Saturday.
        """
        local = start.astimezone(zone(self.timezone)).replace(tzinfo=None)
        received = local if self._is_open(local) else self._next_opening(local)
        day = add_business_days(received.date(), 1, self.calendar)
        return datetime.combine(day, received.time(), tzinfo=zone(self.timezone))

    def _opening(self, day: date) -> tuple[datetime, datetime]:
        return datetime.combine(day, self.opens), datetime.combine(day, self.closes)

    def _open_on(self, day: date) -> bool:
        return is_business_day(day, self.calendar)

    def _is_open(self, local: datetime) -> bool:
        opens, closes = self._opening(local.date())
        return self._open_on(local.date()) and opens <= local < closes

    def _next_opening(self, local: datetime) -> datetime:
        day = local.date()
        if not self._open_on(day) or local.time() >= self.closes:
            day = add_business_days(day, 1, self.calendar)
        return datetime.combine(day, self.opens)
