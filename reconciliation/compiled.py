"""Contracts as whole numbers: contract lines, their billing periods as dense slots, and a price version for each.

A contract line is one product of one contract. Slot = its `base` + the number of the billing period, so that what
was billed for it is found without a search. What whole numbers cannot hold has a version that nothing satisfies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from domain.currencies import digits_of
from domain.findings.contract import BilledContract, Policy
from domain.findings.tolerance import Joined, Tolerance
from reconciliation.calendars import Calendar, Ints, calendar_of
from reconciliation.currency_numbers import number_of
from reconciliation.frames import PER_PERCENT, Compiled, ContractLines, Narrow
from reconciliation.pieces import EXACT_ONLY, Price
from reconciliation.price_rows import versions
from reconciliation.versions import Run, exact_only, runs

_MOST = 2**31 - 1
_COLUMNS = 12


def compiled(contracts: Sequence[BilledContract], *, through: date, today: date, policy: Policy) -> Compiled:
    """Compile contracts for service that begins on or before `through`.

    Raises `OverflowError` where tolerances or the number of slots leave their integers.
    """
    book = _Book()
    for contract in contracts:
        for product in dict.fromkeys(line.product for line in contract.agreement.prices):
            first = next(line for line in contract.agreement.prices if line.product == product)
            calendar = calendar_of(contract.agreement, first, through=through)
            book.add(contract, product, calendar, runs(contract, product, calendar, known_at=today), policy)
    always = tuple(one.id for one in contracts if exact_only(one))
    return book.closed(always, policy)


class _Book:
    """Collect contract lines; equal prices and calendars are kept once."""

    def __init__(self) -> None:
        self.keys: list[tuple[str, str]] = []
        self.rows: list[tuple[int, ...]] = []
        self.prices: dict[Price, int] = {}
        self.calendars: dict[int, tuple[int, int, Calendar]] = {}
        self.runs: list[tuple[int, int, int]] = []
        self.slots = self.days = self.periods = 0

    def add(
        self, contract: BilledContract, product: str, calendar: Calendar, found: Sequence[Run], policy: Policy
    ) -> None:
        """Add one contract line."""
        table, first = self._calendar(calendar)
        begin = int(calendar.starts[0]) if calendar.periods else 0
        span = int(calendar.starts[-1]) - begin + 1 if calendar.periods else 0
        prices = contract.agreement.prices
        once = any(line.once for line in prices if line.product == product)
        tolerance = _integers(policy.tolerance_of(contract), contract.agreement.currency)
        currency = number_of(contract.agreement.currency)
        always = all(run.price is EXACT_ONLY for run in found)
        count = len(calendar.periods)
        self.rows.append((currency, self.slots, count, table, begin, span, first, once, always, *tolerance))
        for run in found:
            self.runs.append((run.count, self.prices.setdefault(run.price, len(self.prices)), len(self.keys)))
        self.keys.append((contract.id, product))
        self.slots += count

    def closed(self, always: tuple[str, ...], policy: Policy) -> Compiled:
        """Return everything as arrays."""
        if max(self.slots, self.days) > _MOST:
            message = f"{self.slots} slots are more than one screen holds; divide the contracts"
            raise OverflowError(message)
        run = np.array(self.runs, dtype=np.int64).reshape(-1, 3).T
        kept = [one for _, _, one in self.calendars.values()]
        tables = [one.day_table() for one in kept]
        return Compiled(
            self._lines(), versions(self.prices), np.repeat(run[1], run[0]).astype(np.int32), run[0], run[1], run[2],
            _joined(table for table, _ in tables), _joined(last for _, last in tables),
            _joined(one.starts for one in kept), _joined(one.ends for one in kept), _joined(one.bill_on for one in kept),
            always, policy.grace_days, policy.drift_lines,
        )  # fmt: skip

    def _calendar(self, calendar: Calendar) -> tuple[int, int]:
        if id(calendar) not in self.calendars:
            self.calendars[id(calendar)] = (self.days, self.periods, calendar)
            self.periods += len(calendar.starts)
            self.days += int(calendar.starts[-1] - calendar.starts[0]) + 1 if len(calendar.starts) else 0
        return self.calendars[id(calendar)][:2]

    def _lines(self) -> ContractLines:
        columns = np.array(self.rows, dtype=np.int64).reshape(-1, _COLUMNS).T
        currency, base, count, table, day, days, calendar, whole, always, absolute, percent, stricter = columns
        return ContractLines(
            tuple(self.keys), currency, base, count, table, day, days,
            calendar, whole.astype(np.bool_), always.astype(np.bool_), absolute, percent, stricter.astype(np.bool_),
        )  # fmt: skip


def _integers(tolerance: Tolerance, currency: str) -> tuple[int, int, int]:
    absolute = int(tolerance.absolute.scaleb(digits_of(currency)))
    return absolute, int(tolerance.percent * Decimal(PER_PERCENT)), int(tolerance.joined is Joined.STRICTER)


def _joined(parts: Iterable[Ints]) -> Narrow:
    return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int32)
