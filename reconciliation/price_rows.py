"""Prices as the rows of an array, in the order in which they were met."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from domain.minor_units import Rounding
from reconciliation.calendars import Ints
from reconciliation.frames import Versions
from reconciliation.pieces import OPEN, Price

_ROOM = 2**63


def versions(prices: Iterable[Price]) -> Versions:
    """Return prices as rows, in order."""
    rows = list(prices)
    pieces = [piece for price in rows for piece in price.pieces]
    counts = np.array([len(price.pieces) for price in rows], dtype=np.int64)
    off = [price.off for price in rows]
    widest = int(counts.max(initial=1))
    return Versions(
        tuple(rows), np.cumsum(counts) - counts, _ints(price.unit for price in rows),
        _ints(price.smallest for price in rows), _ints(price.top for price in rows),
        _ints(price.largest for price in rows), _ints(price.limit for price in rows),
        _ints(least for least, _ in off), _ints(most for _, most in off),
        np.array([price.rounding is Rounding.HALF_EVEN for price in rows], dtype=np.bool_),
        np.array([price.rounding is Rounding.DOWN for price in rows], dtype=np.bool_),
        np.array([price.needed for price in rows], dtype=np.bool_),
        tuple(_ints(_end(price, index) for price in rows) for index in range(widest - 1)),
        _ints(one.per for one in pieces), _ints(one.base for one in pieces),
    )  # fmt: skip


def _end(price: Price, index: int) -> int:
    """Return where a piece ends that another one follows."""
    return price.pieces[index].upto if index + 1 < len(price.pieces) else OPEN


def _ints(values: Iterable[int]) -> Ints:
    """Return integers as a column; 0 stands for those beyond 64 bits, which `largest` forbids to use."""
    return np.fromiter((value if abs(value) < _ROOM else 0 for value in values), dtype=np.int64)
