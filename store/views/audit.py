"""The audit trail as a list: who did what to what, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from store.tables import audit, handoffs
from store.views.bound import Reach

FILTERS = ("actor", "action", "subject", "since", "until", "text")
_NAMES = ("seq", "at", "actor", "action", "subject", "detail", "hash")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold which entries somebody may know of, whose details they may read, and the filters."""

    reach: Reach
    filters: Mapping[str, str]


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """List entries, newest first; details that are closed to somebody are empty."""
    detail = case((_about(wanted.reach.opened), audit.c.detail), else_="{}").label("detail")
    columns = [detail if name == "detail" else audit.c[name] for name in _NAMES]
    query = select(*columns).where(*conditions(wanted)).order_by(audit.c.seq.desc())
    return [dict(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]


def total(connection: Connection, wanted: Wanted) -> int:
    """Count the entries that fit."""
    return connection.scalar(select(func.count()).select_from(audit).where(*conditions(wanted))) or 0


def kinds(connection: Connection, wanted: Wanted, limit: int = 20) -> list[tuple[str, int]]:
    """Count what was done under the other filters, the most frequent first."""
    others = {name: value for name, value in wanted.filters.items() if name != "action"}
    query = select(audit.c.action, func.count().label("n")).where(*conditions(replace(wanted, filters=others)))
    found = connection.execute(query.group_by(audit.c.action).order_by(func.count().desc()).limit(limit))
    return [(row.action, row.n) for row in found]


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what an entry must fulfil; days are whole days of UTC."""
    said = {name: value for name, value in wanted.filters.items() if value}
    found = [_about(wanted.reach.within)]
    found += [audit.c[name] == said[name] for name in ("actor", "action", "subject") if name in said]
    since, until = _day(said.get("since", "")), _day(said.get("until", ""))
    if since:
        found.append(audit.c.at >= since.isoformat())
    if until:
        found.append(audit.c.at < (until + timedelta(days=1)).isoformat())
    if "text" in said:
        found.append(_says(wanted, said["text"].casefold()))
    return found


def _says(wanted: Wanted, words: str) -> ColumnElement[bool]:
    """Return whether an entry has these words; details that are closed to somebody are not searched for them."""
    shown = [
        func.lower(column).contains(words, autoescape=True)
        for column in (audit.c.subject, audit.c.actor, audit.c.action)
    ]
    told = func.lower(audit.c.detail).contains(words, autoescape=True)
    return or_(*shown, and_(_about(wanted.reach.opened), told))


def _about(open_to: Callable[[ColumnElement[str]], ColumnElement[bool]]) -> ColumnElement[bool]:
    """Return whether the contract that an entry is about, itself or by its handoff, is open to somebody."""
    own = select(handoffs.c.contract_id).where(handoffs.c.id == audit.c.subject).correlate(audit).scalar_subquery()
    return open_to(func.coalesce(own, audit.c.subject))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
