"""Rival readings that are none: words that both readers take for another term do not make this one doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from domain.terms import Citation, Rival, Term

_BOTH = 2


def settled(terms: Sequence[Term]) -> list[Term]:
    """Return the terms without rivals whose very words both readers agree to mean another term of that value.

    The twelve months of a renewal are no second reading of an initial term of twenty-four.
    """
    agreed = [term for term in terms if len(set(term.readers)) >= _BOTH]
    return [
        replace(term, rivals=tuple(one for one in term.rivals if not _is_told(one, term, agreed)))
        if term.rivals
        else term
        for term in terms
    ]


def _is_told(rival: Rival, term: Term, agreed: Sequence[Term]) -> bool:
    return any(
        other.field is not term.field
        and other.value == rival.value
        and _within(rival.citation, other.citation)
        and not _within(term.citation, other.citation)
        for other in agreed
    )


def _within(inner: Citation, outer: Citation) -> bool:
    return inner.page == outer.page and outer.start <= inner.start and inner.end <= outer.end
