"""What the paper says about money: currency, billing, payment, minimums, discounts and rises."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.facts import FAMILIES, Family
from extraction.rules.passages import passages_about
from extraction.rules.view import View, squash, view

_LONGEST = 900  # characters; what is longer speaks of too much to be read by itself
_OTHER_DOLLARS = re.compile(r"\b(?:AUD|CAD|NZD|HKD|SGD|Canadian|Australian|Singapore)\b|\b(?:A|C|CA|AU|NZ|HK|S)\$")


def read_commercial(document: Document) -> list[Term]:
    """Read every passage that may speak of money; the whole passage is the proof."""
    terms = [term for family in FAMILIES for term in _read(document, family)]
    stated = any(term.field is TermField.CURRENCY for term in terms)
    return terms if stated else [*terms, *_only_currency(view(document))]


def _read(document: Document, family: Family) -> list[Term]:
    seen = view(document)
    terms: list[Term] = []
    for start, end in passages_about(document, family.anchor):
        if end - start <= _LONGEST:
            for field, value in family.read(squash(seen.text[start:end])):
                terms += seen.term(field, value, f"{family.name}.{field}", (start, end))
    return terms


def _only_currency(seen: View) -> list[Term]:
    """Take the currency of all amounts where they share one and the paper does not name it."""
    currencies = {found.value.currency for found in seen.amounts}
    if len(currencies) != 1 or (currencies == {"USD"} and _OTHER_DOLLARS.search(seen.text)):
        return []
    first = seen.amounts[0]
    return seen.term(TermField.CURRENCY, currencies.pop(), "currency.amounts", (first.start, first.end))
