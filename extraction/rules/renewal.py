"""Whether the contract renews, and for how long each time."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.classify import RENEWALS, RENEWING, kinds_in
from extraction.facts.renewed import renewed_for
from extraction.rules.identity import renews_another
from extraction.rules.passages import passages_about
from extraction.rules.view import View, view
from extraction.values import Duration, Found
from extraction.ways import ROW

_REACH = 160
_TELLING = ("renew", "exten", "prolong", "thereafter", "continu", "option", "reconduct")
_STOP = re.compile(
    r"\b(?:unless|provided|save|at\s+least|not\s+less|no\s+later|upon\s+notice|prior|until|notice)\b|[.;]\s+(?!\(?\w+\)?[\w\s()-]{0,20}\beach\b)"
    rf"|{ROW}",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\)?['\u2019]?s?['\u2019]?\s*(?:\w+\s+){0,2}(?:notice|before|prior|ahead|in\s+advance)\b", re.IGNORECASE
)
_LABEL = re.compile(r"\brenewal\s+(?:term|period)s?(?:\s*[:|]|[ ]{3,}|\t)\s*(?:auto\w*\s*[;,]\s*)?\Z", re.IGNORECASE)
_NOTICE = re.compile(r"\bnotice\b[^\n.;]*\Z", re.IGNORECASE)


def read_renewal(document: Document) -> list[Term]:
    """Find the kind of renewal and the length of one renewal term."""
    seen = view(document)
    terms: list[Term] = []
    for found in seen.renewals:
        span = (found.start, found.end)
        if not any(one.value == found.value for one in kinds_in(seen.text[slice(*span)], RENEWALS)):
            continue  # what only its surroundings make a renewal is proven by no quote
        terms += seen.term(TermField.RENEWAL_TYPE, found.value, f"renewal.{found.value}", span)
        if found.value == "auto":
            terms += _length(seen, found)
    if not renews_another(seen):
        terms += _behind_label(seen)
    told = any(term.field is TermField.RENEWAL_TERM for term in terms)
    return terms if told else [*terms, *_in_passages(seen)]


def _in_passages(seen: View) -> list[Term]:
    """Read for how long the contract may go on, also where a party has to ask for it."""
    terms: list[Term] = []
    for start, end in passages_about(seen.document, _TELLING):
        for found in renewed_for(seen.text[start:end]):
            narrow = (start + found.start, start + found.end)
            terms += seen.term(TermField.RENEWAL_TERM, str(found.value), "renewal.told", (start, end), narrow)
    return terms


def _behind_label(seen: View) -> list[Term]:
    terms: list[Term] = []
    for found in seen.durations:
        start = seen.before(found.start, _LABEL, 40)
        if start is not None and not found.value.business:
            span = (start, found.end)
            terms += seen.term(TermField.RENEWAL_TERM, str(found.value.period), "renewal.label", span)
    return terms


def _length(seen: View, renewal: Found[str]) -> list[Term]:
    """Take the first period of which no other words than those of renewal speak."""
    for found in seen.durations:
        inside = renewal.start <= found.start and found.end <= renewal.end + _REACH
        if inside and not found.value.business and _is_of_renewal(seen, renewal.start, found):
            value, narrow = str(found.value.period), (found.start, found.end)
            wide = (renewal.start, found.end)
            return seen.term(TermField.RENEWAL_TERM, value, "renewal.length", wide, narrow)
    return []


def _is_of_renewal(seen: View, start: int, found: Found[Duration]) -> bool:
    """Tell whether nothing of notice stands between the last word of renewal and the period."""
    words = list(RENEWING.finditer(seen.text, start, found.start))
    if not words or _AHEAD.match(seen.text, found.end) or seen.before(found.start, _NOTICE, 60) is not None:
        return False
    return not _STOP.search(seen.text, words[-1].end(), found.start)
