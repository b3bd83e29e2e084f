"""Boosted decision trees as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Trees:
    """Hold the nodes of several trees, trees x nodes; a leaf is its own left and right child."""

    column: NDArray[np.uint8]
    threshold: Floats
    left: NDArray[np.uint8]
    right: NDArray[np.uint8]
    value: Floats
    start: float
    depth: int

    def logits(self, table: Floats) -> Floats:
        """Return the log-odds of every row of a table, rows x columns."""
        width, size = table.shape[1], self.column.shape[1]
        first = np.arange(len(self.column), dtype=np.intp)[None, :] * size  # of each tree's nodes
        row = np.arange(len(table), dtype=np.intp)[:, None] * width
        cells, column, threshold = table.ravel(), self.column.ravel(), self.threshold.ravel()
        left, right = self.left.ravel(), self.right.ravel()
        node = np.broadcast_to(first, (len(table), len(self.column)))
        for _ in range(self.depth):
            low = cells.take(row + column.take(node)) <= threshold.take(node)
            node = first + np.where(low, left.take(node), right.take(node))
        return np.asarray(self.value.ravel().take(node).sum(axis=1) + self.start, np.float32)
