"""A second look at each passage: what the first look says of it, of its neighbours and of the whole contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from extraction.trained.lexicon import CATEGORIES, hits

Floats = NDArray[np.float32]

_ABSENT = -11.5
_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
_FIRST = 50


@dataclass(frozen=True)
class Context:
    """Hold the first look at all passages of one contract: log-odds, passages x categories."""

    logits: Floats
    lengths: NDArray[np.int64]  # words
    texts: Sequence[str]

    def table(self, category: int, places: NDArray[np.int64]) -> Floats:
        """Return what the second look at some passages knows, passages x columns."""
        own = self.logits[:, category]
        columns = [own, *(_shifted(own, by) for by in _NEIGHBOURS)]
        columns += [one[:, category] for one in (self._best, self._second, self._rank, self._expected)]
        columns += [self._size, self._part, self._place, own - self._best[:, category]]
        columns += [_shifted(self._size, -1), _shifted(self._size, 1)]
        others = np.delete(self.logits[places], category, axis=1)
        name = CATEGORIES[category]
        words = np.array([hits(name, self._lowered[place]) for place in places], np.float32).reshape(len(places), -1)
        known = np.column_stack([column[places] for column in columns])
        return np.column_stack([known, others, words, words.sum(axis=1)]).astype(np.float32)

    @cached_property
    def _lowered(self) -> Sequence[str]:
        return [text.lower() for text in self.texts]

    @cached_property
    def _sorted(self) -> Floats:
        return np.sort(self.logits, axis=0)[::-1]

    @cached_property
    def _best(self) -> Floats:
        return np.broadcast_to(self._sorted[0], self.logits.shape)

    @cached_property
    def _second(self) -> Floats:
        return np.broadcast_to(self._sorted[min(1, len(self._sorted) - 1)], self.logits.shape)

    @cached_property
    def _rank(self) -> Floats:
        return np.log1p((-self.logits).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")).astype(np.float32)

    @cached_property
    def _expected(self) -> Floats:
        """Return how many passages of each category the contract seems to have, as a logarithm."""
        total = (1 / (1 + np.exp(-self.logits))).sum(axis=0)
        return np.broadcast_to(np.log(total + 1e-3), self.logits.shape).astype(np.float32)

    @cached_property
    def _size(self) -> Floats:
        return np.log1p(self.lengths).astype(np.float32)

    @cached_property
    def _part(self) -> Floats:
        return (np.arange(len(self.lengths)) / max(1, len(self.lengths))).astype(np.float32)

    @cached_property
    def _place(self) -> Floats:
        return np.minimum(np.arange(len(self.lengths)), _FIRST).astype(np.float32)


def _shifted(column: Floats, by: int) -> Floats:
    """Return the values of the passages `by` places away."""
    moved = np.full_like(column, _ABSENT)
    if by > 0:
        moved[:-by] = column[by:]
    else:
        moved[-by:] = column[:by]
    return moved
