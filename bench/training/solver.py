"""Logistic regression for many questions at once on sparse bags of features."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from extraction.trained.linear import Linear

_LEAST_BAGS = 3
_LEAST_POSITIVE_BAGS = 2
_STEPS = 12  # of 127; smaller weights tell nothing and cost space


@dataclass(frozen=True, slots=True)
class Bags:
    """Hold bags of features, what each is an example of, and how much it counts."""

    bags: Sequence[set[str]]
    labels: NDArray[np.float32]  # bags x questions
    weights: NDArray[np.float32]


def fit(examples: Bags, *, strength: float, rounds: int = 80, smallest: float = 0.004) -> Linear:
    """Find the weights; `strength` is the inverse of the regularisation, as scikit-learn's C."""
    rows = _vocabulary(examples)
    matrix = _matrix(examples.bags, rows)
    weights, bias = _solved(matrix, examples, strength, rounds)
    return quantised(rows, weights, bias, smallest)


def fit_rare(examples: Bags, *, strength: float, rounds: int = 80, smallest: float = 0.004) -> Linear:
    """Find the weights where a feature counts by how rare it is; bags are brought to the same length."""
    rows = _vocabulary(examples)
    matrix = _matrix(examples.bags, rows)
    rarity = np.log(matrix.shape[0] / np.maximum(1, matrix.getnnz(axis=0))).astype(np.float32)
    weights, bias = _solved(_by_rarity(matrix, rarity), examples, strength, rounds)
    line = quantised(rows, weights * rarity[:, None], bias, smallest)
    names = sorted(rows, key=rows.__getitem__)
    squares = dict(zip(names, (rarity**2).tolist(), strict=True))
    return replace(line, squares=np.array([squares[name] for name in line.rows], np.float32))


def _by_rarity(matrix: csr_matrix, rarity: NDArray[np.float32]) -> csr_matrix:
    values = rarity[matrix.indices]
    sizes = np.sqrt(np.maximum(1e-6, np.add.reduceat(np.append(values**2, 0), matrix.indptr[:-1])))
    return csr_matrix(
        (values / np.repeat(sizes, np.diff(matrix.indptr)).astype(np.float32), matrix.indices, matrix.indptr),
        shape=matrix.shape,
    )


def quantised(rows: dict[str, int], weights: NDArray[np.float64], bias: NDArray[np.float64], smallest: float) -> Linear:
    """Round weights to 8 bits a question and leave out features that weigh nothing."""
    scale = np.abs(weights).max(axis=0) / 127 + 1e-12
    small = np.rint(weights / scale)
    small[np.abs(weights) < smallest * np.abs(weights).max(axis=0)] = 0
    kept = np.flatnonzero(np.abs(small).sum(axis=1))
    names = sorted(rows, key=rows.__getitem__)
    return Linear(
        {names[row]: place for place, row in enumerate(kept)},
        small[kept].astype(np.int8),
        scale.astype(np.float32),
        bias.astype(np.float32),
    )


def _vocabulary(examples: Bags) -> dict[str, int]:
    everywhere, positive = Counter[str](), Counter[str]()
    for bag, labels in zip(examples.bags, examples.labels.any(axis=1), strict=True):
        everywhere.update(bag)
        if labels:
            positive.update(bag)
    kept = (f for f, n in positive.items() if n >= _LEAST_POSITIVE_BAGS and everywhere[f] >= _LEAST_BAGS)
    return {feature: row for row, feature in enumerate(sorted(kept))}


def _matrix(bags: Sequence[set[str]], rows: dict[str, int]) -> csr_matrix:
    indices: list[int] = []
    ends, sizes = [0], []
    for bag in bags:
        indices += sorted(rows[feature] for feature in bag if feature in rows)
        sizes.append(max(1, len(bag)))
        ends.append(len(indices))
    counts = np.diff(ends)
    values = np.repeat(1 / np.sqrt(np.array(sizes, np.float32)), counts).astype(np.float32)
    shape = (len(bags), len(rows))
    return csr_matrix((values, np.array(indices, np.int32), np.array(ends, np.int32)), shape=shape)


def _solved(
    matrix: csr_matrix, examples: Bags, strength: float, rounds: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    features, questions = matrix.shape[1], examples.labels.shape[1]
    turned = matrix.T.tocsr()
    labels, importance = examples.labels, examples.weights[:, None]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        whole = flat.reshape(features + 1, questions).astype(np.float32)
        weights, bias = whole[:-1], whole[-1]
        logits = matrix @ weights + bias
        error = (1 / (1 + np.exp(-logits)) - labels) * importance
        cost = (importance * (np.logaddexp(0, logits) - labels * logits)).sum(dtype=np.float64)
        cost += (weights**2).sum(dtype=np.float64) / (2 * strength)
        slope = np.vstack([turned @ error + weights / strength, error.sum(axis=0)])
        return float(cost), slope.astype(np.float64).ravel()

    start = np.zeros((features + 1, questions))
    share = (labels * importance).sum(axis=0) / importance.sum()
    start[-1] = np.log(np.clip(share, 1e-6, 0.5))
    result = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 6})
    found = result.x.reshape(features + 1, questions)
    return found[:-1], found[-1]
