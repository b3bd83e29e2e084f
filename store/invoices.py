"""Invoices as their sources sent them, how far each source was read, and which contract a person named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, select, true, update

from domain.findings.matching import Match, party_of
from domain.invoices import Invoice, InvoiceProblem
from store import audit
from store.database import Database
from store.tables_billing import billing_cursors, billing_matches, billing_problems, invoices

_INVOICE = TypeAdapter(Invoice)
_IN_ONE_QUERY = 500  # names; databases limit them


def cursor(connection: Connection, source: str) -> str:
    """Return how far a source was read, empty for not at all."""
    return connection.scalar(select(billing_cursors.c.cursor).where(billing_cursors.c.source == source)) or ""


def read_at(connection: Connection) -> dict[str, datetime]:
    """Return when each source was last read to its end."""
    return {row.source: row.at for row in connection.execute(select(billing_cursors.c.source, billing_cursors.c.at))}


def put_cursor(database: Database, connection: Connection, source: str, value: str, now: datetime) -> None:
    """Remember how far a source was read, once what it gave is stored."""
    statement = database.insert(billing_cursors).values(source=source, cursor=value, at=now)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["source"], set_={"cursor": value, "at": now})
    )  # fmt: skip


def seen(connection: Connection, source: str, now: datetime) -> None:
    """Note that a source was read to its end, whether it had news or not."""
    connection.execute(update(billing_cursors).where(billing_cursors.c.source == source).values(at=now))


def keep(database: Database, connection: Connection, found: Iterable[Invoice], original: str, now: datetime) -> int:
    """Store invoices as they are now and return how many are new or changed; nothing of it is corrected."""
    return sum(_keep(database, connection, invoice, original, now) for invoice in found)


def _keep(database: Database, connection: Connection, invoice: Invoice, original: str, now: datetime) -> bool:
    body = _INVOICE.dump_python(invoice, mode="json")
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    key = (invoices.c.source == invoice.source) & (invoices.c.source_id == invoice.id)
    known = connection.execute(select(invoices.c.digest, invoices.c.removed).where(key)).one_or_none()
    if known is not None and known.digest == digest and not known.removed:
        return False
    values = {
        "number": invoice.number, "direction": invoice.direction, "status": invoice.status,
        "party": party_of(invoice).name, "currency": invoice.currency, "issued": invoice.issued, "body": body,
        "digest": digest, "removed": False, "changed_at": now,
    }  # fmt: skip
    if original:
        values["original"] = original
    row = {"source": invoice.source, "source_id": invoice.id, "stored_at": now, **values}
    statement = database.insert(invoices).values(**row)
    connection.execute(statement.on_conflict_do_update(index_elements=["source", "source_id"], set_=values))
    audit.record(
        connection, now, "aftersign", "invoice.stored" if known is None else "invoice.changed", invoice.number,
        source=invoice.source, id=invoice.id, digest=digest,
    )  # fmt: skip
    return True


def remove(connection: Connection, source: str, ids: Sequence[str], now: datetime) -> None:
    """Mark invoices that their source has deleted; what we know of them stays."""
    chosen = (invoices.c.source == source) & invoices.c.source_id.in_(ids)
    connection.execute(update(invoices).where(chosen).values(removed=True, changed_at=now))


def load(
    connection: Connection, *, contracts: Sequence[str] | None = None, only: Collection[tuple[str, str]] | None = None
) -> list[Invoice]:
    """Return the invoices that count, of all or of some contracts, or `only` those, in the order of their days."""
    if contracts is not None:
        return [one for part in _parts(contracts) for one in _read(connection, invoices.c.contract.in_(part))]
    if only is None:
        return _read(connection, true())
    found = [
        one
        for source in sorted({source for source, _ in only})
        for part in _parts([name for own, name in only if own == source])
        for one in _read(connection, (invoices.c.source == source) & invoices.c.source_id.in_(part))
    ]
    return sorted(found, key=lambda one: (one.issued, one.source, one.id))


def pages(connection: Connection, size: int) -> Iterator[list[Invoice]]:
    """Yield all the invoices that count, so many at a time, in the order in which they came."""
    last = 0
    while rows := connection.execute(
        select(invoices.c.id, invoices.c.body)
        .where(~invoices.c.removed, invoices.c.id > last)
        .order_by(invoices.c.id)
        .limit(size)
    ).all():
        yield [_INVOICE.validate_python(row.body) for row in rows]
        last = rows[-1].id


def _read(connection: Connection, where: ColumnElement[bool]) -> list[Invoice]:
    query = select(invoices.c.body).where(~invoices.c.removed, where).order_by(invoices.c.issued, invoices.c.id)
    return [_INVOICE.validate_python(body) for body in connection.scalars(query)]


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _IN_ONE_QUERY):
        yield names[start : start + _IN_ONE_QUERY]


def contracts_changed_since(connection: Connection, moment: datetime) -> set[str]:
    """Return the contracts that have invoices stored, changed or removed after a moment."""
    query = select(invoices.c.contract).where(invoices.c.changed_at > moment, invoices.c.contract != "").distinct()
    return set(connection.scalars(query))


def earliest(connection: Connection) -> date | None:
    """Return the day of the first invoice we have; what was to be billed before is not missed."""
    first: date | None = connection.scalar(select(func.min(invoices.c.issued)))
    return first


def assign(connection: Connection, matches: Iterable[Match]) -> None:
    """Note the contract of each invoice, and by which key it was recognised."""
    for match in matches:
        key = (invoices.c.source == match.place.source) & (invoices.c.source_id == match.place.invoice)
        connection.execute(update(invoices).where(key).values(contract=match.contract, matched_by=match.by))


def release(connection: Connection, papers: Iterable[tuple[str, str]], now: datetime) -> None:
    """Take invoices from the contract they were given to, so that the next run matches them anew."""
    for source, source_id in papers:
        key = (invoices.c.source == source) & (invoices.c.source_id == source_id)
        connection.execute(update(invoices).where(key).values(contract="", matched_by="", changed_at=now))


def remember(database: Database, connection: Connection, key: str, contract: str, who: str, now: datetime) -> None:
    """Remember a person's match for every later paper of that sender and reference."""
    values = {"contract": contract, "who": who, "at": now}
    statement = database.insert(billing_matches).values(key=key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))
    audit.record(connection, now, who, "invoice.matched", contract, key=key)


def remembered(connection: Connection) -> Mapping[str, str]:
    """Return what people said about whose invoices these are."""
    return {
        row.key: row.contract for row in connection.execute(select(billing_matches.c.key, billing_matches.c.contract))
    }


def note_problems(
    database: Database, connection: Connection, source: str, found: Iterable[InvoiceProblem], now: datetime
) -> None:
    """Keep what could not be read, until it can; the newest words about a place count."""
    for one in found:
        values = {"what": one.what, "fix": one.fix, "at": now}
        statement = database.insert(billing_problems).values(source=source, where=one.where[:400], **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["source", "where"], set_=values))


def settle_problems(connection: Connection, source: str, before: datetime) -> None:
    """Drop the problems of a source that a whole later look has not met again."""
    old = (billing_problems.c.source == source) & (billing_problems.c.at < before)
    connection.execute(delete(billing_problems).where(old))


def problems(connection: Connection) -> Sequence[RowMapping]:
    """List what could not be read, newest first."""
    return connection.execute(select(billing_problems).order_by(billing_problems.c.at.desc())).mappings().all()


def count(connection: Connection) -> int:
    """Return how many invoices are stored."""
    return connection.scalar(select(func.count()).select_from(invoices)) or 0
