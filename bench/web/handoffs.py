"""Fill a database with one handoff a contract, as webhooks and runs leave them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, insert, select

from domain.handoff import Step, StepState
from store.database import Database
from store.tables import briefs, effects, first_touches, handoffs, inbox, sequences, steps, welcome_mails

_CHUNK = 500
_CSMS = ("lea.brandt@lumora.example", "tomas.novak@lumora.example", "")


def fill_handoffs(database: Database, count: int, now: datetime, seed: int = 12) -> None:
    """Store what is missing of that many handoffs, with their steps, briefs, first touches, mails and effects."""
    rng = np.random.default_rng(seed)
    with database.read() as connection:
        there = connection.scalar(select(func.count()).select_from(handoffs)) or 0
    for first in range(there, count, _CHUNK):
        with database.write() as connection:
            for number in range(first, min(first + _CHUNK, count)):
                _handoff(connection, number, now - timedelta(minutes=int(rng.integers(10, 500_000))), rng)


def _handoff(connection: Connection, number: int, signed: datetime, rng: np.random.Generator) -> None:
    identity, csm = f"h-{number:06d}", _CSMS[number % 3]
    delivery = {
        "id": f"{number:036d}", "source": "pandadoc", "event_id": identity, "kind": "document_state_changed",
        "state": "done", "body": b"{}", "headers": {}, "received_at": signed, "document": identity, "handoff_id": identity,
    }  # fmt: skip
    connection.execute(insert(inbox).values(**delivery))
    row = {
        "id": identity, "inbox_id": f"{number:036d}", "source": "pandadoc", "document": identity, "signed": {},
        "contract_id": f"{number:036d}", "customer": f"Customer {number // 4}", "deal_id": f"D-{number}",
        "deal_type": ("new", "renewal", "expansion")[number % 3], "csm_email": csm, "csm_reason": "",
        "state": "incomplete" if number % 40 == 0 else "complete", "signed_at": signed, "accepted_at": signed, "runs": 1,
    }  # fmt: skip
    connection.execute(insert(handoffs).values(**row))
    connection.execute(insert(steps), [_step(identity, step, number, signed) for step in Step])
    _people(connection, identity, csm, signed, rng)


def _step(identity: str, step: Step, number: int, signed: datetime) -> dict[str, Any]:
    stops = number % 40 == 0 and step is Step.PROJECT
    return {
        "handoff_id": identity, "step": step, "state": StepState.DEAD if stops else StepState.DONE, "attempts": 1,
        "started_at": signed, "finished_at": None if stops else signed + timedelta(seconds=20),
    }  # fmt: skip


def _people(connection: Connection, identity: str, csm: str, signed: datetime, rng: np.random.Generator) -> None:
    contacted = signed + timedelta(minutes=int(rng.integers(5, 4000))) if rng.random() < 0.9 else None
    touch = {
        "handoff_id": identity, "csm_email": csm, "instruction": "Call them", "due_at": signed + timedelta(days=1),
        "created_at": signed, "state": "contacted" if contacted else "open", "contacted_at": contacted,
    }  # fmt: skip
    connection.execute(insert(first_touches).values(**touch))
    for version in (1, 2):
        brief = {
            "handoff_id": identity, "version": version, "content_hash": f"{version}", "body": {"gaps": []}, "changes": [],
            "markdown": "", "html": "", "text": "", "completeness": 0.6 + version / 10,
            "created_at": signed + timedelta(minutes=version),
        }  # fmt: skip
        connection.execute(insert(briefs).values(**brief))
    sequence = {"handoff_id": identity, "template": "standard", "recipient": "a@b.example", "contact_name": "A B"}
    connection.execute(insert(sequences).values(**sequence, state="active", created_at=signed))
    mails = [(key, signed + timedelta(days=days)) for key, days in (("day-0", 0), ("day-3", 3), ("day-7", 7))]
    connection.execute(
        insert(welcome_mails),
        [{"handoff_id": identity, "key": key, "due_at": due, "state": "sent"} for key, due in mails],
    )
    keys = [("chat", "chat:csm"), ("crm", "close-won"), ("mail", "brief:v1:mail")]
    connection.execute(insert(effects), [_effect(identity, role, name, signed) for role, name in keys])


def _effect(identity: str, role: str, name: str, signed: datetime) -> dict[str, Any]:
    return {
        "key": f"{identity}:{name}", "handoff_id": identity, "role": role, "state": "applied", "reference": "1", "request_hash": "-",
        "intended_at": signed, "applied_at": signed,
    }  # fmt: skip
