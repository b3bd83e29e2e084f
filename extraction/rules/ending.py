"""How the contract ends, who may end it, what a party is liable and insured for, and what kind of paper it is."""

from __future__ import annotations

import re
from bisect import bisect_right

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.facts.kinds import paper
from extraction.facts.promises import ENDINGS
from extraction.facts.sides import sided
from extraction.rules.identity import read_identity
from extraction.rules.passages import Span, passages, passages_about
from extraction.rules.sides import sides_of
from extraction.rules.view import squash, view

_LONGEST = 1800
_LONGEST_HEADING = 80
_HEADING = re.compile(r"(?!.*\b(?:is|are|shall|will|may|must|can|has|have)\b)[A-Z][\w ,/-]{3,58}\.")


def read_ending(document: Document) -> list[Term]:
    """Read every passage that may speak of these matters; the whole passage is the proof."""
    seen = view(document)
    sides = sides_of(document)
    terms = _kind(document)
    for family in ENDINGS:
        for span in passages_about(document, family.anchor):
            start, end = _with_body(document, span)
            if end - start <= _LONGEST:
                for field, value in family.read(squash(seen.text[start:end])):
                    told = sided(value, sides)
                    terms += seen.term(field, told, f"{family.name}.{field}", (start, end)) if told else []
    return _first_audit(_one_kind_of_term(terms))


def _with_body(document: Document, span: Span) -> Span:
    """Read a heading such as `Termination for convenience.` together with the sentence that follows it."""
    start, end = span
    if end - start > _LONGEST_HEADING or not _HEADING.fullmatch(view(document).text[slice(*span)].strip()):
        return span
    spans = passages(document)
    place = bisect_right(spans, span)
    follows = spans[place] if place < len(spans) else span
    beside = not view(document).text[span[1] : follows[0]].strip(" ")
    return (span[0], follows[1]) if beside else span


def _kind(document: Document) -> list[Term]:
    return [
        Term(field, value, title.citation, "paper.title")
        for title in read_identity(document)
        if title.field is TermField.TITLE
        for field, value in paper(title.value)
    ]


def _first_audit(terms: list[Term]) -> list[Term]:
    """Keep the sentence that gives the right; those that follow only say how it is used."""
    rights = [term for term in terms if term.field is TermField.AUDIT_RIGHT]
    return [term for term in terms if term not in rights[1:]]


def _one_kind_of_term(terms: list[Term]) -> list[Term]:
    """Let an end that is told prevail over `until terminated`, which then is only said beside it."""
    fixed = any(term.field is TermField.TERM_TYPE and term.value == "fixed" for term in terms)
    return [term for term in terms if not (fixed and term.field is TermField.TERM_TYPE and term.value != "fixed")]
