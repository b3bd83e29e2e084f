"""How long the contract first runs."""

from __future__ import annotations

import re
from collections.abc import Callable

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.facts.lengths import lengths, named_lengths
from extraction.facts.lifetimes import lifetimes
from extraction.rules.identity import renews_another
from extraction.rules.passages import passages_at
from extraction.rules.spans import Spanned, labelled_spans, spans_from
from extraction.rules.tiers import first_that_finds
from extraction.rules.view import View, view
from extraction.values import Duration, Found
from extraction.values.spans import whole_months

_NAMED = r"(?:initial|minimum|fixed|committed|subscription)\s+(?:subscription\s+|contract\s+)?"
_BETWEEN = (
    r"(?:\s+of\s+(?:this|the)\s+(?:agreement|contract|order(?:\s+form)?|subscription))?[\"')]*\s*:?\s*"
    r"(?:(?:is|shall\s+be|will\s+be|of|for|lasts?|runs?|shall\s+(?:run|continue|last))\s+)?"
    r"(?:(?:a|for|period|term|of|is)\s+){0,4}"
)
_INITIAL = re.compile(rf"\b{_NAMED}(?:term|period){_BETWEEN}\Z", re.IGNORECASE)
_RENEWED = re.compile(rf"\brenewal\s+(?:term|period){_BETWEEN}\Z", re.IGNORECASE)
_RENEWAL_TALK = re.compile(r"\b(?:renew|extend|extension|successive|additional|further)\w*", re.IGNORECASE)


def read_term(document: Document) -> list[Term]:
    """Find the initial term as a period."""
    seen = view(document)
    return first_that_finds(
        lambda: [
            *_led(seen, "term.initial", _INITIAL),
            *_months(seen, "term.span", labelled_spans(seen)),
            *(_led(seen, "term.renewed", _RENEWED) if renews_another(seen) else []),
        ],
        lambda: _in_passages(seen, "term.life", lifetimes),
        lambda: _in_passages(seen, "term.named", named_lengths),
        lambda: _months(seen, "term.from_through", spans_from(seen)),
        lambda: _in_passages(seen, "term.told", lengths),
    )


def _led(seen: View, rule: str, pattern: re.Pattern[str]) -> list[Term]:
    terms: list[Term] = []
    for found in seen.durations:
        start = seen.before(found.start, pattern, 260)
        if start is None or found.value.business or _about_renewal(seen, start, found.end, rule):
            continue
        value, narrow = str(found.value.period), (found.start, found.end)
        terms += seen.term(TermField.INITIAL_TERM, value, rule, (start, found.end), narrow)
    return terms


def _in_passages(seen: View, rule: str, read: Callable[[str], list[Found[Duration]]]) -> list[Term]:
    """Read each passage that holds a length of time; the whole passage is the proof."""
    terms: list[Term] = []
    lengths_of_time = (found.start for found in seen.durations if not found.value.business)
    for start, end in passages_at(seen.document, lengths_of_time):
        for found in read(seen.text[start:end]):
            narrow = (start + found.start, start + found.end)
            terms += seen.term(TermField.INITIAL_TERM, str(found.value.period), rule, (start, end), narrow)
    return terms


def _about_renewal(seen: View, start: int, end: int, rule: str) -> bool:
    """Tell whether the length belongs to an extension rather than to the first term."""
    if rule == "term.renewed":
        return False
    lead = seen.text[max(0, start - 40) : start].rpartition(".")[2]
    if lead.endswith("\n") and seen.text[start].isupper():
        lead = ""  # what stands above a line that begins anew is a heading
    return bool(_RENEWAL_TALK.search(lead) or _RENEWAL_TALK.search(seen.text[start:end]))


def _months(seen: View, rule: str, spans: list[Spanned]) -> list[Term]:
    """Read a first and a last day where what lies between is a whole number of months."""
    terms: list[Term] = []
    for start, first, last in spans:
        period = whole_months(first.value, last.value)
        if period:
            terms += seen.term(TermField.INITIAL_TERM, str(period), rule, (start, last.end))
    return terms
