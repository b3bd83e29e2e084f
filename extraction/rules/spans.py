"""A first and a last day behind the name of the term, such as `Subscription Term: 1 March 2027 to 28 February 2028`."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from extraction.rules.view import View
from extraction.values import Found

Spanned = tuple[int, Found[date], Found[date]]

_LABEL = re.compile(
    r"(?:\b(?:initial|subscription|contract|minimum|license|service|order)\s+(?:subscription\s+)?|(?:^|[\n\f])\s*)"
    r"(?:term|period)\s*:\s*(?:from\s+)?\Z",
    re.IGNORECASE,
)
_FROM = re.compile(r"\b(?:from|commencing\s+on|beginning\s+on)\s*\Z", re.IGNORECASE)
_THROUGH = re.compile(
    r"\s*,?\s*(?:(?:and\s+\w+ing\s+)?(?:through(?:\s+and\s+including)?|to|until)|-)\s*\Z", re.IGNORECASE
)


def labelled_spans(seen: View) -> list[Spanned]:
    """Return where each label begins, with the first and the last day that it names."""
    return _led(seen, _LABEL)


def spans_from(seen: View) -> list[Spanned]:
    """Return the days of `from 1 December 2026 through 30 November 2027`."""
    return _led(seen, _FROM)


def _led(seen: View, pattern: re.Pattern[str]) -> list[Spanned]:
    return [
        (start, first, last)
        for first, last in pairwise(seen.dates)
        if (start := seen.before(first.start, pattern)) is not None
        and _THROUGH.fullmatch(seen.text[first.end : last.start])
    ]
