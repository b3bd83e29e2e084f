"""A folder of exports from a help desk in the tickets role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TypeVar

from connectors.files.logs import Row, files, first, moment, read
from domain.errors import Permanent
from domain.ports import Health
from domain.sla.response import Reply, Ticket

_SERVICE = ("service", "queue", "project", "group")
_TICKET = ("ticket", "ticket_id", "id", "key", "number")
_SEVERITY = ("severity", "priority")
_OPENED = ("opened", "opened_at", "created", "created_at")
_ANSWERED = ("answered", "answered_at", "first_response", "first_response_at", "first_reply", "replied_at")
_RESOLVED = ("resolved", "resolved_at", "solved_at", "closed_at")
_HELD_FROM, _HELD_UNTIL = ("held_from", "on_hold_from"), ("held_until", "on_hold_until")
_AUTOMATIC = ("automatic",)
_T = TypeVar("_T")
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"", "no", "false", "0"})


@dataclass(frozen=True, slots=True)
class _Line:
    """Hold what one row says of a ticket; several rows of one ticket add up."""

    service: str
    id: str
    severity: str
    opened: datetime | None
    reply: Reply | None
    resolved: datetime | None
    hold: tuple[datetime, datetime | None] | None


class FileTickets:
    """Read tickets from CSV or JSON files, also gzipped; `zone` is that of times without one."""

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        self._folder = folder
        self._zone = zone

    def check(self) -> Health:
        """Read every file. Raises `Permanent` for one that cannot be read."""
        lines = self._lines()
        names = sorted({line.service for line in lines})
        missing = () if names else ("no file names a service; put the help desk's exports into the folder",)
        return Health(f"{len(lines)} rows of {', '.join(names[:10]) or 'no service'}", missing=missing)

    def tickets(self, service: str, start: datetime, end: datetime) -> Sequence[Ticket]:
        """List the tickets of a service that were opened in [start, end), oldest first.

        Raises `Permanent` where no file names the service, and for a ticket that contradicts itself.
        """
        lines = self._lines()
        mine = [line for line in lines if line.service.casefold() == service.casefold()]
        if not mine:
            raise Permanent(
                f"No ticket file names the service {service!r}",
                why=f"they name {', '.join(sorted({line.service for line in lines})) or 'none'}",
                fix="correct the name, or add a row with the service alone if it had no ticket",
            )
        by_id: dict[str, list[_Line]] = {}
        for line in mine:
            if line.id:
                by_id.setdefault(line.id, []).append(line)
        found = [_ticket(name, rows) for name, rows in by_id.items()]
        return sorted((one for one in found if start <= one.opened < end), key=lambda one: (one.opened, one.id))

    def _lines(self) -> list[_Line]:
        return [
            line
            for path in files(self._folder, "AFTERSIGN_FILES__TICKETS")
            for line in read(path, lambda row: _line(row, self._zone))
        ]


def _line(row: Row, zone: tzinfo) -> _Line:
    service, name = first(row, _SERVICE), first(row, _TICKET)
    if not service:
        raise ValueError(f"it names no {_SERVICE[0]}")
    answered, automatic = moment(first(row, _ANSWERED), zone), first(row, _AUTOMATIC).casefold()
    if automatic not in _YES | _NO:
        raise ValueError(f"automatic is yes or no, not {automatic!r}")
    begins, ends = moment(first(row, _HELD_FROM), zone), moment(first(row, _HELD_UNTIL), zone)
    if ends and (begins is None or ends < begins):
        raise ValueError("a hold ends after it begins")
    return _Line(
        service, name, first(row, _SEVERITY), moment(first(row, _OPENED), zone),
        Reply(answered, automatic in _YES) if answered else None,
        moment(first(row, _RESOLVED), zone), (begins, ends) if begins else None,
    )  # fmt: skip


def _ticket(name: str, lines: Sequence[_Line]) -> Ticket:
    severity = _one(name, "severity", {line.severity for line in lines if line.severity})
    opened = _one(name, "time of opening", {line.opened for line in lines if line.opened})
    resolved = {line.resolved for line in lines if line.resolved}
    if severity is None or opened is None:
        raise _wrong(name, "no row says how severe it is, or when it was opened")
    replies = sorted({line.reply for line in lines if line.reply}, key=lambda reply: reply.at)
    holds = sorted({line.hold for line in lines if line.hold}, key=lambda hold: hold[0])
    times = [*resolved, *(reply.at for reply in replies), *(hold[0] for hold in holds)]
    if any(at < opened for at in times):
        raise _wrong(name, "something happened before it was opened")
    return Ticket(name, severity, opened, tuple(replies), _one(name, "time of resolution", resolved), tuple(holds))


def _one(name: str, what: str, values: set[_T]) -> _T | None:
    if len(values) > 1:
        raise _wrong(name, f"its rows name more than one {what}")
    return next(iter(values), None)


def _wrong(name: str, why: str) -> Permanent:
    return Permanent(f"The ticket {name} contradicts itself", why=why, fix="correct its rows in the export")
