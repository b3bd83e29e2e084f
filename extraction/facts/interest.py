"""What late payment costs."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.terms import TermField
from extraction.values import percents_in

Fact = tuple[TermField, str]

_NEAR = 34  # characters
_LATE = re.compile(
    r"\b(?:late(?:ness)?|overdue|past[\s-]due|unpaid|(?:not|never|without)\s+(?:\w+\s+){0,3}?(?:pay|paid|received|settled|made)"
    r"|default|arrears?|delinquen\w+|outstanding|delay\w*|fail(?:s|ure)?\s+to\s+(?:pay|settle|make)|tardy|owing|due\s+dates?"
    r"|non-?payment|behind\s+(?:with|in)|when\s+due|on\s+time|missed)\b",
    re.IGNORECASE,
)
_COST = re.compile(
    r"\b(?:interest|(?:late|finance|financing|service|delinquency|overdue|default|monthly|annual)\s+(?:payment\s+)?(?:charge|fee"
    r"|rate)s?|surcharge|penalt\w+|charge[ds]?|charging|fees?|owes?|costs?|added|adds?|increased|lev(?:y|ied)|rate)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:discount\w*|uptime|availab\w+|service\s+credits?|VAT|sales\s+tax|annual\s+increase|index"
    r"|deposit|liquidated|warranty)\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:(?:per|each|a|every|for\s+(?:each|every)|in\s+(?:each|any)|/)\s*(?:(?:full|calendar|started|commenced|part\s+of\s+a"
    r"|or\s+part\s+(?:of\s+a)?)\s+)*month|monthly|p\.\s?m\.)"
)
_YEAR = r"(?:(?:per|each|a|every|for\s+(?:each|every)|/)\s*(?:calendar\s+)?(?:year|annum)|annually|annual|yearly|p\.?\s?a\b)"
_BEHIND = re.compile(rf"[^.;%]{{0,50}}?(?:\b|(?=/))(?:(?P<monthly>{_MONTH})|(?P<annually>{_YEAR}))", re.IGNORECASE)
_BEFORE = re.compile(rf"\b(?:(?P<monthly>{_MONTH})|(?P<annually>{_YEAR}))\b[^.;%]{{0,70}}\Z", re.IGNORECASE)
_ABOVE = re.compile(
    r"\)?\s*(?:(?:per|a|each|every)\s+(?:annum|year)\s+|annually\s+"
    r"|p\.\s?a\.\s+)?(?:\([^)]*\)\s*)?(?:points?\s+)?(?:above|over|plus"
    r"|in\s+excess\s+of|higher\s+than|more\s+than)\s+(?:the\s+)?(?!(?:and\s+above|due))|\)?\s*of\s+(?:the"
    r"|its|such|that)\s(?!(?:[\w-]+\s+){0,3}?(?:overdue|unpaid|outstanding|late|delayed|arrears|past|owed|amounts?|sums?|balance"
    r"|invoices?)\b)",
    re.IGNORECASE,
)
_ON_TOP = re.compile(
    r"\b(?:prime|base|LIBOR|EURIBOR|SONIA|SOFR|reference|bank|lending)\b[^.;%]{0,60}\b(?:plus|\+|increased\s+by)\s*\Z",
    re.IGNORECASE,
)


def interest(text: str) -> list[Fact]:
    """Read the rate and its period; a rate on top of a bank's rate is no number of its own."""
    if not re.search(r"%|cent\b", text) or not _LATE.search(text) or _OTHER.search(text):
        return []
    rates: list[tuple[str, str]] = []
    begin = 0
    for found in percents_in(text):
        before, after = text[begin : found.start], text[found.end :]
        period = _period(before, after, costly=bool(_COST.search(text)))
        if period and not _ABOVE.match(after) and not _ON_TOP.search(before):
            rates.append((found.value, period))
        begin = found.end
    return [(TermField.LATE_INTEREST, f"{rate} {period}") for rate, period in _plainest(rates)]


def _period(before: str, after: str, *, costly: bool) -> str:
    """Return the rhythm right behind the rate; where a cost is named, the nearest before it or one further behind."""
    behind, ahead = _BEHIND.match(after), _BEFORE.search(before) if costly else None
    near = behind if behind and behind.end() <= _NEAR else ahead or (behind if costly else None)
    return (near.lastgroup or "") if near else ""


def _plainest(rates: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Drop `18 % per year` behind `1.5 % per month`, which says the same."""
    monthly = {Decimal(rate) * 12 for rate, period in rates if period == "monthly"}
    return [(rate, period) for rate, period in rates if period == "monthly" or Decimal(rate) not in monthly]
