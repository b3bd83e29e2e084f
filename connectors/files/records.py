"""Records about uptime out of CSV and JSON files: events (a state from then on) and intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from connectors.files import logs
from connectors.files.logs import Row, first, moment
from domain.outages import Impact

_SERVICE = ("service", "component", "monitor", "name")
_TIME = ("time", "observed_at", "timestamp", "at", "date")
_STATE = ("status", "state", "event")
_START = ("start", "started_at", "from", "begin")
_END = ("end", "ended_at", "resolved_at", "to")
_UP = frozenset({"up", "ok", "operational", "resolved", "1", "true"})
_IMPACTS = {
    "down": Impact.DOWN, "0": Impact.DOWN, "false": Impact.DOWN, "outage": Impact.DOWN, "major": Impact.DOWN,
    "critical": Impact.DOWN, "major_outage": Impact.DOWN, "degraded": Impact.DEGRADED, "minor": Impact.DEGRADED,
    "degraded_performance": Impact.DEGRADED, "partial_outage": Impact.DEGRADED, "maintenance": Impact.MAINTENANCE,
    "under_maintenance": Impact.MAINTENANCE, "unknown": Impact.UNKNOWN, "paused": Impact.UNKNOWN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """Hold the state of a service from a moment on; `impact` is `None` while it was up."""

    service: str
    at: datetime
    impact: Impact | None


@dataclass(frozen=True, slots=True)
class Interval:
    """Hold an outage; without a start it only says that the service is watched."""

    service: str
    start: datetime | None
    end: datetime | None
    impact: Impact
    id: str = ""
    title: str = ""


def read(path: Path, zone: tzinfo) -> Iterator[Event | Interval]:
    """Yield the records of a file. Raises `Permanent` naming the file and the record."""
    return logs.read(path, lambda row: _record(row, zone))


def _record(row: Row, zone: tzinfo) -> Event | Interval:
    service = first(row, _SERVICE)
    if not service:
        raise ValueError(f"it names no {_SERVICE[0]}")
    if any(name in row for name in _START):
        start, end = moment(first(row, _START), zone), moment(first(row, _END), zone)
        if start and end and end < start:
            raise ValueError("it ends before it starts")
        impact = _impact(row.get("impact") or "down")
        if impact is None:
            raise ValueError("an outage cannot be up")
        return Interval(service, start, end, impact, row.get("id", ""), row.get("title", ""))
    at = moment(first(row, _TIME), zone)
    if at is None:
        raise ValueError(f"it has no time: one of {', '.join((*_TIME, *_START))}")
    return Event(service, at, _impact(first(row, _STATE)))


def _impact(text: str) -> Impact | None:
    word = text.casefold().replace(" ", "_")
    if word in _UP:
        return None
    if word in _IMPACTS:
        return _IMPACTS[word]
    raise ValueError(f"the state {text!r} is unknown; use up, {', '.join(Impact)}")
