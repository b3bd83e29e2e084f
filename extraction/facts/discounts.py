"""What is taken off the price, for good or until a day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import TermField
from extraction.values import Found, dates_in, durations_in, money_in, percents_in

T = TermField
Fact = tuple[TermField, str]

_OTHER = re.compile(
    r"\b(?:late|overdue|interest|liab\w+|damages|uptime|availability|service\s+(?:credits?|levels?)|net\s+present"
    r"|discounted\s+cash|insur\w+|withh\w+|(?:rates?\s+of|reduced)\s+tax"
    r"|working\s+hours|headcount|workforce|shares?|stock|convert\w*|conversion|royalt\w+|commissions?|termination\s+fee)\b",
    re.IGNORECASE,
)
_PRICE = (
    r"(?:fees?|prices?|pricing|charges?|rates?|invoices?|subscription|list|licen[cs]es?|costs?|amounts?|bills?|total)"
)
_NOUN = (
    r"(?:discount(?!\s+(?:price|fee))|discounted(?!\s+(?:price|fee|rate))|rebate|reduction|price\s+break|mark-?down|concession|(?<!cost )allowance"
    r"|deduct(?:ed|ion|s)?|abate(?:d|ment)?|savings?\s+of)"
)
_NAME = rf"(?:{_NOUN}|reduced|lowered|cut|off|lower|cheaper|waived)"
_BEFORE = re.compile(
    rf"\b{_NOUN}\b[^.;%]{{0,70}}\Z|\b(?:less|minus|waives?|waived|saves?|mark(?:s|ed)?\s+down(?:\s+by)?|subtract\w*(?:\s+of)?)(?:\s*:)?\s+(?:an?\s+)?\Z"
    r"|\b(?:cut|lower(?:s|ed|ing)|decreas(?:es?|ed)|reduc(?:es?|ed|ing|tion))\b[^.;%]{0,90}?(?:\bby\s*|\s)\(?\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\)?\s*(?:[\w-]+\s+){{0,3}}?{_NAME}\b|\)?\s+(?:of|on)\s+(?:the\s+|all\s+|its\s+|any\s+)?(?:[\w-]+\s+){{0,2}}{_PRICE}\s+"
    r"(?:is|are|shall\s+be|will\s+be)\s+(?:waived|deducted)"
    r"|\)?\s+less\b(?!\s+than)|\)?\s+(?:below|less\s+than|under|lower\s+than)\s+(?:(?:the|its|[\w]+['\u2019]s?)\s+){0,2}"
    rf"(?:[\w-]+\s+){{0,2}}(?:list|standard|regular|published|then-current)?\s*{_PRICE}",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"\b(?:discount\w*|rebates?|cheaper|offers?|promotion\w*|off|less(?=\s+(?:until|through|till|for))|reduction|price\s+break|(?:one[\s-](?:time|off)|welcome|goodwill)\s+credit|(?:first|initial|opening|next)\s+payment|{_PRICE})\b",
    re.IGNORECASE,
)
_RISES = re.compile(r"\b(?:increas\w*|uplift|escalat\w+|rais(?:e|ed|es))\b", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:until|till|through|thru|ending|ends|runs?\s+out|expir\w+|laps\w+|clos\w+|no\s+later\s+than|valid|on\s+or\s+before|up\s+to|by|before|to"
    r"|prior\s+to)\b[^.;]{0,40}\Z|-\s*\Z",
    re.IGNORECASE,
)
_THRESHOLD = re.compile(r"\b(?:at\s+least|than|below|above|under|exceed\w*)\s*\(?\Z", re.IGNORECASE)
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
    text = text.replace("(%)", "   ")
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
    if _RISES.search(before[-60:]) or _THRESHOLD.search(before):
        return False
    promoted = _PROMOTED.search(text) and re.match(
        r"\)?\s+(?:of|on)\b[^.;]{0,60}\bwaived\b", text[found.end :], re.IGNORECASE
    )
    return bool(_BEFORE.search(before) or _AFTER.match(text[found.end :]) or promoted)


_AMOUNT_BEFORE = re.compile(
    rf"\b(?:{_NOUN}|off|cut|reduc(?:es?|ed|ing)|lower(?:s|ed|ing)|deducts?|credit)\b[^.;%$\u20ac\u00a3]{{0,70}}\Z",
    re.IGNORECASE,
)
_LEFT = re.compile(
    rf"\b(?:(?:(?!amount){_PRICE}|value|orders?|spend\w*|purchases?)\s*(?:of|is|are|:|=|\|)|exceed\w*|over|above|than|least|(?<!amounting )(?<!amounts )(?<!equal )to|from|at|reach\w*)"
    r"\s*(?:only\s+|an?\s+)?\Z",
    re.IGNORECASE,
)
_AMOUNT_AFTER = re.compile(
    r"\s*(?:[\w-]+\s+){0,2}?(?:discount|rebate|reduction|off|price\s+reduction|concession)\b"
    r"|\s*(?:shall|will|is|are|to)\s+(?:be\s+)?(?:deducted|credited|taken\s+off)\b|\s*less\b(?!\s+than)",
    re.IGNORECASE,
)
_CREDITED = re.compile(
    r"\b(?:discount(?:s|ed)?|rebates?|reduc\w+|off|concession|allowance|lower\w*|deduct\w*|cut)\b", re.IGNORECASE
)


_AGAINST = re.compile(r"\b(?:credits?|deducts?|allows?|takes?|knocks?|waives?|sets?\s+off)\s+\Z", re.IGNORECASE)
_FIRST_BILL = re.compile(
    r"\s*(?:against|off|from|on|of)\s+(?:the|your|its)\s+(?:first|initial|opening|next)\s+(?:invoice|bill|payment)\b",
    re.IGNORECASE,
)
_GIFT = re.compile(r"\b(?:one[\s-](?:time|off)|welcome|sign\w*|goodwill)\s+credit\s+of\s+\Z", re.IGNORECASE)
_ONE_BILL = re.compile(r"\b(?:first|initial|opening|next)\s+(?:invoice|bill|payment)\b", re.IGNORECASE)


def _deducted(before: str, after: str, text: str) -> bool:
    """Tell whether an amount is taken off, and is not the price that is left."""
    if _GIFT.search(before) or (_AGAINST.search(before) and _FIRST_BILL.match(after)):
        return True
    if _ONE_BILL.search(before) and re.match(r"\s*less\b(?!\s+than)", after, re.IGNORECASE):
        return True
    named = _AMOUNT_BEFORE.search(before) and not _LEFT.search(before)
    return bool(_CREDITED.search(text) and (named or _AMOUNT_AFTER.match(after)))


def _ends(text: str) -> bool:
    """Tell whether the passage gives the discount an end: a day, or the first months only."""
    dated = any(_ENDS.search(text[: day.start]) for day in dates_in(text))
    first = any(_FIRST.search(text[: length.start]) for length in durations_in(text))
    return dated or first or bool(_FIRST_YEAR.search(text))
