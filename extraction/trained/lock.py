"""Two keys to one lock: what the rules and the trained reader say of a value, and how far it may be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from domain.terms import Standing


class Case(StrEnum):
    """Name how the two readers stand to each other."""

    AGREE = "agree"
    RULES_ALONE = "rules alone"
    TRAINED_ALONE = "trained alone"
    DIFFER = "differ"


LINES = (*Case, "differ, the rules are right")  # rows of a lock: bias and slope of each
SURE, LEAST = len(LINES), len(LINES) + 1  # further rows: the confidence that counts as sure, and the least to assert
_EDGE = 0.001


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the value that was chosen; `confidence` is the share of such values that are right."""

    value: str
    confidence: float
    case: Case
    by_rules: bool
    standing: Standing
    asserted: bool


def unlock(lock: NDArray[np.float32], rules: str, trained: str, chance: float) -> Answer | None:
    """Choose between the rules' value and the trained reader's; empty where a reader finds none.

    Only agreement can be confident. Of two different values the likelier one stands, in review.
    """
    case = case_of(rules, trained)
    if case is None:
        return None
    confidence = _line(lock, LINES.index(case), chance)
    by_rules = case in {Case.AGREE, Case.RULES_ALONE}
    if case is Case.DIFFER:
        against = _line(lock, len(LINES) - 1, chance)
        by_rules, confidence = against >= confidence, max(against, confidence)
    sure = case is Case.AGREE and confidence >= float(lock[SURE, 0])
    standing = Standing.CONFIDENT if sure else Standing.NEEDS_REVIEW
    value = rules if by_rules else trained
    return Answer(value, round(confidence, 4), case, by_rules, standing, confidence >= float(lock[LEAST, 0]))


def case_of(rules: str, trained: str) -> Case | None:
    """Tell how two values stand to each other; `None` where nobody found one."""
    if rules and trained:
        return Case.AGREE if rules == trained else Case.DIFFER
    return Case.RULES_ALONE if rules else Case.TRAINED_ALONE if trained else None


def logit(chance: float) -> float:
    """Return bounded log-odds."""
    bounded = min(max(chance, _EDGE), 1 - _EDGE)
    return log(bounded / (1 - bounded))


def _line(lock: NDArray[np.float32], row: int, chance: float) -> float:
    return 1 / (1 + exp(-(float(lock[row, 0]) + float(lock[row, 1]) * logit(chance))))
