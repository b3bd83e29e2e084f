"""Welcome sequences by customer: their state, the next mail and its day, and whether the intake form is filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Subquery, case, func, select

from domain.welcome import MailState, SequenceState
from store.tables import handoffs, sequences, welcome_mails
from store.views.counting import Counted, counted, shown

FACETS = ("state", "csm", "intake")
FILTERS = (*FACETS, "customer")
SORTS = ("next_at", "customer", "created_at")
_SOME = 500  # values that one statement may carry
DOUBT = "in doubt"  # a mail may or may not have left, and holds the sequence

Rows = list[dict[str, Any]]
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold whose sequences are asked for, whose recipients may be shown, and filters."""

    seen: Condition
    named: Condition
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""


def rows(connection: Connection, wanted: Wanted, limit: int, offset: int = 0) -> Rows:
    """List the sequences that fit, the next mail first."""
    planned = _planned()
    name, down = wanted.sort.removeprefix("-") or "next_at", wanted.sort.startswith("-")
    known: Mapping[str, ColumnElement[Any]] = {
        "next_at": case((_active(), planned.c.next_at)), "customer": func.lower(handoffs.c.customer),
        "created_at": sequences.c.created_at,
    }  # fmt: skip
    order = (known[name].is_(None), known[name].desc() if down else known[name].asc(), handoffs.c.id)
    query = select(
        handoffs.c.id, handoffs.c.customer, handoffs.c.csm_email, sequences.c.state, sequences.c.reason,
        sequences.c.template, sequences.c.intake_done_at, sequences.c.created_at, known["next_at"].label("next_at"),
        case((wanted.named, sequences.c.recipient)).label("recipient"),
    ).select_from(_joined().outerjoin(planned, planned.c.handoff_id == sequences.c.handoff_id))  # fmt: skip
    query = query.where(*conditions(wanted)).order_by(*order).limit(limit).offset(offset)
    found = [dict(row) for row in connection.execute(query).mappings()]
    mails = _mails(connection, [row["id"] for row in found])
    return [_told(row, mails.get(row["id"], ())) for row in found]


def counts(connection: Connection, wanted: Wanted) -> Counted:
    """Count the sequences that fit, and by facet."""
    columns = _columns()
    query = select(*(column.label(name) for name, column in columns.items())).select_from(_joined())
    every = shown(query.where(*conditions(wanted, but=FACETS)))
    chosen = {name: value for name, value in wanted.filters.items() if name in FACETS and value}
    fits = {name: every.c[name] == value for name, value in chosen.items()}
    return counted(connection, every, {name: every.c[name] for name in FACETS}, fits, most=15)


def conditions(wanted: Wanted, *, but: Sequence[str] = ()) -> list[Condition]:
    """Return what a row must fulfil."""
    said = {name: value for name, value in wanted.filters.items() if name not in but and value}
    columns = _columns()
    found = [wanted.seen, *(columns[name] == said[name] for name in FACETS if name in said)]
    if "customer" in said:
        found.append(func.lower(handoffs.c.customer).contains(said["customer"].casefold(), autoescape=True))
    return found


def leaves_out(connection: Connection, handoff_id: str, key: str) -> bool:
    """Tell whether a mail can still be left out, and keep it so for this transaction."""
    own = (welcome_mails.c.handoff_id == handoff_id, welcome_mails.c.key == key)
    held = connection.execute(
        select(welcome_mails.c.state, sequences.c.state.label("whole"))
        .join(sequences, sequences.c.handoff_id == welcome_mails.c.handoff_id)
        .where(*own)
        .with_for_update()
    ).first()
    return held is not None and (held.state, held.whole) == (MailState.PLANNED, SequenceState.ACTIVE)


def _columns() -> Mapping[str, ColumnElement[Any]]:
    return {
        "state": sequences.c.state,
        "csm": func.coalesce(func.nullif(handoffs.c.csm_email, ""), "nobody"),
        "intake": case((sequences.c.intake_done_at.is_not(None), "done"), else_="waiting"),
    }


def _active() -> Condition:
    return sequences.c.state == SequenceState.ACTIVE


def _told(row: dict[str, Any], mails: Sequence[Any]) -> dict[str, Any]:
    """Add to a sequence how far its mails are, and which leaves next if it has not ended."""
    planned = [mail.key for mail in mails if mail.state == MailState.PLANNED]
    doubtful = any(mail.state == MailState.UNKNOWN for mail in mails)
    ahead = planned[0] if planned and row["state"] == SequenceState.ACTIVE else None
    sent = sum(mail.state == MailState.SENT for mail in mails)
    return {**row, "next": ahead, "sent": sent, "mails": len(mails), "state": DOUBT if doubtful else row["state"]}


def _mails(connection: Connection, ids: Sequence[str]) -> Mapping[str, list[Any]]:
    """Return the mails of some sequences in the order of their days."""
    found: dict[str, list[Any]] = {}
    columns = (welcome_mails.c.handoff_id, welcome_mails.c.key, welcome_mails.c.state)
    for start in range(0, len(ids), _SOME):
        query = select(*columns).where(welcome_mails.c.handoff_id.in_(ids[start : start + _SOME]))
        for row in connection.execute(query.order_by(welcome_mails.c.due_at, welcome_mails.c.key)):
            found.setdefault(row.handoff_id, []).append(row)
    return found


def _planned() -> Subquery:
    """Return when the next mail of each sequence is due."""
    query = select(welcome_mails.c.handoff_id, func.min(welcome_mails.c.due_at).label("next_at"))
    return query.where(welcome_mails.c.state == MailState.PLANNED).group_by(welcome_mails.c.handoff_id).subquery()


def _joined() -> FromClause:
    return sequences.join(handoffs, handoffs.c.id == sequences.c.handoff_id)
