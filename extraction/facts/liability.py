"""Up to which sum, or how many months of fees, a party is liable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from domain.periods import Unit
from domain.terms import TermField
from extraction.facts.numerals import NUMBER, number
from extraction.values import Duration, Found, durations_in, money_in, percents_in

Fact = tuple[TermField, str]

_LIABLE = re.compile(
    r"\b(?:(?<!trade )(?<!assumed )(?<!accrued )(?<!current )liab(?:ility|ilities|le)|damages|exposure)\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:exceed\w*|limit(?:ed|s|ation)?|capped|cap|more\s+than|greater\s+than|in\s+excess\s+of|maxim\w+|at\s+most|ceiling|up\s+to|restricted\s+to|beyond|surpass|most|be\s+(?:held\s+)?liable\s+(?:shall|will)?|amount\s+for\s+which|limit|stops?|no\s+more|no\s+(?:higher|greater)|restricted)\b|\bliability\s*(?:cap\s*)?[:|\t]",
    re.IGNORECASE,
)
_THE_MOST = re.compile(r"\s+is\s+the\s+(?:most|maximum|limit|ceiling|cap)\b[^.;]*\bliab", re.IGNORECASE)
_INSURED = re.compile(
    r"\b(?:insur\w+|polic(?:y|ies)|coverage|limits\s+of|per\s+occurrence|deductible|liquidated|penalt\w+|purchase\s+price|without\s+limit\w*|unlimited)\b",
    re.IGNORECASE,
)
_SPECIAL = re.compile(
    r"\b(?:notwithstanding|super[\s-]?cap|enhanced|data\s+protection\s+claims?|increased\s+cap|for\s+(?:breach|breaches|claims|losses|damage)\s+(?:of|to|under|arising\s+(?:from|out\s+of))\s+(?:its\s+|the\s+)?(?:section|clause|confidential\w*|data|property|indemnif\w*)|property\s+damage)\b",
    re.IGNORECASE,
)
_FEES = re.compile(
    r"\b(?:fees?|amounts?|sums?|charges|consideration|payments?|money|moneys|monies|subscription\s+price|remuneration|price)\b(?:[^.;]{0,110}?\b(?:paid|payable|due|pays?|owed|received|invoiced|billed|incurred|charged|paid-?up|for)\b|\s+(?:of|in|during)\s+the)|\b(?:paid|payable|due)\b[^.;]{0,60}\b(?:fees?|amounts?|sums?|charges)\b"
    r"|\bannual\s+(?:fees?|charges?)\b|\b(?:what|whatever)\b[^.;]{0,60}\b(?:paid|pays?)\b|\b(?:total|aggregate)\s+fees\b|\bfees\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:preceding|prior|before|previous|last|immediately|preceded|precede|past|leading\s+up|running\s+up|up\s+to)\b",
    re.IGNORECASE,
)
_LAST_YEAR = re.compile(r"\b(?:preceding|prior|previous|last)\s+(?:contract\s+|calendar\s+)?year\b", re.IGNORECASE)
_REACH = 260
_TIMES = re.compile(
    rf"\b(?:(?P<word>twice|double|triple)|(?P<count>{NUMBER})\s+times|\(?(?P<digit>\d+)\)?\s?[x\u00d7])(?=\W)",
    re.IGNORECASE,
)
_WORDS = {"twice": 2, "double": 2, "triple": 3}


def liability(text: str) -> Iterator[Fact]:
    """Read the cap; a greater or lesser of two gives both, and thereby a contradiction for a person."""
    if not (_LIABLE.search(text) and _LIMIT.search(text)) or _INSURED.search(text) or _SPECIAL.search(text):
        return
    for found in money_in(text):
        lead = text[max(0, found.start - _REACH) : found.start]
        if (_LIMIT.search(lead) and _LIABLE.search(lead)) or _THE_MOST.match(text, found.end):
            yield TermField.LIABILITY_CAP, str(found.value)
    if _FEES.search(text):
        yield from ((TermField.LIABILITY_CAP, f"{_times(text)}fees {period}") for period in _periods(text))


def _periods(text: str) -> list[str]:
    """Return the periods over which fees are looked back on; the last year is one, even without a number."""
    periods = [str(found.value.period) for found in durations_in(text) if _looks_back(text, found)]
    return periods or (["P1Y"] if _LAST_YEAR.search(text) else [])


def _looks_back(text: str, found: Found[Duration]) -> bool:
    near = text[max(0, found.start - 60) : found.end + 60]
    return found.value.period.unit in (Unit.MONTH, Unit.YEAR) and bool(_BACK.search(near))


def _times(text: str) -> str:
    """Return `2x ` for twice the fees or 200 %, and nothing for the fees themselves."""
    if match := _TIMES.search(text):
        count = _WORDS.get((match["word"] or "").lower()) or number(match["count"] or match["digit"] or "")
        return f"{count}x " if count and count > 1 else ""
    shares = [Decimal(found.value) / 100 for found in percents_in(text)]
    return f"{shares[0].normalize():f}x " if len(shares) == 1 and shares[0] != 1 else ""
