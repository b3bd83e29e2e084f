"""Deadlines: term end, notice deadline, effective business day, send-by, decide-by, alerts.

The rules follow the clauses they come from: term k is always counted from the anchor, never from
the end of term k-1; a deadline only ever rolls back; an unknown input yields a gap, not a date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain import calendars
from domain.periods import Period, Unit, add, subtract
from domain.terms import ContractTerms, TermField

_ONE_DAY = timedelta(days=1)
LADDER = (120, 90, 60, 30)
# Renewal types that go on without anybody acting.
RENEWS = frozenset({"auto", "evergreen", "month_to_month"})


@dataclass(frozen=True, slots=True)
class Renewal:
    """Hold what the deadline engine needs to know of a contract."""

    anchor: date
    initial: Period | None
    expires: date | None
    kind: str
    term: Period | None
    notice: Period | None
    notice_unit: str
    receipt_rule: bool
    calendar: str
    transit_days: int = 0
    buffer_days: int = 10


@dataclass(frozen=True, slots=True)
class Alert:
    """Hold one planned reminder: so many days before the day one must act."""

    stage: int
    on: date


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Hold every date of one term with the reasoning a lawyer can check."""

    term_end: date
    notice_deadline: date | None
    effective_deadline: date | None
    send_by: date | None
    decide_by: date
    alerts: tuple[Alert, ...]
    explanation: tuple[str, ...]

    @property
    def act_by(self) -> date:
        """Return the day alerts count from: send-by when notice applies, else term end."""
        return self.send_by or self.term_end

    def because(self, why: str) -> Deadlines:
        """Return the same dates with one more sentence of reasoning."""
        return replace(self, explanation=(*self.explanation, why))


def renewal_of(terms: ContractTerms, calendar: str, *, transit_days: int = 5, buffer_days: int = 10) -> Renewal | None:
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
        notice=terms.period(TermField.NOTICE_PERIOD),
        notice_unit=terms.text(TermField.NOTICE_UNIT) or "calendar_day",
        receipt_rule=terms.text(TermField.NOTICE_RULE) == "receipt",
        calendar=calendar,
        transit_days=transit_days,
        buffer_days=buffer_days,
    )


def term_end(renewal: Renewal, renewals: int = 0) -> date:
    """Return the last day of the initial term extended by so many renewals, from the anchor."""
    if renewals and renewal.term:
        if renewal.expires:
            return add(renewal.expires + _ONE_DAY, renewal.term.times(renewals)) - _ONE_DAY
        return _from_anchor(renewal, renewals) - _ONE_DAY
    if renewal.expires:
        return renewal.expires
    return _from_anchor(renewal, 0) - _ONE_DAY


def current_deadlines(renewal: Renewal, *, today: date, ladder: Sequence[int] = LADDER) -> Deadlines:
    """Compute the deadlines that can still be met: of the term in force, or of the next one.

    Where the contract renews by itself and the window of a term has closed, the next window is
    the end of the renewed term.
    """
    return _open_window(renewal, today, ladder)[1]


def missed_deadlines(renewal: Renewal, *, today: date) -> Deadlines | None:
    """Return the deadlines of the latest term whose window has closed; `None` while none has."""
    renewals, found = _open_window(renewal, today, LADDER)
    if _window_closes(found) < today:
        return found
    return _deadlines(renewal, renewals - 1, today, LADDER) if renewals else None


def _open_window(renewal: Renewal, today: date, ladder: Sequence[int]) -> tuple[int, Deadlines]:
    """Return the first term whose window is open, counted in renewals, or the last term there is."""
    renewals = 0
    found = _deadlines(renewal, renewals, today, ladder)
    rolls = renewal.kind in RENEWS and renewal.term is not None and renewal.term.count > 0
    while rolls and _window_closes(found) < today:
        renewals += 1
        found = _deadlines(renewal, renewals, today, ladder)
    return renewals, found


