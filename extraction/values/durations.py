"""Lengths of time as contracts write them, such as `twelve (12) months` or `30 business days`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.periods import Period, Unit
from extraction.values.numbers import WORDS, from_words
from extraction.values.windows import Found, matches

_QUALIFIER = (
    r"(?:additional|further|successive|consecutive|calendar|business|working|full|more|"
    r"contract|whole|complete)"
)
_DURATION = re.compile(
    rf"(?<![\w.,/$-])(?:(?P<words>{WORDS})(?:[\s-]*\(\s*(?P<paren>\d{{1,3}})\s*\))?"
    rf"|(?P<digits>\d{{1,3}})(?:\s*\(\s*(?P<after>{WORDS})\s*\))?)"
    rf"[\s-]+(?P<kind>(?:{_QUALIFIER}[\s-]+){{0,2}})"
    r"(?P<unit>day|week|month|year)s?\b",
    re.IGNORECASE,
)

_UNIT = re.compile(r"day|week|month|year")


@dataclass(frozen=True, slots=True)
class Duration:
    """Hold a period and whether the contract counts it in business days."""

    period: Period
    business: bool = False


def parse_duration(text: str) -> Duration | None:
    """Return the duration if the text is one duration and nothing else."""
    match = _DURATION.fullmatch(text.strip())
    return _read(match) if match else None


def durations_in(text: str) -> Iterator[Found[Duration]]:
    """Yield every duration of the text; words that contradict their digits are left out."""
    for match in matches(_DURATION, text, _UNIT, before=90, after=2):
        value = _read(match)
        if value is not None:
            yield Found(value, match.start(), match.end())


def _read(match: re.Match[str]) -> Duration | None:
    words, digits = match["words"] or match["after"], match["digits"] or match["paren"]
    counts = {from_words(words)} if words else set()
    if digits:
        counts.add(int(digits))
    if len(counts) != 1:
        return None
    kind = match["kind"].lower()
    unit = Unit(match["unit"][0].upper())
    business = unit is Unit.DAY and ("business" in kind or "working" in kind)
    return Duration(Period(counts.pop(), unit), business)
