"""The engines that are compared, each run in a process of its own: `python -m bench.reconcile.engines NAME FOLDER`.

The plain ones only join, price and compare; the screen does all of its checks.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.reconcile.contracts import START
from bench.reconcile.faults import KINDS
from reconciliation.frames import Compiled
from reconciliation.history import History, connected

_JOINED = """
select count(*) from read_parquet($lines) l asof join read_parquet($versions) v
on l.line = v.line and l.first >= v.day
where abs(l.amount - {price}) > greatest(1, {price} // 1000)
"""
_PIECE = """(2 * (case when l.quantity <= v.upto0 then v.n0 * l.quantity + v.c0
 when l.quantity <= v.upto1 then v.n1 * l.quantity + v.c1
 else v.n2 * l.quantity + v.c2 end) + v.unit) // (2 * v.unit)"""

Counts = dict[str, int]
_SCREENS = frozenset({"full audit", "night"})


@dataclass(frozen=True, slots=True)
class Figures:
    """Hold what one run took: seconds, MiB, and what it counted."""

    cpu: float
    wall: float
    peak: float
    loading: float
    counts: Counts


def duckdb_as_of(folder: Path, _terms: Compiled | None) -> Counts:
    """Join, price and compare in DuckDB."""
    files = {"lines": History(folder / "history").files("lines"), "versions": str(folder / "versions.parquet")}
    with connected() as database:
        row = database.execute(_JOINED.format(price=_PIECE), files).fetchone()
    return {"differ": int(row[0]) if row else 0}


def pandas_as_of(folder: Path, _terms: Compiled | None) -> Counts:
    """Join, price and compare in pandas."""
    import pandas as pd

    files = History(folder / "history").files("lines")
    wanted = ["line", "first", "quantity", "amount"]
    lines = pd.concat([pd.read_parquet(file, columns=wanted) for file in files]).sort_values("first", kind="stable")
    versions = pd.read_parquet(folder / "versions.parquet").rename(columns={"day": "first"})
    joined = pd.merge_asof(lines, versions.astype({"first": "int32"}), on="first", by="line").dropna()
    first, second = (
        (joined["quantity"] <= joined["upto0"]).to_numpy(),
        (joined["quantity"] <= joined["upto1"]).to_numpy(),
    )
    column = {name: joined[name].to_numpy().astype(np.int64) for name in joined.columns}
    per = np.where(first, column["n0"], np.where(second, column["n1"], column["n2"]))
    base = np.where(first, column["c0"], np.where(second, column["c1"], column["c2"]))
    expected = (2 * (per * column["quantity"] + base) + column["unit"]) // (2 * column["unit"])
    differ = np.abs(column["amount"] - expected) > np.maximum(1, expected // 1000)
    return {"differ": int(differ.sum())}


def full_audit(folder: Path, terms: Compiled | None) -> Counts:
    """Screen everything."""
    from reconciliation.batches import places
    from reconciliation.screen import screened

    assert terms is not None
    history = History(folder / "history")
    place = places(terms, history.numbers().keys)
    suspects = screened(
        terms, history.batches(place), history.papers(), lines=history.manifest.lines, today=_last(terms), since=START
    )
    np.savez(folder / "found.npz", lines=suspects.lines, missed=suspects.missed)
    return {"suspects": len(suspects.lines), "missed slots": len(suspects.missed)}


def checked(folder: Path) -> Mapping[str, tuple[int, int]]:
    """Return for each kind of planted fault how many there are and how many the screen found."""
    planted, found = np.load(folder / "planted.npz"), np.load(folder / "found.npz")
    suspect = np.zeros(len(planted["fault"]), np.bool_)
    suspect[found["lines"]] = True
    counts = {}
    for number, name in enumerate(KINDS):
        own = planted["fault"] == number
        counts[name] = (int(own.sum()), int((own & suspect).sum()))
    counts["dropped"] = (len(planted["dropped"]), int(np.isin(planted["dropped"], found["missed"]).sum()))
    return counts


def _last(terms: Compiled) -> Any:
    from datetime import date, timedelta

    from reconciliation.calendars import EPOCH

    return date.fromordinal(int(terms.ends.max()) + EPOCH) + timedelta(days=30)


def night(folder: Path, terms: Compiled | None) -> Counts:
    """Screen the last night against all that came before."""
    from datetime import timedelta

    from reconciliation.delta import Night, new_suspects

    assert terms is not None
    history, today = History(folder / "history"), _last(terms)
    count = int(np.load(folder / "planted.npz")["night"])
    suspects = new_suspects(terms, history, count, Night(today, today - timedelta(days=1), START))
    new = suspects.lines[suspects.lines >= history.manifest.lines - count]
    np.savez(folder / "found-tonight.npz", lines=suspects.lines)
    return {"lines": count, "suspects": len(suspects.lines), "new": len(new)}


def night_checked(folder: Path) -> tuple[int, int]:
    """Return how many of the last night's lines were planted faults, and how many of these it found."""
    planted, found = np.load(folder / "planted.npz"), np.load(folder / "found-tonight.npz")
    begin = len(planted["fault"]) - int(planted["night"])
    wrong = begin + np.flatnonzero(planted["fault"][begin:] >= 0)
    return len(wrong), int(np.isin(wrong, found["lines"]).sum())


ENGINES: dict[str, Callable[[Path, Compiled | None], Counts]] = {
    "DuckDB as-of join": duckdb_as_of, "pandas merge_asof": pandas_as_of, "full audit": full_audit,
    "night": night,
}  # fmt: skip


def run(name: str, folder: Path) -> Figures:
    """Run one engine in this process."""
    begin = time.process_time()
    terms = pickle.loads((folder / "terms.pickle").read_bytes()) if name in _SCREENS else None
    loading = time.process_time() - begin
    cpu, wall = time.process_time(), time.perf_counter()
    counts = ENGINES[name](folder, terms)
    return Figures(time.process_time() - cpu, time.perf_counter() - wall, _peak(), loading, counts)


def _peak() -> float:
    """Return the most MiB that this program held; `getrusage` would count the parent's that it was forked from."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    figures = run(sys.argv[1], Path(sys.argv[2]))
    print(json.dumps({name: getattr(figures, name) for name in Figures.__slots__}))
