"""Train every part of the reader and pack it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from bench.cuad import Contract
from bench.training.compared import Mentioned, train_mentions
from bench.training.lock import train_values
from bench.training.passages import Example, Looks, example, pool, train
from bench.training.shown import present, threshold
from domain.documents import Document, Page
from domain.terms import TermField
from extraction.keys import rules_say
from extraction.rules import read_terms
from extraction.trained.artefact import Second, packed, write
from extraction.trained.lexicon import CATEGORIES
from extraction.trained.linear import Linear
from extraction.trained.passages import LEAST, Passage
from extraction.trained.ranking import WHOLE_PASSAGES, gathered
from extraction.trained.trees import Trees
from extraction.trained.values import FIELDS

_ABOUT = {
    "trained on": "CUAD v1, training split, The Atticus Project, https://www.atticusprojectai.org/cuad",
    "licence of the data": "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
}

Weights = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Prepared:
    """Hold a contract with its passages and what the rules say of it."""

    contract: Contract
    example: Example
    said: Mapping[TermField, str]


def prepared(contract: Contract) -> Prepared:
    """Cut a contract into passages and read it with the rules."""
    document = document_of(contract)
    return Prepared(contract, example(contract), rules_say(read_terms(document)))


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
    arrays: Weights = {"about": packed(json.dumps(_ABOUT))}
    arrays |= _linear("passages", looks.first) | _seconds("second", looks.second)
    arrays |= _forest("shared", [looks.shared.trees]) | {"shared_common": looks.shared.common}
    with pool() as workers:
        mentioned = train_mentions(contracts, workers)
    arrays |= _linear("dates", mentioned.dates) | _linear("titles", mentioned.titles)
    arrays |= _seconds("compared", mentioned.compared)
    return write(arrays | _from_unseen(ready, _unseen(ready, looks, mentioned)))


def _from_unseen(ready: Sequence[Prepared], ranked: Sequence[Sequence[Passage]]) -> Weights:
    """Train what learns from rankings of contracts by readers that have not seen them, on both cores."""
    contracts, said = [one.contract for one in ready], [one.said for one in ready]
    arrays: Weights = {}
    with pool() as workers:
        learned = workers.map(partial(train_values, contracts, ranked, said), FIELDS)
        clauses = workers.map(partial(threshold, contracts, ranked), CATEGORIES, chunksize=11)
        here = workers.map(partial(present, contracts, ranked), CATEGORIES, chunksize=11)
        for field, (line, lock) in zip(FIELDS, learned, strict=True):
            arrays |= _linear(f"value {field}", line) | {f"lock {field}": lock}
        arrays["clauses"] = np.array(list(clauses), np.float32)
        arrays["present"] = np.array(list(here), np.float32)
    return arrays


def _unseen(ready: Sequence[Prepared], looks: Looks, mentioned: Mentioned) -> list[list[Passage]]:
    """Rank each contract by readers that have not seen it."""
    ranked = []
    for one, chances, mentions in zip(ready, looks.unseen, mentioned.unseen, strict=True):
        found = [
            Passage(CATEGORIES[number], *one.example.spans[passage], chance)
            for number, passage, chance in chances
            if chance >= LEAST and CATEGORIES[number] not in WHOLE_PASSAGES
        ]
        ranked.append([*gathered(found), *mentions])
    return ranked


def _linear(name: str, line: Linear) -> Weights:
    squares = {} if line.squares is None else {f"{name} squares": line.squares.astype(np.float16)}
    return squares | {
        f"{name} words": packed("\n".join(line.rows)),
        f"{name} weights": line.weights,
        f"{name} scale": line.scale,
        f"{name} bias": line.bias,
    }


def _seconds(name: str, looks: Sequence[Second]) -> Weights:
    return _forest(name, [look.trees for look in looks]) | {
        f"{name}_line": np.stack([look.line for look in looks]),
        f"{name}_bias": np.array([look.bias for look in looks], np.float32),
    }


def _forest(name: str, forest: Sequence[Trees]) -> Weights:
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
