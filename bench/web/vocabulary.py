"""Text of made-up papers: a large vocabulary in which few words are frequent, as in any language (Zipf's law)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

_FREQUENT = (
    "the", "of", "and", "to", "party", "agreement", "shall", "any", "in",
    "or", "by", "this", "service", "customer", "provider", "notice", "term", "fee",
    "under", "data", "written", "such", "other", "law", "right", "claim", "payment",
    "order", "period", "date", "section", "renewal", "termination", "liability", "damage", "confidential",
    "information", "warranty", "obligation", "subject", "applicable", "business", "day", "invoice", "interest",
    "support",
)  # fmt: skip
_SYLLABLES = ("ba", "con", "der", "el", "fin", "gor", "hal", "in", "jur", "kel", "lam", "mor", "nis", "or", "per", "qua",
              "ris", "sta", "tor", "un", "ver", "wen", "xan", "yor", "zel")  # fmt: skip
RARE, PHRASE, COMMON = "demurrage", '"notice of termination"', "agreement"
_SPREAD = 1.05


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Hold words, the likelier first, and how likely each and all before it are."""

    words: Sequence[str]
    shares: np.ndarray

    def page(self, rng: np.random.Generator, length: int) -> list[str]:
        """Draw the words of a page."""
        places = np.searchsorted(self.shares, rng.random(length))
        return [self.words[place] for place in places]


def vocabulary(size: int = 30_000) -> Vocabulary:
    """Make a vocabulary of that many words."""
    made = ("".join(parts) for length in (2, 3, 4) for parts in product(_SYLLABLES, repeat=length))
    words = [*_FREQUENT, *(word for word, _ in zip(made, range(size - len(_FREQUENT)), strict=False))]
    weights = 1 / np.arange(1, len(words) + 1) ** _SPREAD
    return Vocabulary(words, np.cumsum(weights / weights.sum()))
