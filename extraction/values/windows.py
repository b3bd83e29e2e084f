"""Look only near telling words, so that a long contract is not searched in full many times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """Hold a value and where in the text it stands."""

    value: Value
    start: int
    end: int


@lru_cache(maxsize=64)
def lowered(text: str) -> str:
    """Lower the text without moving any character; searching it is faster than ignoring case."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def near(text: str, anchor: re.Pattern[str], *, before: int, after: int) -> Iterator[tuple[int, int]]:
    """Yield stretches around every anchor, which is written in lower case; joined if they touch."""
    start = end = -1
    for match in anchor.finditer(lowered(text)):
        first, last = max(0, match.start() - before), min(len(text), match.end() + after)
        if start >= 0 and first <= end:
            end = last
            continue
        if start >= 0:
            yield start, end
        start, end = first, last
    if start >= 0:
        yield start, end


def matches(
    pattern: re.Pattern[str], text: str, anchor: re.Pattern[str], *, before: int, after: int
) -> Iterator[re.Match[str]]:
    """Yield what `finditer` would, for patterns that cannot match far from an anchor."""
    for start, end in near(text, anchor, before=before, after=after):
        yield from pattern.finditer(text, start, end)
