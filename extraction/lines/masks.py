"""A line or passage with its values replaced by single letters, so that its shape can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from domain.money import Money
from extraction.lines.units import CELL, ONCE, PACE, THING, UNIT, unit_of
from extraction.values import dates_in, money_in

MONEY, UNITS, DAY, ONE = "\ue000", "\ue001", "\ue002", "\ue003"
NUMBER = r"(?:\d{1,3}(?:[.,'\u2019 ]\d{3}(?!\d))+|\d+)"
_BARE_UNIT = re.compile(
    rf"{CELL} (?P<cell>{PACE.pattern}|{THING.pattern}(?:\s*/\s*{THING.pattern})*)(?=\s*(?:{CELL}|\Z))"
    rf"|{MONEY} (?P<behind>(?:month|quarter|year)(?=\s*(?:{CELL}|[,;.]|\Z))|{PACE.pattern}|{THING.pattern}(?:\s*/\s*{THING.pattern})+)",
    re.IGNORECASE,
)
_DOTS = re.compile(r"(?<=\d)\s?\.{2,3}\s?(?=\d)")
_EDGE = re.compile(r"\s*\|\s*|\s*\t\s*|[ ]{2,}")


@dataclass(frozen=True, slots=True)
class Masked:
    """Hold the shape of a text, and the values that its marks stand for in reading order."""

    shape: str
    amounts: tuple[Money, ...]
    units: tuple[str, ...]
    days: tuple[date, ...]


@lru_cache(maxsize=64)
def masked(text: str, *, cells: bool = False) -> Masked:
    """Replace sums, days and units; with `cells`, mark also where one cell ends and the next begins."""
    text = _EDGE.sub(f" {CELL} ", text.strip(" |\t")) if cells and _EDGE.search(text.strip(" |\t")) else text
    amounts, days = list(money_in(text)), list(dates_in(text))
    spans = [(one.start, one.end, MONEY) for one in amounts] + [(one.start, one.end, DAY) for one in days]
    text = " ".join(_replaced(text, sorted(spans)).split())
    text = ONCE.sub(ONE, _BARE_UNIT.sub(_as_unit, _DOTS.sub(" to ", text) if ".." in text else text))
    units = [match[0] for match in UNIT.finditer(text)]
    text = UNIT.sub(f" {UNITS} ", text)
    return Masked(
        " ".join(text.split()),
        tuple(a.value for a in amounts),
        tuple(map(unit_of, units)),
        tuple(d.value for d in days),
    )


def _as_unit(match: re.Match[str]) -> str:
    """Write `monthly` in a cell or behind a price as `per month`."""
    return f"{match[0][:2]}per {unit_of(match['cell'] or match['behind'])}"


def number(text: str) -> Decimal:
    """Read a count, whatever separates its thousands."""
    return Decimal(re.sub(r"[^\d]", "", text))


def _replaced(text: str, spans: list[tuple[int, int, str]]) -> str:
    parts, place = [], 0
    for start, end, mark in spans:
        if start >= place:
            parts += [text[place:start], f" {mark} "]
            place = end
    return "".join([*parts, text[place:]])
