"""Fill a database with what left the house and what came in, many times what ten thousand handoffs make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select

from store.database import Database
from store.tables import effects, inbox, outbox

_CHUNK = 5000
_KINDS = (("chat", "message"), ("mail", "mail"), ("crm", "task"), ("work", "item"))
_EVENTS = ("recipient_completed", "document_viewed", "document_state_changed")


def fill_traffic(database: Database, count: int, contracts: int, now: datetime, seed: int = 13) -> None:
    """Store what is missing of that many objects of the outbox, each with its effect, and as many events."""
    rng = np.random.default_rng(seed)
    with database.read() as connection:
        there = connection.scalar(select(func.count()).select_from(outbox)) or 0
    for first in range(there, count, _CHUNK):
        numbers = range(first, min(first + _CHUNK, count))
        ages = {number: now - timedelta(minutes=int(rng.integers(10, 500_000))) for number in numbers}
        with database.write() as connection:
            connection.execute(insert(outbox), [_object(number, contracts, at) for number, at in ages.items()])
            connection.execute(insert(effects), [_effect(number, contracts, at) for number, at in ages.items()])
            connection.execute(insert(inbox), [_event(number, contracts, at) for number, at in ages.items()])


def _key(number: int, contracts: int) -> str:
    return f"h-{number % contracts:06d}:traffic:{number}"


def _object(number: int, contracts: int, at: datetime) -> Mapping[str, Any]:
    role, kind = _KINDS[number % len(_KINDS)]
    body = {"text": "Please call the customer. " * 20}
    times = {"created_at": at, "updated_at": at}
    return {"role": role, "kind": kind, "key": _key(number, contracts), "body": body, **times}


def _effect(number: int, contracts: int, at: datetime) -> Mapping[str, Any]:
    doubtful = number % 500 == 7
    return {
        "key": _key(number, contracts), "handoff_id": f"h-{number % contracts:06d}", "role": _KINDS[number % len(_KINDS)][0],
        "state": "unknown" if doubtful else "applied", "reference": "1", "request_hash": "-", "intended_at": at,
        "applied_at": None if doubtful else at,
    }  # fmt: skip


def _event(number: int, contracts: int, at: datetime) -> Mapping[str, Any]:
    dead = number % 300 == 11
    return {
        "id": f"traffic-{number:028d}", "source": ("pandadoc", "docusign")[number % 2], "event_id": f"t-{number}",
        "kind": _EVENTS[number % len(_EVENTS)], "state": "dead" if dead else "done", "body": b"{}", "headers": {},
        "received_at": at, "document": f"h-{number % contracts:06d}", "deliveries": 1 + number % 7 // 6,
        "reason": "The provider does not answer" if dead else "",
    }  # fmt: skip
