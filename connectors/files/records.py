"""Records about uptime out of CSV and JSON files: events (a state from then on) and intervals."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from domain.errors import Permanent
from domain.outages import Impact

_LIMIT = 200 * 1024 * 1024  # unpacked
_ENDINGS = (".csv", ".csv.gz", ".json", ".json.gz", ".jsonl", ".jsonl.gz")
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


def readable(path: Path) -> bool:
    """Tell whether a file is of a kind that is read."""
    return path.name.casefold().endswith(_ENDINGS)


def read(path: Path, zone: tzinfo) -> Iterator[Event | Interval]:
    """Yield the records of a file. Raises `Permanent` naming the file and the record."""
    try:
        text = _content(path).decode("utf-8-sig")
        rows = list(_json_rows(text, path)) if ".json" in path.name.casefold() else list(_csv_rows(text))
    except (ValueError, OSError, EOFError, zlib.error, csv.Error) as error:
        raise _bad(path.name, str(error)) from error
    for number, row in enumerate(rows, 1):
        try:
            yield _record({name.strip().casefold(): value for name, value in row.items()}, zone)
        except ValueError as error:
            raise _bad(f"{path.name}, record {number}", str(error)) from error


def _content(path: Path) -> bytes:
    with gzip.open(path) if path.suffix.casefold() == ".gz" else path.open("rb") as file:
        content = file.read(_LIMIT + 1)
    if len(content) > _LIMIT:
        raise ValueError(f"it is larger than {_LIMIT // 2**20} MiB")
    return content


def _csv_rows(text: str) -> Iterator[Mapping[str, str]]:
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
        if any(row.values()):
            yield {str(name): str(value or "").strip() for name, value in row.items() if name is not None}


def _json_rows(text: str, path: Path) -> Iterator[Mapping[str, str]]:
    if ".jsonl" in path.name.casefold():
        found: object = [json.loads(line) for line in text.splitlines() if line.strip()]
    else:
        found = json.loads(text)
    if isinstance(found, dict):
        found = next((value for value in found.values() if isinstance(value, list)), None)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ValueError("it is not a list of objects")
    for row in found:
        yield {name: "" if value is None else str(value).strip() for name, value in row.items()}


def _record(row: Mapping[str, str], zone: tzinfo) -> Event | Interval:
    service = _first(row, _SERVICE)
    if not service:
        raise ValueError(f"it names no {_SERVICE[0]}")
    if any(name in row for name in _START):
        start, end = _moment(_first(row, _START), zone), _moment(_first(row, _END), zone)
        if start and end and end < start:
            raise ValueError("it ends before it starts")
        impact = _impact(row.get("impact") or "down")
        if impact is None:
            raise ValueError("an outage cannot be up")
        return Interval(service, start, end, impact, row.get("id", ""), row.get("title", ""))
    at = _moment(_first(row, _TIME), zone)
    if at is None:
        raise ValueError(f"it has no time: one of {', '.join((*_TIME, *_START))}")
    return Event(service, at, _impact(_first(row, _STATE)))


def _first(row: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _impact(text: str) -> Impact | None:
    word = text.casefold().replace(" ", "_")
    if word in _UP:
        return None
    if word in _IMPACTS:
        return _IMPACTS[word]
    raise ValueError(f"the state {text!r} is unknown; use up, {', '.join(Impact)}")


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """Return a time in UTC, written in ISO 8601 or as whole seconds since 1970. Raises `ValueError`."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) == 10:
        return datetime.fromtimestamp(int(text), UTC)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _bad(where: str, why: str) -> Permanent:
    return Permanent(
        f"The uptime file {where} cannot be read",
        why=why,
        fix="correct the file; a part of the evidence is not used without the rest",
    )
