"""Where sentences, lines and headings begin and end in text taken from a PDF."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from extraction.rules.view import View
from extraction.values.windows import lowered

Span = tuple[int, int]

_STOP = re.compile(
    r"[.!?][\"')]?(?=\s+[\"'(]?[A-Z0-9\u2022]|\s*\Z)"
    r"|\n(?=(?:ARTICLE|Article|SECTION|Section)\s+\d|\d{1,2}(?:\.\d{1,2})*[.)]?\s+[A-Z\"]"
    r"|[A-Z]\.\s+[A-Z]|\([a-z]{1,3}\)\s|[-\u2022]\s)"
    r"|\f"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:[ap]\.m|No|Nos|Inc|Ltd|Co|Corp|Mr|Mrs|Ms|Dr|Art|Sec|St|e\.g|i\.e|etc|vs|B\.V|N\.V"
    r"|S\.A|S\.A\.S|K\.K|U\.S|Jr|cf)|\b[A-Z]|(?:^|\n|\f)\s*\d{1,2}(?:\.\d{1,2})*)\.\Z",
)
_NUMBER = re.compile(r"\s*(?:(?:ARTICLE|Article|SECTION|Section)\s+)?(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[A-Z]\.)\s+")

_HEADING_LINE = re.compile(r"\s*[A-Z][^\n.;:,]{2,42}\n(?=[A-Z0-9])")


@lru_cache(maxsize=4)
def sentences(view: View) -> list[Span]:
    """Return the sentences of the text without repeated page headers and footers."""
    return [span for start, end in bodies(view) for span in _split(view.text, start, end)]


def sentences_about(view: View, anchor: re.Pattern[str]) -> Iterator[Span]:
    """Yield each sentence that holds an anchor, which is written in lower case."""
    spans, last = sentences(view), -1
    for match in anchor.finditer(lowered(view.text)):
        place = bisect_right(spans, match.start(), key=lambda span: span[0]) - 1
        if place > last and match.start() < spans[place][1]:
            last = place
            yield spans[place]


def sentence_at(view: View, position: int) -> Span:
    """Return the sentence around a position."""
    for start, end in sentences(view):
        if start <= position < end:
            return start, end
    return position, position


def opening(text: str, span: Span) -> Span:
    """Skip a heading line and a clause number such as `4.1` at the start of a span."""
    start, end = span
    for skipped in (_HEADING_LINE, _NUMBER):
        match = skipped.match(text, start, end)
        start = match.end() if match else start
    return start, end


def bodies(view: View) -> Iterator[Span]:
    """Yield each page without its furniture."""
    furniture = view.furniture
    for index, start in enumerate(view.starts):
        end = start + len(view.document.pages[index].text)
        middle = (start + end) // 2
        inside = [span for span in furniture if start <= span[0] and span[1] <= end]
        first = max([last for _, last in inside if last < middle], default=start)
        last = min([begin for begin, _ in inside if begin >= middle], default=end)
        yield first, last


def _split(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _STOP.finditer(text, start, end):
        stop = match.end()
        if match[0][0] == "." and _ABBREVIATION.search(text[max(start, stop - 12) : match.start() + 1]):
            continue
        if text[start:stop].strip():
            yield start, stop
        start = stop
    if text[start:end].strip():
        yield start, end
