"""Read the terms of a contract by rules; what is missing or contradictory becomes a gap."""

from __future__ import annotations

import re
from collections.abc import Iterable

from domain.documents import Document
from domain.terms import REPEATABLE, Gap, Reading, Term, TermField, expected
from extraction.rules.amendments import read_changes
from extraction.rules.commercial import read_commercial
from extraction.rules.dates import read_dates
from extraction.rules.ending import read_ending
from extraction.rules.identity import read_identity
from extraction.rules.law import read_law
from extraction.rules.notice import read_notice
from extraction.rules.obligations import read_obligations
from extraction.rules.parties import read_parties
from extraction.rules.products import read_lines
from extraction.rules.renewal import read_renewal
from extraction.rules.service import read_service
from extraction.rules.special import read_special
from extraction.rules.term import read_term
from extraction.rules.value import read_value

__all__ = ["read_terms"]

_FAMILIES = (
    read_identity,
    read_dates,
    read_term,
    read_renewal,
    read_notice,
    read_value,
    read_commercial,
    read_service,
    read_law,
    read_ending,
    read_special,
    read_obligations,
)
_LONGEST = 600
_YEARS = re.compile(r"P(\d+)Y")
_ABSENT = "the text does not state it in words that the rules recognise"


def read_terms(document: Document) -> Reading:
    """Collect every term with its citation; nothing is derived and nothing is guessed."""
    if document.problem is not None:
        return Reading(gaps=(Gap("document", document.problem_detail or document.problem.value),))
    found = [term for family in _FAMILIES for term in family(document)]
    candidates = [term for term in found if len(term.value) <= _LONGEST]
    terms = list(_decided(candidates))
    gaps = [*_contradictions(candidates), *_overlong(found), *_unread(document)]
    gaps += _missing({term.field for term in terms}, {gap.field for gap in gaps}, terms)
    parties, lines = tuple(read_parties(document)), tuple(read_lines(document))
    return Reading(tuple(terms), parties, lines, tuple(gaps), changes=tuple(read_changes(document)))


def _decided(candidates: Iterable[Term]) -> Iterable[Term]:
    """Yield repeatable terms once each, and single ones where all readings agree."""
    by_field = _by_field(candidates)
    for field, terms in by_field.items():
        if field in REPEATABLE:
            yield from {term.value: term for term in terms}.values()
        elif len({_meaning(term.value) for term in terms}) == 1:
            yield terms[0]


def _contradictions(candidates: Iterable[Term]) -> Iterable[Gap]:
    for field, terms in _by_field(candidates).items():
        readings = {_meaning(term.value): term for term in reversed(terms)}
        if field not in REPEATABLE and len(readings) > 1:
            listed = " and ".join(f"{term.value} (page {term.citation.page})" for term in reversed(readings.values()))
            count = {2: "two", 3: "three"}.get(len(readings), "several")
            yield Gap(field.value, f"{count} readings: {listed}")


def _meaning(value: str) -> str:
    """Write whole years as months, so that `P1Y` and `P12M` do not contradict each other."""
    years = _YEARS.fullmatch(value)
    return f"P{int(years[1]) * 12}M" if years else value


def _overlong(found: Iterable[Term]) -> Iterable[Gap]:
    """Name what is no single term but a passage that a person must read."""
    long = [term for term in found if len(term.value) > _LONGEST]
    for field, terms in _by_field(long).items():
        pages = ", ".join(str(number) for number in sorted({term.citation.page for term in terms}))
        yield Gap(field.value, f"a passage longer than {_LONGEST} characters was not read (page {pages})")


def _missing(found: set[TermField], gaps: set[str], terms: list[Term]) -> Iterable[Gap]:
    """Name the expected fields that are absent; without renewal no notice is to be expected."""
    ends = any(term.field is TermField.RENEWAL_TYPE and term.value == "none" for term in terms)
    kind = next((term.value for term in terms if term.field is TermField.DOCUMENT_TYPE), None)
    for field in expected(kind):
        idle = field is TermField.NOTICE_PERIOD and ends
        if field not in found and field.value not in gaps and not idle:
            yield Gap(field.value, _ABSENT)


def _unread(document: Document) -> Iterable[Gap]:
    if document.problem_detail:
        yield Gap("document", document.problem_detail)


def _by_field(candidates: Iterable[Term]) -> dict[TermField, list[Term]]:
    by_field: dict[TermField, list[Term]] = {}
    for term in candidates:
        by_field.setdefault(term.field, []).append(term)
    return by_field
