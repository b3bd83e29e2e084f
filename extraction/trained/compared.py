"""A second look at dates and titles: each mention beside all others of its contract.

Ten beginnings of the same title all look like titles alone; beside each other one of them is the likeliest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from extraction.trained.artefact import Second
from extraction.trained.passages import Passage

Floats = NDArray[np.float32]

COLUMNS = 16
_NONE = -8.0  # log-odds where there is nothing to compare with
_SURE = 1e-5


def compared(text: str, found: Sequence[Passage], looks: Mapping[str, Second]) -> list[Passage]:
    """Return the mentions with how likely each is beside the others."""
    told: list[Passage] = []
    for category, look in looks.items():
        chances = look.chances(table(text, found, category)).tolist()
        told += [replace(one, probability=chance) for one, chance in zip(of(found, category), chances, strict=True)]
    return told


def of(found: Sequence[Passage], category: str) -> list[Passage]:
    """Return the mentions that may be of a category."""
    return [one for one in found if one.category == category]


def table(text: str, found: Sequence[Passage], category: str) -> Floats:
    """Return what is known of each mention of a category, mentions x columns."""
    own = of(found, category)
    if not own:
        return np.zeros((0, COLUMNS), np.float32)
    logits = _log_odds(own)
    rank = (-logits).argsort(kind="stable").argsort(kind="stable")
    best, meets = logits.max(), _meets(own)
    rival = np.where(meets & (rank[:, None] > rank), logits, _NONE).max(axis=1)  # the likeliest that overlaps it
    of_all = [best, _next(logits), np.log((1 / (1 + np.exp(-logits))).sum() + 1e-3), len(own)]
    starts = np.array([one.start for one in own])
    columns = [logits, np.log1p(rank), logits - best, rival, logits - rival, np.log1p(starts), starts / len(text)]
    same = _same_words(text, own, int(rank.argmin()))
    columns += [meets[:, rank.argmin()], *same, *_elsewhere(own, [one for one in found if one.category != category])]
    return np.column_stack([*columns, *(np.full(len(own), one) for one in of_all)]).astype(np.float32)


def _log_odds(found: Sequence[Passage]) -> Floats:
    chances = np.clip(np.array([one.probability for one in found]), _SURE, 1 - _SURE)
    return np.asarray(np.log(chances / (1 - chances)), np.float32)


def _next(logits: Floats) -> float:
    return float(np.sort(logits)[-2]) if len(logits) > 1 else _NONE


def _meets(own: Sequence[Passage]) -> NDArray[np.bool_]:
    """Tell which mentions overlap which."""
    starts, ends = np.array([one.start for one in own]), np.array([one.end for one in own])
    return np.asarray((starts[:, None] < ends) & (ends[:, None] > starts))


def _same_words(text: str, own: Sequence[Passage], best: int) -> list[NDArray[np.float64]]:
    """Return how many words each has, and which share of them and the likeliest's words both have."""
    said = [set(text[one.start : one.end].lower().split()) for one in own]
    shared = [len(one & said[best]) / max(1, len(one | said[best])) for one in said]
    return [np.log1p([len(one) for one in said]), np.array(shared)]


def _elsewhere(own: Sequence[Passage], others: Sequence[Passage]) -> list[NDArray[np.float64]]:
    """Return how likely the same place is of another category, and the likeliest place of another."""
    logits = _log_odds(others).tolist()
    told = {(one.start, one.end): logit for one, logit in zip(others, logits, strict=True)}
    here = np.array([told.get((one.start, one.end), _NONE) for one in own])
    return [here, np.full(len(own), max(logits, default=_NONE))]
