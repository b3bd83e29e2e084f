"""Find from which probability on a passage is shown, and a contract said to have a category.

F1 over all categories together is best where every category is cut at half of that F1
(Lipton et al. 2014, https://arxiv.org/abs/1402.1892), not where the F1 of each alone is best.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.cuad import Contract, matches
from extraction.trained.passages import Passage
from extraction.trained.ranking import MENTIONED
from extraction.trained.reader import anywhere

_WORTH_SHOWING = 0.39  # half of the F1 that passages reach together
_WORTH_SAYING = 0.46  # half of the F1 that contracts reach together
_LIKELIER = 0.5

Told = tuple[float, int, int]  # probability, how many answers it adds, how many predictions


def threshold(contracts: Sequence[Contract], ranked: Sequence[Sequence[Passage]], category: str) -> float:
    """Return the probability from which on passages of a category are worth showing.

    A passage that is likelier right than wrong is always shown; a second beginning of the same title is not.
    """
    told: list[Told] = []
    for contract, passages in zip(contracts, ranked, strict=True):
        told += _passages(contract, [one for one in passages if one.category == category], category)
    least = cut(told, _WORTH_SHOWING)
    return least if category in MENTIONED else min(least, _LIKELIER)


def present(contracts: Sequence[Contract], ranked: Sequence[Sequence[Passage]], category: str) -> float:
    """Return the probability of any of its passages from which on a contract is best said to have the category."""
    told = [
        (anywhere(passages).get(category, 0.0), int(bool(contract.spans.get(category))), 1)
        for contract, passages in zip(contracts, ranked, strict=True)
    ]
    return cut(told, _WORTH_SAYING)


def cut(told: Iterable[Told], worth: float) -> float:
    """Return the probability down to which answers gained outweigh predictions made; 0.5 where none ever do."""
    best, least, gain = 0.0, _LIKELIER, 0.0
    for chance, right, made in sorted(told, key=lambda one: -one[0]):
        gain += right - worth * made
        if gain > best:
            best, least = gain, chance
    return least


def _passages(contract: Contract, found: Sequence[Passage], category: str) -> list[Told]:
    """Tell what each passage adds to the likelier ones; the same answer once more adds and costs nothing."""
    told: list[Told] = []
    waiting = set(quotes := contract.quotes(category))
    for one in sorted(found, key=lambda one: -one.probability):
        said = contract.text[one.start : one.end]
        right = {quote for quote in quotes if matches(quote, said, category)}
        new = sum(quote in right & waiting for quote in quotes)
        waiting -= right
        told.append((one.probability, new, new if right else 1))
    return told
