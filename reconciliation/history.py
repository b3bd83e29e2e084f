"""The history of invoice lines: Parquet files of whole numbers in the order of arrival, and a manifest that names them.

A line's position over all files is its number for good. A night adds one file; `compact` makes one of all. What is
not in the manifest does not exist, so that a night that died half-way leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from reconciliation.arrivals import LINE_COLUMNS, Arrivals, LineNumbers
from reconciliation.batches import batch
from reconciliation.calendars import Ints
from reconciliation.frames import Narrow
from reconciliation.looking import Batch
from reconciliation.manifest import Manifest, read, write
from reconciliation.papers import Papers

ROW_GROUP = 100_000
_BATCH = 400_000
_MEMORY = "512MB"
_LINES, _PAPERS, _NUMBERS, _MANIFEST = "lines", "papers", "contract-lines.parquet", "manifest.json"


class History:
    """Read and extend the history in a folder. Raises `OtherSchema`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read(folder / _MANIFEST)

    def append(self, arrivals: Arrivals, numbers: LineNumbers) -> None:
        """Add a night's lines and papers after all others."""
        self.folder.mkdir(parents=True, exist_ok=True)
        before, night = self.manifest, f"{len(self.manifest.nights) + 1:05d}-{self.manifest.lines}"
        papers = arrivals.papers.assign(first=arrivals.papers["first"] + before.lines)
        positions = np.arange(before.lines, before.lines + len(arrivals.lines))
        _write(arrivals.lines.assign(position=positions), self._path(_LINES, night))
        _write(papers, self._path(_PAPERS, night))
        self._keep(numbers)
        total = (before.lines + len(arrivals.lines), before.papers + len(papers))
        self._commit(Manifest((*before.nights, night), *total))

    def compact(self) -> None:
        """Make one file of all nights; positions stay. The old files go once the new manifest stands."""
        old, night = self.manifest, f"all-{len(self.manifest.nights)}-{self.manifest.lines}"
        if len(old.nights) < 2:
            return
        for kind in (_LINES, _PAPERS):
            _merge([self._path(kind, one) for one in old.nights], self._path(kind, night))
        self._commit(Manifest((night,), old.lines, old.papers))
        for kind in (_LINES, _PAPERS):
            for one in old.nights:
                self._path(kind, one).unlink()

    def numbers(self) -> LineNumbers:
        """Return the numbers of contract lines as they were given."""
        path = self.folder / _NUMBERS
        if not path.exists():
            return LineNumbers()
        rows = pq.read_table(path).to_pydict()
        return LineNumbers(list(zip(rows["contract"], rows["product"], strict=True)))

    def batches(self, place: Narrow) -> Iterator[Batch]:
        """Yield all lines in order; `place` is the row of each contract line's number in today's terms."""
        if not self.manifest.lines:
            return
        with connected() as database:
            query = f"select {', '.join(LINE_COLUMNS)} from read_parquet($files)"  # noqa: S608  # our own columns
            reader = database.sql(query, params={"files": self.files(_LINES)}).to_arrow_reader(_BATCH)
            for rows in reader:
                yield batch({name: _numpy(rows.column(name)) for name in LINE_COLUMNS}, place)

    def papers(self) -> Papers:
        """Return the fingerprints of all papers, in the order of arrival."""
        tables = [pq.read_table(path, columns=["paper", "first", "count"]) for path in self.files(_PAPERS)]
        columns = [
            np.concatenate([np.zeros(0, np.int64), *(_numpy(one[name]) for one in tables)])
            for name in ("paper", "first", "count")
        ]
        return Papers(*columns)

    def names(self, rows: Ints) -> list[tuple[str, str]]:
        """Return (source, invoice id) of papers, by their places in the order of arrival."""
        tables = [pq.read_table(path, columns=["source", "invoice"]) for path in self.files(_PAPERS)]
        if not tables:
            return []
        found = pa.concat_tables(tables).take(pa.array(rows)).to_pydict()
        return list(zip(found["source"], found["invoice"], strict=True))

    def files(self, kind: str) -> list[str]:
        """Return the files of `lines` or `papers`, in the order of arrival."""
        return [str(self._path(kind, night)) for night in self.manifest.nights]

    def _path(self, kind: str, night: str) -> Path:
        return self.folder / f"{kind}-{night}.parquet"

    def _keep(self, numbers: LineNumbers) -> None:
        keys = numbers.keys
        table = pa.table({"contract": [one for one, _ in keys], "product": [one for _, one in keys]})
        fresh = self.folder / f"{_NUMBERS}.new"
        pq.write_table(table, fresh)
        fresh.replace(self.folder / _NUMBERS)

    def _commit(self, manifest: Manifest) -> None:
        write(manifest, self.folder / _MANIFEST)
        self.manifest = manifest


def connected() -> duckdb.DuckDBPyConnection:
    """Return a database in memory with two threads and a limit on what it may hold."""
    database = duckdb.connect()
    database.execute(f"set threads = 2; set memory_limit = '{_MEMORY}'")
    return database


def _write(rows: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(rows, preserve_index=False)
    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP)


def _merge(old: Sequence[Path], new: Path) -> None:
    """Copy files into one, a few row groups at a time."""
    with pq.ParquetWriter(new, pq.read_schema(old[0]), compression="zstd") as writer:
        waiting: list[pa.RecordBatch] = []
        for path in old:
            for rows in pq.ParquetFile(path).iter_batches(ROW_GROUP):
                waiting.append(rows)
                waiting = _full_groups(writer, waiting)
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting), row_group_size=ROW_GROUP)


def _full_groups(writer: pq.ParquetWriter, waiting: list[pa.RecordBatch]) -> list[pa.RecordBatch]:
    table = pa.Table.from_batches(waiting).combine_chunks()
    full = len(table) - len(table) % ROW_GROUP
    if full:
        writer.write_table(table.slice(0, full), row_group_size=ROW_GROUP)
    rest: list[pa.RecordBatch] = table.slice(full).to_batches()
    return rest


def _numpy(column: Any) -> Any:
    """Return an Arrow column without copying, where it is one piece of numbers."""
    return column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy()
