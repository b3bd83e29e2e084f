"""How often fees are invoiced."""

from __future__ import annotations

import re

from domain.terms import TermField

Fact = tuple[TermField, str]

_ADVERBS = {
    "monthly": r"(?<!bi-)(?<!bi)monthly",
    "quarterly": r"quarterly",
    "semiannually": r"semi-?\s?annual(?:ly)?|half[\s-]?yearly|bi-?annual(?:ly)?|twice\s+(?:a|per|each)\s+year"
    r"|six-monthly|six-month",
    "annually": r"(?<!semi-)(?<!semi )(?<!bi-)(?<!bi )annual(?:ly)?|(?<!half-)(?<!half )yearly|per\s+annum",
}
_SPANS = {
    "monthly": r"month",
    "quarterly": r"quarter|(?:three|3)(?:\s+\(3\))?[\s-]months?",
    "semiannually": r"half[\s-]?year|six-month(?:\s+period)?|(?:six|6)(?:\s+\(6\))?[\s-]months?",
    "annually": r"year|(?:twelve|12)(?:\s+\(12\))?[\s-]months?",
}
_STEMS = {
    "monthly": re.compile("month"),
    "quarterly": re.compile("quarter|three|3"),
    "semiannually": re.compile("semi|half|bi|six|6|twice"),
    "annually": re.compile("annu|year|twelve|12"),
}
_ANY = re.compile(r"month|quarter|annu|year|up-?\s?front|in full|signature")
_BILL = r"(?:invoic(?:e[sd]?|ing)|bill(?:s|ed|ing|able)?|instal?lments?|prepayments?)"
_DONE = rf"(?:{_BILL}|payable|paid|pay(?:s|ments?)?|charged?|due|raised?|issued?|rendered|sent|collected|levied|made|remit\w*)"
_KIND = (
    r"(?:(?:calendar|contract|billing|subscription|successive|consecutive|such|coming|full|new|following|service)\s+)?"
)
_ENDS = (  # what follows an adverb, and not an adjective of something else
    r"(?=\s*(?:[.,;:)|\"]|\Z|(?:in|and|or|on|from|by|for|against|upon|at|with|to|of|as|per|via|thereafter|during|throughout|unless"
    rf"|ahead|before|up-?front|beforehand|basis|cycles?|intervals?|frequency|schedule|{_BILL})\b))"
)
_EVENT = r"(?:beginning|start|end|first\s+(?:business\s+|working\s+)?day|commencement|outset|last\s+day)"
_OTHER = re.compile(
    r"\b(?:true[sd]?[\s-]?up|trued|over(?:age|ages|use)|excess|expens\w+|travel|late|overdue|unpaid|interest|minimum"
    r"|royalt\w+|report\w*|commission\w*|statement|accounting|rent|revenue|uptime|availability|credits?|bands|at\s+the\s+least|back|salar\w+|remuneration|(?<!in )arrears\s+(?:are|is|bear|shall|will))\b",
    re.IGNORECASE,
)
_FEES = re.compile(
    r"\b(?:invoic\w*|bill(?:s|ed|ing|able)?|payments?|payable|pay|paid|instal\w+|fees?|charge[sd]?)\b", re.IGNORECASE
)
_PRICED = re.compile(
    r"\b(?:per|each)\s+(?!invoice)(?:[\w-]+,?\s+){1,3}\Z|(?:[\d)%]|\b(?:users?|seats?|units?|licen[cs]es?|cent))\s*/?\s*\Z|\b(?:fees?|charges?|prices?|rates?)\s+(?:per|each|every)\b\Z",
    re.IGNORECASE,
)


def _patterns(name: str) -> re.Pattern[str]:
    """Match a bill beside a rhythm in either order, a payment before an adverb, or a rhythm in advance."""
    adverb, span = rf"(?:{_ADVERBS[name]})\b{_ENDS}", _SPANS[name]
    every = rf"(?:each|every|per|once\s+an?)\s+{_KIND}(?:{span})\b(?!-)"
    label = r"(?:billing|invoicing|invoices?|payments?|fees)(?:\s+(?:frequency|period|cycle|terms?|interval|schedule|rhythm|basis|mode))?"
    when = rf"(?:{adverb}|{every})"
    return re.compile(
        rf"\b{_BILL}\b[^.;]{{0,70}}?\b(?P<a>{when})|\b(?P<b>{when})[^.;:]{{0,60}}?\b{_BILL}\b"
        rf"|\b{_DONE}\b[^.;:]{{0,70}}?\b(?P<c>{adverb})"
        rf"|\b(?:charged|collected|levied)\b[^.;:]{{0,50}}?\b(?P<d>{every})"
        rf"|\b(?:{_DONE})\b[^.;]{{0,60}}?\b{_EVENT}\s+of\s+(?P<e>{every})"
        rf"|\b(?P<f>{when})(?:\s*,)?\s*(?:in\s+(?:equal\s+)?(?:advance|arrears?)|up\s?front|beforehand)"
        rf"|\b{label}(?:\s*[:|-]|\s+(?:is|are))\s+(?:once\s+)?(?:an?\s+|one\s+)?(?P<g>{adverb}|(?:{span})\b)"
        rf"|\bin\s+(?:[\w()]+\s+){{0,3}}?(?P<h>{_ADVERBS[name]})\s+payments\b",
        re.IGNORECASE,
    )


_RHYTHMS = {name: _patterns(name) for name in _ADVERBS}
_UPFRONT = re.compile(
    r"\bone\s+(?:single\s+)?invoice\s+(?:up)?on\s+signature|\b(?:billing|invoicing)\s*(?:terms?"
    r"|frequency)?\s*[:|]?\s+(?:in\s+full\s+)?up[\s-]?front\b"
    r"|\b(?:invoiced|payable|billed|paid|due)\s+in\s+full\s+(?:in\s+advance|up[\s-]?front"
    r"|(?:up)?on\s+(?:signature|signing|execution))",
    re.IGNORECASE,
)


def billing(text: str) -> list[Fact]:
    """Read the rhythm of invoices; bills for excess use, expenses and reports have their own."""
    low = text.lower()
    if not _ANY.search(low) or _OTHER.search(text) or not _FEES.search(text):
        return []
    names = [
        name
        for name, pattern in _RHYTHMS.items()
        if _STEMS[name].search(low) and any(_of_bills(text, match) for match in pattern.finditer(text))
    ]
    names += ["upfront"] if _UPFRONT.search(text) else []
    return [(TermField.BILLING_FREQUENCY, name) for name in names]


def _of_bills(text: str, match: re.Match[str]) -> bool:
    """Tell that the rhythm is not that of a price, as in `$5 per user per month`."""
    start = match.start(match.lastgroup or 0)
    return not _PRICED.search(text[:start]) and not _PRICED.search(text[: start + len(text[start:].split(None, 1)[0])])
