"""Read contracts with both keys and note everything that another scorer needs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from bench.answers import ANSWERED
from bench.cuad import Candidate, Contract
from bench.training.whole import document_of
from domain.terms import Standing
from extraction import verify
from extraction.keys import opened
from extraction.trained.artefact import Model
from extraction.trained.lexicon import CATEGORIES
from extraction.trained.reader import present


@dataclass(frozen=True, slots=True)
class Value:
    """Hold one value that is asserted."""

    title: str
    field: str
    value: str
    confidence: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Run:
    """Hold what was read from contracts, which spans are shown as clauses, what is present, and what it cost."""

    spans: tuple[Candidate, ...]
    shown: tuple[Candidate, ...]
    present: frozenset[tuple[str, str]]  # title and category
    values: tuple[Value, ...]
    unproven: int
    seconds: float  # of CPU

    @classmethod
    def of(cls, parts: Iterable[Run]) -> Run:
        """Add up runs."""
        runs = list(parts)
        return cls(
            tuple(one for run in runs for one in run.spans),
            tuple(one for run in runs for one in run.shown),
            frozenset(one for run in runs for one in run.present),
            tuple(one for run in runs for one in run.values),
            sum(run.unproven for run in runs),
            sum(run.seconds for run in runs),
        )


def read_all(contracts: Sequence[Contract], model: Model) -> Run:
    """Read contracts on both cores."""
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as workers:
        return Run.of(workers.map(partial(read, model=model), contracts, chunksize=4))


def read(contract: Contract, model: Model) -> Run:
    """Read one contract."""
    began, document = time.process_time(), document_of(contract)
    both = opened(document, model)
    least = dict(zip(CATEGORIES, model.clauses.tolist(), strict=True))
    spans = [
        Candidate(contract.title, one.category, contract.text[one.start : one.end], one.start, one.end, one.probability)
        for one in both.evidence.ranked
    ]
    values = [
        Value(contract.title, category, answer.value, answer.confidence, answer.standing)
        for category, field in ANSWERED.items()
        if (answer := both.answers.get(field)) is not None and answer.asserted
    ]
    unproven = sum(not verify(document, term) for term in both.reading.terms)
    shown = tuple(one for one in spans if one.probability >= least[one.category])
    here = frozenset((contract.title, name) for name in present(both.evidence, model))
    return Run(tuple(spans), shown, here, tuple(values), unproven, time.process_time() - began)


def is_confident(value: Value) -> bool:
    """Tell whether nobody would look at a value."""
    return value.status == Standing.CONFIDENT
