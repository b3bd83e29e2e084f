"""Deadlines: term end, notice deadline, effective business day, send-by, decide-by, alerts.

The rules follow the clauses they come from: term k is always counted from the anchor, never from
the end of term k-1; a deadline only ever rolls back; an unknown input yields a gap, not a date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain import calendars, notice
from domain.notice import Window
from domain.renewal import RENEWS, CutOff, Fault, Notice, Renewal, faults, renewal_of, term_end

__all__ = [
    "FORMULA",
    "LADDER",
    "RENEWS",
    "Alert",
    "CutOff",
    "Deadlines",
    "Fault",
    "Notice",
    "Renewal",
    "at_term",
    "current_deadlines",
    "harmless",
    "impossible",
    "missed_deadlines",
    "open_term",
    "planned_alerts",
    "renewal_of",
    "term_end",
]

LADDER = (120, 90, 60, 30)
# Stored with every date; raised when a rule changes, so that old dates can be told from new ones.
FORMULA = 2


@dataclass(frozen=True, slots=True)
class Alert:
    """Hold one planned reminder: so many days before the day one must act."""

    stage: int
    on: date


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Hold every date of one term with the reasoning a lawyer can check.

    `notice_deadline` is the last day the words allow and `effective_deadline` the last business
    day of it; `renewals` counts the terms before this one.
    """

    term_end: date
    notice_deadline: date | None
    effective_deadline: date | None
    send_by: date | None
    decide_by: date
    alerts: tuple[Alert, ...]
    explanation: tuple[str, ...]
    window_opens: date | None = None
    closes_at: datetime | None = None
    renewals: int = 0

    @property
    def act_by(self) -> date:
        """Return the day alerts count from: send-by when notice applies, else term end."""
        return self.send_by or self.term_end

    @property
    def closes(self) -> date:
        """Return the last day on which acting still changes something."""
        return self.notice_deadline or self.term_end

    def because(self, why: str) -> Deadlines:
        """Return the same dates with one more sentence of reasoning."""
        return replace(self, explanation=(*self.explanation, why))


def current_deadlines(
    renewal: Renewal, *, today: date, ladder: Sequence[int] = LADDER, since: date | None = None
) -> Deadlines:
    """Compute the deadlines that can still be met: of the term in force, or of the next one.

    Where the contract renews by itself and the window of a term has closed, the next window is
    the end of the renewed term. Terms that only hold from a later day on are looked at `since` it.
    """
    return at_term(renewal, open_term(renewal, max(today, since or today)), today=today, ladder=ladder)


def missed_deadlines(renewal: Renewal, *, today: date) -> Deadlines | None:
    """Return the deadlines of the latest term whose window has closed; `None` while none has."""
    renewals = open_term(renewal, today)
    found = at_term(renewal, renewals, today=today)
    if found.closes < today:
        return found
    return at_term(renewal, renewals - 1, today=today) if renewals else None


def open_term(renewal: Renewal, today: date) -> int:
    """Return the first term whose window is open, counted in renewals, or the last term there is."""
    if not renewal.rolls:
        return renewal.begun if renewal.next_term and term_end(renewal) < today else 0
    if _closes(renewal, 0) >= today:
        return 0
    closed, open_ = 0, 1
    while _closes(renewal, open_) < today:
        if renewal.limit is not None and open_ >= renewal.limit:
            return renewal.limit
        closed, open_ = open_, open_ * 2
    while open_ - closed > 1:
        middle = (closed + open_) // 2
        closed, open_ = (middle, open_) if _closes(renewal, middle) < today else (closed, middle)
    return open_ if renewal.limit is None else min(open_, renewal.limit)


