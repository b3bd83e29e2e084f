"""The inbox: what providers told us, written once before anybody is answered."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, and_, insert, or_, select, update
from sqlalchemy.exc import OperationalError

from domain.errors import Transient
from domain.signatures import SignatureEvent, Verdict
from store import audit
from store.database import Database
from store.tables import counters, inbox

_FULL = 20_000
_ATTEMPTS = 4
_DEADLOCKS = frozenset({"40P01", "40001"})  # deadlock detected, serialization failure
MAX_ATTEMPTS = 12  # with doubling pauses about 17 hours


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold one verified event with the raw bytes it came in."""

    source: str
    event: SignatureEvent
    body: bytes
    headers: Mapping[str, str]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """Hold what became of a delivery: `accepted`, `duplicate`, `ignored` or `unknown`."""

    status: str
    inbox_id: str = ""


class InboxWriter:
    """Commit deliveries in groups: whatever arrives during one commit shares the next.

    One group is one transaction, so a durable answer costs a share of a disk flush instead of a
    whole one. Use from one event loop.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Delivery, asyncio.Future[Receipt]]] = []
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._counted_at: datetime | None = None
        self._worker: asyncio.Task[None] | None = None

    async def add(self, delivery: Delivery) -> Receipt:
        """Return once the delivery is on disk. Raises `Transient` when too many are waiting."""
        if len(self._waiting) >= _FULL:
            raise Transient("The inbox is full", why="the database is slower than the senders", retry_after=5)
        future: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append((delivery, future))
        self._wake()
        return await future

    def count(self, source: str, kind: str, verdict: str, *, at: datetime) -> None:
        """Count a delivery that is not kept; it is written with the next group."""
        self._counts[source, kind[:100], verdict] += 1
        self._counted_at = at
        self._wake()

    async def drain(self) -> None:
        """Wait until everything handed in is on disk."""
        if self._worker:
            await self._worker

    def _wake(self) -> None:
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._waiting or self._counts:
            group, self._waiting = self._waiting, []
            counted, self._counts = self._counts, Counter()
            try:
                deliveries = [delivery for delivery, _ in group]
                receipts = await asyncio.to_thread(
                    write_group, self._database, deliveries, counted.copy(), self._counted_at
                )
            except Exception as error:  # noqa: BLE001 - every waiting request must hear of it
                self._counts.update(counted)  # nothing was written; the next group carries them
                for _, future in group:
                    if not future.done():
                        future.set_exception(error)
                if not self._waiting:
                    return
                continue
            for (_, future), receipt in zip(group, receipts, strict=True):
                if not future.done():
                    future.set_result(receipt)


def write_group(
    database: Database,
    deliveries: Sequence[Delivery],
    counted: Counter[tuple[str, str, str]],
    counted_at: datetime | None = None,
) -> list[Receipt]:
    """Write deliveries and counts in one transaction and return their receipts in order.

    Another process that writes the same events at the same moment may end in a deadlock; nothing
    is written then, and the group is written again.
    """
    for _ in range(_ATTEMPTS - 1):
        try:
            return _write_group(database, deliveries, counted.copy(), counted_at)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") not in _DEADLOCKS:
                raise
    return _write_group(database, deliveries, counted, counted_at)


def _write_group(
    database: Database,
    deliveries: Sequence[Delivery],
    counted: Counter[tuple[str, str, str]],
    counted_at: datetime | None,
) -> list[Receipt]:
    rows = [_row(delivery) for delivery in deliveries]
    with database.write() as connection:
        fresh = _insert(database, connection, [row for row in rows if row["state"] != "ignored"])
        receipts = [_receipt(row, fresh) for row in rows]
        for delivery, receipt in zip(deliveries, receipts, strict=True):
            counted[delivery.source, delivery.event.kind[:100], receipt.status] += 1
            if receipt.status == "duplicate":
                _note_duplicate(connection, delivery)
        now = deliveries[0].received_at if deliveries else counted_at
        if now:
            _write_counts(database, connection, counted, now)
        if fresh and now:
            audit.record_all(connection, now, [_happening(row) for row in rows if row["id"] in fresh])
    return [_with_original(database, delivery, receipt) for delivery, receipt in zip(deliveries, receipts, strict=True)]


def _row(delivery: Delivery) -> dict[str, object]:
    event = delivery.event
    states = {
        Verdict.COMPLETED: "received",
        Verdict.IGNORED: "ignored",
        Verdict.UNKNOWN: "unknown",
        Verdict.NOTED: "noted",
    }
    return {
        "id": str(uuid.uuid4()),
        "source": delivery.source,
        "event_id": event.event_id,
        "business_key": event.business_key(delivery.source),
        "kind": event.kind[:100],
        "account": event.account,
        "document": event.document,
        "state": states[event.verdict],
        "reason": "",
        "body": delivery.body,
        "headers": dict(delivery.headers),
        "received_at": delivery.received_at,
        "deliveries": 1,
        "attempt": 0,
    }


def _insert(database: Database, connection: Connection, rows: list[dict[str, object]]) -> set[object]:
    """Insert what is new by event id and by business key; return the ids that went in."""
    if not rows:
        return set()
    rows = sorted(rows, key=lambda row: (str(row["business_key"]), str(row["event_id"])))  # everybody in one order
    ids = [row["id"] for row in rows]
    if connection.execute(database.insert(inbox).on_conflict_do_nothing(), rows).rowcount == len(rows):
        return set(ids)
    found: set[object] = set()
    for start in range(0, len(ids), 500):
        found |= set(connection.scalars(select(inbox.c.id).where(inbox.c.id.in_(ids[start : start + 500]))))
    return found


def _receipt(row: Mapping[str, object], fresh: set[object]) -> Receipt:
    if row["state"] == "ignored":
        return Receipt("ignored")
    if row["id"] not in fresh:
        return Receipt("duplicate")
    return Receipt("unknown" if row["state"] == "unknown" else "accepted", str(row["id"]))


def _same(delivery: Delivery) -> object:
    by_event = and_(inbox.c.source == delivery.source, inbox.c.event_id == delivery.event.event_id)
    key = delivery.event.business_key(delivery.source)
    return or_(by_event, inbox.c.business_key == key) if key else by_event


def _note_duplicate(connection: Connection, delivery: Delivery) -> None:
    connection.execute(
        update(inbox).where(_same(delivery)).values(deliveries=inbox.c.deliveries + 1)  # type: ignore[arg-type]
    )


def _with_original(database: Database, delivery: Delivery, receipt: Receipt) -> Receipt:
    if receipt.status != "duplicate":
        return receipt
    with database.read() as connection:
        original = connection.scalar(select(inbox.c.id).where(_same(delivery)))  # type: ignore[arg-type]
    return replace(receipt, inbox_id=original or "")


def _happening(row: Mapping[str, object]) -> audit.Happening:
    detail = {"event_id": row["event_id"], "kind": row["kind"], "document": row["document"]}
    return audit.Happening(f"esign:{row['source']}", f"webhook.{row['state']}", str(row["id"]), detail)


def _write_counts(
    database: Database,
    connection: Connection,
    counted: Counter[tuple[str, str, str]],
    now: datetime,
) -> None:
    if not counted:
        return
    statement = database.insert(counters)
    statement = statement.on_conflict_do_update(
        index_elements=["source", "kind", "verdict"],
        set_={"count": counters.c.count + statement.excluded.count, "last_at": statement.excluded.last_at},
    )
    rows = [
        {"source": source, "kind": kind, "verdict": verdict, "count": count, "last_at": now}
        for (source, kind, verdict), count in counted.items()
    ]
    connection.execute(statement, rows)


def add_found(database: Database, source: str, document: str, now: datetime) -> str | None:
    """Enter a completion that a sweep found and no webhook announced; `None` if it is known."""
    # The moment is part of the id: what was rejected then may be completed now. The business key
    # still lets one completion in once.
    event_id = f"sweep:{document}:{now:%Y%m%dT%H%M%S.%f}"[:200]
    event = SignatureEvent(event_id, "sweep.completed", Verdict.COMPLETED, "", document)
    receipt = write_group(database, [Delivery(source, event, b"", {}, now)], Counter())[0]
    return receipt.inbox_id if receipt.status == "accepted" else None


def known_documents(connection: Connection, source: str, documents: Sequence[str]) -> set[str]:
    """Return which of these documents have an inbox entry that led, or will lead, to a handoff."""
    rows = connection.scalars(
        select(inbox.c.document).where(
            inbox.c.source == source,
            inbox.c.document.in_(documents),
            inbox.c.state.in_(("received", "started", "done", "dead")),
        )
    )
    return set(rows)


def to_start(connection: Connection, now: datetime, *, patience: timedelta) -> Sequence[RowMapping]:
    """List entries that nobody started, or whose start led nowhere within `patience`.

    Patience doubles with every attempt; `run_id` names the run that was asked for last.
    """
    lost = and_(inbox.c.state == "started", inbox.c.handoff_id.is_(None), inbox.c.dispatched_at < now - patience)
    query = (
        select(inbox.c.id, inbox.c.source, inbox.c.attempt, inbox.c.state, inbox.c.run_id, inbox.c.dispatched_at)
        .where(or_(inbox.c.state == "received", and_(lost, inbox.c.attempt < MAX_ATTEMPTS)))
        .order_by(inbox.c.received_at)
        .limit(500)
    )
    rows = connection.execute(query).mappings().all()
    return [row for row in rows if row["state"] == "received" or _waited(row, now, patience)]


def _waited(row: RowMapping, now: datetime, patience: timedelta) -> bool:
    return bool(row["dispatched_at"] + patience * 2 ** max(row["attempt"] - 1, 0) <= now)


def noted(connection: Connection, source: str) -> Mapping[str, list[str]]:
    """Return what changed at a vendor and nobody looked at yet: entry ids by the vendor's object."""
    query = select(inbox.c.id, inbox.c.document).where(inbox.c.state == "noted", inbox.c.source == source)
    found: dict[str, list[str]] = {}
    for identity, document in connection.execute(query.order_by(inbox.c.received_at).limit(1000)):
        found.setdefault(document, []).append(identity)
    return found


