"""How the contract ends, who may end it, what a party is liable and insured for, and what kind of paper it is."""

from __future__ import annotations

import re
from bisect import bisect_right

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.facts.kinds import paper
from extraction.facts.promises import ENDINGS
from extraction.facts.sides import actors, known, sided
from extraction.rules.identity import read_identity
from extraction.rules.parties import read_parties
from extraction.rules.passages import Span, passages, passages_about
from extraction.rules.view import View, squash, view

_LONGEST = 1800
_SHORT = re.compile(r"\"(?P<name>[A-Z][A-Za-z ]{1,40})\"")
_REACH = 300
_HEADING = re.compile(r"(?!.*\b(?:is|are|shall|will|may|must|can|has|have)\b)[A-Z][\w ,/-]{3,58}\.")
_OPENING = 4000
_SHORT_NAMES = re.compile(r"\(?[^()\n]{0,40}\"(?:the\s+)?(?P<name>[A-Z][A-Za-z ]{1,40})\"")
_NEUTRAL = re.compile(
    r"company|corporation|contractor|operator|owner|partner|host|publisher|developer|distributor|manufacturer"
)


def read_ending(document: Document) -> list[Term]:
    """Read every passage that may speak of these matters; the whole passage is the proof."""
    seen = view(document)
    sides = _sides(document, seen)
    terms = _kind(document)
    for family in ENDINGS:
        for span in passages_about(document, family.anchor):
            start, end = _with_body(document, span)
            if end - start <= _LONGEST:
                for field, value in family.read(squash(seen.text[start:end])):
                    told = sided(value, sides)
                    terms += seen.term(field, told, f"{family.name}.{field}", (start, end)) if told else []
    return _one_kind_of_term(terms)


def _with_body(document: Document, span: Span) -> Span:
    """Read a heading such as `Termination for convenience.` together with the sentence that follows it."""
    if not _HEADING.fullmatch(view(document).text[slice(*span)].strip()):
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


def _one_kind_of_term(terms: list[Term]) -> list[Term]:
    """Let an end that is told prevail over `until terminated`, which then is only said beside it."""
    fixed = any(term.field is TermField.TERM_TYPE and term.value == "fixed" for term in terms)
    return [term for term in terms if not (fixed and term.field is TermField.TERM_TYPE and term.value != "fixed")]


def _sides(document: Document, seen: View) -> dict[str, str]:
    """Return the side of each name: that of the company, and the short one it is given in quotes."""
    sides: dict[str, str] = {}
    for party in read_parties(document):
        if not party.role:
            continue
        end = seen.starts[party.citation.page - 1] + party.citation.end
        short = _SHORT.search(seen.text, end, end + _REACH)
        sides[party.name.casefold()] = party.role
        if short:
            sides.setdefault(short["name"].casefold().removeprefix("the ").strip(), party.role)
    return _with_neutral(sides, seen)


def _with_neutral(sides: dict[str, str], seen: View) -> dict[str, str]:
    """Give a neutral short name such as `Company` the side that no other short name has."""
    names = {match["name"].casefold().strip() for match in _SHORT_NAMES.finditer(seen.text[:_OPENING])}
    told = {side for name in names for side in actors(f"{name} shall") if known(side)} & {"customer", "provider"}
    neutral = [name for name in names - sides.keys() if _NEUTRAL.fullmatch(name)]
    if len(told) == 1 and len(neutral) == 1:
        return {**sides, neutral[0]: "provider" if told == {"customer"} else "customer"}
    return sides