def _window_closes(found: Deadlines) -> date:
    """Return the last day on which acting still changes something."""
    return found.effective_deadline or found.term_end


def _deadlines(renewal: Renewal, renewals: int, today: date, ladder: Sequence[int]) -> Deadlines:
    end = term_end(renewal, renewals)
    why = [_explain_end(renewal, renewals, end)]
    notice = effective = send_by = None
    if renewal.notice is not None:
        notice = _before(end, renewal)
        effective = calendars.roll_back(notice, renewal.calendar)
        transit = renewal.transit_days if renewal.receipt_rule else 0
        send_by = calendars.roll_back(effective - timedelta(days=transit), renewal.calendar)
        why += _explain_notice(renewal, notice, effective, send_by, transit)
    act_by = send_by or end
    decide_by = calendars.add_business_days(act_by, -renewal.buffer_days, renewal.calendar)
    why.append(f"Decide by {decide_by}: {renewal.buffer_days} business days before {act_by}.")
    alerts = _alerts(act_by, effective or end, today, ladder)
    return Deadlines(end, notice, effective, send_by, decide_by, alerts, tuple(why))


def _alerts(act_by: date, closes: date, today: date, ladder: Sequence[int]) -> tuple[Alert, ...]:
    """Plan one alert a stage; stages already past collapse into a single catch-up today.

    The catch-up also goes out after the safe day to send has passed, as long as the window is
    still open: a courier may make it.
    """
    planned = [Alert(stage, act_by - timedelta(days=stage)) for stage in sorted(ladder)[::-1]]
    future = [alert for alert in planned if alert.on > today]
    missed = [alert for alert in planned if alert.on <= today]
    if not missed or closes < today:
        return tuple(future)
    return (Alert(missed[-1].stage, today), *future)


def _before(end: date, renewal: Renewal) -> date:
    notice = renewal.notice
    if notice is None:  # callers check; kept so that the type is narrowed here
        return end
    if renewal.notice_unit == "business_day":
        return calendars.add_business_days(end, -notice.count, renewal.calendar)
    return subtract(end, notice)


def _from_anchor(renewal: Renewal, renewals: int) -> date:
    if renewal.initial is None:
        message = "a renewal without initial term and expiration date has no end"
        raise ValueError(message)
    total = _sum(renewal.initial, renewal.term.times(renewals) if renewal.term else None)
    if total is not None:
        return add(renewal.anchor, total)
    first = add(renewal.anchor, renewal.initial)
    return add(first, renewal.term.times(renewals)) if renewal.term else first


def _sum(first: Period, second: Period | None) -> Period | None:
    """Add periods of a like unit so that month ends are clamped once, from the anchor."""
    if second is None or second.count == 0:
        return first
    if first.months is not None and second.months is not None:
        return Period(first.months + second.months, Unit.MONTH)
    return Period(first.count + second.count, first.unit) if first.unit is second.unit else None


def _explain_end(renewal: Renewal, renewals: int, end: date) -> str:
    if renewal.expires and not renewals:
        return f"The term ends on {end}, as the contract says."
    initial = renewal.initial.display() if renewal.initial else f"until {renewal.expires}"
    more = f" plus {renewals} renewal(s) of {renewal.term.display()}" if renewal.term and renewals else ""
    return f"The term ends on {end}: {initial}{more} from {renewal.anchor}, last day included."


def _explain_notice(renewal: Renewal, notice: date, effective: date, send_by: date, transit: int) -> list[str]:
    length = renewal.notice.display() if renewal.notice else ""
    unit = " (business days)" if renewal.notice_unit == "business_day" else ""
    lines = [f"Notice of {length}{unit} before the end must be given by {notice}."]
    if effective != notice:
        lines.append(f"{notice} is no business day in {renewal.calendar}; the last one is {effective}.")
    if send_by != effective:
        lines.append(f"It must be received, so it is sent {transit} days earlier: {send_by}.")
    return lines
