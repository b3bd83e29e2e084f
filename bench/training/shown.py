"""Find from which probability on a passage is shown, and a contract said to have a category."""

from __future__ import annotations

from collections.abc import Sequence

from bench.cuad import Contract, matches
from extraction.trained.passages import Passage

_LIKELIER = 0.5


def threshold(contracts: Sequence[Contract], ranked: Sequence[Sequence[Passage]], category: str) -> float:
    """Return the probability from which on showing passages of a category gives the best F1.

    What is likelier right than wrong is always shown.
    """
    told: list[tuple[float, list[tuple[int, int]]]] = []
    for number, (contract, passages) in enumerate(zip(contracts, ranked, strict=True)):
        quotes = contract.quotes(category)
        for one in passages:
            if one.category == category:
                said = contract.text[one.start : one.end]
                hits = [(number, place) for place, quote in enumerate(quotes) if matches(quote, said, category)]
                told.append((one.probability, hits))
    total = sum(len(contract.quotes(category)) for contract in contracts)
    best, least, wrong = 0.0, 0.5, 0
    found: set[tuple[int, int]] = set()
    for chance, hits in sorted(told, key=lambda one: -one[0]):
        found.update(hits)
        wrong += not hits
        f1 = 2 * len(found) / (len(found) + wrong + total)
        if f1 > best:
            best, least = f1, chance
    return min(least, _LIKELIER)


def present(contracts: Sequence[Contract], ranked: Sequence[Sequence[Passage]], category: str) -> float:
    """Return the probability of its best passage from which on a contract is best said to have the category."""
    told = [
        (
            max((one.probability for one in passages if one.category == category), default=0.0),
            bool(contract.spans.get(category)),
        )
        for contract, passages in zip(contracts, ranked, strict=True)
    ]
    total = sum(holds for _, holds in told)
    best, least, right = 0.0, 0.5, 0
    for count, (chance, holds) in enumerate(sorted(told, reverse=True), start=1):
        right += holds
        if 2 * right / (count + total) > best:
            best, least = 2 * right / (count + total), chance
    return least
