"""What the contract is worth, where it states a total or a yearly sum."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.money import Money
from domain.terms import Term, TermField
from extraction.rules.view import View, view
from extraction.values import Found

_REACH = 220  # characters of a sentence around an amount
_SUM = r"(?:fees?|prices?|pricing|values?|amounts?|commitment|charges?|consideration|costs?|payments?|sum|due|payable|remuneration)"
_WHOLE = re.compile(
    rf"\b(?:(?:total(?!\s+costs?\s+(?:of|for))|overall|cumulative|combined|aggregate(?!\s+(?:sum|amount|cost)))\s+(?:[\w-]+\s+){{0,2}}?{_SUM}"
    r"|(?:complete|entire|full|whole)\s+(?:[\w-]+\s+){0,2}?(?:fees?|price|consideration|value|charges?)"
    rf"|(?:sum|total)\s+of\s+(?:all\s+|the\s+)*(?:[\w-]+\s+)?{_SUM}"
    rf"|{_SUM}\b[^.;%|]{{0,60}}?\b(?:totals?|totall?ing|aggregate|altogether|(?:adds?|sums?)\s+up|taken\s+together|together\s+(?:amount|come|are|total|make))"
    rf"|(?:fees?|prices?|charges?)\s+(?:payable\s+|due\s+)?(?:for|over|during)\s+the\s+(?:whole|entire|full|complete)\s+(?:[\w-]+\s+)?term"
    r"|(?:grand|order|contract|overall)\s+total|total\s+(?:contract|order|price)|(?:contract|order)\s+(?:value|sum)|(?:value|price)\s+of\s+(?:this|the)\s+(?:order|contract|agreement)"
    r"|TCV|for\s+a\s+total\s+of|in\s+(?:aggregate|total)(?=,))\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s*(?:in\s+(?:total|aggregate|all)|altogether|(?:is|are|being|represents)\s+the\s+(?:total|aggregate|sum))\b",
    re.IGNORECASE,
)
_PAID = re.compile(rf"\b(?:{_SUM}|pay|pays|paid|costs?|worth)\b", re.IGNORECASE)
_TERM = re.compile(r"\s*\(?(?:for|over|during)\s+the\s+(?:[\w-]+\s+)?term\)?", re.IGNORECASE)
_BARE_TOTAL = re.compile(r"\s*(?:grand\s+)?total(?:\s*[:|]\s*|[ ]{3,})", re.IGNORECASE)
_EACH = (
    r"(?:monthly|quarterly|annual|annually|yearly|annum|(?:per|each|every|any|a|one)\s+(?:[\w-]+\s+)?(?:month|quarter|year|user|seat|unit)"
    r"|(?:first|second|third|fourth|final|contract)\s+year|year\s+\w+)"
)
_REPEATED = re.compile(
    rf"\b(?:{_EACH}|credits?|invoices?|instal\w+|increas\w+|users?|number|hours|less|minus|principal|sales)\b",
    re.IGNORECASE,
)
_REPEATS = re.compile(rf"[ ]*(?:\([^)]*\)[ ]*)?(?:/|{_EACH}\b)", re.IGNORECASE)
_CELLS = re.compile(r"[ ]{3}|\t|\||[%$\u20ac\u00a3\d]{3}")
_ANNUAL = re.compile(
    r"\b(?:(?:annual|yearly)\s+(?:recurring\s+|subscription\s+|contract\s+|license\s+)?" + _SUM
    + r"|" + _SUM + r"\s+per\s+(?:contract\s+)?(?:year|annum))"
    r"[\"')]*\s*(?:,?\s*(?:(?:of|for|payable|due|under|over|during)\s+){1,3}(?:this|the)\s+(?:[\w-]+\s+){0,4}?[\w-]+)?\s*"
    r"(?:(?:is|are|will\s+be|shall\s+be|amounts?\s+to|equals?|of|payable)\s*)?[:|]?\s*\Z",
    re.IGNORECASE,
)  # fmt: skip
_NOT_A_PRICE = re.compile(
    r"\b(?:liab\w+|exceed\w*|damages|insur\w+|cap|caps|minimum(?!\s+(?:\w+\s+)?(?:term|period))|least|(?:less|lower|fewer|more)\s+than|below|floor|commits?"
    r"|committed|guarantee\w*|spend|discount\w*|rebate|deposit|penalt\w+|(?<!add )(?<!adds )up\s+to|excess|limit\w*|budget|expected|estimat\w+|authorized|equity|shares?|advances?|capital)\b",
    re.IGNORECASE,
)
_OWN_LINE = re.compile(r"\s*(?:total|aggregate|annual|yearly)\b", re.IGNORECASE)
_OTHER_DOLLARS = re.compile(r"\b(?:AUD|CAD|NZD|HKD|SGD)\b|\b(?:A|C|CA|AU|NZ|HK|S)\$")
_BREAK = re.compile(r"[.;]\s+(?=[A-Z\d(])|\n\s*\n|\n(?=[^\n]*(?:[:|\t]|[ ]{3}))")


def read_value(document: Document) -> list[Term]:
    """Find the total over the initial term and the yearly value, never computing either."""
    seen = view(document)
    return [*_totals(seen), *_annual(seen)]


def _totals(seen: View) -> list[Term]:
    terms: list[Term] = []
    for found in seen.amounts:
        lead, tail = _around(seen, found)
        words = _total_words(lead, tail)
        if words is not None and found.value.amount and not _foreign(seen, found):
            wide, narrow = (found.start - len(words), found.end), (found.start, found.end)
            terms += seen.term(TermField.TOTAL_VALUE, str(found.value), "value.total", wide, narrow)
    return terms


def _around(seen: View, found: Found[Money]) -> tuple[str, str]:
    """Return the sentence or line before the amount, and what follows it."""
    before = seen.text[max(0, found.start - _REACH) : found.start]
    return _BREAK.split(before)[-1], seen.text[found.end : found.end + 80]


def _total_words(lead: str, tail: str) -> str | None:
    """Return the words before an amount if they, or else those right behind it, call it the whole."""
    if _NOT_A_PRICE.search(lead) or _REPEATS.match(tail):
        return None
    named = list(_WHOLE.finditer(lead))
    if named:
        said = lead[named[-1].start() :]
        return None if _REPEATED.search(said) or _CELLS.search(said.rstrip(" |\t:=")) else said
    if _BARE_TOTAL.fullmatch(lead):
        return None if _TERM.sub("", tail.partition("\n")[0]).strip(" .|") else lead
    return lead if _BEHIND.match(tail) and (_PAID.search(lead) or _PAID.search(tail)) else None


def _annual(seen: View) -> list[Term]:
    terms: list[Term] = []
    for found in seen.amounts:
        start = seen.before(found.start, _ANNUAL)
        if start is not None and _plain(seen, found):
            wide, narrow = (start, found.end), (found.start, found.end)
            terms += seen.term(TermField.ANNUAL_VALUE, str(found.value), "value.annual", wide, narrow)
    return terms


def _plain(seen: View, found: Found[Money]) -> bool:
    """Leave out caps on liability, and bare dollars where other dollars are spoken of."""
    lead = seen.text[max(0, found.start - 120) : found.start].rpartition(". ")[2]
    line = lead.rpartition("\n")[2]
    lead = line if _OWN_LINE.match(line) else lead
    return not _NOT_A_PRICE.search(lead) and not _foreign(seen, found)


def _foreign(seen: View, found: Found[Money]) -> bool:
    return seen.text[found.start] == "$" and bool(_OTHER_DOLLARS.search(seen.text))
