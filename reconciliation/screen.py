"""The bulk screen: every line and slot that is not provably clean is a suspect for the exact rules.

Clean is a line that alone fills its slot with the agreed amount, where nothing else of its contract line lies
across the slot. Everything else is a suspect: another price, currency or period, no contract line, no slot, a
second line for a slot, a paper that came twice, many small differences to one side, and slots that nobody billed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from reconciliation.calendars import EPOCH, Ints
from reconciliation.frames import Bools, Compiled, Narrow
from reconciliation.looking import Batch, looked
from reconciliation.papers import Papers, sent_twice
from reconciliation.spill import Crossing, crossed
from reconciliation.tolerated import Small, small


@dataclass(frozen=True, slots=True, eq=False)
class Suspects:
    """Hold positions of lines in the history, slots with at least one of them, and due slots that nobody billed.

    `papers` are positions of invoices without any line. `always` are contract lines and `contracts` whole ones that
    are a matter of the exact rules whatever was billed.
    """

    lines: Ints
    slots: Ints
    missed: Ints
    papers: Ints
    always: Ints
    contracts: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Screening:
    """Collect what was seen of the lines so far; memory is 9 bytes a line and 4 a slot."""

    terms: Compiled
    slot: Narrow
    suspect: Bools
    small: list[Small]
    crossings: list[Crossing]
    done: int = 0

    @classmethod
    def of(cls, terms: Compiled, lines: int) -> Screening:
        """Prepare for so many lines."""
        return cls(terms, np.full(lines, -1, np.int32), np.zeros(lines, np.bool_), [], [])

    def add(self, batch: Batch) -> None:
        """Look at the next lines of the history. Raises `ValueError` for more than were announced."""
        begin, stop = self.done, self.done + len(batch)
        if stop > len(self.slot):
            message = f"{stop} lines came, {len(self.slot)} were announced"
            raise ValueError(message)
        seen = looked(self.terms, batch)
        self.slot[begin:stop] = seen.slot
        doubtful = np.flatnonzero(~seen.right)
        within = small(self.terms, batch, seen, doubtful, begin)
        self.small.append(within)
        wrong = np.setdiff1d(doubtful, within.position - begin, assume_unique=True)
        self.suspect[begin + wrong] = True
        self.crossings.append(Crossing.of(batch, seen.slot, wrong))
        self.done = stop

    def closed(self) -> tuple[Bools, Bools]:
        """Return which slots somebody billed, and which need the exact rules."""
        # One more place takes the lines without a slot, whose number is -1.
        filled = np.zeros(self.terms.slots + 1, np.bool_)
        filled[self.slot] = True
        return filled[:-1], _touched(self)


def screened(
    terms: Compiled, batches: Iterable[Batch], papers: Papers, *, lines: int, today: date, since: date
) -> Suspects:
    """Screen a whole history of so many lines; what was to be billed before `since` is not missed."""
    work = Screening.of(terms, lines)
    for batch in batches:
        work.add(batch)
    for first, count in sent_twice(papers):
        work.suspect[first : first + count] = True
    filled, touched = work.closed()
    positions = np.flatnonzero(work.suspect | on(touched, work.slot))
    missed = due(terms, today, since)
    missed = missed[~filled[missed]]
    empty, always = np.flatnonzero(papers.count == 0), np.flatnonzero(terms.lines.exact_only)
    return Suspects(positions, np.flatnonzero(touched), missed, empty, always, terms.exact_contracts)


def _touched(work: Screening) -> Bools:
    """Return the slots that a suspect fills or crosses, that are filled twice, or whose small differences add up."""
    touched, twice = np.zeros(work.terms.slots, np.bool_), _twice(work.slot)
    touched[twice] = True
    own = work.slot[work.suspect]
    touched[own[own >= 0]] = True
    for crossing in work.crossings:
        crossed(work.terms, crossing, touched)
    _drifting(work, twice, touched)
    return touched


def _twice(slot: Narrow) -> Narrow:
    """Return the slots that more than one line fills. Sorting 32 bits costs a fifth of counting them."""
    ordered = np.sort(slot)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.unique(again[again >= 0])


def _drifting(work: Screening, twice: Narrow, touched: Bools) -> None:
    """Mark the small differences of contract lines where enough of them may go one way.

    What is suspect for another reason may turn out to be one of them.
    """
    terms, size = work.terms, len(work.terms.lines.keys)
    found = Small.joined(work.small)
    perhaps = np.bincount(line_of(terms, twice), minlength=size)
    for crossing in work.crossings:
        perhaps += np.bincount(crossing.line[crossing.line >= 0], minlength=size)
    for sign in (1, -1):
        slot = found.slot[found.sign == sign]
        line = line_of(terms, slot)
        many = perhaps + np.bincount(line, minlength=size) >= terms.drift_lines
        touched[slot[many[line]]] = True


def line_of(terms: Compiled, slot: Ints | Narrow) -> Ints:
    """Return the contract lines of slots."""
    return np.searchsorted(terms.lines.base, slot, side="right") - 1


def on(touched: Bools, slot: Narrow) -> Bools:
    """Tell which lines fill a slot that needs the exact rules."""
    if not len(touched):
        return np.zeros(len(slot), np.bool_)
    return np.asarray(touched[slot] & (slot >= 0), dtype=np.bool_)


def due(terms: Compiled, today: date, since: date, *, before: date | None = None) -> Ints:
    """Return the slots that were to be billed by now, the days of grace over, and cost something; not those of `before`."""
    lines = terms.lines
    begin, end = since.toordinal() - EPOCH, today.toordinal() - EPOCH - terms.grace_days
    if before is not None:
        begin = max(begin, before.toordinal() - EPOCH - terms.grace_days)
    late = (terms.bill_on >= begin) & (terms.bill_on < end)
    if not late.any():
        return np.zeros(0, np.int64)
    at = np.repeat((lines.calendar - lines.base).astype(np.int32), lines.count)
    at += np.arange(terms.slots, dtype=np.int32)
    found = np.flatnonzero(late[at])
    return found[terms.versions.needed[terms.version[found]]]
