"""Rank the passages of a contract for every category of contract review."""

from __future__ import annotations

from collections.abc import Sequence
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
        Passage(name, *spans[place], float(chance))
        for number, name in enumerate(CATEGORIES)
        for place, chance in judged(seen, number, model)
        if chance >= LEAST
    ]


def context(text: str, spans: Sequence[Span], model: Model) -> Context:
    """Take the first look at all passages."""
    texts = [text[start:end] for start, end in spans]
    tokens = [words(one) for one in texts]
    logits = model.passages.logits([features(tokens, place) for place in range(len(tokens))])
    return Context(clipped(logits), np.array([len(one) for one in tokens]), texts)


def judged(seen: Context, category: int, model: Model) -> list[tuple[int, float]]:
    """Take the second look at the passages of one category that deserve it."""
    places = worth(seen, category)
    if not len(places):
        return []
    table = seen.table(category, places)
    chances = together(model.second[category].chances(table), model.shared.chances(table, category))
    return list(zip(places.tolist(), chances.tolist(), strict=True))


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
