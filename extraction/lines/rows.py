"""One row of a table: the product, how many, at what price, and for which days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from domain.money import Money
from extraction.lines.masks import DAY, MONEY, NUMBER, ONE, UNITS, Masked, masked, number
from extraction.lines.names import is_idle
from extraction.lines.units import CELL

_YEAR = (
    r"(?:(?:(?:contract|subscription|licen[cs]e)\s+)?year\s+(?:\d{1,2}|one|two|three|four|five)|Y[1-9]\b"
    r"|(?:1st|2nd|3rd|[45]th|first|second|third|fourth|fifth)\s+(?:contract\s+)?year)"
)
_MARK = (
    rf"(?:{MONEY}|{UNITS}|{DAY}|{ONE}|{CELL}|{_YEAR}(?!\w)|{NUMBER}(?![\w%.])|to\b|until\b|through\b|till\b|from\b"
    r"|[-x@=\u2013:/()\u00d7]|users?\b|seats?\b|licen[cs]es?\b|units?\b|(?:months?|years?)\b|monthly\b|annually\b"
    r"|yearly\b|quarterly\b|each\b|n/a\b)"
)
_PLACE = rf"(?:\([a-z]{{1,3}}\)\s+|(?:no\.?\s+)?\d{{1,3}}[.)]?\s+(?:{CELL}\s+)?|(?=[A-Z-]*\d)[A-Z\d][\w-]{{1,15}}\s+(?:{CELL}\s+)?(?=[A-Z\"]))"
_ROW = re.compile(
    rf"{_PLACE}?(?P<lead>(?:{_YEAR}(?!\w)\s*[:.)]?\s*)?(?:{_MARK}\s*)*?)(?P<product>(?<![^\s(])[A-Z\"][^{MONEY}{UNITS}{DAY}{ONE}{CELL}\n]{{1,80}}?)"
    rf"(?P<tail>(?:\s*{_MARK})*)",
    re.IGNORECASE,
)
_NO_PRODUCT = re.compile(
    r"(?<![\w-])(?:sub-?total|total|discount|rebate|tax|vat|minimum|commit\w*|spend|caps?|credits?|value"
    r"|liability|insurance|deposit|balance|amount\s+due|interest|late|currency|limit|maximum"
    r"|shall|will|pay|pays|is|are|be|may|must|at|not|least|exceed\w*|than|increases?|price\s+increase|by"
    r"|on|subject|agrees?|if|that|which|indemnity|account|date|invoiced?|net|uplift|page)(?![\w-])|%",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\A(?:the\s+)?(?:\w+\s+)?(?:prices?|fees?|charges?|rates?|costs?|remuneration|subscription)\s+(?:of|for|to)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_COUNT = re.compile(rf"(?<![\w.,]){NUMBER}(?![\w%])")
_LENGTH = re.compile(rf"{_YEAR}|\d+[\s-]+(?:months?|years?|days?)\b", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:annual|monthly|yearly|quarterly|subscription|recurring|fixed|flat|contract|unit|list)?\s*(?:fees?"
    r"|price|charges?|rate|cost|amount|costs)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Row:
    """Hold what one row says; `once` where it says that it is paid one time."""

    product: str
    quantity: Decimal | None
    unit_price: Money
    total: Money | None
    unit: str
    starts: date | None
    ends: date | None
    cells: bool


def row_in(text: str) -> Row | None:
    """Read one line of a table; `None` where a word stands that is no part of a row."""
    shown = masked(text, cells=True)
    match = _ROW.fullmatch(shown.shape)
    if match is None or not 1 <= len(shown.amounts) <= 3 or len(shown.days) not in {0, 2}:
        return None
    product = _closed(_FOR.sub("", match["product"]).rstrip(" .").strip(' ,:=-"'))
    if _NO_PRODUCT.search(product) or is_idle(product) or _GENERIC.fullmatch(product):
        return None
    return _row(product, f"{match['lead']} {match['tail']}", shown)


def _closed(name: str) -> str:
    return f"{name})" if name.count("(") > name.count(")") else name


def _row(product: str, tail: str, shown: Masked) -> Row | None:
    counts = [number(one) for one in _COUNT.findall(_LENGTH.sub("", tail))]
    if len(counts) > 1:
        return None
    quantity = counts[0] if counts else None
    unit = shown.units[0] if shown.units else "one-time" if ONE in tail else _rhythm(tail)
    prices = _priced(shown.amounts, quantity, unit)
    if prices is None:
        return None
    starts, ends = shown.days if len(shown.days) == 2 else (None, None)
    return Row(product, quantity, prices[0], prices[1], unit, starts, ends, CELL in shown.shape)


def _rhythm(tail: str) -> str:
    word = re.search(r"\b(?:(monthly)|(annually|yearly)|(quarterly))\b", tail, re.IGNORECASE)
    return ("month", "year", "quarter")[(word.lastindex or 1) - 1] if word else ""


def _priced(amounts: tuple[Money, ...], quantity: Decimal | None, unit: str) -> tuple[Money, Money | None] | None:
    """Return the unit price and the total; a total that does not follow from the price is no total."""
    if len(amounts) == 1:
        return amounts[0], None
    factors = [1, 12] if unit.endswith("month") else [1]
    count = Decimal(1) if quantity is None else quantity
    for price, total in pairwise(amounts):
        if price.currency == total.currency and any(price * (count * factor) == total for factor in factors):
            return price, total
    return None


def year_in(text: str) -> Row | None:
    """Read a row of a ramp that names no product: `Year 1`, or its first and last day, and its price."""
    shown = masked(text, cells=True)
    if len(shown.amounts) != 1 or len(shown.days) not in {0, 2} or not _YEAR_ROW.fullmatch(shown.shape):
        return None
    starts, ends = shown.days or (None, None)
    return Row("", None, shown.amounts[0], None, "year", starts, ends, CELL in shown.shape)


_YEAR_ROW = re.compile(
    rf"(?:{_YEAR}(?!\w)\s*[:.)]?|{DAY}|\d{{1,2}}\s+{CELL}\s+(?={DAY}))(?:\s*(?:{DAY}|{CELL}|{UNITS}|to\b|until\b"
    r"|through\b|from\b"
    rf"|[-:()]))*\s*{MONEY}(?:\s*(?:{CELL}|{UNITS}))*",
    re.IGNORECASE,
)
