"""The audit trail as a list: who did what to what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from store.tables import audit

FILTERS = ("actor", "action", "subject", "since", "until", "text")
_NAMES = ("seq", "at", "actor", "action", "subject", "detail", "hash")


def rows(connection: Connection, filters: Mapping[str, str], limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """List entries, newest first."""
    query = select(*(audit.c[name] for name in _NAMES)).where(*conditions(filters)).order_by(audit.c.seq.desc())
    return [dict(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def total(connection: Connection, filters: Mapping[str, str]) -> int:
    """Count the entries that fit."""
    return connection.scalar(select(func.count()).select_from(audit).where(*conditions(filters))) or 0


def kinds(connection: Connection, filters: Mapping[str, str], limit: int = 20) -> list[tuple[str, int]]:
    """Count what was done under the other filters, the most frequent first."""
    others = {name: value for name, value in filters.items() if name != "action"}
    query = select(audit.c.action, func.count().label("n")).where(*conditions(others)).group_by(audit.c.action)
    return [(row.action, row.n) for row in connection.execute(query.order_by(func.count().desc()).limit(limit))]


def conditions(filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Return what an entry must fulfil; days are whole days of UTC."""
    said = {name: value for name, value in filters.items() if value}
    found: list[ColumnElement[bool]] = [
        audit.c[name] == said[name] for name in ("actor", "action", "subject") if name in said
    ]
    since, until = _day(said.get("since", "")), _day(said.get("until", ""))
    if since:
        found.append(audit.c.at >= since.isoformat())
    if until:
        found.append(audit.c.at < (until + timedelta(days=1)).isoformat())
    if "text" in said:
        wanted = said["text"].casefold()
        columns = (audit.c.detail, audit.c.subject, audit.c.actor, audit.c.action)
        found.append(or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns)))
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
