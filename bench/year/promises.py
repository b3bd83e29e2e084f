"""The promises a simulated year is judged by, and everything about one contract that tells whether they were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.year.evidence import Delivery, Row
from bench.year.expected import End
from bench.year.journal import Journal

MISSED = "deadlines without a delivered alert"
LATE = "deadlines known too late, without an alert before the notice deadline"
TWICE = "alerts delivered twice by the same way"
SAME_TEXT = "the same text to the same person twice on a day"
NO_REASON = "superseded or suppressed without a reason"
STUCK = "alerts that were due and still wait"
AFTER_DECISION = "alerts after the decision was carried out"
ORPHANS = "contracts without a reachable owner or backup the morning after the audit"
LOCKED = "closed windows that were not recorded, or recorded wrongly"
PROMISES = (MISSED, LATE, TWICE, SAME_TEXT, NO_REASON, STUCK, AFTER_DECISION, ORPHANS, LOCKED)

SETTLED = ("terminate", "renegotiate")
US = "aftersign"


@dataclass(frozen=True, slots=True)
class Broken:
    """Hold one broken promise."""

    promise: str
    contract: str
    what: str


@dataclass
class Verdict:
    """Hold what was broken, and what was counted beside it."""

    broken: list[Broken] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Case:
    """Hold everything about one contract."""

    journal: Journal
    contract: str
    ends: Sequence[End]
    deliveries: Sequence[Delivery]
    decisions: Sequence[Row]

    def carried_out(self, end: End) -> Row | None:
        """Return the decision of a person about this term that was carried out."""
        return next((row for row in self._by_people() if end.is_of(row["term_end"])), None)

    def over_before(self, end: End) -> bool:
        """Tell whether somebody ended the contract with an earlier term."""
        last = max(one.term_end for one in end.readings)
        return any(
            row["verdict"] in SETTLED and row["term_end"] < last
            for row in self._by_people()
            if not end.is_of(row["term_end"])
        )

    def _by_people(self) -> Iterator[Row]:
        return (row for row in self.decisions if row["state"] == "executed" and row["decided_by"] != US)
