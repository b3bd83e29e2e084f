"""What availability, credits and support the contract promises."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.facts.families import Family
from extraction.facts.joints import REFERS
from extraction.facts.promises import LEVELS
from extraction.rules.credits import read_ladder
from extraction.rules.passages import Span, passages, passages_about
from extraction.rules.sentences import opening, sentences_about
from extraction.rules.view import View, squash, view
from extraction.values.windows import lowered

_LONGEST = 1500
_LEVELS = re.compile(
    r"up-?\s?time|service[\s-]+(?:level|credit)|\bsla\b|availability\s+(?:of\s+(?:the\s+)?(?:[\w-]+\s+)?(?:service|platform|system|software)"
    r"|target|commitment|percentage|credit|:|\|)"
)
_LEAST = Decimal(90)  # per cent of the time
_UP = ("availab", "reachab", "accessib", "operational", "online", "usable", "running", "of the time")
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
    low = lowered(seen.text)
    spoken = _LEVELS.search(low) is not None
    if not spoken and not (_percents_high(seen) and any(word in low for word in _UP)):
        return []
    terms = _of_families(document, seen, LEVELS[:1])
    promised = any(term.field is TermField.UPTIME for term in terms)
    if spoken or promised:
        terms += _of_families(document, seen, LEVELS[1:])
    return terms if promised else [term for term in terms if term.field is not TermField.UPTIME_WINDOW]


def _percents_high(seen: View) -> bool:
    return any(Decimal(found.value) >= _LEAST for found in seen.percents)


def _of_families(document: Document, seen: View, families: Sequence[Family]) -> list[Term]:
    behind = dict(pairwise(passages(document)))
    places = ((family, span) for family in families for span in passages_about(document, family.anchor))
    return [term for family, span in places for term in _told(seen, family, span, behind.get(span))]


def _told(seen: View, family: Family, span: Span, behind: Span | None) -> list[Term]:
    """Read one passage, and with it the passage behind that begins with `it` or `the cap`."""
    if span[1] - span[0] > _LONGEST:
        return []
    found = _read(seen, family, span)
    if behind is None or not REFERS.match(seen.text, *behind) or behind[1] - span[0] > _LONGEST:
        return found
    told = {(term.field, term.value) for term in found}
    both = _read(seen, family, (span[0], behind[1]))
    return [*found, *(term for term in both if (term.field, term.value) not in told)]


def _read(seen: View, family: Family, span: Span) -> list[Term]:
    facts = family.read(squash(seen.text[slice(*span)]))
    return [term for field, value in facts for term in seen.term(field, value, f"{family.name}.{field}", span)]


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
