"""Train the readers of dates and titles, and the second look that compares the mentions of a contract."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.cuad import Contract, matches
from bench.training.mentions import train_dates, train_titles
from bench.training.passages import second_look
from extraction.trained.artefact import Second
from extraction.trained.compared import of, table
from extraction.trained.linear import Linear
from extraction.trained.passages import Passage
from extraction.trained.ranking import MENTIONED, mentions_by, once

_FOLDS = 3

Mentions = list[list[Passage]]  # a contract each


@dataclass(frozen=True)
class Mentioned:
    """Hold both looks at mentions, and what they say of each contract when they have not seen it."""

    dates: Linear
    titles: Linear
    compared: list[Second]
    unseen: Mentions


def train_mentions(contracts: Sequence[Contract], workers: Executor) -> Mentioned:
    """Train both looks; the second learns from what the first says of contracts it has not seen."""
    parts = [[one for place, one in enumerate(contracts) if place % _FOLDS != fold] for fold in range(_FOLDS)]
    *days, dates = workers.map(train_dates, [*parts, contracts])
    *names, titles = workers.map(train_titles, [*parts, contracts])
    first = [
        once(one.text, mentions_by(one.text, days[place % _FOLDS], names[place % _FOLDS]))
        for place, one in enumerate(contracts)
    ]
    learned = list(workers.map(partial(_compare, contracts, first), MENTIONED))
    told = [[one for _, again in learned for one in again[place]] for place in range(len(contracts))]
    return Mentioned(dates, titles, [look for look, _ in learned], told)


def _compare(contracts: Sequence[Contract], first: Mentions, category: str) -> tuple[Second, Mentions]:
    """Train the second look at one category, and return what it says of contracts it has not seen."""
    known = [table(one.text, found, category) for one, found in zip(contracts, first, strict=True)]
    right = [_right(one, of(found, category), category) for one, found in zip(contracts, first, strict=True)]
    looks = [_look(known, right, fold) for fold in range(_FOLDS)]
    told = []
    for place, (rows, found) in enumerate(zip(known, first, strict=True)):
        own, chances = of(found, category), looks[place % _FOLDS].chances(rows).tolist()
        told.append([replace(one, probability=chance) for one, chance in zip(own, chances, strict=True)])
    return _look(known, right, None), told


def _look(known: Sequence[NDArray[np.float32]], right: Sequence[Sequence[bool]], but: int | None) -> Second:
    """Train on all contracts but those of one fold."""
    places = [place for place in range(len(known)) if place % _FOLDS != but]
    labels = np.array([one for place in places for one in right[place]], np.float32)
    return second_look(np.vstack([known[place] for place in places]), labels)


def _right(contract: Contract, own: Sequence[Passage], category: str) -> list[bool]:
    quotes = contract.quotes(category)
    return [any(matches(quote, contract.text[one.start : one.end], category) for quote in quotes) for one in own]
