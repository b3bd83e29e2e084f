"""Make the history that is measured: contracts, clean lines at their agreed amounts, planted faults, Parquet files."""

from __future__ import annotations

import pickle
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import pandas as pd

from bench.reconcile.contracts import CONTRACTS, POLICY, PRODUCTS, START, contracts
from bench.reconcile.faults import Columns, planted
from domain.findings.contract import BilledContract
from domain.minor_units import to_minor
from domain.pricing.agreement import Usage
from domain.pricing.billing_periods import Span
from domain.pricing.expected import expected_in
from reconciliation.arrivals import Arrivals, LineNumbers
from reconciliation.calendars import EPOCH
from reconciliation.compiled import compiled
from reconciliation.currency_numbers import number_of
from reconciliation.frames import Compiled
from reconciliation.history import History
from reconciliation.tolerated import expected_minor

_LINES = CONTRACTS * len(PRODUCTS)
_CHECKED = 300


def end_of(periods: int) -> date:
    """Return the first day after the last period."""
    return START + timedelta(weeks=periods)


def make(folder: Path, lines: int, delta: int, seed: int) -> dict[str, float]:
    """Write history, terms and what was planted; the last `delta` lines are a night of their own. Return figures."""
    periods = round((lines + delta) / _LINES)
    book = contracts(CONTRACTS, periods, seed)
    begin, day = time.process_time(), end_of(periods)
    terms = compiled(book, through=day, today=day, policy=POLICY)
    figures = {"compile": time.process_time() - begin, "runs": float(len(terms.run_count))}
    clean = _clean(terms, periods, seed)
    found = planted(clean, terms.versions.needed[terms.version[clean.slot]], np.random.default_rng(seed + 1))
    _verify(book, terms, seed)
    numbers = LineNumbers(terms.lines.keys)
    split, history = len(found.slot) - delta, History(folder / "history")
    for part in (slice(0, split), slice(split, None)):
        if len(found.slot[part]):
            history.append(_arrivals(found, part), numbers)
    (folder / "terms.pickle").write_bytes(pickle.dumps(terms))
    np.savez(folder / "planted.npz", slot=found.slot, fault=found.fault, dropped=found.dropped, night=delta)
    _versions(terms).to_parquet(folder / "versions.parquet")
    return figures


def _clean(terms: Compiled, periods: int, seed: int) -> Columns:
    """Return a line for each slot, period by period as the invoices came."""
    draw = np.random.default_rng(seed)
    line = np.tile(np.arange(_LINES, dtype=np.int32), periods)
    period = np.repeat(np.arange(periods, dtype=np.int32), _LINES)
    slot = terms.lines.base[line] + period
    quantity = draw.integers(1_000, 600_000, len(slot))
    first = terms.starts[terms.lines.calendar[line] + period]
    last = terms.ends[terms.lines.calendar[line] + period] - 1
    columns: dict[str, npt.NDArray[np.generic]] = {
        "line": line, "first": first, "last": last, "quantity": quantity,
        "amount": expected_minor(terms, terms.version[slot], quantity),
        "currency": np.full(len(slot), number_of("EUR"), np.int16), "odd": np.zeros(len(slot), np.bool_),
    }  # fmt: skip
    return Columns(columns, slot, np.full(len(slot), -1))


def _verify(book: list[BilledContract], terms: Compiled, seed: int) -> None:
    """Compare the compiled prices of some slots with the exact engine. Raises `AssertionError`."""
    draw, rows = Random(seed), terms.lines
    for row in draw.sample(range(len(rows.keys)), _CHECKED):
        contract, product = book[int(rows.keys[row][0][1:])], rows.keys[row][1]
        slot, quantity = int(rows.base[row] + draw.randrange(int(rows.count[row]))), draw.randint(1_000, 600_000)
        start = date.fromordinal(int(terms.starts[rows.calendar[row] + slot - rows.base[row]]) + EPOCH)
        span = Span(start, start + timedelta(weeks=1))
        usage = (Usage(product, start, Decimal(quantity) / 1000),)
        exact = expected_in(contract.agreement, product, span, usage, known_at=start)
        found = expected_minor(terms, terms.version[[slot]], np.array([quantity]))
        assert [to_minor(one.amount) for one in exact] == found.tolist(), (contract.id, product, start)


def _arrivals(found: Columns, part: slice) -> Arrivals:
    """Return lines with their papers: lines that follow each other for one contract and period."""
    lines = pd.DataFrame({name: values[part] for name, values in found.columns.items()})
    owner = lines["line"].to_numpy() // len(PRODUCTS)
    change = owner[1:] != owner[:-1]
    first = np.flatnonzero(np.concatenate(([True], change))).astype(np.int64)
    count = np.diff(np.append(first, len(lines)))
    paper = (first + (part.start or 0)).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    papers = pd.DataFrame(
        {"paper": paper.view(np.int64), "first": first, "count": count, "issued": lines["first"].to_numpy()[first]}
    )
    return Arrivals(lines, papers.assign(source="files", invoice=""))


def _versions(terms: Compiled) -> pd.DataFrame:
    """Return the prices as a plain engine wants them: from which day, with three bands each."""
    rows, begin = terms.versions, np.cumsum(terms.run_count) - terms.run_count
    line, version = terms.run_line, terms.run_version
    piece, bands = rows.piece[version], np.diff(np.append(rows.piece, len(rows.per)))[version]
    table = {
        "line": line.astype(np.int32),
        "day": terms.starts[terms.lines.calendar[line] + begin - terms.lines.base[line]],
    }
    for band in range(3):
        at = piece + np.minimum(band, bands - 1)
        table |= {f"n{band}": rows.per[at], f"c{band}": rows.base[at]}
    for band in range(2):
        table[f"upto{band}"] = rows.upto[band][version]
    return pd.DataFrame(table | {"unit": rows.unit[version]}).sort_values(["day", "line"], ignore_index=True)
