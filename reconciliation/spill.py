"""What a doubtful line lies across: the slots whose verdict it may change although they look clean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reconciliation.calendars import Ints
from reconciliation.frames import Bools, Compiled, Narrow
from reconciliation.looking import Batch

UNDATED = -(2**31)
"""The day of a line whose days nobody states: it may fill any slot of its contract line."""


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """Hold the contract lines, days and slots of doubtful lines."""

    line: Narrow
    first: Narrow
    last: Narrow
    slot: Narrow

    @classmethod
    def of(cls, batch: Batch, slot: Narrow, doubtful: Ints) -> Crossing:
        """Return those of a batch."""
        return cls(batch.line[doubtful], batch.first[doubtful], batch.last[doubtful], slot[doubtful])


def crossed(terms: Compiled, crossing: Crossing, touched: Bools) -> None:
    """Mark the slots that share days with lines which fit none, and every slot of lines without days and of one-time fees."""
    lines = terms.lines
    if not lines.keys:
        return
    strange = np.flatnonzero((crossing.line >= 0) & ((crossing.slot < 0) | lines.whole[crossing.line]))
    for at in strange.tolist():
        line = int(crossing.line[at])
        begin, count = int(lines.base[line]), int(lines.count[line])
        low, high = 0, count
        if crossing.first[at] != UNDATED and not lines.whole[line]:
            own = slice(int(lines.calendar[line]), int(lines.calendar[line]) + count)
            low = int(np.searchsorted(terms.ends[own], crossing.first[at], side="right"))
            high = int(np.searchsorted(terms.starts[own], crossing.last[at], side="right"))
        touched[begin + low : begin + max(low, high)] = True
