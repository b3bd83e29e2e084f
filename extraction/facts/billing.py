"""How often fees are invoiced."""

from __future__ import annotations

import re

from domain.terms import TermField

Fact = tuple[TermField, str]

_ADVERBS = {
    "monthly": r"monthly|month",
    "quarterly": r"quarterly|quarter|(?:three|3)(?:\s+\(3\))?[\s-]months?",
    "semiannually": r"semi-?\s?annual(?:ly)?|half[\s-]?year(?:ly)?|bi-?annual(?:ly)?"
    r"|twice\s+(?:a|per|each)\s+year|six-month(?:ly)?(?:\s+period)?|(?:six|6)(?:\s+\(6\))?[\s-]months?",
    "annually": r"annually|annual|yearly|year|per\s+annum|(?:twelve|12)(?:\s+\(12\))?[\s-]months?",
}
_STEMS = {
    "monthly": re.compile("month"),
    "quarterly": re.compile("quarter|three|3"),
    "semiannually": re.compile("semi|half|bi|six|6|twice"),
    "annually": re.compile("annu|year|twelve|12"),
}
_BILL = r"(?:invoic(?:e[sd]?|ing)|bill(?:s|ed|ing)?)"
_DONE = rf"(?:{_BILL}|payable|paid|pay|charged?|due|raised?|issued?|rendered|sent|collected|made)"
_EACH = r"(?:each|every|per|a|any)\s+(?:(?:calendar|contract|billing|subscription|successive|consecutive|such)\s+)?"
_NOT_AN_ADVERB = (
    r"(?!\s+(?:[\w-]+\s+){0,2}?(?:fees?|charges?|amounts?|reports?|statements?|rates?|minimum|commitment"
    r"|spend|uptime|subscription\s+fees?|prices?|usage|true))"
)
_EVENT = r"(?:beginning|start|end|first\s+(?:business\s+|working\s+)?day|commencement|outset|last\s+day)"
_OTHER = re.compile(
    r"\b(?:true[sd]?[\s-]?up|trued|over(?:age|ages|use)|excess|expens\w+|travel|late|interest|minimum"
    r"|royalt\w+|report\w*|commission\w*|statement|accounting|rent|revenue)\b",
    re.IGNORECASE,
)
_FEES = re.compile(
    r"\b(?:invoic\w*|bill(?:s|ed|ing)?|payments?|payable|pay|instal\w+|fees?|charge[sd]?)\b", re.IGNORECASE
)


def _patterns(word: str) -> re.Pattern[str]:
    return re.compile(
        r"\b(?:billing|invoicing|invoices?|payment|payments)(?:\s+(?:frequency|period|cycle|terms?|interval"
        rf"|schedule|rhythm|basis))?\s*[:|-]?\s+(?:is\s+|are\s+)?(?:{word})\b{_NOT_AN_ADVERB}"
        rf"|\b{_DONE}\b[^.;]{{0,70}}?\b(?:{word})\b(?:\s*,)?\s*(?:in\s+(?:equal\s+)?(?:advance|arrears?)|up\s?front)"
        rf"|\b{_DONE}\b[^.;:]{{0,50}}?\s(?:once\s+)?(?:{word})\b(?<!month)(?<!quarter)(?<!year)(?<!annual)(?<!months)"
        rf"{_NOT_AN_ADVERB}"
        rf"|\b(?:{word})\s+(?:invoic(?:e|es|ing)|bill(?:s|ing)?|instal?lments?)\b"
        rf"|\bin\s+(?:[\w()]+\s+){{0,3}}?(?:{word})\s+payments\b"
        rf"|\b(?:equal\s+)(?:{word})\s+instal?lments"
        rf"|\b(?:on|with)\s+an?\s+(?:{word})\s+(?:basis|cycle|billing|schedule)"
        rf"|\b(?:{_BILL}|payable|due)\b[^.;]{{0,80}}?\b{_EVENT}\s+of\s+{_EACH}(?:{word})\b"
        r"|\b(?:once\s+)?(?:each|every|per)\s+(?:(?:calendar|contract|billing"
        rf"|subscription)\s+)?(?:{word})\b(?:\s*,)?\s+in\s+(?:advance|arrears)"
        rf"|\binvoices?\s+(?:per|a)\s+(?:(?:calendar|contract|billing)\s+)?(?:{word})\b"
        rf"|\b{_BILL}[^.;]{{0,60}}?\b(?:once\s+|for\s+)?(?:each|every)\s+(?:(?:calendar|contract|billing"
        rf"|subscription)\s+)?(?:{word})\b"
        rf"|\b(?:{word})\s+in\s+(?:advance|arrears)\b",
        re.IGNORECASE,
    )


_RHYTHMS = {name: _patterns(word) for name, word in _ADVERBS.items()}
_UPFRONT = re.compile(
    r"\bone\s+(?:single\s+)?invoice\s+(?:up)?on\s+signature|\b(?:billing|invoicing)\s*(?:terms?"
    r"|frequency)?\s*[:|]?\s+(?:in\s+full\s+)?up[\s-]?front\b"
    r"|\b(?:invoiced|payable|billed|paid|due)\s+in\s+full\s+(?:in\s+advance|up[\s-]?front"
    r"|(?:up)?on\s+(?:signature|signing|execution))",
    re.IGNORECASE,
)
_SEMI = re.compile(r"\b(?:semi|bi|half)[\s-]*\Z", re.IGNORECASE)


def billing(text: str) -> list[Fact]:
    """Read the rhythm of invoices; bills for excess use, expenses and reports have their own."""
    if _OTHER.search(text) or not _FEES.search(text):
        return []
    low = text.lower()
    names = [
        name
        for name, pattern in _RHYTHMS.items()
        if _STEMS[name].search(low) and any(_whole(text, match, name) for match in pattern.finditer(text))
    ]
    names += ["upfront"] if _UPFRONT.search(text) else []
    return [(TermField.BILLING_FREQUENCY, name) for name in names]


def _whole(text: str, match: re.Match[str], name: str) -> bool:
    """Tell that `annual` is not the end of `semi-annual`."""
    if name != "annually":
        return True
    place = re.search(r"annual|year", match[0], re.IGNORECASE)
    return place is None or not _SEMI.search(text[: match.start() + place.start()])
