"""Whether the contract renews, and for how long each time."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.rules.identity import renews_another
from extraction.rules.view import View, view

_REACH = 240
_STOP = re.compile(
    r"\b(?:unless|provided|save|at\s+least|not\s+less|no\s+later|upon\s+notice|prior|until)\b|[.;]\s",
    re.IGNORECASE,
)
_REPEATS = re.compile(r"\b(?:for|by|periods?|terms?|successive|consecutive|additional|further)\b", re.IGNORECASE)
_LABEL = re.compile(r"\brenewal\s+(?:term|period)s?\s*:\s*\Z", re.IGNORECASE)


def read_renewal(document: Document) -> list[Term]:
    """Find the kind of renewal and the length of one renewal term."""
    seen = view(document)
    terms: list[Term] = []
    for found in seen.renewals:
        span = (found.start, found.end)
        terms += seen.term(TermField.RENEWAL_TYPE, found.value, f"renewal.{found.value}", span)
        if found.value == "auto" and not seen.labelled(found):
            terms += _length(seen, found.start)
    return terms if renews_another(seen) else [*terms, *_behind_label(seen)]


def _behind_label(seen: View) -> list[Term]:
    terms: list[Term] = []
    for found in seen.durations:
        start = seen.before(found.start, _LABEL, 40)
        if start is not None and not found.value.business:
            span = (start, found.end)
            terms += seen.term(TermField.RENEWAL_TERM, str(found.value.period), "renewal.label", span)
    return terms


def _length(seen: View, start: int) -> list[Term]:
    """Take the first period between the renewal and what limits it."""
    stop = _STOP.search(seen.text, start, start + _REACH)
    limit = stop.start() if stop else start + _REACH
    for found in seen.durations:
        inside = start <= found.start and found.end <= limit
        if inside and not found.value.business and _REPEATS.search(seen.text, start, found.end):
            value, narrow = str(found.value.period), (found.start, found.end)
            wide = (start, found.end)
            return seen.term(TermField.RENEWAL_TERM, value, "renewal.length", wide, narrow)
    return []
