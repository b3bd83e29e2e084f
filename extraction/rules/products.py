"""The table of what was bought, one line per row."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

from domain.documents import Document
from domain.money import Money
from domain.terms import Line
from extraction.rules.view import View, squash, view
from extraction.values import Found

_ROW = re.compile(
    r"^[ ]*(?P<product>[A-Z][^\n\d]{1,70}?)\s+(?P<quantity>\d{1,3}(?:,\d{3})*|\d+)\s+\Z",
    re.MULTILINE,
)
_GAP = re.compile(r"[ ]*\Z")


def read_lines(document: Document) -> list[Line]:
    """Find rows of product, quantity, unit price and total that multiply out."""
    seen = view(document)
    return [line for unit, total in pairwise(seen.amounts) if (line := _line(seen, unit, total)) is not None]


def _line(seen: View, unit: Found[Money], total: Found[Money]) -> Line | None:
    start = seen.text.rfind("\n", 0, unit.start) + 1
    row = _ROW.search(seen.text[start : unit.start])
    if row is None or not _GAP.fullmatch(seen.text[unit.end : total.start]):
        return None
    quantity = Decimal(row["quantity"].replace(",", ""))
    adds_up = unit.value.currency == total.value.currency and unit.value * quantity == total.value
    citation = seen.cite(start, total.end)
    if not adds_up or citation is None:
        return None
    return Line(squash(row["product"]), quantity, unit.value, total.value, citation)
