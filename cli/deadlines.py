"""Compute the deadlines of one contract from a file, with the reasoning."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cli import output
from cli.term_file import TermFile, read_term_file
from domain import calendars
from domain.ambiguity import Ambiguity, careful_deadlines
from domain.deadlines import FORMULA, Deadlines, impossible, missed_deadlines
from domain.errors import AftersignError, Permanent
from domain.renewal import Renewal

_DATES = ("term_end", "notice_deadline", "effective_deadline", "send_by", "decide_by", "window_opens")


def run_deadlines(file: Path, today: str, *, as_json: bool) -> int:
    """Print the deadlines; exit 1 with the reason, and without a single date, where they cannot be known."""
    try:
        asked = read_term_file(file)
        renewal = asked.renewal()
        day = _today(today, asked.timezone)
        found, open_ = _computed(asked, renewal, day)
    except AftersignError as error:
        if as_json:
            output.data(_refused(error))
        output.problem(error)
        return 1
    if as_json:
        output.data(_report(renewal, found, open_, day))
    else:
        _show(found, open_)
    return 0


def _computed(asked: TermFile, renewal: Renewal, today: date) -> tuple[Deadlines, tuple[Ambiguity, ...]]:
    calendars.zone(asked.timezone)
    faults = impossible(renewal)
    if faults:
        why = "; ".join(fault.why for fault in faults)
        raise Permanent("The term is impossible", why=why, fix="correct the file; nothing was guessed")
    return careful_deadlines(renewal, today=today, ladder=asked.alerts)


def _today(text: str, zone: str) -> date:
    """Read a day, or an instant, which is the day it has in the contract's own zone."""
    try:
        if not text:
            return calendars.today_in(zone, datetime.now(UTC))
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text)
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise Permanent(
            f"{text!r} is no day", why=str(error), fix="write 2026-03-01 or 2026-03-01T02:00:00+00:00"
        ) from error
    if instant.tzinfo is None:
        raise Permanent(f"{text!r} names no zone", why="an instant needs its offset", fix="add for example +00:00")
    return calendars.today_in(zone, instant)


def _report(renewal: Renewal, found: Deadlines, open_: tuple[Ambiguity, ...], today: date) -> dict[str, Any]:
    missed = missed_deadlines(renewal, today=today)
    return {
        **{name: getattr(found, name) for name in _DATES},
        "alerts": [{"stage": alert.stage, "on": alert.on} for alert in found.alerts],
        "ambiguities": [_ambiguity(one) for one in open_],
        "explanation": [*found.explanation],
        "closes_at": found.closes_at.isoformat() if found.closes_at else None,
        "renewals": found.renewals,
        "missed": {"term_end": missed.term_end, "notice_deadline": missed.notice_deadline} if missed else None,
        "calendar": {"id": renewal.calendar, "version": calendars.version()},
        "formula": FORMULA,
        "problems": [],
    }


def _ambiguity(one: Ambiguity) -> dict[str, Any]:
    return {
        "input": one.input,
        "readings": [{"reading": name, "term_end": end, "act_by": act_by} for name, end, act_by in one.readings],
        "explanation": one.display(),
    }


def _refused(error: AftersignError) -> dict[str, Any]:
    """Say in the same shape that no date is known."""
    problem = {"what": error.what, "why": error.why, "fix": error.fix}
    empty: dict[str, Any] = dict.fromkeys(_DATES)
    return {**empty, "alerts": [], "ambiguities": [], "explanation": [], "problems": [problem]}


def _show(found: Deadlines, open_: tuple[Ambiguity, ...]) -> None:
    rows = [{"what": name.replace("_", " "), "day": getattr(found, name)} for name in _DATES]
    rows += [{"what": f"alert {alert.stage} days before", "day": alert.on} for alert in found.alerts]
    output.table("Deadlines", ("what", "day"), rows)
    for line in (*found.explanation, *(one.display() for one in open_)):
        output.say(line)
