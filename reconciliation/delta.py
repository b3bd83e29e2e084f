"""A night: the new lines, and of the history only what shares a slot with them.

Every night's suspects together are those of one full audit; only what a later night bills is no longer missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from reconciliation.batches import batch_of, places
from reconciliation.calendars import Ints
from reconciliation.frames import Bools, Compiled, Narrow
from reconciliation.history import History
from reconciliation.looking import looked
from reconciliation.neighbours import lines_at, lines_within, twins
from reconciliation.screen import Screening, Suspects, due, line_of, on
from reconciliation.spill import Crossing, crossed


@dataclass(frozen=True, slots=True)
class Night:
    """Hold when the lines came: `today`, the night `before` it, and since when missed slots count."""

    today: date
    before: date
    since: date


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    rows: pd.DataFrame
    work: Screening
    filled: Bools
    touched: Bools


def new_suspects(terms: Compiled, history: History, count: int, night: Night) -> Suspects:
    """Return what the last `count` lines of the history made suspect, and the slots that became due and are not billed."""
    place = places(terms, history.numbers().keys)
    first = history.manifest.lines - count
    again = twins(history, first)
    late = due(terms, night.today, night.since, before=night.before)
    fresh = pd.concat([lines_at(history, first, count), *(lines_at(history, *one) for one in again)])
    asked = _concerned(terms, fresh, place)
    asked[late] = True
    seen = _looked(terms, history, asked, fresh, again, place)
    wider = _drifting(terms, seen, asked)
    if (wider & ~asked).any():
        asked |= wider
        seen = _looked(terms, history, asked, fresh, again, place)
    return _verdict(terms, seen, asked, late, first)


def _concerned(terms: Compiled, fresh: pd.DataFrame, place: Narrow) -> Bools:
    """Return the slots that lines fill or cross."""
    asked = np.zeros(terms.slots, np.bool_)
    batch = batch_of(fresh, place)
    slot = looked(terms, batch).slot
    asked[slot[slot >= 0]] = True
    crossed(terms, Crossing.of(batch, slot, np.arange(len(batch))), asked)
    return asked


def _looked(
    terms: Compiled, history: History, asked: Bools, fresh: pd.DataFrame, again: list[tuple[int, int]], place: Narrow
) -> _Seen:
    near = lines_within(history, terms, asked, place)
    rows = pd.concat([near, fresh]).drop_duplicates("position").sort_values("position", ignore_index=True)
    work = Screening.of(terms, len(rows))
    work.add(batch_of(rows, place))
    position = rows["position"].to_numpy()
    for first, count in again:
        work.suspect |= (position >= first) & (position < first + count)
    return _Seen(rows, work, *work.closed())


def _drifting(terms: Compiled, seen: _Seen, asked: Bools) -> Bools:
    """Return every slot of contract lines with a tolerance that something new concerns: small differences add up there."""
    lines = terms.lines
    small = [part.slot for part in seen.work.small]
    slots = np.concatenate([np.flatnonzero(seen.touched & asked), *small])
    concerned = np.zeros(len(lines.keys), np.bool_)
    concerned[line_of(terms, slots)] = True
    for crossing in seen.work.crossings:
        concerned[crossing.line[crossing.line >= 0]] = True
    concerned &= np.where(
        lines.stricter > 0, (lines.absolute > 0) & (lines.percent > 0), (lines.absolute > 0) | (lines.percent > 0)
    )
    return np.repeat(concerned, lines.count)


def _verdict(terms: Compiled, seen: _Seen, asked: Bools, late: Ints, first: int) -> Suspects:
    position, work = seen.rows["position"].to_numpy(), seen.work
    touched = seen.touched & asked
    suspect = (work.suspect & (position >= first)) | on(touched, work.slot)
    missed = late[~seen.filled[late]]
    always = np.flatnonzero(terms.lines.exact_only)
    return Suspects(
        position[suspect], np.flatnonzero(touched), missed, np.zeros(0, np.int64), always, terms.exact_contracts
    )
