"""One row of a table of volume steps: from how many to how many, and the price there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.money import Money
from extraction.lines.masks import MONEY, NUMBER, UNITS, masked
from extraction.lines.steps import STEP
from extraction.lines.units import CELL

_LABEL = (
    rf"(?:\d{{1,2}}\s+{CELL}\s+|[A-Z][A-Za-z]*(?:\s+[a-z]+)?(?:\s+\(?(?:\d{{1,7}}|\d{{1,3}}(?:[.,]\d{{3}})+|[A-Z])\)?)?"
    rf"\s*[:.)]?\s+(?:{CELL}\s+)?)"
)
_THINGS = r"(?:\s+(?:[A-Za-z][\w/-]*\s+){0,3}?[A-Za-z][\w/-]*)?"
_UNIT = rf"(?:\s*{CELL})?(?:\s*(?:{UNITS}|each))?"
_STEP_ROW = re.compile(
    rf"{_LABEL}??(?P<step>{STEP.pattern}){_THINGS}\s*(?:{CELL}\s*)?(?:[:=@-]|at)?\s*{MONEY}{_UNIT}", re.IGNORECASE
)
_PRICE_ROW = re.compile(
    rf"{_LABEL}??{MONEY}{_UNIT}\s*(?:{CELL}\s*)?(?:[:=-]|for)?\s*(?P<step>{STEP.pattern}){_THINGS}", re.IGNORECASE
)
_ENDLESS = r"(?:none|no\s+limit|unlimited|unbounded|open|n/?a|-|\u2013|\u2014|\u221e|(?:and\s+)?(?:above|over|up|more)|plus|\*)"
_EDGE_ROW = re.compile(
    rf"(?:{_LABEL}(?=\d))??(?P<edge>{NUMBER})?{_THINGS}\s*(?:{CELL}\s*)?(?P<endless>{_ENDLESS})?\s*(?:{CELL}\s*)*{MONEY}{_UNIT}",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"\b(?:up\s+to|to|until|max\w*|not\s+exceeding|upper)\b", re.IGNORECASE)
_ABOVE = re.compile(r"\b(?:over|above|more\s+than|exceeding)\b", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|min\w*|starting|lower|at\s+least|first)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Band:
    """Hold a step in the words that sentences use, its price, and what the row is charged for."""

    step: str
    price: Money
    unit: str


def band_in(text: str, header: str) -> Band | None:
    """Read one row; where it only holds the edge of its band the header tells which edge that is."""
    shown = masked(text, cells=True)
    if len(shown.amounts) != 1 or shown.days:
        return None
    match = _STEP_ROW.fullmatch(shown.shape) or _PRICE_ROW.fullmatch(shown.shape)
    step = match["step"] if match else _edge(shown.shape, header)
    return Band(step, shown.amounts[0], shown.units[0] if shown.units else "") if step else None


def _edge(shape: str, header: str) -> str:
    match = _EDGE_ROW.fullmatch(shape)
    upper, lower = _UP_TO.search(header), _FROM.search(header) or _ABOVE.search(header)
    if match is None or not (upper or lower):
        return ""
    if not match["edge"]:
        return "thereafter" if match["endless"] and not lower else ""
    if match["endless"] or _FROM.search(header):
        return f"{match['edge']} and above"
    return f"over {match['edge']}" if lower else f"up to {match['edge']}"
