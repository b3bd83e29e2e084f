"""Train every part of the reader and pack it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from bench.cuad import Contract, matches
from bench.training.lock import Said, train_values
from bench.training.mentions import train_dates, train_titles
from bench.training.passages import Example, Looks, example, pool, train
from domain.documents import Document, Page
from extraction.keys import rules_say
from extraction.rules import read_terms
from extraction.trained.artefact import Arrays, Second, packed, write
from extraction.trained.lexicon import CATEGORIES
from extraction.trained.linear import Linear
from extraction.trained.passages import LEAST, Passage
from extraction.trained.ranking import WHOLE_PASSAGES, gathered, mentions_by, once
from extraction.trained.trees import Trees
from extraction.trained.values import FIELDS

_ABOUT = {
    "trained on": "CUAD v1, training split, The Atticus Project, https://www.atticusprojectai.org/cuad",
    "licence of the data": "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
}
_FOLDS = 3
_LIKELIER = 0.5


@dataclass(frozen=True)
class Prepared:
    """Hold a contract with its passages and what the rules say of it."""

    contract: Contract
    example: Example
    said: dict[str, str]


def prepared(contract: Contract) -> Prepared:
    """Cut a contract into passages and read it with the rules."""
    document = document_of(contract)
    return Prepared(contract, example(contract), dict(rules_say(read_terms(document))))


def document_of(contract: Contract) -> Document:
    """Return a contract's text as a document of one page."""
    return Document(sha256(contract.text.encode()).hexdigest(), (Page(1, contract.text),))


def prepare(contracts: Sequence[Contract]) -> list[Prepared]:
    """Prepare contracts on both cores."""
    with pool() as workers:
        return list(workers.map(prepared, contracts, chunksize=8))


def trained(ready: Sequence[Prepared]) -> bytes:
    """Return the model as the bytes of its file."""
    contracts = [one.contract for one in ready]
    looks = train([one.example for one in ready])
    arrays: dict[str, NDArray[np.generic]] = {"about": packed(json.dumps(_ABOUT))}
    arrays |= _linear("passages", looks.first) | _second(looks.second)
    arrays |= _forest("shared", [looks.shared.trees]) | {"shared_common": looks.shared.common}
    arrays |= _linear("dates", train_dates(contracts)) | _linear("titles", train_titles(contracts))
    ranked = _unseen(ready, looks)
    said: Said = [one.said for one in ready]  # type: ignore[assignment]
    for field in FIELDS:
        line, lock = train_values(contracts, ranked, said, field)
        arrays |= _linear(f"value {field}", line) | {f"lock {field}": lock}
    arrays["clauses"] = np.array([_threshold(contracts, ranked, name) for name in CATEGORIES], np.float32)
    arrays["present"] = np.array([_present(contracts, ranked, name) for name in CATEGORIES], np.float32)
    return write(arrays)


def _unseen(ready: Sequence[Prepared], looks: Looks) -> list[list[Passage]]:
    """Rank each contract by readers that have not seen it."""
    lines = []
    for fold in range(_FOLDS):
        others = [one.contract for place, one in enumerate(ready) if place % _FOLDS != fold]
        lines.append((train_dates(others), train_titles(others)))
    ranked = []
    for place, (one, chances) in enumerate(zip(ready, looks.unseen, strict=True)):
        text = one.contract.text
        found = [
            Passage(CATEGORIES[number], *one.example.spans[passage], chance)
            for number, passage, chance in chances
            if chance >= LEAST and CATEGORIES[number] not in WHOLE_PASSAGES
        ]
        ranked.append([*gathered(found), *once(text, mentions_by(text, *lines[place % _FOLDS]))])
    return ranked


def _threshold(contracts: Sequence[Contract], ranked: Sequence[Sequence[Passage]], category: str) -> float:
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


def _present(contracts: Sequence[Contract], ranked: Sequence[Sequence[Passage]], category: str) -> float:
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


def _linear(name: str, line: Linear) -> dict[str, NDArray[np.generic]]:
    squares = {} if line.squares is None else {f"{name} squares": line.squares.astype(np.float16)}
    return squares | {
        f"{name} words": packed("\n".join(line.rows)),
        f"{name} weights": line.weights,
        f"{name} scale": line.scale,
        f"{name} bias": line.bias,
    }


def _second(looks: Sequence[Second]) -> Arrays:
    return _forest("tree", [look.trees for look in looks]) | {
        "second_line": np.stack([look.line for look in looks]),
        "second_bias": np.array([look.bias for look in looks], np.float32),
    }


def _forest(name: str, forest: Sequence[Trees]) -> dict[str, NDArray[np.generic]]:
    """Pad trees to the same shape and put them behind each other."""
    nodes = max(trees.column.shape[1] for trees in forest)
    count = max(trees.column.shape[0] for trees in forest)

    def together(part: str) -> NDArray[np.generic]:
        arrays = [getattr(trees, part) for trees in forest]
        spaces = [((0, count - one.shape[0]), (0, nodes - one.shape[1])) for one in arrays]
        return np.stack([np.pad(one, space) for one, space in zip(arrays, spaces, strict=True)])

    parts = {f"{name}_{part}": together(part) for part in ("column", "left", "right", "threshold", "value")}
    return parts | {
        f"{name}_depth": np.array([trees.depth for trees in forest], np.uint8),
        f"{name}_start": np.array([trees.start for trees in forest], np.float32),
    }
