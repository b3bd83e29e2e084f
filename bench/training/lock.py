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
from extraction.keys import meaning
from extraction.trained.linear import Linear
from extraction.trained.lock import LEAST, LINES, SURE, Case, case_of, logit
from extraction.trained.passages import Passage
from extraction.trained.values import Guess, guesses, judged

_FOLDS = 3
_STRENGTH = 20.0
_SURE = 0.985  # the share of right values wanted where nobody looks
_CATEGORY = {field: category for category, field in ANSWERED.items()}

Said = Sequence[Mapping[TermField, str]]


def train_values(
    contracts: Sequence[Contract], ranked: Sequence[Sequence[Passage]], said: Said, field: TermField
) -> tuple[Linear, NDArray[np.float32]]:
    """Train the guesses of one field and their lock; `said` is what the rules say of each contract."""
    found = [guesses(one.text, passages, field) for one, passages in zip(contracts, ranked, strict=True)]
    folds = [_fit(contracts, found, field, leave_out=fold) for fold in range(_FOLDS)]
    best = [next(iter(judged(one, folds[place % _FOLDS])), None) for place, one in enumerate(found)]
    return _fit(contracts, found, field), _lock(contracts, best, [one[field] for one in said], field)


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
    contracts: Sequence[Contract], best: Sequence[Guess | None], said: Sequence[str], field: TermField
) -> NDArray[np.float32]:
    """Fit one line a case, then the confidence from which on agreement is sure and a value is asserted."""
    rows: dict[str, list[tuple[float, bool]]] = {line: [] for line in LINES}
    for contract, guess, ruled in zip(contracts, best, said, strict=True):
        guessed, chance = (meaning(guess.value), guess.probability) if guess else ("", 0.0)
        case = case_of(ruled, guessed)
        if case is None:
            continue
        by_rules = case in {Case.AGREE, Case.RULES_ALONE}
        holds = right(contract, field, ruled if by_rules else guessed)
        against = right(contract, field, ruled) if case is Case.DIFFER else None
        if holds is not None:
            rows[case].append((chance, holds))
        if against is not None:
            rows[LINES[-1]].append((chance, against))
    lock = np.zeros((len(LINES) + 2, 2), np.float32)
    for number, line in enumerate(LINES):
        lock[number] = _line(rows[line])
    lock[SURE, 0] = _sure(lock[0], rows[Case.AGREE])
    lock[LEAST, 0] = _least(lock, rows, sum(bool(one.answers.get(_CATEGORY[field])) for one in contracts))
    return lock


def _line(rows: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Fit bias and slope with one right and one wrong example too many, so that nothing is certain."""
    seen = [*rows, (0.5, True), (0.5, False)]
    known = np.array([[logit(chance)] for chance, _ in seen])
    fitted = LogisticRegression(C=0.3).fit(known, [holds for _, holds in seen])
    return float(fitted.intercept_[0]), float(fitted.coef_[0][0])


def _confidence(line: NDArray[np.float32], chance: float) -> float:
    return float(1 / (1 + np.exp(-(line[0] + line[1] * logit(chance)))))


def _sure(line: NDArray[np.float32], rows: Sequence[tuple[float, bool]]) -> float:
    """Return the least confidence above which agreement was right often enough; 1 where it never was."""
    ranked = sorted(((_confidence(line, chance), holds) for chance, holds in rows), reverse=True)
    best = 1.0
    correct = 0
    for count, (confidence, holds) in enumerate(ranked, start=1):
        correct += holds
        if correct / count >= _SURE:
            best = confidence
    return best


def _least(lock: NDArray[np.float32], rows: Mapping[str, Sequence[tuple[float, bool]]], answers: int) -> float:
    """Return the confidence from which on asserting a value raises F1."""
    told = [
        (_confidence(lock[LINES.index(case)], chance), holds)
        for case in (Case.AGREE, Case.RULES_ALONE, Case.TRAINED_ALONE)
        for chance, holds in rows[case]
    ]
    both = zip(rows[Case.DIFFER], rows[LINES[-1]], strict=False)
    for (chance, holds), (_, against) in both:
        theirs, ours = (_confidence(lock[number], chance) for number in (LINES.index(Case.DIFFER), len(LINES) - 1))
        told.append((max(theirs, ours), against if ours >= theirs else holds))
    best, least, correct = 0.0, 0.5, 0
    for count, (confidence, holds) in enumerate(sorted(told, reverse=True), start=1):
        correct += holds
        f1 = 2 * correct / (count + answers)
        if f1 > best:
            best, least = f1, confidence
    return min(least, 0.5)
