"""What late payment costs."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.terms import TermField
from extraction.values import percents_in

Fact = tuple[TermField, str]

_LATE = re.compile(
    r"\b(?:late|overdue|past[\s-]due|unpaid|not\s+(?:been\s+)?(?:paid|received)|default|arrears"
    r"|delinquen\w+|outstanding|delay\w*|fails?\s+to\s+pay|tardy|owing|due\s+date)\b",
    re.IGNORECASE,
)
_COST = re.compile(
    r"\b(?:interest|(?:late|finance|service|delinquency|overdue|default)\s+(?:payment\s+)?(?:charge|fee"
    r"|rate)s?|surcharge|penalt\w+|charge[ds]?|owes?)\b",
    re.IGNORECASE,
)
_ADDED = r"(?:\s+(?:is|are|shall\s+be|will\s+be|falls?)\s+(?:added|charged|due|payable|owed|levied))?"
_MONTHLY = re.compile(
    rf"{_ADDED}\)?,?\s*(?:(?:simple|compound\w*)\s+)?(?:interest\s+)?(?:(?:per|each|a|every|for\s+(?:each|every)"
    r"|in\s+(?:each|any)|/)\s*(?:(?:full|calendar|started|commenced|part\s+of\s+a"
    r"|or\s+part\s+(?:of\s+a)?)\s+)*month|monthly|p\.\s?m\.)",
    re.IGNORECASE,
)
_YEARLY = re.compile(
    rf"{_ADDED}\)?,?\s*(?:(?:simple|compound\w*)\s+)?(?:interest\s+)?(?:(?:per|each|a|every|for\s+(?:each|every)"
    r"|/)\s*(?:calendar\s+)?(?:year|annum)|annually|yearly|p\.?\s?a\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?P<monthly>monthly)\b[^.;%]{0,60}\Z|\b(?P<annually>annual|annually|yearly|per\s+annum)\b[^.;%]{0,60}\Z",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"\)?\s*(?:(?:per|a|each|every)\s+(?:annum|year)\s+|annually\s+"
    r"|p\.\s?a\.\s+)?(?:\([^)]*\)\s*)?(?:points?\s+)?(?:above|over|plus"
    r"|in\s+excess\s+of|higher\s+than|more\s+than)\s+(?:the\s+)?(?!(?:and\s+above|due))|\)?\s*of\s+(?:the"
    r"|its|such|that)\s",
    re.IGNORECASE,
)
_ON_TOP = re.compile(
    r"\b(?:prime|base|LIBOR|EURIBOR|SONIA|SOFR|reference|bank|lending)\b[^.;%]{0,60}\b(?:plus|\+|increased\s+by)\s*\Z",
    re.IGNORECASE,
)


def interest(text: str) -> list[Fact]:
    """Read the rate and its period; a rate on top of a bank's rate is no number of its own."""
    if not re.search(r"%|cent\b", text) or not (_LATE.search(text) and _COST.search(text)):
        return []
    rates: list[tuple[str, str]] = []
    begin = 0
    for found in percents_in(text):
        before, after = text[begin : found.start], text[found.end :]
        period = _period(before, after)
        if period and not _ABOVE.match(after) and not _ON_TOP.search(before):
            rates.append((found.value, period))
        begin = found.end
    return [(TermField.LATE_INTEREST, f"{rate} {period}") for rate, period in _plainest(rates)]


def _period(before: str, after: str) -> str:
    if _MONTHLY.match(after):
        return "monthly"
    if _YEARLY.match(after):
        return "annually"
    match = _BEFORE.search(before)
    return (match.lastgroup or "") if match else ""


def _plainest(rates: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Drop `18 % per year` behind `1.5 % per month`, which says the same."""
    monthly = {Decimal(rate) * 12 for rate, period in rates if period == "monthly"}
    return [(rate, period) for rate, period in rates if period == "monthly" or Decimal(rate) not in monthly]
