"""Payment terms such as `Net 30` or `net forty-five (45) days`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.values.numbers import WORDS, from_words
from extraction.values.windows import Found

_NET = re.compile(
    rf"\b(?:payment(?:\s+terms?)?\s*:?\s+)?net\s+(?:(?:terms?|of|in|within)\s+)?(?:(?P<words>{WORDS})\s*(?=\())?"
    r"\(?(?P<days>\d{1,3})\b\)?(?:\s+days)?"
    r"(?![.,]?\d|\s?%|(?:\s+days)?\s+"
    r"(?:business|working|months?|weeks?|years?|eom\b|end\s+of|(?:from|after)\s+the\s+end))",
    re.IGNORECASE,
)
_DAYS_NET = re.compile(r"\b(?P<days>\d{1,3})[\s-]days?\s+net\b", re.IGNORECASE)


def nets_in(text: str) -> Iterator[Found[str]]:
    """Yield the days of every net payment term whose words do not contradict its digits."""
    for match in _NET.finditer(text):
        if not match["words"] or from_words(match["words"]) == int(match["days"]):
            yield Found(match["days"], match.start(), match.end())
    for match in _DAYS_NET.finditer(text):
        yield Found(match["days"], match.start(), match.end())


def net_days(text: str) -> set[str]:
    """Return the days named by the net payment terms of the text."""
    return {found.value for found in nets_in(text)}
