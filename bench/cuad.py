"""CUAD's own arithmetic: what counts as found, and how a ranking of candidates is judged.

Follows the evaluation of the CUAD paper (Hendrycks et al. 2021, https://arxiv.org/abs/2103.06268):
a prediction matches an answer when the Jaccard index of their words is at least one half; for
Parties it also does when the answer stands inside it. Precision and recall are taken over all
answers at every confidence threshold.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHARED = Path(os.environ.get("AFTERSIGN_SHARED", Path(__file__).parents[2] / "shared"))
TRAIN = SHARED / "data/cuad/train.json.gz"
ENOUGH = 0.5
SUBSTRING_COUNTS = "Parties"
_PUNCTUATION = str.maketrans("", "", ".,;:")


@dataclass(frozen=True, slots=True)
class Contract:
    """Hold one contract: its text, and where each category stands in it."""

    title: str
    text: str
    spans: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    answers: Mapping[str, str | None] = field(default_factory=dict)

    def quotes(self, category: str) -> list[str]:
        """Return the annotated texts of a category."""
        return [self.text[start:end] for start, end in self.spans.get(category, ())]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Hold one span that may belong to a category, with how likely that is."""

    title: str
    category: str
    text: str
    start: int
    end: int
    probability: float


def load(path: Path = TRAIN) -> list[Contract]:
    """Read contracts; spans and answers may be absent. Raises `SystemExit` naming a missing file."""
    if not path.exists():
        message = f"{path} is not here; AFTERSIGN_SHARED names the folder of the data"
        raise SystemExit(message)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = json.load(file)["docs"]
    return [
        Contract(
            row["title"],
            row["text"],
            {name: [(start, end) for start, end in spans] for name, spans in (row.get("spans") or {}).items()},
            row.get("answers") or {},
        )
        for row in rows
    ]


def folds(contracts: Sequence[Contract], count: int = 5, seed: int = 7) -> list[list[Contract]]:
    """Deal contracts out into folds, always the same ones."""
    order = sorted(contracts, key=lambda contract: contract.title)
    random.Random(seed).shuffle(order)
    return [order[place::count] for place in range(count)]


def jaccard(one: str, other: str) -> float:
    """Return the share of words two texts have in common; case and punctuation do not count."""
    first, second = _words(one), _words(other)
    return len(first & second) / len(first | second)


def matches(answer: str, prediction: str, category: str) -> bool:
    """Tell whether a prediction finds an answer."""
    return jaccard(answer, prediction) >= ENOUGH or (category == SUBSTRING_COUNTS and answer in prediction)


def _words(text: str) -> set[str]:
    return set(text.translate(_PUNCTUATION).casefold().replace("/", " ").split(" "))


@dataclass(slots=True)
class Counts:
    """Count what was found (tp), made up (fp) and missed (fn)."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        """Return the share of predictions that are right; 1 when there are none."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Return the share of answers that were found."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else math.nan

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn) if self.tp else 0.0


@dataclass(frozen=True, slots=True)
class Curve:
    """Hold precision over recall, from the most confident prediction on."""

    recalls: tuple[float, ...]
    precisions: tuple[float, ...]

    @property
    def area(self) -> float:
        """Return the area under the curve, each precision raised to the best at no less recall."""
        best = _raised(self.precisions)
        pairs = zip(self.recalls, self.recalls[1:], best, best[1:], strict=False)
        return sum((right - left) * (low + high) / 2 for left, right, low, high in pairs)

    def precision_at(self, recall: float) -> float:
        """Return the best precision at no less than this recall; 0 where it is never reached."""
        return max((p for r, p in zip(self.recalls, self.precisions, strict=True) if r >= recall), default=0.0)


def curve(contracts: Sequence[Contract], candidates: Iterable[Candidate], categories: Sequence[str]) -> Curve:
    """Judge a ranking over categories together, at every distinct probability.

    An answer counts as found from the first prediction on that matches it; a prediction that
    matches no answer of its contract is a false one. Several predictions of one answer cost
    nothing, as in the paper.
    """
    ranked = sorted(candidates, key=lambda one: -one.probability)
    answers = {(c.title, name): c.quotes(name) for c in contracts for name in categories}
    waiting = {key: set(range(len(quotes))) for key, quotes in answers.items()}
    total = sum(len(quotes) for quotes in answers.values())
    found = false = 0
    recalls, precisions = [0.0], [1.0]
    for place, one in enumerate(ranked):
        quotes = answers.get((one.title, one.category), [])
        hit = [number for number, quote in enumerate(quotes) if matches(quote, one.text, one.category)]
        false += not hit
        for number in hit:
            if number in waiting[one.title, one.category]:
                waiting[one.title, one.category].remove(number)
                found += 1
        last = place + 1 == len(ranked) or ranked[place + 1].probability != one.probability
        if last and total:
            recalls.append(found / total)
            precisions.append(found / (found + false) if found + false else 1.0)
    return Curve(tuple(recalls), tuple(precisions))


def span_counts(contracts: Sequence[Contract], candidates: Iterable[Candidate], categories: Sequence[str]) -> Counts:
    """Count found, made-up and missed spans of what a reader asserts."""
    said: dict[tuple[str, str], list[str]] = {}
    for one in candidates:
        said.setdefault((one.title, one.category), []).append(one.text)
    counts = Counts()
    for contract in contracts:
        for name in categories:
            quotes, predictions = contract.quotes(name), said.get((contract.title, name), [])
            found = sum(any(matches(quote, p, name) for p in predictions) for quote in quotes)
            counts.tp += found
            counts.fn += len(quotes) - found
            counts.fp += sum(not any(matches(quote, p, name) for quote in quotes) for p in predictions)
    return counts


def document_counts(
    contracts: Sequence[Contract], said: Collection[tuple[str, str]], categories: Sequence[str]
) -> Counts:
    """Count contracts in which a category was rightly said to stand, or not; `said` are titles with categories."""
    counts = Counts()
    for contract in contracts:
        for name in categories:
            here, told = bool(contract.spans.get(name)), (contract.title, name) in said
            counts.tp += here and told
            counts.fp += told and not here
            counts.fn += here and not told
    return counts


def interval(values: Sequence[float], share: float = 0.95) -> tuple[float, float]:
    """Return the middle share of bootstrap values."""
    ordered = sorted(values)
    cut = (1 - share) / 2
    return ordered[int(cut * len(ordered))], ordered[min(len(ordered) - 1, int((1 - cut) * len(ordered)))]


def resampled(contracts: Sequence[Contract], seed: int) -> list[Contract]:
    """Draw as many contracts with replacement, always the same ones for a seed."""
    return random.Random(seed).choices(list(contracts), k=len(contracts))


def _raised(precisions: Sequence[float]) -> list[float]:
    best, made = 0.0, []
    for value in reversed(precisions):
        best = max(best, value)
        made.append(best)
    return made[::-1]
