"""Weights of words for many questions at once, small enough to ship and quick enough to apply."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Linear:
    """Hold one row of 8-bit weights a feature; `scale` and `bias` are one number a question.

    `squares` holds how rare each feature is, squared, where rarity is part of the weights.
    """

    rows: Mapping[str, int]
    weights: NDArray[np.int8]  # features x questions
    scale: Floats
    bias: Floats
    squares: Floats | None = None

    def logits(self, bags: Sequence[Collection[str]]) -> Floats:
        """Return the log-odds of every question for every bag of features, bags x questions.

        A feature counts one over the square root of the size of its bag, so that long passages
        do not weigh more than short ones; where rarity counts, size is the rarity of what is known.
        """
        known: list[int] = []
        ends, sizes = [], []
        for bag in bags:
            known += [row for row in map(self.rows.get, bag) if row is not None]
            ends.append(len(known))
            sizes.append(max(1, len(bag)))
        summed = _sums(self.weights, known, ends)
        size = np.array(sizes, np.float32) if self.squares is None else _rarity(self.squares, known, ends)
        return np.asarray(summed * self.scale / np.sqrt(size)[:, None] + self.bias, np.float32)


def _sums(weights: NDArray[np.int8], known: Sequence[int], ends: Sequence[int]) -> Floats:
    """Add up the rows of each bag; a bag without a known feature adds up to nothing."""
    total = np.zeros((len(ends), weights.shape[1]), np.float32)
    picked = weights[np.array(known, np.int64)]
    start = 0
    for place, end in enumerate(ends):
        if end > start:
            total[place] = picked[start:end].sum(axis=0, dtype=np.int32)
        start = end
    return total


def _rarity(squares: Floats, known: Sequence[int], ends: Sequence[int]) -> Floats:
    """Add up the squared rarity of the known features of each bag."""
    upto = np.concatenate([[0.0], np.cumsum(squares[np.array(known, np.int64)], dtype=np.float64)])
    places = np.array(ends, np.int64)
    return np.asarray(np.maximum(np.diff(upto[places], prepend=0.0), _NOTHING), np.float32)


def probability(logits: Floats) -> Floats:
    """Return the probabilities that log-odds stand for."""
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)
