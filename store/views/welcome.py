"""Welcome sequences by customer: their state, the next mail and its day, and whether the intake form is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from domain.welcome import MailState, SequenceState
from store.tables import handoffs, sequences, welcome_mails

FACETS = ("state", "csm", "intake")
FILTERS = (*FACETS, "customer")
SORTS = ("next_at", "customer", "created_at")
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
    mails = _mails()
    query = select(
        handoffs.c.id, handoffs.c.customer, handoffs.c.csm_email, _state(mails).label("state"), sequences.c.reason,
        sequences.c.template, sequences.c.intake_done_at, sequences.c.created_at, _next().label("next"),
        case((_active(), mails.c.next_at)).label("next_at"),
        mails.c.sent, mails.c.mails, case((wanted.named, sequences.c.recipient)).label("recipient"),
    ).select_from(_joined(mails)).where(*conditions(wanted))  # fmt: skip
    name, down = wanted.sort.removeprefix("-") or "next_at", wanted.sort.startswith("-")
    known: Mapping[str, ColumnElement[Any]] = {
        "next_at": case((_active(), mails.c.next_at)), "customer": func.lower(handoffs.c.customer),
        "created_at": sequences.c.created_at,
    }  # fmt: skip
    order = known[name].desc() if down else known[name].asc()
    query = query.order_by(known[name].is_(None), order, handoffs.c.id).limit(limit).offset(offset)
    return [dict(row) for row in connection.execute(query).mappings()]


def total(connection: Connection, wanted: Wanted) -> int:
    """Count the sequences that fit."""
    return connection.scalar(select(func.count()).select_from(_joined(_mails())).where(*conditions(wanted))) or 0


def facet(connection: Connection, wanted: Wanted, name: str) -> list[tuple[str, int]]:
    """Count the values of one facet under all the other filters."""
    mails = _mails()
    column = _columns()[name]
    query = select(column.label("value"), func.count().label("n")).select_from(_joined(mails))
    query = query.where(*conditions(wanted, but=name)).group_by(column).order_by(func.count().desc(), column).limit(15)
    return [(str(row.value), row.n) for row in connection.execute(query)]


def conditions(wanted: Wanted, *, but: str = "") -> list[Condition]:
    """Return what a row must fulfil."""
    said = {name: value for name, value in wanted.filters.items() if name != but and value}
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


def _state(mails: Any) -> ColumnElement[Any]:
    return case((mails.c.doubts > 0, DOUBT), else_=sequences.c.state)


def _next() -> ColumnElement[Any]:
    """Return the key of the mail that leaves next, empty for a sequence that has ended."""
    own = (welcome_mails.c.handoff_id == sequences.c.handoff_id, welcome_mails.c.state == MailState.PLANNED)
    first = select(welcome_mails.c.key).where(*own, _active()).order_by(welcome_mails.c.due_at, welcome_mails.c.key)
    return first.limit(1).correlate(sequences).scalar_subquery()


def _mails() -> Any:
    def count(state: MailState) -> ColumnElement[Any]:
        return func.sum(case((welcome_mails.c.state == state, 1), else_=0))

    planned = case((welcome_mails.c.state == MailState.PLANNED, welcome_mails.c.due_at))
    return (
        select(
            welcome_mails.c.handoff_id,
            func.min(planned, type_=welcome_mails.c.due_at.type).label("next_at"),
            count(MailState.SENT).label("sent"),
            count(MailState.UNKNOWN).label("doubts"),
            func.count().label("mails"),
        )
        .group_by(welcome_mails.c.handoff_id)
        .subquery("mails")
    )


def _joined(mails: Any) -> Any:
    own = sequences.join(handoffs, handoffs.c.id == sequences.c.handoff_id)
    return own.outerjoin(mails, mails.c.handoff_id == sequences.c.handoff_id)
