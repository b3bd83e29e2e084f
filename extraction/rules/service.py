"""What availability and support the contract promises, and which law it is under."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.rules.sentences import opening, sentences
from extraction.rules.view import View, squash, view
from extraction.values import places_in

_UPTIME_BEFORE = re.compile(r"\b(?:uptime|availab\w+|reachable)\b[^.;%]{0,110}\Z", re.IGNORECASE)
_UPTIME_AFTER = re.compile(r"\s+(?:of\s+the\s+time\b|(?:monthly\s+)?(?:uptime|availab\w+))", re.IGNORECASE)
_LOWEST = Decimal(90)

_SUPPORT = re.compile(r"\b(?:support|help\s+desk|assistance\s+service)\b", re.IGNORECASE)
_HOURS = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b|\b\d{1,2}[:.]\d\d\b|\btwenty-four\s+hours\b"
    r"|\b24\s?(?:/|x)\s?7\b|\baround\s+the\s+clock\b",
    re.IGNORECASE,
)
_LONGEST = 600

_LAW = re.compile(
    r"\b(?:governed|construed|interpreted|enforced|subject)\b[^.;]{0,120}?\b(?:by|under|with|to)\b"
    r"|\bgoverning\s+law\b|\blaws?\b[^.;]{0,60}\b(?:appl(?:y|ies)|governs?)\b|\bapplicable\s+law\b",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    r"\blaws?\s+(?:and\s+\w+\s+)?(?:of|in(?:\s+force\s+in)?)\s+(?:the\s+)?(?:[\w']+\s+){0,4}?(?:of\s+)?"
    r"(?:the\s+)?\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:^|\n)\s*governing\s+law\s*:?\s+\Z", re.IGNORECASE)
_ITS_LAW = re.compile(r"\s+(?:state\s+)?laws?\b", re.IGNORECASE)
_FEDERAL = {"United States", "United States of America", "Canada"}
_LAW_ITSELF = re.compile(r"\blaws?\Z", re.IGNORECASE)


def read_service(document: Document) -> list[Term]:
    """Find the promised uptime, the support hours and the governing law."""
    seen = view(document)
    return [*_uptime(seen), *_support(seen), *_governing_law(seen)]


def _uptime(seen: View) -> list[Term]:
    terms: list[Term] = []
    for found in seen.percents:
        if not _LOWEST < Decimal(found.value) <= 100:
            continue
        start = seen.before(found.start, _UPTIME_BEFORE)
        end = seen.after(found.end, _UPTIME_AFTER)
        if start is None and end is None:
            continue
        span = (start or found.start, end or found.end)
        narrow = (found.start, found.end)
        terms += seen.term(TermField.UPTIME, found.value, "service.uptime", span, narrow)
    return terms


def _support(seen: View) -> list[Term]:
    """Take the first whole sentence that speaks of support and names hours."""
    for span in sentences(seen):
        start, end = opening(seen.text, span)
        text = seen.text[start:end]
        if len(text) < _LONGEST and _SUPPORT.search(text) and _HOURS.search(text):
            citation = seen.cite(start, end)
            if citation:
                value = squash(citation.quote)
                return [Term(TermField.SUPPORT, value, citation, "service.support")]
    return []


def _governing_law(seen: View) -> list[Term]:
    """Take the place whose law is said to govern; a list of several places is a contradiction."""
    terms: list[Term] = []
    for start, end in sentences(seen):
        text = seen.text[start:end]
        match = _LAW.search(seen.text, start, end) if "aw" in text or "AW" in text else None
        if match is None:
            continue
        for found in places_in(text):
            first, last = start + found.start, start + found.end
            lead = seen.before(first, _WHOSE, 80)
            label = seen.before(first, _LABEL, 40)
            tail = seen.after(last, _ITS_LAW, 20)
            if _LAW_ITSELF.search(seen.text[first:last]):
                tail = last
            if lead is None and label is None and tail is None:
                continue
            if found.value in _FEDERAL and any(
                other.value not in _FEDERAL for other in places_in(seen.text[last : last + 120])
            ):
                continue  # "the United States and the State of Texas" means Texas
            opening = min(match.start(), lead or first, first)
            wide, narrow = (opening, max(last, tail or last)), (lead or first, tail or last)
            terms += seen.term(TermField.GOVERNING_LAW, found.value, "law.governs", wide, narrow)
            break
    return terms
