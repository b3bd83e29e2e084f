"""How far the import of a folder has come, and the alerts that its digests tell of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, RowMapping, func, select, update

from domain.portfolio import Entry, FileState
from store import audit
from store.database import Database
from store.tables import alerts, contracts, documents, import_batches, import_files

_AT_ONCE = 500
_ABANDONED = timedelta(hours=1)  # an import that was given up must not hold back what is due
COLLAPSED = "collapsed"


def register(database: Database, batch: str, folder: str, entries: Sequence[Entry], now: datetime) -> None:
    """Write down what is to be imported; what is known of a file already stays."""
    with database.write() as connection:
        opened = database.insert(import_batches).values(id=batch, folder=folder, started_at=now)
        connection.execute(opened.on_conflict_do_nothing())
        for start in range(0, len(entries), _AT_ONCE):
            rows = [_row(batch, entry, now) for entry in entries[start : start + _AT_ONCE]]
            connection.execute(database.insert(import_files).on_conflict_do_nothing(), rows)
        if unfinished(connection, batch):
            connection.execute(update(import_batches).where(import_batches.c.id == batch).values(finished_at=None))


def _row(batch: str, entry: Entry, now: datetime) -> dict[str, object]:
    known = {"sha256": entry.sha256, "name": entry.name, "kind": entry.kind, "size": entry.size}
    return {"batch_id": batch, **known, "state": FileState.FOUND, "changed_at": now}


def folder_of(connection: Connection, batch: str) -> str | None:
    """Return the folder of a batch, or `None` when there is no such batch."""
    return connection.scalar(select(import_batches.c.folder).where(import_batches.c.id == batch))


def states(connection: Connection, batch: str) -> Mapping[str, RowMapping]:
    """Return the state of each file of a batch by its sha256, in the order of their names."""
    query = select(import_files).where(import_files.c.batch_id == batch).order_by(import_files.c.name)
    return {row["sha256"]: row for row in connection.execute(query).mappings()}


def file_row(connection: Connection, batch: str, sha256: str) -> RowMapping | None:
    """Return the state of one file."""
    query = select(import_files).where(import_files.c.batch_id == batch, import_files.c.sha256 == sha256)
    return connection.execute(query).mappings().first()


def reading_problem(connection: Connection, sha256: str) -> tuple[str, str]:
    """Return why a stored file could not be read and the detail, both empty when it could."""
    row = connection.execute(select(documents).where(documents.c.sha256 == sha256)).mappings().one()
    return row["problem"] or "", row["problem_detail"]


def note(
    connection: Connection,
    batch: str,
    sha256: str,
    state: FileState,
    now: datetime,
    *,
    contract_id: str | None = None,
    problem: str = "",
    text_hash: str = "",
) -> None:
    """Record how the import of one file went."""
    connection.execute(
        update(import_files)
        .where(import_files.c.batch_id == batch, import_files.c.sha256 == sha256)
        .values(
            state=state,
            contract_id=contract_id,
            problem=problem[:2000],
            text_hash=text_hash,
            attempts=import_files.c.attempts + 1,
            changed_at=now,
        )
    )


def unfinished(connection: Connection, batch: str) -> int:
    """Count the files of a batch that no run has tried yet."""
    query = select(func.count()).where(import_files.c.batch_id == batch, import_files.c.state == FileState.FOUND)
    return connection.scalar(query) or 0


def finish(connection: Connection, batch: str, now: datetime) -> None:
    """Note that every file of a batch was tried."""
    connection.execute(update(import_batches).where(import_batches.c.id == batch).values(finished_at=now))


def on_file(connection: Connection) -> Mapping[str, str]:
    """Return the contract of every stored paper by the paper's sha256."""
    query = select(contracts.c.document_sha256, contracts.c.id)
    return {row.document_sha256: row.id for row in connection.execute(query)}


def texts(connection: Connection) -> Mapping[str, tuple[str, str]]:
    """Return (sha256, name) of the file that was imported first with each text."""
    query = select(import_files).where(import_files.c.text_hash != "").order_by(import_files.c.changed_at.desc())
    return {row.text_hash: (row.sha256, row.name) for row in connection.execute(query)}


def collapse(connection: Connection, contract_id: str, today: date) -> None:
    """Keep a contract's due alerts for the digest, so that an import is no burst."""
    due = (alerts.c.contract_id == contract_id, alerts.c.state == "planned", alerts.c.due_on <= today)
    connection.execute(update(alerts).where(*due).values(state=COLLAPSED))


def collapsed(connection: Connection, now: datetime) -> Sequence[RowMapping]:
    """List the alerts that a digest shall tell of, the most urgent first; none while an import is under way."""
    recent = import_files.c.changed_at > now - _ABANDONED
    running = (
        select(import_batches.c.id)
        .join(import_files, import_files.c.batch_id == import_batches.c.id)
        .where(import_batches.c.finished_at.is_(None), recent)
    )
    if connection.execute(running.limit(1)).first():
        return []
    query = (
        select(alerts.c.id, alerts.c.recipient, alerts.c.act_by, contracts.c.customer, contracts.c.title)
        .join(contracts, contracts.c.id == alerts.c.contract_id)
        .where(alerts.c.state == COLLAPSED)
        .order_by(alerts.c.recipient, alerts.c.act_by, alerts.c.id)
    )
    return connection.execute(query).mappings().all()


def told(connection: Connection, ids: Iterable[str], recipient: str, now: datetime) -> None:
    """Note that a digest told its recipient of these alerts."""
    listed = list(ids)
    for start in range(0, len(listed), _AT_ONCE):
        part = alerts.c.id.in_(listed[start : start + _AT_ONCE])
        connection.execute(update(alerts).where(part).values(state="sent", sent_at=now))
    audit.record(connection, now, "aftersign", "alerts.digested", recipient, count=len(listed))
