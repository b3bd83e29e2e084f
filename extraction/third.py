"""A third reader, whose every claim must stand in the text or is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.documents import Document
from domain.terms import REPEATABLE, Citation, Gap, Reading, Rival, Standing, Term, TermField
from extraction.citations import verify
from extraction.trained.lock import meaning

NAME = "language model"


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold what the third reader says a contract says, and the words it says so from."""

    field: TermField
    value: str
    quote: str


def with_third(reading: Reading, document: Document, claims: Sequence[Claim]) -> Reading:
    """Put a third reader's claims beside what the other two found.

    A claim whose quote does not stand in the text, or does not prove its value, is dropped and
    counted. One that confirms a value nobody contradicts is its second key; one that contradicts
    a value sends it to review; one that nobody else found waits for review.
    """
    proven = [term for claim in claims if (term := _proven(document, claim))]
    terms = tuple(_beside(term, proven) for term in reading.terms)
    known = {term.field for term in reading.terms}
    new = tuple({term.field: term for term in proven if term.field not in known}.values())
    found = {term.field.value for term in new}
    gaps = [gap for gap in reading.gaps if gap.field not in found]
    dropped = len(claims) - len(proven)
    if dropped:
        gaps.append(Gap("document", f"{dropped} claims of the {NAME} were dropped: their words do not prove them"))
    return replace(reading, terms=(*terms, *new), gaps=tuple(gaps))


def _proven(document: Document, claim: Claim) -> Term | None:
    """Return the claim as a term if its words stand in the text and its value follows from them."""
    for citation in _places(document, claim.quote):
        term = Term(claim.field, claim.value, citation, "third", None, Standing.NEEDS_REVIEW, readers=(NAME,))
        if verify(document, term):
            return term
    return None


def _places(document: Document, quote: str) -> Iterable[Citation]:
    """Yield where the words stand, however lines are broken."""
    words = quote.split()
    if not words:
        return
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    for page in document.pages:
        for match in pattern.finditer(page.text):
            yield Citation(document.sha256, page.number, match.start(), match.end(), match[0])


def _beside(term: Term, proven: Sequence[Term]) -> Term:
    claims = [one for one in proven if one.field is term.field]
    if not claims or term.field in REPEATABLE:
        return term
    if any(meaning(one.value) == meaning(term.value) for one in claims):
        sure = Standing.CONFIDENT if not term.rivals else term.standing
        return replace(term, standing=sure, readers=(*term.readers, NAME))
    rivals = (*term.rivals, *(Rival(one.value, one.citation, NAME) for one in claims[:1]))
    return replace(term, standing=Standing.NEEDS_REVIEW, rivals=rivals)
