"""Stretches of time: joined, cut and added up without ever counting a moment twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS = 60_000_000  # of a minute


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Hold real time [start, end) in UTC. Raises `ValueError` where it does not end after it starts."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            message = f"a stretch ends after it starts, got {self.start} to {self.end}"
            raise ValueError(message)

    @property
    def length(self) -> timedelta:
        """Return how long it really lasts."""
        return self.end - self.start


def stretch(start: datetime, end: datetime) -> list[Stretch]:
    """Return the time between two moments, none where they are the wrong way round."""
    return [Stretch(start, end)] if start < end else []


def union(found: Iterable[Stretch]) -> list[Stretch]:
    """Join what overlaps or touches, in order."""
    joined: list[Stretch] = []
    for one in sorted(found):
        if joined and one.start <= joined[-1].end:
            joined[-1] = Stretch(joined[-1].start, max(joined[-1].end, one.end))
        else:
            joined.append(one)
    return joined


def common(one: Iterable[Stretch], two: Iterable[Stretch]) -> list[Stretch]:
    """Return the time that lies in both."""
    others = union(two)
    return [part for left in union(one) for right in others for part in _overlap(left, right)]


def without(found: Iterable[Stretch], removed: Iterable[Stretch]) -> list[Stretch]:
    """Return the time of the first that does not lie in the second."""
    gone = union(removed)
    return [part for one in union(found) for part in _left(one, gone)]


def length(found: Iterable[Stretch]) -> timedelta:
    """Return how long all of it lasts, overlaps counted once."""
    return sum((one.length for one in union(found)), timedelta())


def minutes(lasting: timedelta) -> Fraction:
    """Return an exact number of minutes."""
    return Fraction(lasting // _MICROSECOND, _MICROSECONDS)


def first_of(found: Sequence[Stretch], most: timedelta) -> list[Stretch]:
    """Return the earliest part of it that lasts no longer than so much."""
    taken: list[Stretch] = []
    for one in union(found):
        taken += stretch(one.start, min(one.end, one.start + most))
        most -= min(most, one.length)
    return taken


def _overlap(one: Stretch, two: Stretch) -> list[Stretch]:
    return stretch(max(one.start, two.start), min(one.end, two.end))


def _left(one: Stretch, gone: Sequence[Stretch]) -> Iterator[Stretch]:
    start = one.start
    for other in gone:
        if other.end > start and other.start < one.end:
            yield from stretch(start, other.start)
            start = max(start, other.end)
    yield from stretch(start, one.end)
