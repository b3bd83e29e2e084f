"""The referee's own arithmetic: windows of every term, counted without the engine that is judged."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import count, product

import holidays

from domain.terms import TermField

T = TermField
_ONE_DAY = timedelta(days=1)
_ROLLING = ("auto", "evergreen", "month_to_month")
_RUNS_ON = {"evergreen": "P12M", "month_to_month": "P1M"}
_RULES = {"receipt": (True,), "dispatch": (False,)}
_MONTHS = {"M": 1, "Y": 12}
_IN_EVERY_MONTH = 28
TRANSIT, BUFFER = 5, 10  # days under way, business days to decide, as config/alerts.yaml has them


@dataclass(frozen=True, slots=True)
class Window:
    """Hold the days of one term's end under one reading, whether another follows it, and how many came before."""

    term_end: date
    closes: date
    act_by: date
    decide_by: date
    renews: bool
    number: int
    reading: tuple[object, ...]


@cache
def _closed_days(calendar: str, year: int) -> frozenset[date]:
    country, _, part = calendar.partition("-")
    table = holidays.country_holidays(country, subdiv=part or None, years=(year - 1, year, year + 1))
    return frozenset(day for day in table if day.year == year)


def _works(day: date, calendar: str) -> bool:
    return day.weekday() < 5 and day not in _closed_days(calendar, day.year)


def back(day: date, days: int, calendar: str) -> date:
    """Go back so many business days; none at all rolls back to one."""
    if days == 0:
        while not _works(day, calendar):
            day -= _ONE_DAY
        return day
    while days:
        day -= _ONE_DAY
        days -= _works(day, calendar)
    return day


def shifted(day: date, period: str, times: int = 1, *, overflow: bool = False) -> date:
    """Move a day by a period written like `P12M`."""
    number, unit = int(period[1:-1]) * times, period[-1]
    if unit in "DW":
        return day + timedelta(days=number * (7 if unit == "W" else 1))
    month = day.year * 12 + day.month - 1 + number * (12 if unit == "Y" else 1)
    year, month0 = month // 12, month % 12
    last = months.monthrange(year, month0 + 1)[1]
    if day.day <= last:
        return date(year, month0 + 1, day.day)
    return date(year, month0 + 1, last) + (_ONE_DAY if overflow else timedelta())


def windows(
    values: Mapping[TermField, str], rivals: Mapping[TermField, tuple[str, ...]], calendar: str, until: date
) -> list[Window]:
    """Return every window of every reading up to a day, in order of the day to act."""
    names = list(rivals)
    found: set[Window] = set()
    for chosen in product(*((values[name], *rivals[name]) for name in names)):
        said = tuple(sorted({**values, **dict(zip(names, chosen, strict=True))}.items()))
        found.update(_of_reading(said, chosen, calendar, until))
    return sorted(found, key=lambda one: (one.act_by, one.term_end))


@lru_cache(maxsize=20000)
def _of_reading(
    said: tuple[tuple[TermField, str], ...], chosen: tuple[str, ...], calendar: str, until: date
) -> tuple[Window, ...]:
    """Return the windows of one reading of the words, under every meaning that the words leave open."""
    values = dict(said)
    anchor, expires = values.get(T.EFFECTIVE_DATE) or values[T.AGREEMENT_DATE], values.get(T.EXPIRATION_DATE)
    days = [date.fromisoformat(anchor).day, date.fromisoformat(expires).day + 1 if expires else 0]
    overflows = (False, True) if max(days) > _IN_EVERY_MONTH else (False,)
    receipts = _RULES.get(values.get(T.NOTICE_RULE, ""), (True, False))
    meanings = (_Meaning(values, calendar, *meant, chosen) for meant in product(overflows, receipts))
    return tuple(window for one in meanings for window in one.windows(until))


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Hold the words with everything settled that they leave open."""

    values: Mapping[TermField, str]
    calendar: str
    overflow: bool
    receipt: bool
    chosen: tuple[str, ...]

    def windows(self, until: date) -> Iterator[Window]:
        """Yield term after term; a notice that is longer than the first one gives no day, if it is needed."""
        limit = int(self.values.get(T.RENEWAL_LIMIT, 10**6))
        for number in count():
            one = self._window(number, self._end(number), renews=self._rolling and number < limit)
            if number == 0 and one.closes < self._anchor:
                return
            yield one
            if not one.renews or one.decide_by > until:
                return

    @property
    def _anchor(self) -> date:
        return date.fromisoformat(self.values.get(T.EFFECTIVE_DATE) or self.values[T.AGREEMENT_DATE])

    @property
    def _length(self) -> str:
        return self.values.get(T.RENEWAL_TERM) or _RUNS_ON.get(self._kind, "")

    @property
    def _kind(self) -> str:
        return self.values.get(T.RENEWAL_TYPE, "")

    @property
    def _rolling(self) -> bool:
        return self._kind in _ROLLING and bool(self._length)

    def _end(self, number: int) -> date:
        """Return the last day of a term; months are added up before the month's end is met."""
        expires, initial = self.values.get(T.EXPIRATION_DATE), self.values.get(T.INITIAL_TERM, "P0M")
        if expires:
            after = date.fromisoformat(expires) + _ONE_DAY
        elif number and initial[-1] in _MONTHS and self._length[-1] in _MONTHS:
            total = _in_months(initial) + _in_months(self._length) * number
            return shifted(self._anchor, f"P{total}M", overflow=self.overflow) - _ONE_DAY
        else:
            after = shifted(self._anchor, initial, overflow=self.overflow)
        return (shifted(after, self._length, number, overflow=self.overflow) if number else after) - _ONE_DAY

    def _window(self, number: int, end: date, *, renews: bool) -> Window:
        which = (number, (*self.chosen, self.overflow, self.receipt))
        period = self.values.get(T.NOTICE_PERIOD)
        if period is None or (self._rolling and not renews):
            return Window(end, end, end, back(end, BUFFER, self.calendar), renews, *which)
        if self.values.get(T.NOTICE_UNIT) == "business_day":
            closes = back(end, int(period[1:-1]), self.calendar)
        else:
            closes = shifted(end, period, -1)
        sent = back(closes, 0, self.calendar) - timedelta(days=TRANSIT if self.receipt else 0)
        send_by = back(sent, 0, self.calendar)
        return Window(end, closes, send_by, back(send_by, BUFFER, self.calendar), renews, *which)


def _in_months(period: str) -> int:
    return int(period[1:-1]) * _MONTHS[period[-1]]
