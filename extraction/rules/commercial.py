"""How the contract is billed and paid, and how far its price may rise."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.periods import Unit
from domain.terms import Term, TermField
from extraction.classify import BILLINGS, kinds_in
from extraction.rules.view import View, view
from extraction.values.nets import nets_in

_WITHIN = re.compile(
    r"\b(?:within|at|no\s+later\s+than|not\s+later\s+than|payment\s+terms?\s*:?)\s*\Z",
    re.IGNORECASE,
)
_OF_INVOICE = re.compile(
    r"\s+(?:net\b|(?:of|after|from|following)\s+(?:the\s+|its\s+|their\s+|any\s+|an\s+|each\s+|such\s+)?"
    r"(?:date\s+of\s+)?(?:the\s+|an\s+|each\s+)?"
    r"(?:invoice|receipt|date\s+(?:printed|of\s+(?:issue|invoice|receipt))|receiving|billing))",
    re.IGNORECASE,
)
_TERMS_LABEL = re.compile(r"\bpayment\s+(?:terms?|period)\s*:\s*\Z", re.IGNORECASE)
_ENDS_THERE = re.compile(r"\s*(?:[.;]|\Z|[\n\f](?=\s*[^a-z\s]))")
_PAYS = re.compile(r"\b(?:pay|pays|paid|payable|payment|due)\b", re.IGNORECASE)
_BILL = re.compile(r"\b(?:invoic\w*|bills?|billed)\b", re.IGNORECASE)

_LIMIT = re.compile(
    r"\b(?:increas\w*|rises?|rising|raise[sd]?|adjust\w*|revis\w+|price\s+changes?|uplift"
    r"|exceed\s+the\s+price)\b[^.;]{0,140}?"
    r"\b(?:(?:not|never)\s+(?:[\w]+\s+){0,2}?(?:exceed|more\s+than)|no\s+more\s+than|more\s+than"
    r"|up\s+to|at\s+most|maximum\s+of|limited\s+to|capped\s+at)\s*\Z",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|no)\b|\b(?:up\s+to|at\s+most|maximum\s+of|limited\s+to|capped\s+at)\s*\Z",
    re.IGNORECASE,
)
_PRICE = re.compile(r"\b(?:fees?|prices?|charges?|rates?)\b", re.IGNORECASE)
_RENEWAL = re.compile(r"\b(?:renew\w*|exten\w*|minimum\s+term|initial\s+term)\b", re.IGNORECASE)


def read_commercial(document: Document) -> list[Term]:
    """Find the billing rhythm, the days to pay and the highest increase at renewal."""
    seen = view(document)
    return [*_billing(seen), *_payment(seen), *_uplift(seen)]


def _billing(seen: View) -> list[Term]:
    return [
        term
        for found in kinds_in(seen.text, BILLINGS)
        for term in seen.term(TermField.BILLING_FREQUENCY, found.value, "billing.rhythm", (found.start, found.end))
    ]


def _payment(seen: View) -> list[Term]:
    terms: list[Term] = []
    for net in nets_in(seen.text):
        terms += seen.term(TermField.PAYMENT_DAYS, net.value, "payment.net", (net.start, net.end))
    for found in seen.durations:
        if found.value.period.unit is not Unit.DAY or found.value.business:
            continue
        value, label = str(found.value.period.count), seen.before(found.start, _TERMS_LABEL, 40)
        if label is not None and seen.after(found.end, _ENDS_THERE) is not None:
            terms += seen.term(TermField.PAYMENT_DAYS, value, "payment.label", (label, found.end))
            continue
        start, end = seen.before(found.start, _WITHIN, 40), seen.after(found.end, _OF_INVOICE, 80)
        if start is None or end is None or not _about_paying(seen, start, end):
            continue
        terms += seen.term(TermField.PAYMENT_DAYS, value, "payment.within", (start, end))
    return terms


def _about_paying(seen: View, start: int, end: int) -> bool:
    lead = seen.text[max(0, start - 160) : start].rpartition(". ")[2]
    return bool(_PAYS.search(lead + seen.text[start:end]) and _BILL.search(lead + seen.text[start:end]))


def _uplift(seen: View) -> list[Term]:
    terms: list[Term] = []
    for found in seen.percents:
        start = seen.before(found.start, _LIMIT, 220)
        if start is None or not _NEGATED.search(seen.text, max(0, start - 20), found.start):
            continue
        around = seen.text[max(0, start - 200) : found.end + 120]
        if _PRICE.search(around) and _RENEWAL.search(around):
            narrow = (found.start, found.end)
            span = (start, found.end)
            terms += seen.term(TermField.ESCALATION_CAP, found.value, "uplift.limit", span, narrow)
    return terms
