"""Train which value stands in a passage, and how far two readers may be trusted together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bench.answers import ANSWERED, same
from bench.cuad import Contract
from bench.training.solver import Bags, fit
from domain.terms import TermField
from extraction.trained.ends import counted
from extraction.trained.linear import Linear
from extraction.trained.lock import BIAS, KNOWN, LEAST, SURE, Candidate, candidates, confidences
from extraction.trained.passages import Passage
from extraction.trained.spotting import Guess
from extraction.trained.values import READ_FROM, guesses, judged

_FOLDS = 3
_STRENGTH = 20.0
_GENTLE = 1.0  # the inverse of the regularisation of a lock
_NEVER = -7.0  # log-odds
_SURE = 0.985  # the share of right values wanted where nobody looks
_CATEGORY = {field: category for category, field in ANSWERED.items()}

Said = Sequence[Mapping[TermField, str]]


def train_values(
    contracts: Sequence[Contract], ranked: Sequence[Sequence[Passage]], said: Said, field: TermField
) -> tuple[Linear, NDArray[np.float32]]:
    """Train the guesses of one field and their lock; `said` is what the rules say of each contract."""
    found = [guesses(one.text, passages, field) for one, passages in zip(contracts, ranked, strict=True)]
    folds = [_fit(contracts, found, field, leave_out=fold) for fold in range(_FOLDS)]
    unseen = [judged(one, folds[place % _FOLDS]) for place, one in enumerate(found)]
    texts = [one.text for one in contracts]
    ruled = [one[field] for one in said]
    if field is TermField.EXPIRATION_DATE:
        ruled = [counted(*one) for one in zip(ruled, texts, ranked, strict=True)]
    own = [[one for one in passages if one.category == READ_FROM[field]] for passages in ranked]
    return _fit(contracts, found, field), _lock(contracts, unseen, own, ruled, field)


def right(contract: Contract, field: TermField, value: str) -> bool | None:
    """Tell whether a value is the annotators'; `None` where they marked it but gave no value to compare."""
    category = _CATEGORY[field]
    answer = contract.answers.get(category) or ""
    if not answer:
        return None if contract.spans.get(category) else False
    return same(category, answer, value)


def _fit(
    contracts: Sequence[Contract], found: Sequence[Sequence[Guess]], field: TermField, leave_out: int = -1
) -> Linear:
    bags, labels = [], []
    for place, (contract, some) in enumerate(zip(contracts, found, strict=True)):
        for guess in some if place % _FOLDS != leave_out else ():
            holds = right(contract, field, guess.value)
            if holds is not None:
                bags.append(set(guess.known))
                labels.append([holds])
    return fit(Bags(bags, np.array(labels, np.float32), np.ones(len(bags), np.float32)), strength=_STRENGTH)


def _lock(
    contracts: Sequence[Contract],
    found: Sequence[Sequence[Guess]],
    passages: Sequence[Sequence[Passage]],
    said: Sequence[str],
    field: TermField,
) -> NDArray[np.float32]:
    """Fit how likely each candidate is right, then from where on agreement is sure and a value is asserted."""
    options = [candidates(*one) for one in zip(said, found, passages, strict=True)]
    told = [
        (one.known, holds)
        for contract, some in zip(contracts, options, strict=True)
        for one in some
        if (holds := right(contract, field, one.value)) is not None
    ]
    lock = np.zeros(len(KNOWN) + 3, np.float32)
    lock[: BIAS + 1] = _line(np.stack([known for known, _ in told]), [holds for _, holds in told])
    chosen = [_chosen(lock, some) for some in options]
    agreed = [
        (chance, holds)
        for contract, one in zip(contracts, chosen, strict=True)
        if one and one[0].by_rules and one[0].by_trained
        for chance, holds in [(one[1], right(contract, field, one[0].value))]
        if holds is not None
    ]
    lock[SURE] = _sure(agreed)
    answers = sum(bool(one.answers.get(_CATEGORY[field])) for one in contracts)
    lock[LEAST] = _least([one[1] for one in chosen if one], answers)
    return lock


def _chosen(lock: NDArray[np.float32], some: Sequence[Candidate]) -> tuple[Candidate, float] | None:
    if not some:
        return None
    chances = confidences(lock, some)
    return some[int(np.argmax(chances))], float(chances.max())


def _line(known: NDArray[np.float64], holds: Sequence[bool]) -> NDArray[np.float64]:
    """Fit weights and bias; nothing is ever right where nothing was."""
    if len(set(holds)) < 2:
        return np.array([*np.zeros(len(KNOWN)), _NEVER])
    mean, spread = known.mean(axis=0), known.std(axis=0) + 1e-3
    fitted = LogisticRegression(C=_GENTLE, max_iter=1000).fit((known - mean) / spread, holds)
    weights = fitted.coef_[0] / spread
    return np.array([*weights, fitted.intercept_[0] - mean @ weights])


def _sure(agreed: Sequence[tuple[float, bool]]) -> float:
    """Return the least confidence above which agreement was right often enough; 1 where it never was."""
    best, correct = 1.0, 0
    for count, (confidence, holds) in enumerate(sorted(agreed, reverse=True), start=1):
        correct += holds
        if correct / count >= _SURE:
            best = confidence
    return best


def _least(confidences: Sequence[float], answers: int) -> float:
    """Return the confidence from which on asserting a value is to be expected to raise F1."""
    best, least, correct = 0.0, 0.5, 0.0
    for count, confidence in enumerate(sorted(confidences, reverse=True), start=1):
        correct += confidence
        f1 = 2 * correct / (count + answers)
        if f1 > best:
            best, least = f1, confidence
    return min(least, 0.5)
