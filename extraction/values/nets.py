"""Payment terms such as `Net 30` or `net forty-five (45) days`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.values.windows import Found

_NET = re.compile(
    r"\b(?:payment(?:\s+terms?)?\s*:?\s+)?net\s+(?:[a-z-]+\s+)?\(?(?P<days>\d{1,3})\b\)?(?:\s+days)?"
    r"(?![\d.,]|\s?%)",
    re.IGNORECASE,
)


def nets_in(text: str) -> Iterator[Found[str]]:
    """Yield the days of every net payment term."""
    for match in _NET.finditer(text):
        yield Found(match["days"], match.start(), match.end())


def net_days(text: str) -> set[str]:
    """Return the days named by the net payment terms of the text."""
    return {found.value for found in nets_in(text)}
