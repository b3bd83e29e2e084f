"""What the deadline engine needs to know of a contract: its term, how it renews, how notice is given.

`None` in a field that is no date and no length means that nobody knows: `domain.ambiguity` computes
every reading of it, and the engine alone takes the reading that makes people act first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from domain.periods import MonthEnd, Period, Unit, add
from domain.terms import ContractTerms, TermField

ONE_DAY = timedelta(days=1)
# Renewal types that go on without anybody acting.
RENEWS = frozenset({"auto", "evergreen", "month_to_month"})
# What runs on without a stated length is looked at this often.
_RUNS_ON = {"evergreen": Period(12, Unit.MONTH), "month_to_month": Period(1, Unit.MONTH)}
BUSINESS_DAY = "business_day"


@dataclass(frozen=True, slots=True)
class Fault:
    """Hold why a term is impossible, and which value a person should look at."""

    field: TermField
    why: str


@dataclass(frozen=True, slots=True)
class CutOff:
    """Hold until which wall-clock time at the recipient's place a notice still counts for the day."""

    at: time
    timezone: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Hold how notice is given.

    `unit` is `calendar_day` or `business_day`; weeks and months are in the period. `clear_days`
    leaves out both the day of service and the day the notice looks to. `not_before` opens the
    window. `transit_days` are calendar days under way, counted only where receipt decides.
    """

    period: Period
    unit: str = "calendar_day"
    receipt: bool | None = False
    transit_days: int = 0
    clear_days: bool | None = False
    not_before: Period | None = None
    cut_off: CutOff | None = None
    recipient_calendar: str = ""


@dataclass(frozen=True, slots=True)
class Renewal:
    """Hold a contract's term. `limit` counts the renewals; `expires` is the date the paper states."""

    anchor: date
    initial: Period | None
    expires: date | None
    kind: str
    term: Period | None
    notice: Notice | None
    calendar: str
    limit: int | None = None
    end_inclusive: bool | None = True
    month_end: MonthEnd | None = MonthEnd.CLAMP
    timezone: str = ""
    buffer_days: int = 10
    begun: int = 0  # renewals that have begun; they stay where a change stops further ones

    @property
    def rolls(self) -> bool:
        """Tell whether a further term follows without anybody acting, and how long it is is known."""
        length = self.next_term
        return self.kind in RENEWS and length is not None and length.count > 0

    @property
    def next_term(self) -> Period | None:
        """Return the length of a further term; what runs on without one is looked at regularly."""
        return self.term or _RUNS_ON.get(self.kind)


def renewal_of(
    terms: ContractTerms, calendar: str, *, transit_days: int = 5, buffer_days: int = 10, timezone: str = ""
) -> Renewal | None:
    """Read the engine's inputs from the contract; `None` when nothing anchors the term."""
    anchor, expires = terms.start, terms.day(TermField.EXPIRATION_DATE)
    initial = terms.period(TermField.INITIAL_TERM)
    if anchor is None or (initial is None and expires is None):
        return None
    return Renewal(
        anchor=anchor,
        initial=initial,
        expires=expires,
        kind=terms.text(TermField.RENEWAL_TYPE) or "",
        term=terms.period(TermField.RENEWAL_TERM),
        notice=_notice(terms, transit_days),
        calendar=calendar,
        limit=_count(terms.text(TermField.RENEWAL_LIMIT)),
        month_end=None,
        timezone=timezone,
        buffer_days=buffer_days,
    )


def _notice(terms: ContractTerms, transit_days: int) -> Notice | None:
    period = terms.period(TermField.NOTICE_PERIOD)
    if period is None:
        return None
    return Notice(
        period=period,
        unit=terms.text(TermField.NOTICE_UNIT) or "calendar_day",
        receipt={"receipt": True, "dispatch": False}.get(terms.text(TermField.NOTICE_RULE) or ""),
        transit_days=transit_days,
        not_before=terms.period(TermField.NOTICE_NOT_BEFORE),
    )


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def term_end(renewal: Renewal, renewals: int = 0) -> date:
    """Return the end of the initial term extended by so many renewals, always from the anchor.

    It is the last day in force, or, where the end is exclusive, the day on which nothing is in
    force any more. Raises `ValueError` where neither a length nor an end is known.
    """
    after = _day_after(renewal, renewals)
    return after - ONE_DAY if renewal.end_inclusive is not False else after


def _day_after(renewal: Renewal, renewals: int) -> date:
    more = renewal.next_term.times(renewals) if renewals and renewal.next_term else None
    if renewal.expires:
        first = renewal.expires + ONE_DAY if renewal.end_inclusive is not False else renewal.expires
        return _add(renewal, first, more) if more else first
    if renewal.initial is None:
        message = "a renewal without initial term and expiration date has no end"
        raise ValueError(message)
    total = _sum(renewal.initial, more)
    if total is not None:
        return _add(renewal, renewal.anchor, total)
    first = _add(renewal, renewal.anchor, renewal.initial)
    return _add(renewal, first, more) if more else first


def _add(renewal: Renewal, day: date, period: Period) -> date:
    return add(day, period, renewal.month_end or MonthEnd.CLAMP)


def _sum(first: Period, second: Period | None) -> Period | None:
    """Add periods of a like unit so that month ends are met once, from the anchor."""
    if second is None or second.count == 0:
        return first
    if first.months is not None and second.months is not None:
        return Period(first.months + second.months, Unit.MONTH)
    return Period(first.count + second.count, first.unit) if first.unit is second.unit else None


def faults(renewal: Renewal) -> Iterator[Fault]:
    """Name what makes a term impossible; a date computed from it would be a guess."""
    if renewal.expires and renewal.expires < renewal.anchor:
        why = f"the term ends on {renewal.expires}, before it starts on {renewal.anchor}"
        yield Fault(TermField.EXPIRATION_DATE, why)
    if renewal.initial is not None and renewal.initial.count <= 0:
        yield Fault(TermField.INITIAL_TERM, f"the initial term has no length ({renewal.initial})")
    if renewal.term is not None and renewal.term.count <= 0:
        yield Fault(TermField.RENEWAL_TERM, f"the renewal term has no length ({renewal.term})")
    if renewal.limit is not None and renewal.limit < 0:
        yield Fault(TermField.RENEWAL_LIMIT, f"the number of renewals is negative ({renewal.limit})")
