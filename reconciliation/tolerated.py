"""Differences within the tolerance: no suspects by themselves, but counted, because many of them are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reconciliation.calendars import Ints
from reconciliation.frames import PER_PERCENT, Bools, Compiled, Narrow
from reconciliation.looking import Batch, Looked, rest

_ROOM = 2**62 // (100 * PER_PERCENT)
_MOST = 2**63 - 1


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """Hold lines whose difference the tolerance lets pass, with their slots, and the sign of what is billed too much.

    Its sign is 0 for a half that `HALF_EVEN` rounded to even: nothing differs there.
    """

    position: Ints
    slot: Narrow
    sign: Ints

    @classmethod
    def joined(cls, parts: Sequence[Small]) -> Small:
        """Return the parts as one."""
        none = cls(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int64))
        every = [none, *parts]
        return cls(
            np.concatenate([one.position for one in every]),
            np.concatenate([one.slot for one in every]),
            np.concatenate([one.sign for one in every]),
        )


def small(terms: Compiled, batch: Batch, seen: Looked, doubtful: Ints, begin: int) -> Small:
    """Return which doubtful lines, positions in a batch that begins at `begin`, differ by no more than their tolerance."""
    at = doubtful[seen.comparable[doubtful]]
    slot, amount = seen.slot[at], batch.amount[at]
    expected = _expected(terms, terms.version[slot], batch.quantity[at], seen.narrow[at])
    delta = amount - expected
    within = _passes(terms, batch.line[at], np.abs(delta), expected)
    return Small(begin + at[within], slot[within], np.sign(delta[within]))


def _expected(terms: Compiled, version: Narrow, quantity: Ints, narrow: Bools) -> Ints:
    """Return the agreed amounts, one by one where they need more than 64 bits; beyond these none is like a billed one."""
    found = np.empty(len(version), np.int64)
    found[narrow] = expected_minor(terms, version[narrow], quantity[narrow])
    for at in np.flatnonzero(~narrow).tolist():
        found[at] = min(terms.versions.prices[version[at]].minor(int(quantity[at])), _MOST)
    return found


def expected_minor(terms: Compiled, version: Narrow, quantity: Ints) -> Ints:
    """Return the agreed amounts in minor units, rounded as the versions say; valid within their bounds."""
    rows, unit = terms.versions, terms.versions.unit[version]
    exact = rest(terms, version, quantity, np.zeros(len(quantity), np.int64))
    count, left = np.divmod(exact, unit)
    half = 2 * left == unit
    up = (2 * left > unit) | (half & (~rows.half_even[version] | (count % 2 == 1)))
    return np.asarray(count + (up & ~rows.down[version]), dtype=np.int64)


def _passes(terms: Compiled, line: Narrow, delta: Ints, expected: Ints) -> Bools:
    """Tell which differences pass; those whose percentage would leave 64 bits do not."""
    lines = terms.lines
    absolute, percent = lines.absolute[line], lines.percent[line]
    small_enough = (expected < _ROOM) & (delta < _ROOM) & (percent < 100 * PER_PERCENT)
    kept, off = np.where(small_enough, expected, 0), np.where(small_enough, delta, 0)
    relative = off * (100 * PER_PERCENT) <= kept * percent
    stricter = lines.stricter[line]
    passes = np.where(stricter, (delta <= absolute) & relative, (delta <= absolute) | relative)
    return np.asarray((passes & small_enough) | ((delta == 0) & (expected < _MOST)), dtype=np.bool_)
