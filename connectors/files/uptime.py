"""A folder of monitor logs and outage lists in the uptime role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import zip_longest
from pathlib import Path

from connectors.files.logs import files
from connectors.files.records import Event, Interval, read
from domain.errors import Permanent
from domain.outages import Impact, Outage, Span, outages, touching
from domain.ports import Health

_SOURCE = "files"
_OPEN = datetime.max.replace(tzinfo=UTC)


class FileUptime:
    """Read up and down events, and lists of outages, from CSV or JSON files, also gzipped.

    `zone` is that of times without one. Without `max_gap` an event counts until the next one;
    with it, a silence longer than that is `UNKNOWN`, as is the time before the first event.
    """

    def __init__(self, folder: Path, zone: tzinfo, max_gap: timedelta | None = None) -> None:
        self._folder = folder
        self._zone = zone
        self._max_gap = max_gap

    def check(self) -> Health:
        """Read every file. Raises `Permanent` for one that cannot be read."""
        records = list(self._records())
        names = sorted({record.service for record in records})
        missing = () if names else ("no file names a service; put event logs or outage lists into the folder",)
        return Health(f"{len(records)} records of {', '.join(names[:10]) or 'no service'}", missing=missing)

    def outages(self, service: str, start: datetime, end: datetime) -> Sequence[Outage]:
        """List the outages of a service that touch the window [start, end), whole and oldest first.

        Raises `Permanent` where no file names the service: that is not the same as always up.
        """
        records = list(self._records())
        mine = [record for record in records if record.service.casefold() == service.casefold()]
        if not mine:
            names = sorted({record.service for record in records})
            raise Permanent(
                f"No uptime file names the service {service!r}",
                why=f"they name {', '.join(names) or 'none'}",
                fix="correct the name, or add a row with the service alone if it had no outage",
            )
        events = sorted((record for record in mine if isinstance(record, Event)), key=lambda event: event.at)
        listed = [
            Outage(service, one.start, one.end, one.impact, one.id, one.title, _SOURCE)
            for one in mine
            if isinstance(one, Interval) and one.start
        ]
        return touching([*listed, *self._observed(service, events, start, end)], start, end)

    def _observed(self, service: str, events: Sequence[Event], start: datetime, end: datetime) -> Iterator[Outage]:
        """Yield what an event log says: its states, its silences, and whether the last one lasts."""
        for outage in outages(service, self._spans(events, start, end), source=_SOURCE):
            yield replace(outage, end=None) if outage.end == _OPEN else outage

    def _spans(self, events: Sequence[Event], start: datetime, end: datetime) -> Iterator[Span]:
        if events:
            yield Span(start, events[0].at, Impact.UNKNOWN)
        for one, other in zip_longest(events, events[1:]):
            limit = other.at if other else _OPEN if self._max_gap is None else end
            known = limit if self._max_gap is None else min(limit, one.at + self._max_gap)
            yield Span(one.at, known, one.impact)
            yield Span(known, limit, Impact.UNKNOWN)

    def _records(self) -> Iterator[Event | Interval]:
        for path in files(self._folder, "AFTERSIGN_FILES__UPTIME"):
            yield from read(path, self._zone)
