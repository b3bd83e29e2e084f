"""The arrays that contracts are compiled to: contract lines, slots, versions of prices and their pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reconciliation.calendars import Ints
from reconciliation.pieces import Price

Bools = npt.NDArray[np.bool_]
Narrow = npt.NDArray[np.int32]
PER_PERCENT = 10_000
"""Percentages are kept to four decimals, cut off: a tolerance is never wider than agreed."""


@dataclass(frozen=True, slots=True, eq=False)
class ContractLines:
    """Hold a row for each contract line; `keys` are (contract id, product).

    `base` is its first slot, `count` its slots, `table` the place of day `day` in the table of days, which covers
    `days` days. `whole` lines are one-time fees, of which any line concerns every other. `absolute` is in minor
    units, `percent` in 1/10 000 %, `stricter` tells which of them binds.
    """

    keys: tuple[tuple[str, str], ...]
    currency: Ints
    base: Ints
    count: Ints
    table: Ints
    day: Ints
    days: Ints
    calendar: Ints
    whole: Bools
    exact_only: Bools
    absolute: Ints
    percent: Ints
    stricter: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Versions:
    """Hold a row for each of `prices`: its first piece, and between which bounds it may be compared.

    Quantities above `largest` and amounts above `limit` need integers wider than 64 bits.
    """

    prices: tuple[Price, ...]
    piece: Ints
    unit: Ints
    smallest: Ints
    top: Ints
    largest: Ints
    limit: Ints
    least_off: Ints
    most_off: Ints
    half_even: Bools
    down: Bools
    needed: Bools
    upto: tuple[Ints, ...]
    per: Ints
    base: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """Hold contracts as arrays; `version` has a row for each slot, `run_*` for each run of slots of one price.

    `period` and `last` are the table of days. `starts`, `ends` and `bill_on` are those of the billing periods,
    calendar by calendar; all days count from 1970. `exact_contracts` are always a matter of the exact rules.
    """

    lines: ContractLines
    versions: Versions
    version: Narrow
    run_count: Ints
    run_version: Ints
    run_line: Ints
    period: Narrow
    last: Narrow
    starts: Narrow
    ends: Narrow
    bill_on: Narrow
    exact_contracts: tuple[str, ...]
    grace_days: int
    drift_lines: int

    @property
    def slots(self) -> int:
        """Return how many slots there are."""
        return len(self.version)
