"""Names that a contract gives to its days and periods, and where it says what they mean."""

from __future__ import annotations

import re
from functools import lru_cache

from extraction.trained.segments import Span

_NAMED = re.compile(r"\b(?:[A-Z][\w'’-]*[^\S\n]+){0,3}(?:Date|Term|Period|Year|Day)\b")
_SMALL = re.compile(r"\A(?:(?:The|This|Such|Each|Any|On|By|Until|Unless|After|Before|During|If|Upon)\s+)+")
_QUOTES = "\"'“”‘’"
_MEANS = r"\s*(?:[:=–-]|,?\s*(?:means?|shall\s+mean|will\s+mean|refers?\s+to|is|shall\s+be|will\s+be|has\s+the|shall\s+have)\b)"
_SIDES = re.compile(r"[.;]\s+(?=[A-Z(\d\"“])|\n\s*\n")
_REACH = 500  # characters of a definition
_MOST = 3  # definitions of a name
_AHEAD, _BEHIND = 60, 90  # characters around a name in which its definition may stand


def named(text: str, start: int, end: int) -> list[str]:
    """Return the names of days and periods in a passage, such as `Initial Term`."""
    found = (_SMALL.sub("", " ".join(match[0].split())) for match in _NAMED.finditer(text, start, end))
    return list(dict.fromkeys(name for name in found if name))


def meanings(text: str, name: str) -> list[Span]:
    """Return the passages that say what a name means, in reading order."""
    found: list[Span] = []
    first, place, done = name.split(maxsplit=1)[0], 0, 0
    # Only around the name's first word: searching the whole text for the pattern costs far more.
    while len(found) < _MOST and (place := text.find(first, place)) >= 0:
        match = _definition(name).search(text, max(done, place - _AHEAD), place + len(name) + _BEHIND)
        place += len(first)
        if match:
            named = match["behind"] is None
            found.append(_sentence_before(text, match.end()) if named else _sentence_from(text, match.start()))
            place = done = max(place, match.end())
    return found


@lru_cache(maxsize=512)
def _definition(name: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in name.split())
    quoted = f"[{_QUOTES}]{words}[,.]?[{_QUOTES}]"
    return re.compile(
        rf"(?P<behind>{quoted}{_MEANS}|(?:^|\n)[^\S\n]*(?:[\d.()]+[^\S\n]+)?{words}[^\S\n]*:)"
        rf"|\([^()\n]{{0,40}}{quoted}[^()\n]{{0,40}}\)"
    )


def _sentence_from(text: str, start: int) -> Span:
    side = _SIDES.search(text, start + 1, start + _REACH)
    return start, side.start() if side else min(len(text), start + _REACH)


def _sentence_before(text: str, end: int) -> Span:
    floor = max(0, end - _REACH)
    return max((side.end() for side in _SIDES.finditer(text, floor, end)), default=floor), end
