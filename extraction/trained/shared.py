"""What the second look knows of a passage whatever the category is, so that rare categories learn from all others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extraction.trained.lexicon import CATEGORIES
from extraction.trained.linear import probability
from extraction.trained.trees import Trees

Floats = NDArray[np.float32]

OWN = 17  # columns that a table begins with; then come the other categories, then the lawyers' words and their sum
_RIVALS = 3


@dataclass(frozen=True, slots=True)
class Shared:
    """Hold trees that were grown on the passages of all categories, and how common each category is."""

    trees: Trees
    common: Floats  # log-odds, a category each

    def chances(self, table: Floats, category: int) -> Floats:
        """Return how likely each row of a category's table is one of the category."""
        return probability(self.trees.logits(shared(table, float(self.common[category]))))

    def of_all(self, tables: Mapping[int, Floats]) -> dict[int, Floats]:
        """Do the same for the tables of several categories at once, which is faster."""
        if not tables:
            return {}
        rows = [shared(table, float(self.common[category])) for category, table in tables.items()]
        chances = probability(self.trees.logits(np.vstack(rows)))
        ends = np.cumsum([len(table) for table in tables.values()])[:-1]
        return dict(zip(tables, np.split(chances, ends), strict=True))


def shared(table: Floats, common: float) -> Floats:
    """Turn the table of one category into columns that mean the same for every category."""
    others = np.sort(table[:, OWN : OWN + len(CATEGORIES) - 1], axis=1)[:, : -_RIVALS - 1 : -1]
    own, words = table[:, 0], table[:, OWN + len(CATEGORIES) - 1 :]
    kinds = (words[:, :-1] > 0).mean(axis=1) if words.shape[1] > 1 else words[:, -1]
    last = [words[:, -1], kinds, np.full(len(table), common), own - others[:, 0]]
    return np.column_stack([table[:, :OWN], others, *last]).astype(np.float32)
