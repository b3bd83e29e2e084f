"""What the contract is worth, where it states a total or a yearly sum."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.money import Money
from domain.terms import Term, TermField
from extraction.rules.view import View, view
from extraction.values import Found

_SUM = r"(?:fees?|price|value|amounts?|commitment|charges?|consideration)"
_IS = (
    r"[\"')]*\s*(?:,?\s*(?:(?:of|for|payable|due|under|over|during)\s+){1,3}(?:this|the)\s+"
    r"(?:[\w-]+\s+){0,4}?[\w-]+)?\s*"
    r"(?:(?:is|are|will\s+be|shall\s+be|amounts?\s+to|equals?|of|payable)\s*)?[:|]?\s*\Z"
)
_TOTAL = re.compile(
    r"\b(?:(?:total|aggregate)\s+(?:(?:contract|order|subscription|agreement|purchase|license)\s+)?"
    + _SUM
    + r"|total\s+(?:contract|order)|price\s+for\s+the\s+whole\s+(?:[\w-]+\s+)?term"
    r"|total\s+value\s+of\s+this\s+(?:order|agreement|contract))" + _IS,
    re.IGNORECASE,
)
_IN_TOTAL = re.compile(r"\s+in\s+total\b", re.IGNORECASE)
_ANNUAL = re.compile(
    r"\b(?:(?:annual|yearly)\s+(?:recurring\s+|subscription\s+|contract\s+|license\s+)?" + _SUM
    + r"|" + _SUM + r"\s+per\s+(?:contract\s+)?(?:year|annum))" + _IS,
    re.IGNORECASE,
)  # fmt: skip
_NOT_A_PRICE = re.compile(r"\b(?:liab\w+|exceed\w*|damages|insur\w+|cap)\b", re.IGNORECASE)
_OWN_LINE = re.compile(r"\s*(?:total|aggregate|annual|yearly)\b", re.IGNORECASE)
_OTHER_DOLLARS = re.compile(r"\b(?:AUD|CAD|NZD|HKD|SGD)\b|\b(?:A|C|CA|AU|NZ|HK|S)\$")


def read_value(document: Document) -> list[Term]:
    """Find the total over the initial term and the yearly value, never computing either."""
    seen = view(document)
    return [*_total(seen), *_stated(seen, TermField.ANNUAL_VALUE, "value.annual", _ANNUAL)]


def _total(seen: View) -> list[Term]:
    terms = _stated(seen, TermField.TOTAL_VALUE, "value.total", _TOTAL)
    for found in seen.amounts:
        end = seen.after(found.end, _IN_TOTAL)
        if end is not None and _plain(seen, found):
            value, span = str(found.value), (found.start, end)
            terms += seen.term(TermField.TOTAL_VALUE, value, "value.in_total", span)
    return terms


def _stated(seen: View, field: TermField, rule: str, pattern: re.Pattern[str]) -> list[Term]:
    terms: list[Term] = []
    for found in seen.amounts:
        start = seen.before(found.start, pattern)
        if start is not None and _plain(seen, found):
            value, narrow = str(found.value), (found.start, found.end)
            terms += seen.term(field, value, rule, (start, found.end), narrow)
    return terms


def _plain(seen: View, found: Found[Money]) -> bool:
    """Leave out caps on liability, and bare dollars where other dollars are spoken of."""
    lead = seen.text[max(0, found.start - 120) : found.start].rpartition(". ")[2]
    line = lead.rpartition("\n")[2]
    lead = line if _OWN_LINE.match(line) else lead
    bare = seen.text[found.start] == "$"
    return not _NOT_A_PRICE.search(lead) and not (bare and _OTHER_DOLLARS.search(seen.text))
