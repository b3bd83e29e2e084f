"""When a value that was told is the value that is true."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.periods import Period, Unit
from domain.terms import TermField

T = TermField
Key = tuple[object, ...]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_PERIOD = re.compile(r"P\d+[DWMY]")
_KINDS = {
    "professional": "professional",
    "indemnity": "professional",
    "errors": "professional",
    "cyber": "cyber",
    "general": "general",
}


def key(name: TermField, value: str) -> Key:
    """Return what two equal values have in common: P1Y and P12M, 99.90 and 99.9, 10 % and 10%."""
    if name is T.PROMOTION:  # free text; its number is what the deal fixes
        return tuple(Decimal(number) for number in _NUMBER.findall(value))
    if name is T.INSURANCE:
        kind, _, least = value.partition(" ")
        return (_kind(kind), *_parts(least))
    if name is T.GOVERNING_LAW:
        return (_law(value),)
    return tuple(_parts(value))


def found(name: TermField, gold: str, told: str) -> bool:
    """Tell whether a told value is the true one; a promotion must hold its percentage."""
    if name is T.PROMOTION:
        return set(key(name, gold)) <= set(key(name, told))
    return key(name, gold) == key(name, told)


def _parts(value: str) -> list[object]:
    """Split into periods, numbers and words, each in its plainest form."""
    parts: list[object] = []
    for word in re.findall(r"P\d+[DWMY]|\d+(?:\.\d+)?(?=\D|$)|[^\W\d]+|%|\.\.", value):
        if _PERIOD.fullmatch(word):
            parts.append(_length(Period.parse(word)))
        else:
            parts.append(Decimal(word).normalize() if _NUMBER.fullmatch(word) else word.casefold())
    return parts


def _length(period: Period) -> tuple[int, str]:
    if period.unit is Unit.WEEK:
        return period.count * 7, Unit.DAY
    return (period.months, Unit.MONTH) if period.months is not None else (period.count, period.unit)


def _kind(kind: str) -> str:
    return next((name for word, name in _KINDS.items() if word in kind.casefold()), kind.casefold())


def _law(law: str) -> str:
    return law.casefold().removeprefix("the ").removeprefix("state of ").removeprefix("laws of ").strip()
