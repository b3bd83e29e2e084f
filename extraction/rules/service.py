"""What availability, credits and support the contract promises."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.facts.promises import LEVELS
from extraction.rules.credits import read_ladder
from extraction.rules.passages import passages_about
from extraction.rules.sentences import opening, sentences_about
from extraction.rules.view import View, squash, view
from extraction.values.windows import lowered

_LONGEST = 1500
_LEVELS = re.compile(
    r"up-?\s?time|service[\s-]+(?:level|credit)|\bsla\b|availability\s+(?:of\s+(?:the\s+)?(?:[\w-]+\s+)?(?:service|platform|system|software)"
    r"|target|commitment|percentage|credit|:|\|)|(?:availab|reachab)\w+[^.;%]{0,60}\d\d(?:[.,]\d+)?\s?(?:%|per)|available\s+(?:[\w-]+\s+){0,4}(?:\S+\s+){0,2}\d\d(?:[.,]\d+)?\s?(?:%|per)"
)
_HELP = re.compile(r"support|help\s+desk|assistance")
_SUPPORT = re.compile(r"\b(?:support|help\s+desk|assistance\s+service)\b", re.IGNORECASE)
_HOURS = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b|\b\d{1,2}[:.]\d\d\b|\btwenty-four\s+hours\b"
    r"|\b24\s?(?:/|x)\s?7\b|\baround\s+the\s+clock\b",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(r"\bis\s+(?:made|entered)\b|\bwhereas\b|\bby\s+and\s+between\b|\bhereinafter\b", re.IGNORECASE)
_LONGEST_SUPPORT = 600


def read_service(document: Document) -> list[Term]:
    """Find the promised uptime, its credits and the support hours."""
    seen = view(document)
    return [*_promises(document, seen), *read_ladder(seen), *_support(seen)]


def _promises(document: Document, seen: View) -> list[Term]:
    """Read the service levels of a paper that has any; elsewhere the same words speak of other matters."""
    if not _LEVELS.search(lowered(seen.text)):
        return []
    terms: list[Term] = []
    for family in LEVELS:
        for start, end in passages_about(document, family.anchor):
            if end - start <= _LONGEST:
                for field, value in family.read(squash(seen.text[start:end])):
                    terms += seen.term(field, value, f"{family.name}.{field}", (start, end))
    promised = any(term.field is TermField.UPTIME for term in terms)
    return terms if promised else [term for term in terms if term.field is not TermField.UPTIME_WINDOW]


def _support(seen: View) -> list[Term]:
    """Take the first whole sentence that speaks of support and names hours."""
    for span in sentences_about(seen, _HELP):
        start, end = opening(seen.text, span)
        text = seen.text[start:end]
        if (
            len(text) < _LONGEST_SUPPORT
            and not _PREAMBLE.search(text)
            and _SUPPORT.search(text)
            and _HOURS.search(text)
        ):
            citation = seen.cite(start, end)
            if citation:
                value = squash(citation.quote)
                return [Term(TermField.SUPPORT, value, citation, "service.support")]
    return []
