"""Read values out of the passages that the trained reader ranks highest, each with how likely it is right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from domain.terms import TermField
from extraction.facts.renewals import notice
from extraction.facts.renewed import renewed_for
from extraction.trained.ends import ends
from extraction.trained.linear import Linear, probability
from extraction.trained.passages import Passage
from extraction.trained.spotting import By, Guess, days, laws, lengths_told

READ_FROM: Mapping[TermField, str] = {
    TermField.AGREEMENT_DATE: "Agreement Date",
    TermField.EFFECTIVE_DATE: "Effective Date",
    TermField.EXPIRATION_DATE: "Expiration Date",
    TermField.RENEWAL_TERM: "Renewal Term",
    TermField.NOTICE_PERIOD: "Notice Period To Terminate Renewal",
    TermField.GOVERNING_LAW: "Governing Law",
}
FIELDS = tuple(READ_FROM)
# A contract that says nothing else starts when it is made; its notice often stands beside its renewal.
_READ_TOO = {
    TermField.EFFECTIVE_DATE: READ_FROM[TermField.AGREEMENT_DATE],
    TermField.NOTICE_PERIOD: READ_FROM[TermField.RENEWAL_TERM],
}
_MOST_PASSAGES, _MOST_TOO = 6, 2
_LEAST_PASSAGE = 0.02


def guesses(text: str, ranked: Sequence[Passage], field: TermField) -> list[Guess]:
    """Return every value of a field that the ranked passages hold, each value once."""
    by_category: dict[str, list[Passage]] = {}
    for one in ranked:
        by_category.setdefault(one.category, []).append(one)
    near = _likeliest(by_category.get(READ_FROM[field], ()), _MOST_PASSAGES)
    if field in _READ_TOO:
        near += _likeliest(by_category.get(_READ_TOO[field], ()), _MOST_TOO)
    return _merged(_FIND[field](text, near, by_category))


def _likeliest(found: Sequence[Passage], most: int) -> list[Passage]:
    likely = sorted(found, key=lambda one: -one.probability)[:most]
    return [one for one in likely if one.probability >= _LEAST_PASSAGE]


def judged(found: Sequence[Guess], line: Linear) -> list[Guess]:
    """Return the guesses with their probability, the likeliest first."""
    if not found:
        return []
    chances = probability(line.logits([guess.known for guess in found]))[:, 0]
    told = [replace(guess, probability=float(chance)) for guess, chance in zip(found, chances, strict=True)]
    return sorted(told, key=lambda guess: -guess.probability)


def _merged(found: Iterable[Guess]) -> list[Guess]:
    """Make one guess of all that say the same; what is known of them adds up, the first quote stands."""
    merged: dict[str, Guess] = {}
    for guess in found:
        told = merged.get(guess.value)
        known = guess.known | {"said again"} if told else guess.known
        first = told or guess
        merged[guess.value] = replace(first, known=first.known | known)
    return list(merged.values())


_FIND: Mapping[TermField, Callable[[str, Sequence[Passage], By], list[Guess]]] = {
    TermField.AGREEMENT_DATE: days,
    TermField.EFFECTIVE_DATE: days,
    TermField.EXPIRATION_DATE: ends,
    TermField.RENEWAL_TERM: lengths_told(renewed_for),
    TermField.NOTICE_PERIOD: lengths_told(notice),
    TermField.GOVERNING_LAW: laws,
}
