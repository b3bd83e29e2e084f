"""What became of each missed service level, and the record of every window."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select, update

from domain.money import Money
from domain.sla.claims import CLAIMED, UNSENT, ClaimState
from domain.sla.credits import Credit
from domain.sla.measured import Verdict, percent
from domain.sla.record import Entry, Seen
from domain.terms import TermField
from store import audit
from store.database import Database
from store.sla_measurements import measured
from store.tables import contracts, parties, terms
from store.tables_sla import breaches

AVAILABILITY = "availability"
_COMPUTED = ("amount", "why", "claim_by", "send_by", "channels", "source")


def raise_breach(
    database: Database, connection: Connection, values: dict[str, object], now: datetime
) -> tuple[RowMapping, bool]:
    """Store a miss under its window and return it, and whether it is new.

    A known one takes over what a corrected measurement says only while nobody has claimed it.
    """
    row = {**values, "id": str(uuid.uuid4()), "created_at": now, "changed_at": now}
    new = database.insert(breaches).values(**row).on_conflict_do_nothing()
    made = bool(connection.execute(new).rowcount)
    known = _known(connection, str(values["contract_id"]), str(values["service"]), values["window_first"])
    if known is None:
        raise LookupError("a breach was stored and is not there")
    if made:
        detail = {"amount": values["amount"], "window": str(values["window_first"])}
        audit.record(connection, now, "aftersign", "sla.breached", str(values["contract_id"]), **detail)
    elif known["state"] in {*UNSENT, ClaimState.WITHDRAWN} and _differs(known, values):
        changed = {name: values[name] for name in _COMPUTED}
        move(connection, known, ClaimState.DUE, who="aftersign", now=now, told_at=None, reason="", **changed)
        known = get(connection, known["id"]) or known
    return known, made


def names(connection: Connection) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """Return by contract the numbers and the parties that its paper names."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    numbers = select(terms.c.contract_id, terms.c.value).where(terms.c.field == TermField.CONTRACT_NUMBER)
    for place, query in enumerate((numbers, select(parties.c.contract_id, parties.c.name))):
        for contract_id, value in connection.execute(query):
            found.setdefault(contract_id, (set(), set()))[place].add(value)
    return {name: (frozenset(one), frozenset(other)) for name, (one, other) in found.items()}


def move(
    connection: Connection, row: RowMapping, state: ClaimState, *, who: str, now: datetime, **values: object
) -> None:
    """Record how far a claim has come, and by whom."""
    changed = {"state": state, "changed_by": who, "changed_at": now, **values}
    connection.execute(update(breaches).where(breaches.c.id == row["id"]).values(**changed))
    audit.record(connection, now, who, f"sla.{state}", row["contract_id"], breach=row["id"], was=row["state"])


def told(connection: Connection, breach_id: str, now: datetime) -> None:
    """Note that somebody was told of a miss."""
    connection.execute(update(breaches).where(breaches.c.id == breach_id).values(told_at=now))


def get(connection: Connection, breach_id: str) -> RowMapping | None:
    """Return one miss with its contract's people, or `None`."""
    return connection.execute(_with_contract().where(breaches.c.id == breach_id)).mappings().first()


def listed(
    connection: Connection, states: Iterable[ClaimState] = tuple(ClaimState), contract_id: str = ""
) -> Sequence[RowMapping]:
    """List misses in some states, what must be claimed first before the rest."""
    query = _with_contract().where(breaches.c.state.in_(list(states)))
    if contract_id:
        query = query.where(breaches.c.contract_id == contract_id)
    order = (breaches.c.claim_by.is_(None), breaches.c.claim_by, breaches.c.window_first, breaches.c.id)
    return connection.execute(query.order_by(*order)).mappings().all()


def credits_due(connection: Connection, contract_id: str) -> list[Credit]:
    """Return what is owed under a contract and not yet credited; what is claimed belongs on the next invoice."""
    rows = listed(connection, (*UNSENT, *CLAIMED), contract_id)
    return [
        Credit(
            contract_id, row["service"], row["window_first"], row["window_last"], Money.parse(row["amount"]),
            row["state"] in CLAIMED, row["claim_by"], "\n".join(row["why"]), row["claimed_on"],
        )
        for row in rows
        if row["amount"] and Money.parse(row["amount"]).amount
    ]  # fmt: skip


def entries(connection: Connection, contract_id: str, service: str = "") -> list[Entry]:
    """Return the record of a contract's windows, each with what every source saw and what became of the credit."""
    due = {(row["service"], row["window_first"]): row for row in listed(connection, contract_id=contract_id)}
    rows = measured(connection, contract_id, service)
    windows = groupby(rows, key=lambda row: (row["service"], row["window_first"], row["window_last"]))
    return [_entry(list(group), due.get((name, first))) for (name, first, _), group in windows]


def _known(connection: Connection, contract_id: str, service: str, first: object) -> RowMapping | None:
    where = (breaches.c.contract_id == contract_id, breaches.c.service == service, breaches.c.window_first == first)
    return connection.execute(_with_contract().where(*where)).mappings().first()


def _differs(known: RowMapping, values: dict[str, object]) -> bool:
    return known["state"] == ClaimState.WITHDRAWN or any(known[name] != values[name] for name in _COMPUTED)


def _with_contract() -> Select[Any]:
    return select(
        breaches, contracts.c.customer, contracts.c.title, contracts.c.owner_email, contracts.c.backup_email
    ).join(contracts, contracts.c.id == breaches.c.contract_id)


def _entry(rows: Sequence[RowMapping], due: RowMapping | None) -> Entry:
    first: date = rows[0]["window_first"]
    return Entry(
        first,
        rows[0]["window_last"],
        Decimal(rows[0]["target"]),
        Verdict(rows[0]["verdict"]),
        tuple(Seen(row["source"], percent(Fraction(row["highest"])), Verdict(row["verdict"])) for row in rows),
        Money.parse(due["amount"]) if due and due["amount"] else None,
        due["claim_by"] if due else None,
        ClaimState(due["state"]) if due else None,
        rows[0]["service"],
    )
