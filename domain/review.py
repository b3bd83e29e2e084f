"""What a person decided about a term, and which term a person should look at next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from math import log10

from domain.terms import Citation, Gap, Reading, Standing, Term, TermField, expected

_FAR = 730  # days; beyond two years no deadline presses more than another
_SMALLEST = Decimal(1000)
_ONE_KEY = 0.3  # the doubt about a value that only one reader can find
_LITTLE = 0.02
_QUOTE = 120


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
    terms = tuple(
        _accepted(term) if term.field in newest else term for term in reading.terms if term.field not in replaced
    )
    gaps = tuple(gap for gap in reading.gaps if gap.field not in replaced)
    for review in newest.values():
        if review.verdict is ReviewVerdict.CORRECTED and review.citation:
            made = Term(review.field, review.value, review.citation, f"review by {review.who}", readers=(review.who,))
            terms = (*terms, _accepted(made))
        if review.verdict is ReviewVerdict.REJECTED:
            gaps = (
                *gaps,
                Gap(review.field, f"rejected by {review.who}" + (f": {review.because}" * bool(review.because))),
            )
    return replace(reading, terms=terms, gaps=gaps)


def _accepted(term: Term) -> Term:
    """Return a term that a person vouches for."""
    return replace(term, standing=Standing.CONFIDENT, rivals=())


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hold how doubtful a field is, from 0 to 1, and what there is to decide."""

    doubt: float
    why: str


def doubts(reading: Reading, decisions: Sequence[Review]) -> Mapping[TermField, Waiting]:
    """Return the fields that wait for a person: values in doubt, and gaps, surest doubt where one is expected."""
    settled = {review.field for review in decisions}
    kind = reading.get(TermField.DOCUMENT_TYPE)
    needed = expected(kind.value if kind else None)
    waiting = {
        term.field: Waiting(_doubt(term), _reason(term))
        for term in reading.terms
        if term.standing is Standing.NEEDS_REVIEW and term.field not in settled
    }
    for gap in reading.gaps:
        field = next((one for one in TermField if one == gap.field), None)
        if field is not None and field not in settled:
            waiting[field] = Waiting(1.0 if field in needed else 0.5, gap.why)
    return waiting


def _doubt(term: Term) -> float:
    if term.confidence is None:
        return _ONE_KEY
    return max(_LITTLE, 1 - term.confidence)


def _reason(term: Term) -> str:
    """Say what each reader quotes."""
    own = f"{term.value} (page {term.citation.page}: “{_short(term.citation.quote)}”)"
    if term.rivals:
        theirs = [f"{one.value} (page {one.citation.page}: “{_short(one.citation.quote)}”)" for one in term.rivals]
        return f"the readers disagree: {own} or {' or '.join(theirs)}"
    sure = f"; such values are right in {term.confidence:.0%} of cases" if term.confidence is not None else ""
    who = "only one reader finds it" if len(term.readers) == 1 else "both readers agree without being sure"
    return f"{who}: {own}{sure}"


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= _QUOTE else words[: _QUOTE - 1] + "…"


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
