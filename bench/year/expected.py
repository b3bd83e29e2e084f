"""What had to happen with each contract, from its papers alone: which ends of terms, known from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from bench.year.arithmetic import Window, windows
from bench.year.journal import Change, Journal
from bench.year.papers import Paper
from domain.terms import TermField

_ONE_DAY = timedelta(days=1)
_SAME_TERM = timedelta(days=3)  # readings of one term's end lie closer together than that


@dataclass(frozen=True, slots=True)
class End:
    """Hold one term's end as every reading has it, and the days between which that was known."""

    contract: str
    since: date
    until: date
    readings: tuple[Window, ...]
    alertable: date

    @property
    def first(self) -> Window:
        """Return the reading that makes people act first."""
        return min(self.readings, key=lambda one: (one.act_by, one.term_end))

    @property
    def closed_after(self) -> date:
        """Return the last day on which any reading leaves the window open."""
        return max(one.closes for one in self.readings)

    @property
    def last_day(self) -> date:
        """Return the last day that any reading gives this term."""
        return max(one.term_end for one in self.readings)

    def is_of(self, term_end: date) -> bool:
        """Tell whether a recorded term end is that of this term."""
        return any(one.term_end == term_end for one in self.readings)


def ends(journal: Journal, contract: str, calendar: str) -> list[End]:
    """Return what was to be watched in each stretch of time with the same knowledge, in order."""
    paper = journal.papers[contract]
    changes = [one for one in journal.changes if one.contract == contract]
    horizon = journal.ends + timedelta(days=60)
    found: list[End] = []
    watched: set[date] = set()
    for since, until, known in _stretches(journal, paper, changes):
        every = _in_force(paper, known, calendar, since, horizon)
        open_ = [one for one in every if one.closes >= since or _matters(one, since, watched)]
        watched = {one.term_end for one in open_ if one.closes >= until}
        found += _terms(contract, since, until, open_)
    return found


def _matters(one: Window, since: date, watched: set[date]) -> bool:
    """Tell whether a closed window still has to be recorded: new knowledge closed it, or its term runs out."""
    return one.term_end in watched or (not one.renews and one.term_end >= since)


def _stretches(journal: Journal, paper: Paper, changes: list[Change]) -> Iterator[tuple[date, date, list[Change]]]:
    """Yield the stretches of time in which nobody learned anything new."""
    moments = {one.approved_at for one in changes} | {one.withdrawn_at for one in changes if one.withdrawn_at}
    start = datetime.combine(paper.known_on, time(0), tzinfo=UTC)
    last = datetime.combine(journal.ends, time(23, 59), tzinfo=UTC)
    for since, until in pairwise([start, *sorted(moments), last]):
        yield since.date(), until.date(), [one for one in changes if one.known(since)]


def _in_force(paper: Paper, changes: list[Change], calendar: str, since: date, until: date) -> list[Window]:
    """Return the windows that close while the terms they follow from hold."""
    ordered = sorted(changes, key=lambda one: (one.valid_from, one.approved_at))
    starts = [date.min, *sorted({one.valid_from for one in ordered})]
    found: set[Window] = set()
    before: list[Window] = []
    for first, next_ in pairwise([*starts, date.max]):
        values: dict[TermField, str] = dict(paper.values)
        for one in ordered:
            values |= one.values if one.valid_from <= first else {}
        every = windows(values, paper.rivals, calendar, until)
        found |= {one for one in every if first <= one.closes < next_}
        found |= set(_cut_short(before, every, first)) if first > since else set()
        before = every
    return sorted(found, key=lambda one: (one.act_by, one.term_end))


def _cut_short(before: list[Window], after: list[Window], day: date) -> Iterator[Window]:
    """Yield the windows that a change would close in the past: they count as they stood until they close."""
    counted = {one.term_end for one in after if one.closes >= day}
    closed = {one.term_end for one in after} - counted
    yield from (one for one in before if one.closes >= day and one.term_end in closed)


def _terms(contract: str, since: date, until: date, open_: list[Window]) -> Iterator[End]:
    """Put the readings of each term together; a term is looked at once the one before it is over."""
    groups: list[list[Window]] = []
    for one in sorted(open_, key=lambda one: one.term_end):
        if groups and one.term_end - groups[-1][-1].term_end <= _SAME_TERM:
            groups[-1].append(one)
        else:
            groups.append([one])
    free = since
    for group in groups:
        yield End(contract, since, until, tuple(group), free)
        free = max(free, max(one.closes for one in group) + _ONE_DAY)
