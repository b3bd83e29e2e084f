"""Whole numbers as contracts write them: `three (3)`, `3`, `twice`."""

from __future__ import annotations

import re

from extraction.values.numbers import WORDS, from_words

_TIMES = {"once": 1, "twice": 2, "thrice": 3}
NUMBER = rf"(?:{WORDS}|\d{{1,3}})(?:\s*\(\s*(?:{WORDS}|\d{{1,3}})\s*\))?"
"""Match a whole number, with its repetition in brackets; embed it in a case-insensitive pattern."""

_PART = re.compile(rf"{WORDS}|\d{{1,3}}", re.IGNORECASE)


def number(text: str) -> int | None:
    """Return the number; `None` where the words contradict the digits."""
    word = text.strip().casefold()
    if word in _TIMES:
        return _TIMES[word]
    values = {int(part) if part.isdigit() else from_words(part) for part in _PART.findall(word)}
    return values.pop() if len(values) == 1 else None
