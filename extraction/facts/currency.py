"""Which currency the paper names as its own."""

from __future__ import annotations

import re

from domain.terms import TermField

Fact = tuple[TermField, str]

_NAMES = {
    "USD": r"(?:US|U\.\s?S\.|United\s+States|American)\s*[Dd]ollars?"
    r"|lawful\s+(?:money|currency)\s+of\s+the\s+United\s+States"
    r"|US\$|USD",
    "CAD": r"Canadian\s+[Dd]ollars?|CAD",
    "AUD": r"Australian\s+[Dd]ollars?|AUD",
    "NZD": r"New\s+Zealand\s+[Dd]ollars?|NZD",
    "HKD": r"Hong\s+Kong\s+[Dd]ollars?|HKD",
    "SGD": r"Singapore\s+[Dd]ollars?|SGD",
    "EUR": r"[Ee]uros?|EUR(?:O|OS)?",
    "GBP": r"(?:British\s+)?[Pp]ounds?(?:\s+[Ss]terling)?|[Ss]terling|GBP",
    "CHF": r"Swiss\s+[Ff]rancs?|CHF",
    "JPY": r"(?:Japanese\s+)?[Yy]en|JPY",
    "SEK": r"Swedish\s+[Kk]ron(?:a|or)|SEK",
    "NOK": r"Norwegian\s+[Kk]roner?|NOK",
    "DKK": r"Danish\s+[Kk]roner?|DKK",
    "PLN": r"Polish\s+[Zz][l\u0142]oty|PLN",
    "INR": r"Indian\s+[Rr]upees?|INR",
}
_NAME = "|".join(f"(?P<{code}>{words})" for code, words in _NAMES.items())
_SAID = re.compile(
    r"\b(?:[Cc]urrency|CURRENCY|[Uu]nit\s+of\s+account)(?:\s+(?:of|for|in\s+which)\s+[^.;:|]{1,60}?)?"
    rf"(?:\s*[:|-]\s*|\s+(?:is|are|shall\s+be|will\s+be|means)\s+|\s+)(?:the\s+)?(?:{_NAME})(?![\w-])"
)
_IN = re.compile(
    rf"\b(?:in|of|to|into)\s+(?:the\s+)?(?:lawful\s+)?[|:]?\s*(?:{_NAME})(?![\w-])(?!\s*[\d$\u20ac\u00a3])"
)
_PRICED = re.compile(
    rf"\b(?:[Ff]ees|[Pp]rices|[Cc]harges|[Aa]mounts|[Tt]otals?)\s+(?:(?:shown|quoted|stated)\s+)?(?:are\s+)?(?:(?:understood\s+)?to\s+be\s+)?\(?(?:{_NAME})\)?"
    r"(?![\w-])(?!\s*[\d$\u20ac\u00a3])"
)
_ABOUT = re.compile(
    r"\b(?:fees?|amounts?|prices?|pricing|payments?|payable|paid|invoices?|invoiced|charges?|sums?"
    r"|monetary|money|consideration|quoted|stated|expressed|denominated|currency|remit\w*|transact\w*|settle\w*|charge[ds]?|bill(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:(?<!no )(?<!without )(?:convert\w*|conversion)|exchange|equivalent|insur\w+|liab\w+|other\s+than|or\s+in)\b",
    re.IGNORECASE,
)

_AS = re.compile(rf"\b(?:{_NAME})\s+(?:as|is|shall\s+be|will\s+be)\s+(?:the|its|their|this)\s+(?:[\w-]+\s+)?currency\b")


def currency(text: str) -> list[Fact]:
    """Read a statement such as `All amounts are in euros` or `Currency: USD`, never a single price."""
    found = {m.lastgroup or "" for pattern in (_SAID, _AS) for m in pattern.finditer(text)}
    if not found and _ABOUT.search(text) and not _OTHER.search(text):
        found = {m.lastgroup or "" for pattern in (_IN, _PRICED) for m in pattern.finditer(text)}
    return [(TermField.CURRENCY, code) for code in sorted(found)]
