"""The days of a notice: when the window opens and closes, and when the letter must leave.

Counting backwards rolls backwards only (Federal Rules of Civil Procedure 6(a)(5)); days are exact
and never rounded to a month's end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain import calendars
from domain.periods import Period, Unit, subtract
from domain.renewal import BUSINESS_DAY, ONE_DAY, CutOff, Fault, Notice, Renewal
from domain.terms import TermField

_OFFICE_OPENS = time(9)


@dataclass(frozen=True, slots=True)
class Window:
    """Hold the days of one notice and the sentences that explain them.

    `closes` is the last day the words allow, `effective` the last business day of it, `send_by`
    the day the letter must leave, `closes_at` the instant where a time of day is agreed.
    """

    opens: date | None
    closes: date
    effective: date
    send_by: date
    closes_at: datetime | None
    explanation: tuple[str, ...]


def window(renewal: Renewal, notice: Notice, end: date) -> Window:
    """Compute the window before a term's end. Raises `Permanent` for an unknown calendar or zone."""
    closes = _closes(notice, end, renewal.calendar)
    effective = _last_open_day(closes, renewal, notice)
    closes_at = _instant(notice.cut_off, effective)
    latest = _before_cut_off(effective, closes_at, renewal)
    send_by = calendars.roll_back(latest - timedelta(days=_transit(notice)), renewal.calendar)
    opens = _counted(notice.not_before, notice.unit, end, renewal.calendar) if notice.not_before else None
    told = tuple(_told(renewal, notice, closes, effective, latest, send_by, opens))
    return Window(opens, closes, effective, send_by, closes_at, told)


def faults(notice: Notice, found: Window, anchor: date) -> Iterator[Fault]:
    """Name what makes a notice impossible."""
    if notice.period.count < 0:
        yield Fault(TermField.NOTICE_PERIOD, f"the notice has a negative length ({notice.period})")
    if found.closes < anchor:
        why = f"it would be due on {found.closes}, before the term starts on {anchor}"
        yield Fault(TermField.NOTICE_PERIOD, f"notice of {length(notice)} is longer than the term: {why}")
    if found.opens and found.opens > found.closes:
        why = f"the window opens on {found.opens}, after it closes on {found.closes}"
        yield Fault(TermField.NOTICE_NOT_BEFORE, why)


def length(notice: Notice) -> str:
    """Write a notice's length for people."""
    if notice.unit == BUSINESS_DAY:
        days = _business_days(notice.period)
        return f"{days} business day{'' if days == 1 else 's'}"
    return f"{notice.period.display()}{' (clear days)' if notice.clear_days else ''}"


def _closes(notice: Notice, end: date, calendar: str) -> date:
    """Return the last day of notice; clear days leave out the day of service and that of the end."""
    day = _counted(notice.period, notice.unit, end, calendar)
    return day - ONE_DAY if notice.clear_days is not False else day


def _counted(period: Period, unit: str, end: date, calendar: str) -> date:
    if unit == BUSINESS_DAY:
        return calendars.add_business_days(end, -_business_days(period), calendar)
    return subtract(end, period)


def _business_days(period: Period) -> int:
    return period.count * 5 if period.unit is Unit.WEEK else period.count


def _last_open_day(day: date, renewal: Renewal, notice: Notice) -> date:
    """Return the last day on which the office is open, at the recipient's place as well."""
    found = calendars.roll_back(day, renewal.calendar)
    while notice.recipient_calendar and not calendars.is_business_day(found, notice.recipient_calendar):
        found = calendars.roll_back(found - ONE_DAY, renewal.calendar)
    return found


def _transit(notice: Notice) -> int:
    return notice.transit_days if notice.receipt is not False else 0


def _instant(cut_off: CutOff | None, day: date) -> datetime | None:
    return datetime.combine(day, cut_off.at, tzinfo=calendars.zone(cut_off.timezone)) if cut_off else None


def _before_cut_off(effective: date, closes_at: datetime | None, renewal: Renewal) -> date:
    """Return the last day on which our office is at work before the recipient's closes."""
    if closes_at is None or not renewal.timezone:
        return effective
    ours = closes_at.astimezone(calendars.zone(renewal.timezone))
    day = ours.date() if ours.time() > _OFFICE_OPENS else ours.date() - ONE_DAY
    return calendars.roll_back(min(day, effective), renewal.calendar)


def _told(
    renewal: Renewal, notice: Notice, closes: date, effective: date, latest: date, send_by: date, opens: date | None
) -> list[str]:
    lines = [f"Notice of {length(notice)} before the end must be given by {closes}."]
    if opens:
        lines.append(f"It may not be given before {opens}.")
    if effective != closes:
        lines.append(f"{closes} is no business day in {renewal.calendar}; the last one is {effective}.")
    if latest != effective and notice.cut_off:
        lines.append(
            f"It counts until {notice.cut_off.at:%H:%M} in {notice.cut_off.timezone}; "
            f"our last working day before that is {latest}."
        )
    if send_by != latest:
        lines.append(f"It must be received, so it is sent {_transit(notice)} days earlier: {send_by}.")
    return lines
