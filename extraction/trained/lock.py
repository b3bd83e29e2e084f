"""Two keys to one lock: what the rules and the trained reader say of a value, and how far it may be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, prod

import numpy as np
from numpy.typing import NDArray

from domain.periods import Period
from domain.terms import Standing
from extraction.trained.ends import PERPETUAL
from extraction.trained.passages import Passage
from extraction.trained.spotting import Guess

# What is known of a value among all that either reader found; log-odds where a chance is meant.
KNOWN = (
    "chance", "ahead of the rest", "likeliest of the rest", "the rules say so", "the rules say otherwise",
    "chance where the rules say so", "chance where the rules say otherwise", "passage", "any passage", "likeliest passage",
    "perpetual", "stated", "counted", "the rules say perpetual",
)  # fmt: skip
BIAS, SURE, LEAST = len(KNOWN), len(KNOWN) + 1, len(KNOWN) + 2  # behind the weights of a lock
_EDGE = 0.001
_NONE = -7.0  # log-odds where there is nothing to compare with
_UNSEEN = 0.005  # the chance of what the trained reader did not find
_COUNTED = 5  # passages

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold a value that a reader found, which of them takes it for the contract's, and what is known of it."""

    value: str
    by_rules: bool
    by_trained: bool
    known: Floats


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the value that was chosen; `confidence` is the share of such values that are right."""

    value: str
    confidence: float
    by_rules: bool
    agreed: bool  # both readers take it for the contract's
    standing: Standing
    asserted: bool


def unlock(
    lock: NDArray[np.float32], rules: str, guesses: Sequence[Guess], passages: Sequence[Passage]
) -> Answer | None:
    """Choose the likeliest of all values found; `rules` is empty where they find none.

    Only what both readers take for the contract's can be confident; all else is left to review.
    """
    found = candidates(rules, guesses, passages)
    if not found:
        return None
    chances = confidences(lock, found)
    place = int(np.argmax(chances))
    chosen, confidence = found[place], float(chances[place])
    agreed = chosen.by_rules and chosen.by_trained
    standing = Standing.CONFIDENT if agreed and confidence >= float(lock[SURE]) else Standing.NEEDS_REVIEW
    asserted = confidence >= float(lock[LEAST])
    return Answer(chosen.value, round(confidence, 4), chosen.by_rules, agreed, standing, asserted)


def confidences(lock: NDArray[np.float32], found: Sequence[Candidate]) -> Floats:
    """Return how likely each candidate is right."""
    logits = np.stack([one.known for one in found]) @ lock[:BIAS].astype(np.float64) + float(lock[BIAS])
    return np.asarray(1 / (1 + np.exp(-logits)), np.float64)


def candidates(rules: str, guesses: Sequence[Guess], passages: Sequence[Passage]) -> list[Candidate]:
    """Return every value that either reader found, once; `guesses` come likeliest first, `passages` are of the field."""
    best: dict[str, Guess] = {}
    for guess in guesses:
        best.setdefault(meaning(guess.value), guess)
    chances = {value: guess.probability for value, guess in best.items()}
    if rules:
        chances.setdefault(rules, _UNSEEN)
    logits = {value: logit(chance) for value, chance in chances.items()}
    likely = sorted((one.probability for one in passages), reverse=True)[:_COUNTED]
    of_all = (logit(1 - prod(1 - one for one in likely)), logit(likely[0])) if likely else (_NONE, _NONE)
    first = next(iter(best), None)
    return [
        Candidate(
            value, value == rules, value == first, _known(value, logits, rules, best.get(value), passages, of_all)
        )
        for value in logits
    ]


def _known(
    value: str,
    logits: dict[str, float],
    rules: str,
    guess: Guess | None,
    passages: Sequence[Passage],
    of_all: tuple[float, float],
) -> Floats:
    own, rival = logits[value], max((one for other, one in logits.items() if other != value), default=_NONE)
    same, differs = value == rules, bool(rules) and value != rules
    known = guess.known if guess else frozenset()
    around = [one.probability for one in passages if guess and one.start <= guess.start and guess.end <= one.end]
    return np.array(
        [
            own, own - rival, rival, same, differs, own * same, own * differs, logit(max(around, default=0.0)), *of_all,
            value == PERPETUAL, "stated" in known, "counted" in known, rules == PERPETUAL,
        ],
        np.float64,
    )  # fmt: skip


def meaning(value: str) -> str:
    """Write whole years as months, so that `P1Y` and `P12M` are the same value."""
    if value.startswith("P") and value.endswith("Y"):
        return f"P{Period.parse(value).count * 12}M"
    return value


def logit(chance: float) -> float:
    """Return bounded log-odds."""
    bounded = min(max(chance, _EDGE), 1 - _EDGE)
    return log(bounded / (1 - bounded))
