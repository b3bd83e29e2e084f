"""Duties under a contract: whose they are, when they fall due, and what became of each time.

Ours become tasks, theirs become checks and claims. A duty with neither a day nor a trigger cannot
be watched: it is proposed to a person instead of being forgotten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain import calendars
from domain.periods import Period, add
from domain.terms import Citation, Reading, Term, TermField

LEAD_DAYS, GRACE_DAYS = 14, 0
_ONE_DAY = timedelta(days=1)
_RULES = {
    "weekly": "FREQ=WEEKLY",
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "semiannually": "FREQ=MONTHLY;INTERVAL=6",
    "annually": "FREQ=YEARLY",
}


class Direction(StrEnum):
    """Name who owes it."""

    OURS = "ours"
    THEIRS = "theirs"


class Source(StrEnum):
    """Name where a duty comes from."""

    CONTRACT = "contract"
    AMENDMENT = "amendment"
    SALES = "sales_commitment"
    SERVICE_LEVEL = "service_level"


class Trigger(StrEnum):
    """Name what makes a duty fall due."""

    DATE = "date"
    RECURRENCE = "recurrence"
    EVENT = "event"
    NONE = "none"


class DueState(StrEnum):
    """Name how one time of a duty stands."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    IN_REVIEW = "in_review"
    FULFILLED_ON_TIME = "fulfilled_on_time"
    FULFILLED_LATE = "fulfilled_late"
    MISSED = "missed"
    WAIVED = "waived"
    SUPERSEDED = "superseded"


UNSETTLED = frozenset({DueState.SCHEDULED, DueState.OPEN, DueState.IN_REVIEW, DueState.MISSED})


@dataclass(frozen=True, slots=True)
class Obligation:
    """Hold one duty. `rrule` is an RFC 5545 rule counted from `starts_on`; `key` stays the same when it is read again."""

    key: str
    source: Source
    direction: Direction
    text: str
    citation: Citation | None
    trigger_kind: Trigger
    trigger: str = ""
    rrule: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    not_before: date | None = None  # days of the rule before this one do not count
    lead_days: int = LEAD_DAYS
    grace_days: int = GRACE_DAYS
    evidence_required: bool = True
    consequence: str = ""
    after: str = ""  # how long after its event it falls due, as P30D

    @property
    def watched(self) -> bool:
        """Tell whether anything ever makes it fall due."""
        return self.trigger_kind is not Trigger.NONE


def duties(reading: Reading, *, start: date | None, end: date | None, our_roles: Iterable[str]) -> Iterator[Obligation]:
    """Yield the duties that a contract's terms hold; `our_roles` are the roles and names that mean us.

    A period counts from the start of the term, or from the trigger where the paper names one.
    """
    ours = {one.casefold() for one in our_roles}
    for term in reading.all(TermField.OBLIGATION):
        yield _duty(term, start, end, ours)


def promise(text: str, *, owed_on: date | None, start: date | None) -> Obligation:
    """Return what sales promised as a duty of ours; without a day a person must set one."""
    kind = Trigger.DATE if owed_on else Trigger.NONE
    return Obligation(
        key=_key(Source.SALES, text),
        source=Source.SALES,
        direction=Direction.OURS,
        text=text,
        citation=None,
        trigger_kind=kind,
        starts_on=owed_on or start,
        ends_on=owed_on,
    )


def due_days(one: Obligation, first: date, last: date, calendar: str) -> list[date]:
    """Return the days in a span on which a duty is due, moved back to a business day.

    A monthly duty that begins on the 31st is due on the last day of shorter months.
    """
    if one.starts_on is None or one.trigger_kind in {Trigger.EVENT, Trigger.NONE}:
        return []
    until = min(last, one.ends_on) if one.ends_on else last
    if one.trigger_kind is Trigger.DATE:
        days = [one.starts_on]
    else:
        days = calendars.occurrences(one.rrule, one.starts_on, until)
    rolled = (calendars.roll_back(day, calendar) for day in days if day <= until)
    begins = max(first, one.not_before) if one.not_before else first
    return [day for day in rolled if begins <= day]


def due_after(one: Obligation, event: date, calendar: str) -> date:
    """Return the day on which a duty is due after its event, moved back to a business day; never before the event."""
    day = add(event, Period.parse(one.after)) if one.after else event
    return max(event, calendars.roll_back(day, calendar))


def state_of(due_on: date, grace_days: int, *, evidence_on: date | None, lead_days: int, today: date) -> DueState:
    """Tell how one time of a duty stands; late is judged by the evidence's own day and not by when it was ticked."""
    last = due_on + timedelta(days=grace_days)
    if evidence_on is not None:
        return DueState.FULFILLED_ON_TIME if evidence_on <= last else DueState.FULFILLED_LATE
    if today > last:
        return DueState.MISSED
    return DueState.OPEN if today >= due_on - timedelta(days=lead_days) else DueState.SCHEDULED


def _duty(term: Term, start: date | None, end: date | None, ours: set[str]) -> Obligation:
    duty = term.duty
    obligor = duty.obligor.casefold() if duty else ""
    kind, first, rule = _when(term, start)
    named = bool(duty and duty.due)
    amended = term.rule.startswith("amendment")
    return Obligation(
        key=_key(Source.CONTRACT, term.value),
        source=Source.AMENDMENT if amended else Source.CONTRACT,
        direction=Direction.OURS if obligor in ours else Direction.THEIRS,
        text=term.value,
        citation=term.citation,
        trigger_kind=kind,
        trigger=duty.trigger if duty else "",
        rrule=rule,
        starts_on=first,
        ends_on=end if rule else first,
        # Without a day of its own a recurring duty falls due at the end of each period.
        not_before=start + _ONE_DAY if rule and start and not named else None,
        consequence=duty.consequence if duty else "",
        after=duty.due if duty and kind is Trigger.EVENT and duty.due.startswith("P") else "",
    )


def _when(term: Term, start: date | None) -> tuple[Trigger, date | None, str]:
    duty = term.duty
    if duty is None:
        return Trigger.NONE, None, ""
    first = _first(duty.due, start)
    if duty.recurrence in _RULES:
        begins = first or start
        return (Trigger.RECURRENCE, begins, _RULES[duty.recurrence]) if begins else (Trigger.NONE, None, "")
    if duty.trigger:
        return Trigger.EVENT, None, ""
    return (Trigger.DATE, first, "") if first else (Trigger.NONE, None, "")


def _first(due: str, start: date | None) -> date | None:
    if not due:
        return None
    if due.startswith("P"):
        return add(start, Period.parse(due)) if start else None
    return date.fromisoformat(due)


def _key(source: Source, text: str) -> str:
    words = " ".join(text.casefold().split())
    return hashlib.sha256(f"{source}:{words}".encode()).hexdigest()[:32]
