"""Train both looks at the passages of contracts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from bench.cuad import Contract, matches
from bench.training.shared import Table, shared_looks
from bench.training.solver import Bags, fit_rare
from bench.training.trees import SEED, exported
from extraction.trained.artefact import Second
from extraction.trained.context import Context
from extraction.trained.features import features, words
from extraction.trained.lexicon import CATEGORIES
from extraction.trained.linear import Linear
from extraction.trained.passages import clipped, together, worth
from extraction.trained.segments import Span, segments
from extraction.trained.shared import Shared
from extraction.trained.trees import Trees

_FOLDS = 3
_SHARE_OF_PLAIN = 0.12  # of the passages that are of no category; each counts for all it stands for
_STRENGTH = 8.0
_ROUNDS = 60
_OVERLAP = 20  # characters
_CORES = 2
_NO = -7.0  # log-odds


@dataclass(frozen=True)
class Example:
    """Hold a contract's passages: features, what they are about, and what they match."""

    spans: list[Span]
    texts: list[str]
    lengths: NDArray[np.int64]
    bags: list[set[str]]
    about: NDArray[np.float32]  # lies in an annotated span
    match: NDArray[np.float32]  # counts as one by the measure


def example(contract: Contract) -> Example:
    """Return a contract as the trainer sees it."""
    spans = segments(contract.text)
    texts = [contract.text[start:end] for start, end in spans]
    tokens = [words(text) for text in texts]
    starts = [start for start, _ in spans]
    about, match = (np.zeros((len(spans), len(CATEGORIES)), np.float32) for _ in range(2))
    for number, category in enumerate(CATEGORIES):
        for first, last in contract.spans.get(category, ()):
            quote = contract.text[first:last]
            for place in range(max(0, bisect_right(starts, first) - 1), bisect_left(starts, last)):
                start, end = spans[place]
                shared = min(end, last) - max(start, first)
                fits = matches(quote, texts[place], category)
                match[place, number] = max(match[place, number], fits)
                inside = shared > _OVERLAP and shared >= (end - start) / 2
                about[place, number] = max(about[place, number], fits or inside)
    bags = [features(tokens, place) for place in range(len(tokens))]
    return Example(spans, texts, np.array([len(one) for one in tokens]), bags, about, match)


@dataclass(frozen=True)
class Looks:
    """Hold both looks, and what they say of each contract when they have not seen it."""

    first: Linear
    second: list[Second]
    shared: Shared
    unseen: list[list[tuple[int, int, float]]]  # a contract each: category, passage, probability


def train(examples: Sequence[Example]) -> Looks:
    """Train the first look on all contracts, and the second on what the first says of contracts it has not seen."""
    with pool() as workers:
        parts = [[one for place, one in enumerate(examples) if place % _FOLDS != fold] for fold in range(_FOLDS)]
        *folds, whole = workers.map(first_look, [*parts, list(examples)])
        contexts = [_context(folds[place % _FOLDS], one) for place, one in enumerate(examples)]
        tables = [_table(contexts, examples, number) for number in range(len(CATEGORIES))]
        learned = list(workers.map(both_looks, tables))
        common, of_all = shared_looks(tables, workers)
    unseen: list[list[tuple[int, int, float]]] = [[] for _ in examples]
    for number, (table, (_, alone)) in enumerate(zip(tables, learned, strict=True)):
        chances = together(alone, of_all[number])
        for (contract, place), chance in zip(table.places, chances.tolist(), strict=True):
            unseen[contract].append((number, place, chance))
    return Looks(whole, [second for second, _ in learned], common, unseen)


def first_look(examples: Sequence[Example]) -> Linear:
    """Train the words of passages on every category at once."""
    draw = np.random.default_rng(SEED)
    bags, labels, weights = [], [], []
    for one in examples:
        plain = ~one.about.any(axis=1)
        kept = np.flatnonzero(~plain | (draw.random(len(plain)) < _SHARE_OF_PLAIN))
        bags += [one.bags[place] for place in kept]
        labels.append((one.about[kept] + one.match[kept]) / 2)  # a part of a match is half of one
        weights.append(np.where(plain[kept], 1 / _SHARE_OF_PLAIN, 1.0))
    return fit_rare(
        Bags(bags, np.vstack(labels), np.concatenate(weights).astype(np.float32)),
        strength=_STRENGTH,
        smallest=0.01,
        rounds=_ROUNDS,
    )


def _context(first: Linear, one: Example) -> Context:
    return Context(clipped(first.logits(one.bags)), one.lengths, one.texts)


def _table(contexts: Sequence[Context], examples: Sequence[Example], category: int) -> Table:
    rows, labels, found = [], [], []
    for number, (seen, one) in enumerate(zip(contexts, examples, strict=True)):
        places = worth(seen, category)
        if len(places):
            rows.append(seen.table(category, places))
            labels.append(one.match[places, category])
            found += [(number, int(place)) for place in places]
    return Table(np.vstack(rows), np.concatenate(labels), found)


def both_looks(table: Table) -> tuple[Second, NDArray[np.float32]]:
    """Train the second look, and return what it says of each passage when it has not seen its contract."""
    fold = np.array([contract % _FOLDS for contract, _ in table.places])
    chances = np.zeros(len(fold), np.float32)
    for number in range(_FOLDS):
        inside = fold == number
        if inside.any() and table.labels[~inside].any():
            chances[inside] = second_look(table.known[~inside], table.labels[~inside]).chances(table.known[inside])
    return second_look(table.known, table.labels), chances


def second_look(known: NDArray[np.float32], labels: NDArray[np.float32]) -> Second:
    """Train a line and boosted trees on what is known of the passages of one category."""
    if len(set(labels.tolist())) < 2:
        return _never(known.shape[1])
    mean, spread = known.mean(axis=0), known.std(axis=0) + 1e-3
    line = LogisticRegression(C=0.02, max_iter=400).fit((known - mean) / spread, labels)
    slope = (line.coef_[0] / spread).astype(np.float32)
    boosted = HistGradientBoostingClassifier(
        max_iter=60, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=5.0,
        early_stopping=False, random_state=SEED,
    ).fit(known, labels)  # fmt: skip
    return Second(slope, float(line.intercept_[0] - mean @ slope), exported(boosted))


def _never(columns: int) -> Second:
    """Say no to everything, for want of an example."""
    one = np.zeros((1, 1), np.uint8)
    zero = np.zeros((1, 1), np.float32)
    return Second(np.zeros(columns, np.float32), _NO, Trees(one, zero, one, one, zero, _NO, 0))


def pool() -> ProcessPoolExecutor:
    """Return workers for both cores."""
    return ProcessPoolExecutor(_CORES, mp_context=get_context("fork"))
