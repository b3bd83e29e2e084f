"""What each source measured of a window, kept as exact fractions with the outages that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, select, update

from domain.outages import Outage
from domain.sla.measured import Measured, Verdict
from store import audit
from store.database import Database
from store.tables_sla import measurements

_KEY = ("contract_id", "service", "source", "window_first", "window_last")


def keep(
    database: Database,
    connection: Connection,
    contract_id: str,
    service: str,
    found: Measured,
    *,
    target: Decimal,
    verdict: Verdict,
    counts: bool,
    now: datetime,
) -> bool:
    """Store what a source measured of a window; tell whether that is news.

    A source that corrects itself gives the same row a higher version.
    """
    row = _row(contract_id, service, found, target, verdict, counts=counts)
    key = tuple(measurements.c[name] == row[name] for name in _KEY)
    known = connection.execute(select(measurements).where(*key)).mappings().first()
    if known is None:
        new = database.insert(measurements).values(**row, version=1, measured_at=now).on_conflict_do_nothing()
        return bool(connection.execute(new).rowcount)
    if all(known[name] == value for name, value in row.items()):
        return False
    values = {**row, "version": known["version"] + 1, "measured_at": now}
    connection.execute(update(measurements).where(*key).values(**values))
    audit.record(
        connection, now, "aftersign", "sla.remeasured", contract_id,
        source=found.source, window=str(found.window), was=known["verdict"], now=verdict,
    )  # fmt: skip
    return True


def measured(connection: Connection, contract_id: str, service: str = "") -> Sequence[RowMapping]:
    """List a contract's measurements by service and window, the source that counts first."""
    query = select(measurements).where(measurements.c.contract_id == contract_id)
    if service:
        query = query.where(measurements.c.service == service)
    order = (measurements.c.service, measurements.c.window_first, measurements.c.counts.desc(), measurements.c.source)
    return connection.execute(query.order_by(*order)).mappings().all()


def _row(
    contract_id: str, service: str, found: Measured, target: Decimal, verdict: Verdict, *, counts: bool
) -> dict[str, object]:
    shares = {
        name: str(getattr(found, name)) for name in ("total", "excluded", "down", "doubtful", "lowest", "highest")
    }
    return {
        "contract_id": contract_id, "service": service, "source": found.source, "window_first": found.window.first,
        "window_last": found.window.last, "zone": found.window.zone, "target": str(target), "unit": str(found.counted), "verdict": str(verdict),
        "counts": counts, "outages": [_evidence(one) for one in found.outages], "why": list(found.why), **shares,
    }  # fmt: skip


def _evidence(one: Outage) -> dict[str, str]:
    return {
        "start": one.start.isoformat(), "end": one.end.isoformat() if one.end else "", "impact": str(one.impact),
        "id": one.id, "title": one.title, "url": one.url,
    }  # fmt: skip
