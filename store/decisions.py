"""What was decided about each term's end, until it is carried out; and the terms nobody stopped."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, RowMapping, select, update

from store import audit
from store.tables import contracts
from store.tables_ledger import decisions

OPEN, EXECUTED, WITHDRAWN = "open", "executed", "withdrawn"
LOCKED_IN = "locked_in"
ENDED = "ended"
# Two readings of one doubtful end lie no further apart; they are one term.
SAME_TERM = timedelta(days=3)


def add(
    connection: Connection,
    contract_id: str,
    term_end: date,
    verdict: str,
    *,
    who: str,
    because: str,
    now: datetime,
    state: str = OPEN,
    letter: str | None = None,
    cost: str = "",
) -> str:
    """Record a decision about one term's end; an open one before it is withdrawn."""
    earlier = (decisions.c.contract_id == contract_id, decisions.c.term_end == term_end, decisions.c.state == OPEN)
    connection.execute(update(decisions).where(*earlier).values(state=WITHDRAWN))
    identity = str(uuid.uuid4())
    values = {
        "id": identity, "contract_id": contract_id, "term_end": term_end, "verdict": verdict, "state": state,
        "because": because, "decided_by": who, "decided_at": now, "letter_sha256": letter, "cost": cost,
    }  # fmt: skip
    connection.execute(decisions.insert().values(**values))
    detail = {"term_end": str(term_end), "because": because, "cost": cost}
    audit.record(connection, now, who, f"renewal.{verdict}", contract_id, **detail)
    return identity


def execute(
    connection: Connection, row: RowMapping, *, who: str, now: datetime, served_on: date | None, proof: str | None
) -> None:
    """Record that a decision was carried out, with the proof of service where one is needed."""
    values = {"state": EXECUTED, "executed_by": who, "executed_at": now, "served_on": served_on, "proof_sha256": proof}
    connection.execute(update(decisions).where(decisions.c.id == row["id"]).values(**values))
    detail = {"verdict": row["verdict"], "served_on": str(served_on or ""), "proof": proof or ""}
    audit.record(connection, now, who, "renewal.executed", row["contract_id"], **detail)


def ended_on(connection: Connection, contract_id: str) -> date | None:
    """Return the last day of a contract that has ended, `None` while it has not."""
    query = select(decisions.c.term_end).where(decisions.c.contract_id == contract_id, decisions.c.verdict == ENDED)
    last: date | None = connection.scalar(query.order_by(decisions.c.term_end.desc()).limit(1))
    return last


def current(connection: Connection, contract_id: str, term_end: date) -> RowMapping | None:
    """Return what was decided about a term's end, or `None`.

    Two readings of one doubtful end lie some days apart and are one term.
    """
    query = select(decisions).where(
        decisions.c.contract_id == contract_id,
        decisions.c.term_end.between(term_end - SAME_TERM, term_end + SAME_TERM),
        decisions.c.state != WITHDRAWN,
    )
    return connection.execute(query.order_by(decisions.c.decided_at.desc())).mappings().first()


def of_contract(connection: Connection, contract_id: str) -> Sequence[RowMapping]:
    """List every decision about a contract, oldest first."""
    query = select(decisions).where(decisions.c.contract_id == contract_id).order_by(decisions.c.decided_at)
    return connection.execute(query).mappings().all()


def taken(connection: Connection) -> dict[str, list[date]]:
    """Return the terms' ends that something was decided about, by contract."""
    found: dict[str, list[date]] = {}
    query = select(decisions.c.contract_id, decisions.c.term_end).where(decisions.c.state != WITHDRAWN)
    for row in connection.execute(query):
        found.setdefault(row.contract_id, []).append(row.term_end)
    return found


def is_taken(known: Mapping[str, Sequence[date]], contract_id: str, term_end: date) -> bool:
    """Tell whether something was decided about a term."""
    return any(abs(one - term_end) <= SAME_TERM for one in known.get(contract_id, ()))


def listed(connection: Connection, states: Sequence[str] = (OPEN,)) -> Sequence[RowMapping]:
    """List decisions with their contract, the first to be carried out first."""
    query = (
        select(decisions, contracts.c.title, contracts.c.customer, contracts.c.owner_email)
        .join(contracts, contracts.c.id == decisions.c.contract_id)
        .where(decisions.c.state.in_(states))
        .order_by(decisions.c.term_end, decisions.c.id)
    )
    return connection.execute(query).mappings().all()
