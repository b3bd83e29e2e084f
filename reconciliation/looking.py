"""One look at a batch of invoice lines in whole numbers: its slot, and whether the amount is exactly the agreed one.

Nothing is divided: an amount is right where `per * quantity + base - unit * amount` is no more than rounding can be.
The bounds of a version keep every product within 64 bits, where arrays would wrap around silently.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reconciliation.calendars import Ints
from reconciliation.frames import Bools, Compiled, Narrow


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Hold invoice lines as columns; `line` is the contract line or -1, `first` and `last` days count from 1970.

    `quantity` is in milli-units, `amount` in minor units. `odd` marks what only the exact rules understand.
    """

    line: Narrow
    first: Narrow
    last: Narrow
    quantity: Ints
    amount: Ints
    currency: Narrow
    odd: Bools

    def __len__(self) -> int:
        return len(self.line)


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """Hold the slot of each line, -1 for none, and whether its amount is exactly the agreed one.

    `comparable` lines have an agreed amount; those that are not `narrow` have it beyond 64 bits.
    """

    slot: Narrow
    comparable: Bools
    narrow: Bools
    right: Bools


def looked(terms: Compiled, batch: Batch) -> Looked:
    """Find the slot of every line and compare its amount."""
    if not terms.slots or not len(batch):
        nothing = np.zeros(len(batch), dtype=np.bool_)
        return Looked(np.full(len(batch), -1, dtype=np.int32), nothing, nothing, nothing)
    slot, plain = _slots(terms, batch)
    version, rows = terms.version[np.where(slot < 0, 0, slot)], terms.versions
    plain &= (slot >= 0) & (batch.amount >= 0)
    comparable = plain & (batch.quantity >= rows.smallest[version]) & (batch.quantity <= rows.top[version])
    narrow = comparable & (batch.quantity <= rows.largest[version]) & (batch.amount <= rows.limit[version])
    off = rest(terms, version, batch.quantity, batch.amount)
    right = narrow & (off >= rows.least_off[version]) & (off <= rows.most_off[version])
    return Looked(slot, comparable, narrow, right)


def rest(terms: Compiled, version: Narrow, quantity: Ints, amount: Ints) -> Ints:
    """Return the exact amount less the billed one, in the version's parts of a minor unit; valid within its bounds."""
    rows = terms.versions
    piece = rows.piece[version]
    for upto in rows.upto:
        piece += quantity > upto[version]
    return rows.per[piece] * quantity + rows.base[piece] - rows.unit[version] * amount


def _slots(terms: Compiled, batch: Batch) -> tuple[Narrow, Bools]:
    """Return the slots whose days are exactly those of the lines, and which lines are plain and in the agreed currency."""
    lines = terms.lines
    line = np.where(batch.line < 0, 0, batch.line)
    day = batch.first - lines.day[line]
    known = (batch.line >= 0) & (day >= 0) & (day < lines.days[line])
    at = np.where(known, day + lines.table[line], 0)
    known &= (terms.last[at] == batch.last) & (terms.period[at] >= 0)
    slot = np.where(known, lines.base[line] + terms.period[at], -1).astype(np.int32)
    return slot, ~batch.odd & (batch.currency == lines.currency[line])