def at_term(renewal: Renewal, renewals: int, *, today: date, ladder: Sequence[int] = LADDER) -> Deadlines:
    """Compute the deadlines of one term, with the alerts that are still to come from `today`."""
    end = term_end(renewal, renewals)
    given = _window(renewal, renewals, end)
    act_by = given.send_by if given else end
    decide_by = calendars.add_business_days(act_by, -renewal.buffer_days, renewal.calendar)
    closes = given.closes if given else end
    return Deadlines(
        term_end=end,
        notice_deadline=given.closes if given else None,
        effective_deadline=given.effective if given else None,
        send_by=given.send_by if given else None,
        decide_by=decide_by,
        alerts=planned_alerts(renewal.calendar, act_by, closes, today, ladder),
        explanation=(
            *_explain_end(renewal, renewals, end),
            *(given.explanation if given else ()),
            f"Decide by {decide_by}: {renewal.buffer_days} business days before {act_by}.",
        ),
        window_opens=given.opens if given else None,
        closes_at=given.closes_at if given else None,
        renewals=renewals,
    )


def impossible(renewal: Renewal) -> list[Fault]:
    """Name every contradiction in a contract's term; dates must not be computed from such a one.

    Raises `Permanent` for an unknown calendar or zone.
    """
    found = list(faults(renewal))
    return found if found or _stops_nothing(renewal, 0) else _of_notice(renewal)


def harmless(renewal: Renewal) -> list[Fault]:
    """Name the contradictions of a notice that has nothing to stop: no day hangs on them, yet somebody must look.

    Raises `Permanent` for an unknown calendar or zone.
    """
    return _of_notice(renewal) if _stops_nothing(renewal, 0) and not any(faults(renewal)) else []


def _of_notice(renewal: Renewal) -> list[Fault]:
    if renewal.notice is None:
        return []
    first = notice.window(renewal, renewal.notice, term_end(renewal))
    return list(notice.faults(renewal.notice, first, renewal.anchor))


def _window(renewal: Renewal, renewals: int, end: date) -> Window | None:
    if renewal.notice is None or _stops_nothing(renewal, renewals):
        return None
    return notice.window(renewal, renewal.notice, end)


def _stops_nothing(renewal: Renewal, renewals: int) -> bool:
    """Tell whether no renewal is left that a notice could stop."""
    return renewal.kind in RENEWS and renewal.limit is not None and renewals >= renewal.limit


def _closes(renewal: Renewal, renewals: int) -> date:
    end = term_end(renewal, renewals)
    given = _window(renewal, renewals, end)
    return given.closes if given else end


def planned_alerts(calendar: str, act_by: date, closes: date, today: date, ladder: Sequence[int]) -> tuple[Alert, ...]:
    """Plan one alert a stage on a business day; past stages collapse into a single catch-up today.

    The catch-up also goes out after the safe day to send has passed, as long as the window is
    still open: a courier may make it.
    """
    days = ((stage, act_by - timedelta(days=stage)) for stage in sorted(ladder)[::-1])
    planned = [Alert(stage, calendars.roll_back(day, calendar)) for stage, day in days]
    future = [alert for alert in planned if alert.on > today]
    missed = [alert for alert in planned if alert.on <= today]
    if not missed or closes < today:
        return tuple(future)
    return (Alert(missed[-1].stage, today), *future)


def _explain_end(renewal: Renewal, renewals: int, end: date) -> list[str]:
    lines = [_end_in_words(renewal, renewals, end)]
    if renewals and renewal.term is None and renewal.next_term:
        lines.append(f"It runs on without a stated length; it is looked at every {renewal.next_term.display()}.")
    if renewal.notice and _stops_nothing(renewal, renewals):
        lines.append(f"No renewal is left after {renewals}; it ends without notice.")
    return lines


def _end_in_words(renewal: Renewal, renewals: int, end: date) -> str:
    if renewal.expires and not renewals:
        return f"The term ends on {end}, as the contract says."
    initial = renewal.initial.display() if renewal.initial else f"until {renewal.expires}"
    length = renewal.next_term
    more = f" plus {renewals} renewal(s) of {length.display()}" if length and renewals else ""
    last = "last day included" if renewal.end_inclusive is not False else "last day not included"
    return f"The term ends on {end}: {initial}{more} from {renewal.anchor}, {last}."
