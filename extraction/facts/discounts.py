"""What is taken off the price, for good or until a day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import TermField
from extraction.values import Found, dates_in, durations_in, money_in, percents_in

T = TermField
Fact = tuple[TermField, str]

_OTHER = re.compile(
    r"\b(?:late|overdue|interest|liab\w+|damages|uptime|availab\w+|service\s+credits?|net\s+present"
    r"|discounted\s+cash|insur\w+|withh\w+|tax(?:es)?"
    r"|working\s+hours|headcount|workforce|shares?|stock|convert\w*|conversion|royalt\w+|termination\s+fee)\b",
    re.IGNORECASE,
)
_PRICE = r"(?:fees?|prices?|pricing|charges?|rates?|invoices?|subscription|list|licen[cs]es?|costs?|amounts?)"
_NAME = (
    r"(?:discount(?:ed)?|rebate|reduction|price\s+reduction|reduced|markdown|concession|allowance|deduct(?:ed|ion|s)?)"
)
_NOUN = r"(?:discount(?:ed)?|rebate|reduction|price\s+reduction|markdown|concession|allowance|deduct(?:ed|ion|s)?)"
_BEFORE = re.compile(
    rf"\b{_NOUN}\b(?!\s+(?:price|fee|rate))[^.;%]{{0,70}}\Z|\b(?:less|minus|waives?|waived)\s+(?:a\s+"
    r"|an\s+)?\Z|\b(?:cut|lowered|decreased)\s+by\s*\Z|\breduc(?:es?|ed|ing"
    rf"|tion)\b[^.;%]{{0,90}}\bby\s*\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\)?\s*(?:[\w-]+\s+){{0,3}}?{_NAME}\b|\)?\s+(?:off|lower)\b|\)?\s+(?:of|on)\s+(?:the\s+|all\s+|its\s+"
    rf"|any\s+)?(?:[\w-]+\s+){{0,2}}{_PRICE}\s+(?:is|are|shall\s+be|will\s+be)\s+waived"
    r"|\)?\s+(?:below|less\s+than|under|lower\s+than)\s+(?:the\s+|its\s+"
    rf"|[\w]+'s?\s+)?(?:[\w-]+\s+){{0,2}}(?:list|standard|regular|published|then-current)?\s*{_PRICE}",
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"\b(?:discount\w*|rebates?|offers?|promotion\w*|{_PRICE})\b", re.IGNORECASE)
_RISES = re.compile(r"\b(?:increas\w*|uplift|escalat\w+|rais(?:e|ed|es))\b", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:until|till|through|thru|ending|ends|expir\w+|laps\w+|valid|on\s+or\s+before|up\s+to|by|before|to"
    r"|prior\s+to)\b[^.;]{0,40}\Z|-\s*\Z",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:during|for|in|over|throughout)\s+(?:the\s+|its\s+|your\s+)?(?:first|initial|opening)\s*\Z"
    r"|\b(?:for|during)\s+(?:a\s+(?:\w+\s+)?period\s+of\s+)?\Z",
    re.IGNORECASE,
)
_FIRST_YEAR = re.compile(
    r"\b(?:during|for|in|over|throughout)\s+(?:the\s+)?(?:first|initial)\s+(?:contract\s+|subscription\s+"
    r"|billing\s+)?(?:year|quarter|month|half-year)\b|\b(?:year|month)\s+(?:one|1)\s+only\b",
    re.IGNORECASE,
)
_PROMOTED = re.compile(
    r"\b(?:promotion\w*|promo|introductory|launch|temporar\w+|limited[\s-]time|special\s+offer"
    r"|early[\s-]\w+\s+offer|welcome\s+offer)\b",
    re.IGNORECASE,
)
_LONGEST = 580


def discounts(text: str) -> Iterator[Fact]:
    """Read what one passage takes off; a percentage that ends is a promotion, told in its own words."""
    if len(text) > _LONGEST or not re.search(r"\d|cent\b", text) or _OTHER.search(text) or not _ABOUT.search(text):
        return
    taken = [found for found in percents_in(text) if _taken_off(text, found)]
    for found in taken:
        if _ends(text):
            yield T.PROMOTION, text.strip()
            break
        yield T.DISCOUNT, f"{found.value} %"
    for amount in money_in(text):
        if _deducted(text[: amount.start], text[amount.end :], text):
            yield T.DISCOUNT, str(amount.value)


def _taken_off(text: str, found: Found[str]) -> bool:
    before = text[: found.start]
    if _RISES.search(before[-60:]):
        return False
    promoted = _PROMOTED.search(text) and re.match(
        r"\)?\s+(?:of|on)\b[^.;]{0,60}\bwaived\b", text[found.end :], re.IGNORECASE
    )
    return bool(_BEFORE.search(before) or _AFTER.match(text[found.end :]) or promoted)


_AMOUNT_BEFORE = re.compile(
    rf"\b(?:{_NAME}|credit)\b(?!\s+(?:price|fee|rate))(?:\s+(?:to|on|off"
    rf"|for)\s+(?:[\w-]+\s+){{1,5}}?)?\s*(?:\)|\||:|-|in\s+the\s+amount\s+of|in\s+the\s+sum\s+of"
    r"|amounting\s+to|equal\s+to|of|is|by|a\s+sum\s+of|a\s+rebate\s+of|a\s+discount\s+of|\s)*\Z"
    r"|\b(?:reduc(?:es?|ed|ing)|lowered|cut)\b[^.;%$]{0,80}\bby\s*\Z",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"\s*(?:[\w-]+\s+){0,2}?(?:discount|rebate|reduction|off|price\s+reduction)\b"
    r"|\s*(?:shall|will|is|are|to)\s+(?:be\s+)?(?:deducted|credited|taken\s+off)\b",
    re.IGNORECASE,
)
_CREDITED = re.compile(r"\b(?:discount|rebate|reduc\w+|off)\b", re.IGNORECASE)


def _deducted(before: str, after: str, text: str) -> bool:
    """Tell whether an amount is taken off, and is not the price that is left."""
    return bool(_CREDITED.search(text) and (_AMOUNT_BEFORE.search(before) or _AMOUNT_AFTER.match(after)))


def _ends(text: str) -> bool:
    """Tell whether the passage gives the discount an end: a day, or the first months only."""
    dated = any(_ENDS.search(text[: day.start]) for day in dates_in(text))
    first = any(_FIRST.search(text[: length.start]) for length in durations_in(text))
    return dated or first or bool(_FIRST_YEAR.search(text))
