"""What a person decided about a term, and which term a person should look at next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from math import log10

from domain.terms import EXPECTED, Citation, Gap, Reading, Term, TermField

_FAR = 730  # days; beyond two years no deadline presses more than another
_SMALLEST = Decimal(1000)


class ReviewVerdict(StrEnum):
    """Name what a person may say about a term."""

    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Review:
    """Hold one decision; `because` says why a value is right that does not follow from its quote."""

    field: TermField
    verdict: ReviewVerdict
    who: str
    at: datetime
    value: str = ""
    citation: Citation | None = None
    because: str = ""


def reviewed(reading: Reading, decisions: Sequence[Review]) -> Reading:
    """Return the reading as people left it; of several decisions about a field the newest counts."""
    newest = {review.field: review for review in sorted(decisions, key=lambda review: review.at)}
    replaced = {field for field, review in newest.items() if review.verdict is not ReviewVerdict.ACCEPTED}
    terms = tuple(term for term in reading.terms if term.field not in replaced)
    gaps = tuple(gap for gap in reading.gaps if gap.field not in replaced)
    for review in newest.values():
        if review.verdict is ReviewVerdict.CORRECTED and review.citation:
            terms = (*terms, Term(review.field, review.value, review.citation, f"review by {review.who}"))
        if review.verdict is ReviewVerdict.REJECTED:
            gaps = (
                *gaps,
                Gap(review.field, f"rejected by {review.who}" + (f": {review.because}" * bool(review.because))),
            )
    return replace(reading, terms=terms, gaps=gaps)


def doubts(reading: Reading, decisions: Sequence[Review]) -> Mapping[TermField, float]:
    """Return how doubtful each field is that waits for a person: 1 for a gap where a value is expected."""
    settled = {review.field for review in decisions}
    waiting = {}
    for gap in reading.gaps:
        field = next((one for one in TermField if one == gap.field), None)
        if field is not None and field not in settled:
            waiting[field] = 1.0 if field in EXPECTED else 0.5
    return waiting


def priority(amount: Decimal | None, days_left: int | None, doubt: float) -> float:
    """Rank a term for the review queue: value x closeness of the deadline x doubt, higher is sooner.

    Value counts by its order of magnitude, in whatever currency; an unknown deadline is taken for
    a close one, because nobody knows that it is not.
    """
    value = log10(float(max(amount, _SMALLEST))) if amount is not None else log10(float(_SMALLEST))
    left = 0 if days_left is None else min(max(days_left, 0), _FAR)
    return round(value * (1 - left / (_FAR + 1)) * doubt, 6)


def days_until(deadline: date | None, today: date) -> int | None:
    """Return the days to a deadline; `None` when there is none."""
    return None if deadline is None else (deadline - today).days
