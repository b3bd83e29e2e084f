"""Figures of a run against annotations, each beside what it is to reach."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bench.answers import same
from bench.cuad import Candidate, Contract, Counts, curve, document_counts, interval, resampled, span_counts
from bench.extraction import targets
from bench.extraction.reading import Run, Value, is_confident
from extraction.trained.lexicon import CATEGORIES

_BOOTSTRAPS = 200
_FEW = 12  # rankings are slow to judge


class Tally:
    """Print figures and count those that miss."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def line(self, name: str, figure: float, wanted: float, more: str = "", *, most: bool = False) -> None:
        """Print one figure and whether it reaches what is wanted."""
        hit = figure <= wanted if most else figure >= wanted
        self.missed += [] if hit else [name]
        print(f"{name:<44} {figure:9.3f}  wanted {wanted:<9g} {'reached' if hit else 'MISSED':<8} {more}")


def report(contracts: Sequence[Contract], run: Run, tally: Tally) -> None:
    """Print rankings, spans, values, calibration and what nobody needs to look at."""
    ranking(contracts, run.spans, tally)
    keys(contracts, run, tally)
    values(contracts, run.values, tally)
    calibration(contracts, run.values)
    sure(contracts, run.values, tally)
    tally.line("values whose quote does not prove them", run.unproven, 0, most=True)


def ranking(contracts: Sequence[Contract], spans: Sequence[Candidate], tally: Tally) -> None:
    """Judge the ranking of all 41 categories together, and each alone."""
    whole = curve(contracts, spans, CATEGORIES)
    alone = {name: curve(contracts, [one for one in spans if one.category == name], [name]).area for name in CATEGORIES}
    present = {name: area for name, area in alone.items() if any(one.spans.get(name) for one in contracts)}
    draws = [curve(drawn, _again(drawn, spans), CATEGORIES) for drawn in _draws(contracts, _FEW)]
    low, high = interval([one.area for one in draws], 0.9)
    tally.line("AUPR", whole.area, targets.RANKING["AUPR"], f"[{low:.3f}, {high:.3f}] of {_FEW} draws")
    tally.line("P@80R", whole.precision_at(0.8), targets.RANKING["P@80R"])
    tally.line("macro AUPR", sum(present.values()) / len(present), targets.RANKING["macro AUPR"])
    print("  " + ", ".join(f"{name} {area:.2f}" for name, area in sorted(present.items(), key=lambda one: -one[1])))


def keys(contracts: Sequence[Contract], run: Run, tally: Tally) -> None:
    """Judge what is shown of the key fields, and in which contracts they are said to stand."""
    spans = span_counts(contracts, run.shown, targets.KEY_FIELDS)
    documents = document_counts(contracts, run.present, targets.KEY_FIELDS)
    tally.line("17 key fields, span F1", spans.f1, targets.SPAN_F1, _both(spans))
    tally.line("17 key fields, document F1", documents.f1, targets.DOCUMENT_F1, _both(documents))
    for name in targets.KEY_FIELDS:
        one = span_counts(contracts, run.shown, [name])
        other = document_counts(contracts, run.present, [name])
        print(f"  {name:<36} span F1 {one.f1:.3f} ({_both(one)}), document F1 {other.f1:.3f} ({_both(other)})")


def values(contracts: Sequence[Contract], told: Sequence[Value], tally: Tally) -> None:
    """Judge the values of each field."""
    for category, wanted in targets.VALUES.items():
        counts = value_counts(contracts, told, category)
        low, high = interval([value_counts(drawn, told, category).f1 for drawn in _draws(contracts, _BOOTSTRAPS)])
        tally.line(f"value of {category}", counts.f1, wanted, f"{_both(counts)} [{low:.3f}, {high:.3f}]")


def value_counts(contracts: Sequence[Contract], told: Sequence[Value], category: str) -> Counts:
    """Count right, wrong and missing values of one category; unreadable answers are left out."""
    said = {one.title: one.value for one in told if one.field == category}
    counts = Counts()
    for contract in contracts:
        holds = _right(contract, category, said.get(contract.title))
        if holds is None:
            continue  # annotated, but with no answer that can be compared
        answer, value = contract.answers.get(category), said.get(contract.title)
        counts.tp += holds
        counts.fn += bool(answer) and not holds
        counts.fp += value is not None and not holds
    return counts


def _right(contract: Contract, category: str, value: str | None) -> bool | None:
    answer = contract.answers.get(category) or ""
    if not answer:
        return None if contract.spans.get(category) else False
    return same(category, answer, value or _ANYTHING[category])


_ANYTHING = {
    name: "1900-01-01" if name.endswith("Date") else "-" if name == "Governing Law" else "P1D"
    for name in targets.VALUES
}


def calibration(contracts: Sequence[Contract], told: Sequence[Value]) -> None:
    """Print how often values are right beside how sure the reader is of them."""
    judged = _judged(contracts, told)
    print("  confidence told   values   right")
    error = 0.0
    for low in (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        high = {0.0: 0.5, 0.9: 0.95, 0.95: 1.01}.get(low, low + 0.1)
        inside = [(chance, holds) for chance, holds, _ in judged if low <= chance < high]
        if inside:
            told_share, right = (sum(one) / len(inside) for one in zip(*inside, strict=True))
            error += abs(told_share - right) * len(inside) / len(judged)
            print(f"  {told_share:>10.3f} {len(inside):>12} {right:>7.3f}")
    print(f"  expected calibration error {error:.3f}")


def sure(contracts: Sequence[Contract], told: Sequence[Value], tally: Tally) -> None:
    """Judge the values that nobody would look at."""
    judged = _judged(contracts, told)
    confident = [holds for _, holds, certain in judged if certain]
    right = sum(confident) / len(confident) if confident else math.nan
    low, high = _wilson(sum(confident), len(confident))
    tally.line("confident values, precision", right, targets.SURE_PRECISION, f"[{low:.3f}, {high:.3f}]")
    tally.line("confident values, coverage", len(confident) / max(1, len(judged)), targets.SURE_COVERAGE)


def _judged(contracts: Sequence[Contract], told: Sequence[Value]) -> list[tuple[float, bool, bool]]:
    by_title = {contract.title: contract for contract in contracts}
    judged = []
    for value in told:
        holds = _right(by_title[value.title], value.field, value.value) if value.title in by_title else None
        if holds is not None:
            judged.append((value.confidence or 0.0, holds, is_confident(value)))
    return judged


def _wilson(right: int, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    if not count:
        return math.nan, math.nan
    share, z = right / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - reach, middle + reach


def _both(counts: Counts) -> str:
    return f"P {counts.precision:.3f} R {counts.recall:.3f}"


def _draws(contracts: Sequence[Contract], count: int) -> list[list[Contract]]:
    return [resampled(contracts, seed) for seed in range(count)]


def _again(drawn: Sequence[Contract], spans: Sequence[Candidate]) -> list[Candidate]:
    """Return the spans of the contracts that were drawn, once each."""
    titles = {contract.title for contract in drawn}
    return [one for one in spans if one.title in titles]
