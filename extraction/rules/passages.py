"""Where a passage begins and ends: a sentence, a bullet, or one line of a form."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from domain.documents import Document
from extraction.rules.view import view
from extraction.values.numbers import WORDS
from extraction.values.windows import lowered

Span = tuple[int, int]

_LINE = re.compile(r"[^\n\f]+")
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NUMBER = re.compile(
    rf"\s*(?:(?:ARTICLE|Article|SECTION|Section)\s+\d{{1,2}}(?:\.\d{{1,2}})*[.:]?"
    rf"|\d{{1,2}}(?:\.\d{{1,2}}){{1,4}}[.)]?|\d{{1,2}}[.)]|\d{{1,2}}(?=\s+(?!(?:{_MONTHS}))[A-Z][a-z])"
    r"|\([a-z]{1,4}\)|\([0-9]{1,2}\)|[-*\u2022])\s+(?![a-z%\d])"
)
_OPENS = re.compile(r"\s*(?!US\$|[A-Z]{3}\s?\d)[A-Z\"'\u2022(]")
_STOP = re.compile(r"[.!?][\"')]?(?=\s+[\"'(]?[A-Z0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[ap]\.m|No|Nos|Inc|Ltd|Co|Corp|Mr|Mrs|Ms|Dr|Art|Sec|St|e\.g|i\.e|etc|vs|U\.S|U\.K|B\.V|N\.V|S\.A|cf"
    r"|[Mm]ax|[Mm]in|approx|incl|excl)|\b[A-Z])\.\Z"
)
_VALUE_WORD = re.compile(rf"\b(?:{WORDS}|days|months|years)\b|\b(?:monthly|quarterly|annually)\s*\Z", re.IGNORECASE)
_LABEL = re.compile(r"\s*[A-Z][^\d:|\t.;%$\u20ac\u00a3]{1,44}")
_PAIR = re.compile(r"[ ]*[A-Z][^|\t:\n]{1,44}?(?:[ ]+\|[ ]|\t|[ ]{3})")
_LEAST_PROSE, _MOST_PROSE, _UNWRAPPED = 50, 90, 160  # characters of a line


@lru_cache(maxsize=8)
def passages(document: Document) -> list[Span]:
    """Return the passages of all pages in order, without their clause numbers; none crosses a page."""
    text = view(document).text
    found: list[Span] = []
    for start, end in _blocks(text):
        number = _NUMBER.match(text, start, end)
        found.extend(_sentences(text, number.end() if number else start, end))
    return found


def passages_about(document: Document, anchor: re.Pattern[str] | tuple[str, ...]) -> list[Span]:
    """Return the passages that hold one of the words, or the pattern, which are written in lower case."""
    spans, starts, text = passages(document), _starts(document), lowered(view(document).text)
    words = [_found(text, word) for word in anchor] if isinstance(anchor, tuple) else [_matched(text, anchor)]
    places = {bisect_right(starts, position) - 1 for found in words for position in found}
    return [spans[place] for place in sorted(places) if place >= 0]


def passages_at(document: Document, positions: Iterable[int]) -> list[Span]:
    """Return the passages that hold one of the places in the text."""
    spans, starts = passages(document), _starts(document)
    places = {bisect_right(starts, position) - 1 for position in positions}
    return [spans[place] for place in sorted(places) if place >= 0]


def _found(text: str, word: str) -> Iterator[int]:
    """Yield every place of a word; a plain search is far faster than a pattern of many words."""
    position = text.find(word)
    while position >= 0:
        yield position
        position = text.find(word, position + 1)


def _matched(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    return (match.start() for match in pattern.finditer(text))


@lru_cache(maxsize=8)
def _starts(document: Document) -> list[int]:
    return [start for start, _ in passages(document)]


def _blocks(text: str) -> Iterator[Span]:
    """Join the lines that one paragraph was wrapped into, and a label with the line below it."""
    start = end = -1
    paired, full = False, _full_line(text)
    for match in _LINE.finditer(text):
        if not match[0].strip():
            continue
        joined, paired = _goes_on(text, start, end, match, paired=paired, full=full)
        if not joined:
            if start >= 0:
                yield start, end
            start = match.start()
        end = match.end()
    if start >= 0:
        yield start, end


def _full_line(text: str) -> int:
    """Return from what length on a line ends because the paragraph was wrapped there, and not by itself."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    return usual if usual > _UNWRAPPED else min(max(usual * 3 // 4, _LEAST_PROSE), _MOST_PROSE)


def _goes_on(text: str, start: int, end: int, line: re.Match[str], *, paired: bool, full: int) -> tuple[bool, bool]:
    """Tell whether a line continues the block before it, and whether it does so as the value of a label."""
    between = text[end : line.start()]
    if start < 0 or "\f" in between or between.count("\n") > 1 or _NUMBER.match(line[0]) or _PAIR.match(line[0]):
        return False, False
    above = text[text.rfind("\n", start, end) + 1 if text.rfind("\n", start, end) >= 0 else start : end]
    if (
        not paired
        and _LABEL.fullmatch(above)
        and not _VALUE_WORD.search(above)
        and "  " not in above.strip()
        and "\n" not in text[start:end].strip()
    ):
        return True, True
    if paired:
        lower = line[0].lstrip()[:1].islower()
        return lower, lower
    if not _OPENS.match(line[0]):
        return len(above) >= full or line[0].lstrip()[:1].islower(), False
    return len(above) >= full and above.rstrip()[-1] not in ".;:!?", False


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _STOP.finditer(text, start, end):
        if match[0][0] == "." and _ABBREVIATION.search(text, max(start, match.start() - 12), match.start() + 1):
            continue
        yield start, match.end()
        start = match.end()
    if text[start:end].strip():
        yield start, end