def bury(connection: Connection, now: datetime, *, patience: timedelta) -> list[str]:
    """Make dead letters of entries whose every attempt led nowhere; return their ids."""
    spent = (
        inbox.c.state == "started",
        inbox.c.handoff_id.is_(None),
        inbox.c.attempt >= MAX_ATTEMPTS,
        inbox.c.dispatched_at < now - patience,
    )
    ids = list(connection.scalars(select(inbox.c.id).where(*spent)))
    for identity in ids:
        reason = f"{MAX_ATTEMPTS} runs ended before the provider confirmed the document"
        settle(connection, identity, state="dead", now=now, reason=reason)
    return ids


def dead(connection: Connection) -> Sequence[RowMapping]:
    """List the entries that need a person."""
    columns = (inbox.c.id, inbox.c.source, inbox.c.document, inbox.c.reason, inbox.c.attempt)
    return connection.execute(select(*columns).where(inbox.c.state == "dead")).mappings().all()


def started(connection: Connection, inbox_id: str, run_id: str, now: datetime) -> None:
    """Remember that a run was asked for; a later state is never taken back."""
    connection.execute(
        update(inbox)
        .where(inbox.c.id == inbox_id, inbox.c.state.in_(("received", "started")))
        .values(state="started", run_id=run_id, dispatched_at=now, attempt=inbox.c.attempt + 1)
    )


