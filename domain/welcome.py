"""The customer's welcome sequence: a small state machine that would rather wait than repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from domain import calendars


class MailState(StrEnum):
    """Name the states of one mail; `unknown` means a person must look before it may be sent."""

    PLANNED = "planned"
    SENT = "sent"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class SequenceState(StrEnum):
    """Name the states of the whole sequence."""

    ACTIVE = "active"
    STOPPED = "stopped"
    FINISHED = "finished"


class StopReason(StrEnum):
    """Name what ends a sequence early."""

    OPTED_OUT = "the customer opted out"
    REPLIED = "the customer replied"
    BOUNCED = "the address bounced"
    CANCELLED = "the contract was cancelled"
    BY_HAND = "a colleague stopped it"


@dataclass(frozen=True, slots=True)
class WelcomeMail:
    """Hold one mail of a template; `skip_if_intake_done` suits reminders."""

    key: str
    day: int
    subject: str
    body: str
    skip_if_intake_done: bool = False


@dataclass(frozen=True, slots=True)
class WelcomeTemplate:
    """Hold a welcome sequence as the customer success team wrote it."""

    name: str
    mails: tuple[WelcomeMail, ...]
    materials: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """Hold the position of one mail in a customer's sequence."""

    key: str
    due: datetime
    state: MailState
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold what to do now: send these mails' first, skip those, and why."""

    send: str | None = None
    skip: tuple[tuple[str, str], ...] = ()
    finished: bool = False
    why: str = ""


def plan(
    template: WelcomeTemplate, *, start: datetime, timezone: str, calendar: str
) -> tuple[tuple[str, datetime], ...]:
    """Return (mail key, due instant) pairs.

    Day 0 is due at once; later mails at 09:00 of the customer's zone, on a business day of the
    customer's calendar, never earlier than the stated day.
    """
    local = start.astimezone(calendars.zone(timezone))
    rows = []
    for mail in template.mails:
        if mail.day == 0:
            rows.append((mail.key, start))
            continue
        day = calendars.roll_forward(local.date() + timedelta(days=mail.day), calendar)
        rows.append((mail.key, datetime.combine(day, time(9), tzinfo=local.tzinfo)))
    return tuple(rows)


def decide(
    template: WelcomeTemplate,
    mails: Sequence[Planned],
    *,
    state: SequenceState,
    intake_done: bool,
    now: datetime,
) -> Decision:
    """Decide the one next thing to do in a customer's sequence.

    A mail whose outcome is unknown holds the sequence; at most one mail leaves in 24 hours.
    """
    if state is not SequenceState.ACTIVE:
        return Decision(why=f"the sequence is {state}")
    if any(mail.state is MailState.UNKNOWN for mail in mails):
        return Decision(why="an earlier mail may or may not have been sent; a person must decide")
    specs = {mail.key: mail for mail in template.mails}
    open_mails = [mail for mail in mails if mail.state is MailState.PLANNED]
    skip = tuple(
        (mail.key, "the intake form is already filled in")
        for mail in open_mails
        if intake_done and mail.key in specs and specs[mail.key].skip_if_intake_done
    )
    skipped = {key for key, _ in skip}
    rest = [mail for mail in open_mails if mail.key not in skipped]
    if not rest:
        return Decision(skip=skip, finished=True, why="every mail is sent or skipped")
    due = min(rest, key=lambda mail: mail.due)
    if due.due > now:
        return Decision(skip=skip, why=f"the next mail is due {due.due:%Y-%m-%d %H:%M %Z}")
    if _sent_within_a_day(mails, now):
        return Decision(skip=skip, why="one mail a day: another left within 24 hours")
    return Decision(send=due.key, skip=skip, why=f"{due.key} is due")


def _sent_within_a_day(mails: Sequence[Planned], now: datetime) -> bool:
    return any(mail.sent_at and now - mail.sent_at < timedelta(days=1) for mail in mails)
