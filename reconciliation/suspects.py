"""From suspects to what the exact rules must see, so that their verdict on it is the one they would give on everything.

They see whole papers: those of every suspect line, and of every line that shares days with a slot in question. What
they then say about slots that are not in question comes from papers left out, and is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from domain.findings.finding import Code, Finding
from reconciliation.batches import places
from reconciliation.calendars import Ints
from reconciliation.frames import Bools, Compiled
from reconciliation.history import History
from reconciliation.neighbours import lines_within
from reconciliation.screen import Suspects, line_of

_BEGIN = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Question:
    """Hold the papers to load, as (source, invoice id), and the slots in question as (contract, product, first day).

    Contracts in `whole` are in question with everything that they lead to, contract lines in `products` too.
    """

    papers: frozenset[tuple[str, str]]
    slots: frozenset[tuple[str, str, date]]
    whole: frozenset[str]
    products: frozenset[tuple[str, str]]

    @property
    def contracts(self) -> frozenset[str]:
        """Return the contracts in question; those of papers without any known slot come with the papers."""
        return self.whole | {contract for contract, _, _ in self.slots} | {contract for contract, _ in self.products}

    def answered(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that the papers in question can support."""
        for one in findings:
            if one.place is not None or self._asked(one):
                yield one

    def _asked(self, one: Finding) -> bool:
        known = one.contract in self.whole or (one.contract, one.product) in self.products
        if known or one.first is None:
            return True
        return one.code is Code.DRIFT or (one.contract, one.product, one.first) in self.slots


def question(terms: Compiled, history: History, suspects: Suspects) -> Question:
    """Return what the exact rules must be asked about suspects."""
    lines, asked = terms.lines, _asked(terms, suspects)
    near = lines_within(history, terms, asked, places(terms, history.numbers().keys))
    papers = history.papers()
    at = np.searchsorted(papers.first, np.union1d(suspects.lines, near["position"].to_numpy()), side="right") - 1
    rows = np.union1d(at, suspects.papers)
    slots = np.union1d(suspects.slots, suspects.missed)
    return Question(
        frozenset(history.names(rows)), frozenset(_named(terms, slots)), frozenset(suspects.contracts),
        frozenset(lines.keys[row] for row in suspects.always.tolist()),
    )  # fmt: skip


def _asked(terms: Compiled, suspects: Suspects) -> Bools:
    """Return the slots in question, those of contracts and lines that always are among them."""
    always = terms.lines.exact_only.copy()
    always[suspects.always] = True
    asked = np.repeat(always, terms.lines.count)
    asked[suspects.slots] = True
    asked[suspects.missed] = True
    return np.asarray(asked, dtype=np.bool_)


def _named(terms: Compiled, slots: Ints) -> Iterator[tuple[str, str, date]]:
    lines, rows = terms.lines, line_of(terms, slots)
    starts = terms.starts[lines.calendar[rows] + slots - lines.base[rows]]
    for row, start in zip(rows.tolist(), starts.tolist(), strict=True):
        yield (*lines.keys[row], _BEGIN + timedelta(days=start))