def get(connection: Connection, inbox_id: str) -> RowMapping | None:
    """Return one entry."""
    return connection.execute(select(inbox).where(inbox.c.id == inbox_id)).mappings().first()


def settle(
    connection: Connection, inbox_id: str, *, state: str, now: datetime, reason: str = "", handoff: str | None = None
) -> None:
    """Set what became of an entry: `started`, `done`, `rejected` or `dead`.

    A rejected entry gives up its business key: should the document be completed later after
    all, that completion must not be taken for a duplicate.
    """
    values: dict[str, object] = {"state": state, "reason": reason}
    if handoff:
        values["handoff_id"] = handoff
    if state == "rejected":
        values["business_key"] = None
    connection.execute(update(inbox).where(inbox.c.id == inbox_id).values(**values))
    audit.record(connection, now, "aftersign", f"inbox.{state}", inbox_id, reason=reason, handoff=handoff)


def reopen(connection: Connection, inbox_id: str, now: datetime, actor: str) -> bool:
    """Put an entry back to `received` so that it is started again; `False` when there is none."""
    found = connection.execute(
        update(inbox)
        .where(inbox.c.id == inbox_id, inbox.c.state != "unknown")
        .values(state="received", attempt=inbox.c.attempt + 1)
    ).rowcount
    if found:
        audit.record(connection, now, actor, "inbox.replayed", inbox_id)
    return bool(found)


def revive(connection: Connection, ids: Sequence[str], now: datetime, actor: str) -> list[str]:
    """Open dead entries again so that the dispatcher starts them; return those that still were dead."""
    revived = []
    for identity in ids:
        mine = (inbox.c.id == identity, inbox.c.state == "dead")
        values = {"state": "received", "attempt": inbox.c.attempt + 1}
        if connection.execute(update(inbox).where(*mine).values(**values)).rowcount:
            audit.record(connection, now, actor, "inbox.replayed", identity)
            revived.append(identity)
    return revived


def recent(connection: Connection, limit: int = 100) -> Sequence[RowMapping]:
    """List the latest entries without their bodies."""
    columns = [column for column in inbox.c if column.name not in {"body", "headers"}]
    return connection.execute(select(*columns).order_by(inbox.c.received_at.desc()).limit(limit)).mappings().all()


def tallies(connection: Connection) -> Sequence[RowMapping]:
    """List the counters."""
    return connection.execute(select(counters).order_by(counters.c.source, counters.c.kind)).mappings().all()


def direct(connection: Connection, values: Mapping[str, object]) -> None:
    """Insert one prepared row; used by imports that bring their own history."""
    connection.execute(insert(inbox).values(**values))
