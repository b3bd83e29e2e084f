"""Count right, made-up and missed values of contracts whose true values are known."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bench.cuad import Counts, interval
from bench.saas.generate import Sample, contract
from bench.saas.judge import Judged, Slip, judge
from domain.documents import Document, FileKind, Page
from domain.terms import Reading, TermField

T = TermField
Reader = Callable[[Document], Reading]
GROUPS = {
    "fees": ("line", "line unit", "tier"),
    "escalation": (
        T.ESCALATION_PERCENT, T.ESCALATION_INDEX, T.ESCALATION_MARGIN, T.ESCALATION_FLOOR, T.ESCALATION_CAP, T.ESCALATION_NOTICE,
    ),
    "discounts": (T.DISCOUNT, T.PROMOTION),
    "minimums": (T.MINIMUM_COMMITMENT, T.MINIMUM_PERIOD, T.TRUE_UP),
    "payment days": (T.PAYMENT_DAYS,),
    "SLA": (T.UPTIME, T.UPTIME_WINDOW, T.CHRONIC_BREACH),
    "credits": (T.SERVICE_CREDIT, T.CREDIT_CAP, T.CLAIM_PERIOD, T.CLAIM_CHANNEL),
}  # fmt: skip
TEXT = "text"
_BOOTSTRAPS = 300


@dataclass(frozen=True, slots=True)
class Result:
    """Hold what was found in a run, contract by contract."""

    judged: tuple[Judged, ...]

    @property
    def fields(self) -> list[str]:
        """Return the name of every graded field."""
        return list(dict.fromkeys(name for one in self.judged for name in one.counts))

    def counts(self, names: Iterable[str]) -> Counts:
        """Add up the counts of fields."""
        return _sum(self.judged, set(names))

    def interval(self, names: Iterable[str]) -> tuple[float, float]:
        """Return the bootstrap interval of the F1 of fields, drawn over contracts."""
        wanted = set(names)
        draws = (random.Random(seed).choices(self.judged, k=len(self.judged)) for seed in range(_BOOTSTRAPS))
        return interval([_sum(draw, wanted).f1 for draw in draws])

    @property
    def slips(self) -> list[Slip]:
        """Return every slip, in the order of the contracts."""
        return [slip for one in self.judged for slip in one.slips]


def measure(bank: str, count: int, seed: int = 0, *, through: str = TEXT, reader: Reader | None = None) -> Result:
    """Read so many contracts of a bank, as plain text or through files, and judge every value."""
    read = reader or _rules
    samples = (contract(number, bank) for number in range(seed, seed + count))
    return Result(tuple(judge(sample, read(document(sample, through))) for sample in samples))


def _rules(document: Document) -> Reading:
    from extraction import read_terms

    return read_terms(document)


def document(sample: Sample, through: str = TEXT) -> Document:
    """Return a sample as it is read from plain text, a `pdf` or a `docx`."""
    if through != TEXT:
        from bench.saas.render import render
        from extraction import read_document

        return read_document(render(sample, through), kind=FileKind(through))
    pages = tuple(Page(number, text) for number, text in enumerate(sample.text.split("\f"), 1))
    return Document(hashlib.sha256(sample.text.encode()).hexdigest(), pages)


def _sum(judged: Iterable[Judged], names: set[str]) -> Counts:
    made = Counts()
    for one in judged:
        for name, counts in one.counts.items():
            if name in names:
                made.tp, made.fp, made.fn = made.tp + counts.tp, made.fp + counts.fp, made.fn + counts.fn
    return made
