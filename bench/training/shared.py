"""Grow the trees that all categories share."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from bench.training.trees import SEED, exported
from extraction.trained.shared import Shared, shared

_FOLDS = 3
_RAREST = 1e-4


@dataclass(frozen=True)
class Table:
    """Hold what is known of the passages of one category that deserve a second look."""

    known: NDArray[np.float32]
    labels: NDArray[np.float32]
    places: list[tuple[int, int]]  # contract and passage

    def of(self, folds: set[int]) -> NDArray[np.bool_]:
        """Tell which passages are of contracts in these folds."""
        return np.isin([contract % _FOLDS for contract, _ in self.places], list(folds))


def shared_looks(tables: Sequence[Table], workers: Executor) -> tuple[Shared, list[NDArray[np.float32]]]:
    """Grow the trees, and return what they say of each category's passages when they have not seen the contract."""
    everything = set(range(_FOLDS))
    parts = [everything - {fold} for fold in range(_FOLDS)]
    *folds, whole = workers.map(_grown, *zip(*(_examples(tables, part) for part in [*parts, everything]), strict=True))
    chances = [np.zeros(len(table.labels), np.float32) for table in tables]
    for number, table in enumerate(tables):
        for fold, one in enumerate(folds):
            inside = table.of({fold})
            if inside.any():
                chances[number][inside] = one.chances(table.known[inside], number)
    return whole, chances


Examples = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


def _examples(tables: Sequence[Table], folds: set[int]) -> Examples:
    """Return rows, labels and how common each category is."""
    inside = [table.of(folds) for table in tables]
    labels = [table.labels[rows] for table, rows in zip(tables, inside, strict=True)]
    share = np.array([np.clip(one.mean() if len(one) else 0, _RAREST, 1 - _RAREST) for one in labels], np.float32)
    common = np.log(share / (1 - share))
    known = [shared(t.known[rows], float(c)) for t, rows, c in zip(tables, inside, common, strict=True)]
    return np.vstack(known), np.concatenate(labels), common


def _grown(known: NDArray[np.float32], labels: NDArray[np.float32], common: NDArray[np.float32]) -> Shared:
    boosted = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.1, max_leaf_nodes=16, min_samples_leaf=30, l2_regularization=5.0,
        early_stopping=False, random_state=SEED,
    ).fit(known, labels)  # fmt: skip
    return Shared(exported(boosted), common)
