"""An effect in doubt is settled from the page to the ledger, and the ledger then repeats it or never does."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.errors import OutcomeUnknown
from domain.ports import Reference
from store import requests
from store.tables import audit, effects
from tasks.carrying_out import carry_out_all
from tasks.effect import Effector
from tests.tasks.office import Office
from tests.web.house import looking

DANA = "dana.whitfield@lumora.example"
KEY = "digest-somebody:day:mail"


def in_doubt(office: Office) -> None:
    with office.database.write() as connection:
        row = {
            "key": KEY, "handoff_id": "digest-somebody", "role": "mail", "state": "unknown", "request_hash": "h",
            "attempts": 1, "intended_at": office.now, "detail": "the answer was lost",
        }  # fmt: skip
        connection.execute(insert(effects).values(**row))


def said(office: Office, happened: str) -> Any:
    looking(office, DANA).post("/dead-letters/in-doubt", data={"effect": KEY, "happened": happened})
    [row] = carry_out_all(office.ctx)
    return row


def make(office: Office, sent: list[str]) -> Reference:
    def send(key: str) -> Reference:
        sent.append(key)
        return Reference("new")

    effector = Effector(office.ctx, "digest-somebody")
    return effector.at_most_once("day", "mail", role="mail", find=lambda _: None, make=send)


class TestAnEffectInDoubt:
    def test_is_not_made_before_somebody_said_what_happened(self, office: Office) -> None:
        in_doubt(office)
        sent: list[str] = []
        with pytest.raises(OutcomeUnknown):
            make(office, sent)
        assert sent == []

    def test_that_arrived_is_never_made_again(self, office: Office) -> None:
        in_doubt(office)
        assert said(office, "yes")["state"] == requests.DONE
        sent: list[str] = []
        assert make(office, sent).id == f"by {DANA}"
        assert sent == []

    def test_that_did_not_arrive_is_made_once_more(self, office: Office) -> None:
        in_doubt(office)
        assert said(office, "no")["state"] == requests.DONE
        sent: list[str] = []
        for _ in range(2):
            make(office, sent)
        assert sent == [KEY]

    def test_is_settled_on_record_and_only_with_a_plain_answer(self, office: Office) -> None:
        in_doubt(office)
        refused = said(office, "perhaps")
        assert (refused["state"], refused["answer"]) == (requests.REFUSED, "Say whether it arrived")
        said(office, "yes")
        with office.database.read() as connection:
            query = select(audit.c.actor).where(audit.c.action == "effect.resolved", audit.c.subject == KEY)
            assert list(connection.scalars(query)) == [DANA]

    def test_that_somebody_else_settled_meanwhile_is_refused(self, office: Office) -> None:
        in_doubt(office)
        client = looking(office, DANA)
        for answer in ("yes", "no"):
            client.post("/dead-letters/in-doubt", data={"effect": KEY, "happened": answer})
        first, second = carry_out_all(office.ctx)
        assert (first["state"], second["state"]) == (requests.DONE, requests.REFUSED)
        with office.database.read() as connection:
            state = connection.scalar(select(effects.c.state).where(effects.c.key == KEY))
        assert state == {"yes": "applied", "no": None}[first["body"]["happened"]]
