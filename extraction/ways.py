"""Tell what kind of thing a few words speak of, by one pattern for each way of saying it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from extraction.values.windows import Found, lowered

_AROUND = 320
ROW = r"\n(?=[^\n|:]{2,40}(?:[|:\t]|[ ]{3}))"
"""Match the end of a line where the next one begins with a label."""

_STOP = re.compile(rf"\.\s|\n\s*\n|{ROW}")


class Way:
    """Hold patterns of one kind, and the lower-case words without one of which none of them can match."""

    __slots__ = ("anchors", "kind", "near", "pattern")

    def __init__(self, kind: str, anchors: str, *patterns: str, near: str = "") -> None:
        """Compile the patterns as one; anchors are parted by `|`, and one word of `near` must stand near them too."""
        self.kind = kind
        self.anchors = tuple(anchors.split("|"))
        self.near = tuple(near.split("|"))
        self.pattern = re.compile("|".join(patterns), re.IGNORECASE)

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Yield what the pattern finds; searching for plain words first is far faster."""
        low = lowered(text).replace("\n", " ")  # words may be parted by the end of a line
        for start, end in _stretches(low, self.anchors):
            if any(low.find(word, start, end) >= 0 for word in self.near):
                yield from self.pattern.finditer(text, start, end)


def _stretches(low: str, words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the text around every word, joined where it touches."""
    places = sorted(place for word in words for place in _places(low, word))
    start = end = -1
    for place in places:
        if start < 0 or place - _AROUND > end:
            if start >= 0:
                yield start, end
            start = max(0, place - _AROUND)
        end = min(len(low), place + _AROUND)
    if start >= 0:
        yield start, end


def _places(low: str, word: str) -> Iterator[int]:
    place = low.find(word)
    while place >= 0:
        yield place
        place = low.find(word, place + 1)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Hold the ways of all kinds, and for some kinds the words of a sentence that make it something else."""

    ways: tuple[Way, ...]
    voids: Mapping[str, re.Pattern[str]] = field(default_factory=dict)


def kinds_in(text: str, kinds: Kinds) -> list[Found[str]]:
    """Return every kind the text speaks of, with the words that say so."""
    found = [
        Found(way.kind, match.start(), match.end())
        for way in kinds.ways
        for match in way.matches(text)
        if not _is_void(text, match, kinds.voids.get(way.kind))
    ]
    return sorted(found, key=lambda item: item.start)


def _is_void(text: str, match: re.Match[str], void: re.Pattern[str] | None) -> bool:
    """Tell whether other words of the same sentence make it something else."""
    if void is None:
        return False
    low, high = max(0, match.start() - _AROUND), match.end() + _AROUND
    begin = max((stop.end() for stop in _STOP.finditer(text, low, match.start())), default=low)
    stop = _STOP.search(text, match.end(), high)
    return bool(void.search(text[begin : stop.start() if stop else high]))
