"""Train the readers of dates and titles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bench.cuad import Contract, matches
from bench.training.solver import Bags, fit
from extraction.trained.linear import Linear
from extraction.trained.mentions import about_dates, about_titles, dates, titles
from extraction.trained.ranking import DATED, NAMED
from extraction.trained.segments import Span

_STRENGTH = 60.0

Find = Callable[[str], list[Span]]
Describe = Callable[[str, Sequence[Span]], list[set[str]]]


def train_dates(contracts: Sequence[Contract]) -> Linear:
    """Train which date is the agreement's and which the effective one."""
    return _train(contracts, dates, about_dates, DATED)


def train_titles(contracts: Sequence[Contract]) -> Linear:
    """Train which of the names in the opening is the contract's."""
    return _train(contracts, titles, about_titles, NAMED)


def _train(contracts: Sequence[Contract], find: Find, describe: Describe, categories: Sequence[str]) -> Linear:
    bags: list[set[str]] = []
    labels: list[list[bool]] = []
    for contract in contracts:
        spans = find(contract.text)
        bags += describe(contract.text, spans)
        for start, end in spans:
            said = contract.text[start:end]
            labels.append([any(matches(q, said, one) for q in contract.quotes(one)) for one in categories])
    marks = np.array(labels, np.float32)
    return fit(Bags(bags, marks, np.ones(len(bags), np.float32)), strength=_STRENGTH, smallest=0.01)
