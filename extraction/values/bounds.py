"""Percentages as the bounds of bands, such as `at least 99 % but below 99.9 %`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from extraction.values.percents import percents_in

_REACH = 48
_LEAST = Decimal(50)  # no band of availability begins lower
_OF = r"\s*(?:(?:a|an|the)\s+)?(?:(?:level|target|percentage)\s+of\s+)?\(?\Z"
_HIGH_BEFORE = re.compile(
    r"(?:\b(?:below|beneath|under|(?:less|lower|fewer|smaller)\s+than(?:\s+or\s+equal\s+to)?|short\s+of"
    r"|(?:up\s+)?to\s*\(?(?:but\s+)?(?:not\s+including|excluding|exclusive)?\)?|but\s+(?:not\s+including|excluding)"
    r"|not\s+(?:reach|meet|attain|exceed|come\s+up\s+to)|falls?\s+below|(?:fails?|failing)\s+to\s+(?:reach|meet|achieve|attain)|does\s+not\s+exceed"
    r"|(?:not|no)\s+(?:more|greater|higher)\s+than|at\s+most)|<\s*=?|≤|=<)" + _OF,
    re.IGNORECASE,
)
_NEVER = re.compile(r"\b(?:not|no|never|nor|without|neither|cannot)\s+(?:[a-z]+\s+){0,2}\Z", re.IGNORECASE)
_LOW_BEFORE = re.compile(
    r"(?:\b(?:at\s+least|(?:greater|more|higher|better)\s+than(?:\s+or\s+equal(?:\s+to)?)?|at\s+or\s+above|above|over"
    r"|(?:equal\s+to\s+or|equals?\s+or)\s+(?:(?:greater|more|higher|better)\s+than|above|exceeds?|exceeding)"
    r"|exceed(?:s|ing)?|from|down\s+to(?:\s+and\s+including)?|minimum\s+of|reach(?:es|ing)|starting\s+at|still\s+at)|>\s*=?|≥|=>)"
    + _OF,
    re.IGNORECASE,
)
_LOW_AFTER = re.compile(
    r"\)?\s*(?:,?\s*(?:or|and)\s+(?:above|more|higher|greater|over|better)\b|\+|(?:<=|≤|<)\s*[a-z])", re.IGNORECASE
)
_HIGH_AFTER = re.compile(
    r"\)?\s*(?:(?:uptime\s+|availability\s+)?(?:target|level|commitment|mark)\s+is\s+(?:missed|not\s+(?:met|reached))|or\s+(?:below|less|lower|under)\b|(?:>=|≥|>)\s*[a-z])",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\s*\)?\s*(?:service\s+credit|credit|of\s+(?:[\w']+\s+){0,5}?(?:fees?|charges?|subscription|price|amounts?)\b)", re.IGNORECASE)  # fmt: skip
_JOINED = re.compile(
    r"\s*(?:\(?(?:inclusive|included|including|incl\.?)\)?\s*)?,?\s*(?:-|to|through|until|up\s+to|down\s+to|and|but)(?!\w)",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"\b(?:credit|refund|rebate|reduction)s?(?:\s+(?:of|equal\s+to|is|amounts?\s+to)|:)\s*\Z", re.IGNORECASE
)
_RANGE = re.compile(
    r"\s*(?:\(?(?:inclusive|included|including|incl\.?)\)?\s*)?(?:[-\u2013\u2192]|to|through|until|up\s+to|down\s+to(?:\s+and\s+including)?)\s*"
    r"(?:\(?(?:but\s+)?(?:not\s+including|excluding)\)?\s*)?",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*(?:\(?(?:inclusive|included|incl\.?|exclusive)\)?\s*)?and\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s*\Z", re.IGNORECASE)
_BARE = re.compile(
    r"(?<![\w.,$€£/-])\d{2}(?:[.,]\d{1,4})?(?=\s*(?:-|to|and|up\s+to)\s*\d{2,3}(?:[.,]\d{1,4})?\s?(?:%|per\s?cent\b))",
    re.IGNORECASE,
)


class Bound(StrEnum):
    """Name which side of a band a percentage limits."""

    LOW = "low"
    HIGH = "high"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Part:
    """Hold a percentage, where it stands, and what it limits."""

    value: Decimal
    start: int
    end: int
    bound: Bound = Bound.NONE


def parts_in(text: str) -> list[Part]:
    """Return every percentage of the text with its part in a band."""
    parts = _numbers(text)
    marked = [replace(part, bound=_alone(text, parts, place)) for place, part in enumerate(parts)]
    for place in range(len(marked) - 1):
        marked[place : place + 2] = _paired(text, marked[place], marked[place + 1])
    return marked


def _numbers(text: str) -> list[Part]:
    found = [
        Part(_written(text[item.start : item.end], item.value), item.start, item.end) for item in percents_in(text)
    ]
    found += [Part(Decimal(match[0].replace(",", ".")), *match.span()) for match in _BARE.finditer(text)]
    parts: list[Part] = []
    for part in sorted(found, key=lambda one: one.start):
        if parts and _again(text, parts[-1], part):
            parts[-1] = replace(parts[-1], end=part.end + text.startswith(")", part.end))
        else:
            parts.append(part)
    return parts


def _again(text: str, one: Part, two: Part) -> bool:
    """Tell whether digits in brackets only repeat the words before them."""
    return one.value == two.value and text[one.end : two.start].strip() == "("


def _written(words: str, value: str) -> Decimal:
    """Keep the decimals that the paper writes, which tell how fine its bands are."""
    digits = re.search(r"\d+[.,](\d+)", words)
    return Decimal(value).quantize(Decimal(1).scaleb(-len(digits[1]))) if digits else Decimal(value)


def _alone(text: str, parts: list[Part], place: int) -> Bound:
    """Tell the side by the words around one percentage."""
    part = parts[place]
    floor = parts[place - 1].end if place else 0
    ceiling = parts[place + 1].start if place + 1 < len(parts) else len(text)
    lead, tail = text[max(floor, part.start - _REACH) : part.start], text[part.end : min(ceiling, part.end + _REACH)]
    if part.value < _LEAST or _SHARE.match(tail):
        return Bound.NONE
    short = _HIGH_BEFORE.search(lead)
    if short and short[0].strip(" (").casefold() != "to":
        return Bound.LOW if _NEVER.search(lead[: short.start()]) else Bound.HIGH
    if _LOW_BEFORE.search(lead) or _LOW_AFTER.match(tail):
        return Bound.LOW
    return Bound.HIGH if _HIGH_AFTER.match(tail) else Bound.NONE


def _paired(text: str, one: Part, two: Part) -> tuple[Part, Part]:
    """Tell the sides of `99 % to 99.9 %` and of a bound beside one that is plain."""
    between = text[one.end : two.start]
    shares = any(_DUE.search(text[max(0, part.start - _REACH) : part.start]) for part in (one, two))
    if shares or min(one.value, two.value) < _LEAST or one.value == two.value:
        return one, two
    spans = _RANGE.fullmatch(between) or (
        _AND.fullmatch(between) and _BETWEEN.search(text[max(0, one.start - 20) : one.start])
    )
    sides = (Bound.LOW, Bound.HIGH) if one.value < two.value else (Bound.HIGH, Bound.LOW)
    beside = one.bound is Bound.NONE and two.bound is sides[1] and _JOINED.match(between) and len(between) < _REACH
    agrees = one.bound in (Bound.NONE, sides[0]) and two.bound in (Bound.NONE, sides[1])
    if agrees and (spans or beside):
        return replace(one, bound=sides[0]), replace(two, bound=sides[1])
    return one, two
