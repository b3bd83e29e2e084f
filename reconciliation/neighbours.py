"""Lines of the history by where they lie: at a position, across asked slots, on papers that came twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reconciliation.arrivals import LINE_COLUMNS
from reconciliation.frames import Bools, Compiled, Narrow
from reconciliation.history import History, connected
from reconciliation.screen import line_of
from reconciliation.spill import UNDATED

_COLUMNS = ", ".join(f"l.{name}" for name in (*LINE_COLUMNS, "position"))
_AT = f"select {_COLUMNS} from read_parquet($files) l where l.position between $first and $last"  # noqa: S608
# Two queries: only without `or` does DuckDB leave row groups unread whose days lie elsewhere.
_WITHIN = f"""
select {_COLUMNS} from read_parquet($files) l join windows w on l.line = w.number
where l.first <= $last and l.last >= $first and l.first <= w.last and l.last >= w.first
union all
select {_COLUMNS} from read_parquet($files) l join windows w on l.line = w.number where l.first = {UNDATED}
"""  # noqa: S608  # our own columns and a number
_TWINS = """
select p.first, p.count from read_parquet($files) p
where p.paper in (select paper from read_parquet($files) where first >= $line)
qualify count(*) over (partition by p.paper) > 1
"""


def lines_at(history: History, first: int, count: int) -> pd.DataFrame:
    """Return so many lines from a position on."""
    files = {"files": history.files("lines"), "first": first, "last": first + count - 1}
    with connected() as database:
        return _typed(database.execute(_AT, files).fetchnumpy())


def lines_within(history: History, terms: Compiled, asked: Bools, place: Narrow) -> pd.DataFrame:
    """Return the lines that share days with asked slots of their contract line, or might; whole runs of days at once."""
    windows = _windows(terms, asked, place)
    days = {"first": int(windows["first"].min()), "last": int(windows["last"].max())} if len(windows) else {}
    if not days or not history.manifest.lines:
        return _typed({})
    with connected() as database:
        database.register("windows", windows)
        return _typed(database.execute(_WITHIN, {"files": history.files("lines"), **days}).fetchnumpy())


def twins(history: History, line: int) -> list[tuple[int, int]]:
    """Return (first line, lines) of papers that came from line `line` on and at another time, and of those others."""
    if not history.manifest.papers:
        return []
    with connected() as database:
        found: Sequence[tuple[int, int]] = database.execute(
            _TWINS, {"files": history.files("papers"), "line": line}
        ).fetchall()
    return [(int(first), int(count)) for first, count in found]


def _windows(terms: Compiled, asked: Bools, place: Narrow) -> pd.DataFrame:
    """Return for each number of a contract line the days from its first asked slot to its last."""
    slot = np.flatnonzero(asked)
    row, lines = line_of(terms, slot), terms.lines
    at = lines.calendar[row] + slot - lines.base[row]
    begin = np.flatnonzero(np.concatenate(([True], row[1:] != row[:-1]))) if len(row) else np.zeros(0, np.int64)
    stop = np.append(begin[1:], len(row))[: len(begin)] - 1
    numbers = np.full(len(lines.keys), -1, np.int64)
    numbers[place[:-1][place[:-1] >= 0]] = np.flatnonzero(place[:-1] >= 0)
    first = np.where(lines.whole[row[begin]], UNDATED + 1, terms.starts[at[begin]])
    last = np.where(lines.whole[row[begin]], -UNDATED - 1, terms.ends[at[stop]] - 1)
    found = pd.DataFrame({"number": numbers[row[begin]], "first": first, "last": last})
    return found[found["number"] >= 0]


def _typed(columns: Mapping[str, object]) -> pd.DataFrame:
    types = {**LINE_COLUMNS, "position": "int64"}
    return pd.DataFrame({name: columns.get(name, ()) for name in types}).astype(types)
