"""Judge what the rules found against what was planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bench.world.contracts import deals
from bench.world.papers import clean
from bench.world.truth import AT_WILL, Case
from domain.findings.audit import audit
from domain.findings.finding import Finding
from domain.findings.matching import Contracts


@dataclass(frozen=True, slots=True)
class Miss:
    """Hold a case on which the rules and the truth disagree."""

    case: Case
    lost: tuple[str, ...]
    made_up: tuple[Finding, ...]
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Count, by code, what was planted, found and made up."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    made_up: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    unclean: int = 0
    misses: list[Miss] = field(default_factory=list)

    def add(self, one: Case) -> None:
        """Judge a case."""
        miss = judged(one)
        self.clean += one.key == "clean"
        self.unclean += one.key == "clean" and miss is not None
        self.planted[one.key] += len(one.truths)
        self.found[one.key] += len(one.truths) - (len(miss.lost) if miss else 0)
        if miss is not None:
            self.misses.append(miss)
            for finding in miss.made_up if one.key != "clean" else ():
                own = one.key == AT_WILL or finding.code in {truth.code for truth in one.truths}
                self.made_up[one.key if own else finding.code] += 1

    def precision(self, key: str) -> float:
        """Return which part of what was said of a code is true."""
        said = self.found[key] + self.made_up[key]
        return self.found[key] / said if said else 1.0

    def recall(self, key: str) -> float:
        """Return which part of what was planted was said."""
        return self.found[key] / self.planted[key] if self.planted[key] else 1.0


def judged(one: Case) -> Miss | None:
    """Return where the rules and the truth disagree; each finding tells at most one truth."""
    found = audit([one.contract], one.invoices, today=one.deal.today, policy=one.policy)
    left, lost = list(found.findings), list[str]()
    for truth in one.truths:
        told = next((finding for finding in left if truth.is_told_by(finding)), None)
        if told is None:
            lost.append(
                f"{truth.code} on {truth.number or truth.product} {sorted(truth.lines)}: {truth.billed} for {truth.expected}"
            )
        else:
            left.remove(told)
    problems = tuple(str(problem) for problem in found.problems)
    return Miss(one, tuple(lost), tuple(left), problems) if lost or left or problems else None


def tallied(cases: Iterable[Case]) -> Tally:
    """Judge all cases."""
    tally = Tally()
    for one in cases:
        tally.add(one)
    return tally


def astray(seed: int, count: int) -> int:
    """Return how many clean invoices do not lead to their contract, with all contracts of a world in the books."""
    every = list(deals(seed, count))
    known = Contracts([deal.contract for deal in every])
    matches = [(deal, known.match(paper)) for deal in every for paper in clean(deal)]
    return sum(match is None or match.contract != deal.contract.id for deal, match in matches)


def told(miss: Miss) -> Iterator[str]:
    """Write a disagreement for people."""
    yield f"{miss.case.key}, {miss.case.way}, contract {miss.case.contract.id}"
    yield from (f"  not found: {text}" for text in miss.lost)
    for one in miss.made_up:
        place = f"{one.place.number} {one.place.line}" if one.place else "no invoice"
        yield f"  made up: {one.code} on {place}, {one.product} {one.first} {one.last}: {one.billed} for {one.expected}; {one.explanation}"
    yield from (f"  problem: {text}" for text in miss.problems)
