"""What the tables say after the simulated time: alerts, deadlines, decisions and what the vendors got."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from store.database import Database
from store.tables import alerts, outbox
from store.tables_ledger import deadlines, decisions

Row = Mapping[str, Any]
_ALERT, DIGEST = "alert-", "import-digest-"


@dataclass(frozen=True, slots=True)
class Message:
    """Hold one message as a vendor got it."""

    way: str
    key: str
    to: str
    text: str
    body: str
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hold the rows that a referee looks at."""

    alerts: Sequence[Row]
    deadlines: Sequence[Row]
    decisions: Sequence[Row]
    messages: Sequence[Message]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold one alert that a vendor took for its recipient, by one way."""

    alert: Row
    way: str
    at: datetime


def collected(database: Database) -> Evidence:
    """Read the tables."""
    with database.read() as connection:
        told, days, decided, box = (
            [dict(row) for row in connection.execute(query).mappings()]
            for query in (
                select(alerts),
                select(deadlines),
                select(decisions),
                select(outbox).where(outbox.c.role.in_(("chat", "mail"))),
            )
        )
    return Evidence(told, days, decided, [_message(row) for row in box])


def _message(row: Row) -> Message:
    body = row["body"]
    to = body["to"] if isinstance(body["to"], str) else body["to"][0]
    text = str(body.get("subject") or body["text"])
    whole = "\n".join([str(body["text"]), *map(str, body.get("sections") or ())])
    return Message(row["role"], row["key"], to, text, whole, row["created_at"], row["updated_at"])


def deliveries(evidence: Evidence, customers: Mapping[str, str]) -> Iterator[Delivery]:
    """Yield every alert with a message that proves it: its own, or a digest that names the customer."""
    own: dict[str, list[Message]] = defaultdict(list)
    digests: dict[tuple[str, datetime], list[Message]] = defaultdict(list)
    for one in evidence.messages:
        if one.key.startswith(_ALERT):
            own[one.key.removeprefix(_ALERT).rpartition(":")[0]].append(one)
        elif one.key.startswith(DIGEST):
            digests[one.to, one.first].append(one)
    for row in evidence.alerts:
        for one in own.get(row["id"], []):
            yield Delivery(row, one.way, one.first)
        if row["sent_at"] is None or row["id"] in own:
            continue
        for one in digests.get((row["recipient"], row["sent_at"]), []):
            if customers.get(row["contract_id"], "?") in one.body:
                yield Delivery(row, one.way, one.first)


def told_on(delivery: Delivery) -> date:
    """Return the day of a delivery, in UTC."""
    return delivery.at.date()
