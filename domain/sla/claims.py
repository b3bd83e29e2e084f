"""Until when a service credit is claimed: the last day that the words allow, and the last safe day to send."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain import calendars
from domain.periods import Period, Unit, add
from domain.pricing.billing_periods import Schedule, Timing, billing_periods
from domain.sla.window import Window

_MONTH = Period(1, Unit.MONTH)


class Until(StrEnum):
    """Name how a contract says until when a credit may be claimed."""

    PERIOD = "period"  # so long after the window ends
    BUSINESS_DAYS = "business days"  # so many after the window ends
    MONTH_END = "month end"  # the end of the so manieth month after the one in which the window ends
    BILLING_CYCLE = "billing cycle"  # the end of the so manieth cycle after the one in which the window ends


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """Hold a time to claim: a `period`, or a `count` of business days, months or cycles of a `schedule`.

    Cycles are counted from `cycles_from`, the first day of service.
    """

    until: Until
    period: Period | None = None
    count: int = 1
    schedule: Schedule = field(default_factory=lambda: Schedule(_MONTH))
    cycles_from: date | None = None

    def __post_init__(self) -> None:
        if self.until is Until.PERIOD and self.period is None:
            raise ValueError("a claim within a period needs the period")
        if self.until is Until.BILLING_CYCLE and self.cycles_from is None:
            raise ValueError("billing cycles are counted from a day")
        if self.count < 1:
            raise ValueError("days, months and cycles are counted from one")


class ClaimState(StrEnum):
    """Name how far a claim has come; `SENT` and `ACCEPTED` are expected on the next invoice.

    `WITHDRAWN` is a miss that a corrected measurement took back before anybody claimed it.
    """

    DUE = "due"
    DRAFTED = "drafted"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CREDITED = "credited"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


CLAIMED = frozenset({ClaimState.SENT, ClaimState.ACCEPTED})
UNSENT = frozenset({ClaimState.DUE, ClaimState.DRAFTED})
_AFTER = {
    ClaimState.DUE: {ClaimState.DRAFTED, ClaimState.SENT, ClaimState.CREDITED, ClaimState.LAPSED, ClaimState.WITHDRAWN},
    ClaimState.DRAFTED: {ClaimState.SENT, ClaimState.CREDITED, ClaimState.LAPSED, ClaimState.WITHDRAWN},
    ClaimState.SENT: {ClaimState.ACCEPTED, ClaimState.REJECTED, ClaimState.CREDITED},
    ClaimState.ACCEPTED: {ClaimState.CREDITED, ClaimState.REJECTED},
    ClaimState.REJECTED: {ClaimState.SENT, ClaimState.ACCEPTED, ClaimState.CREDITED},
    ClaimState.LAPSED: {ClaimState.CREDITED},
    ClaimState.WITHDRAWN: {ClaimState.DUE},
}


def may_become(state: ClaimState, other: ClaimState) -> bool:
    """Tell whether a claim may go from one state to another; a provider may credit at any time."""
    return other in _AFTER.get(state, set())


@dataclass(frozen=True, slots=True)
class ClaimDay:
    """Hold the last day on which a claim counts, the last business day up to it, and why."""

    last: date
    send_by: date
    why: str


def claim_day(rule: ClaimRule, window: Window, calendar: str) -> ClaimDay:
    """Return until when a window's credit is claimed; the day on which the window ends does not count.

    Raises `Permanent` for an unknown calendar.
    """
    last, how = _last(rule, window, calendar)
    send_by = calendars.roll_back(last, calendar)
    rolled = f"; {send_by} is the last business day ({calendar})" if send_by != last else ""
    return ClaimDay(last, send_by, f"Claim by {last}: {how} {window.last}{rolled}.")


def _last(rule: ClaimRule, window: Window, calendar: str) -> tuple[date, str]:
    match rule.until:
        case Until.BUSINESS_DAYS:
            found = calendars.add_business_days(window.last, rule.count, calendar)
            return found, f"{rule.count} business days after the window ended on"
        case Until.MONTH_END:
            first = add(window.last.replace(day=1), _MONTH.times(rule.count + 1))
            return _day_before(first), f"the end of month {rule.count} after the window ended on"
        case Until.BILLING_CYCLE:
            return _cycle_end(rule, window.last), f"the end of billing cycle {rule.count} after that of"
        case _:
            period = rule.period or _MONTH
            return add(window.last, period), f"{period.display()} after the window ended on"


def _cycle_end(rule: ClaimRule, day: date) -> date:
    """Count whole cycles on from the one that holds the day."""
    start = rule.cycles_from or day
    schedule = Schedule(rule.schedule.every, rule.schedule.anchor_day, Timing.ADVANCE, rule.schedule.lead)
    horizon = add(day, rule.schedule.every.times(rule.count + 1))
    ends = [one.billed.end for one in billing_periods(schedule, start, None, through=horizon)]
    after = [end for end in ends if end > day]
    return _day_before(after[rule.count])


def _day_before(day: date) -> date:
    return add(day, Period(-1, Unit.DAY))
