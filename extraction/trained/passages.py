"""Rank the passages of a contract for every category of contract review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extraction.trained.artefact import Model
from extraction.trained.context import Context
from extraction.trained.features import features, words
from extraction.trained.lexicon import CATEGORIES
from extraction.trained.linear import probability
from extraction.trained.segments import Span, segments

WORTH_A_LOOK = 0.004  # of the first look
_ALWAYS = 3  # likeliest passages of a contract that get a second look however unlikely they are
LEAST = 0.004  # of the second look; less is not worth ranking
_EDGE = 11.5


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold a passage that may be of a category, and how likely it is."""

    category: str
    start: int
    end: int
    probability: float


def passages(text: str, model: Model) -> list[Passage]:
    """Return every passage worth ranking; one passage may be of several categories."""
    spans = segments(text)
    if not spans:
        return []
    seen = context(text, spans, model)
    return [
        Passage(CATEGORIES[number], *spans[int(place)], float(chance))
        for number, places, chances in judged(seen, model)
        for place, chance in zip(places.tolist(), chances.tolist(), strict=True)
        if chance >= LEAST
    ]


def context(text: str, spans: Sequence[Span], model: Model) -> Context:
    """Take the first look at all passages."""
    texts = [text[start:end] for start, end in spans]
    tokens = [words(one) for one in texts]
    logits = model.passages.logits([features(tokens, place) for place in range(len(tokens))])
    return Context(clipped(logits), np.array([len(one) for one in tokens]), texts)


def judged(seen: Context, model: Model) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float32]]]:
    """Take the second look at the passages of each category that deserve it."""
    places = {number: found for number in range(len(CATEGORIES)) if len(found := worth(seen, number))}
    tables = {number: seen.table(number, found) for number, found in places.items()}
    shared = model.shared.of_all(tables)
    for number, table in tables.items():
        yield number, places[number], together(model.second[number].chances(table), shared[number])


def together(alone: NDArray[np.float32], shared: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weigh a category's own line and trees, and the trees of all categories, one each."""
    return np.asarray((2 * alone + shared) / 3, np.float32)


def worth(seen: Context, category: int) -> NDArray[np.int64]:
    """Return the places of the passages that the second look is for."""
    chances = probability(seen.logits[:, category])
    deserve = chances > WORTH_A_LOOK
    deserve[np.argsort(-chances, kind="stable")[:_ALWAYS]] = True
    return np.flatnonzero(deserve)


def clipped(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Keep log-odds within what probabilities can tell apart."""
    return np.clip(logits, -_EDGE, _EDGE)
