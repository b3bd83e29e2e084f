"""When a service was not there, as a monitor or the vendor itself reports it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Impact(StrEnum):
    """Name how bad it was; whether it counts against an SLA is the contract's business."""

    DOWN = "down"
    DEGRADED = "degraded"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outage:
    """Hold one outage [start, end) in UTC; an open end means that it still lasts.

    `UNKNOWN` impact means that the monitor itself was blind, which is not the same as up.
    """

    service: str
    start: datetime
    end: datetime | None
    impact: Impact
    id: str = ""
    title: str = ""
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Hold what one measurement says about [start, end); `impact` is `None` while the service was up."""

    start: datetime
    end: datetime
    impact: Impact | None


def outages(service: str, spans: Iterable[Span], *, source: str) -> list[Outage]:
    """Join neighbouring spans of the same impact to outages; what was up is left out."""
    found: list[Outage] = []
    for span in spans:
        last = found[-1] if found else None
        if span.impact is None or span.end <= span.start:
            continue
        if last and last.end == span.start and last.impact is span.impact:
            found[-1] = replace(last, end=span.end)
        else:
            found.append(Outage(service, span.start, span.end, span.impact, source=source))
    return found


def sampled(samples: Mapping[int, Impact | None], start: datetime, end: datetime, step: timedelta) -> Iterator[Span]:
    """Yield a span a step of the window [start, end); a step without a sample is `UNKNOWN`.

    A sample is found under its time as a whole multiple of `step` since 1970 and speaks for the
    step that begins there; the first and last step are cut to the window.
    """
    seconds = int(step.total_seconds())
    first, last = int(start.timestamp()) // seconds, -(-int(end.timestamp()) // seconds)
    for number in range(first, last):
        begin = datetime.fromtimestamp(number * seconds, UTC)
        yield Span(max(begin, start), min(begin + step, end), samples.get(number, Impact.UNKNOWN))


def touching(found: Iterable[Outage], start: datetime, end: datetime) -> list[Outage]:
    """Return the outages that touch the window [start, end), whole and oldest first."""
    inside = [one for one in found if one.start < end and (one.end is None or one.end > start)]
    return sorted(inside, key=lambda one: (one.start, one.id))
