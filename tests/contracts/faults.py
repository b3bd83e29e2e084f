"""What can go wrong between a connector and its vendor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum

from tests.contracts.answers import Answer


class Fault(Enum):
    """Name what can go wrong on the way; `AFTER` means that the vendor did it all the same."""

    THROTTLED_SECONDS = "429 with seconds"
    THROTTLED_DATE = "429 with a date"
    THROTTLED = "429 without a wish"
    UNAVAILABLE = "503 before"
    BAD_GATEWAY = "502 before"
    BROKEN = "500 before"
    BROKEN_AFTER = "500 after"
    DROPPED = "connection dropped before"
    DROPPED_AFTER = "connection dropped after"
    SLOW = "answer too late, before"
    SLOW_AFTER = "answer too late, after"
    DRIPPING = "answer a few bytes at a time"
    TRUNCATED = "answer cut off"
    HTML = "web page with 200"
    HTML_ERROR = "web page with 502"
    UNAUTHORIZED = "401"


AFTER = frozenset({Fault.BROKEN_AFTER, Fault.DROPPED_AFTER, Fault.SLOW_AFTER, Fault.DRIPPING, Fault.TRUNCATED})
_PAGE = Answer(200, content=b"<html><body>Please wait</body></html>", media="text/html")
_STATUSES = {
    Fault.THROTTLED: 429,
    Fault.UNAVAILABLE: 503,
    Fault.BAD_GATEWAY: 502,
    Fault.BROKEN: 500,
    Fault.BROKEN_AFTER: 500,
    Fault.UNAUTHORIZED: 401,
}


@dataclass
class Planned:
    """Hold a fault that waits for its request."""

    fault: Fault
    times: int
    wait: float


def faulty(fault: Fault, wait: float) -> Answer:
    """Return the whole answer of a fault that has one."""
    if fault in {Fault.HTML, Fault.HTML_ERROR}:
        return Answer(200 if fault is Fault.HTML else 502, content=_PAGE.content, media=_PAGE.media)
    if fault is Fault.THROTTLED_SECONDS:
        return Answer(429, {}, headers={"Retry-After": f"{wait:.0f}"})
    if fault is Fault.THROTTLED_DATE:
        later = datetime.now(UTC) + timedelta(seconds=wait)
        return Answer(429, {}, headers={"Retry-After": format_datetime(later, usegmt=True)})
    return Answer(_STATUSES[fault], {})
