"""The console connectors behave as every connector of their role must: one key, one object."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.console.chat import ConsoleChat
from connectors.console.crm import ConsoleCrm, read_deal
from connectors.console.esign import ConsoleEsign
from connectors.console.mail import ConsoleMailer
from connectors.console.work import ConsoleWork
from domain.deals import Stage
from domain.errors import Forged, Permanent
from domain.ports import ChatMessage, ClosedWon, CrmTask, DealQuery, Mail, Project, Reference, WorkItem
from domain.signatures import Verdict
from store.database import Database
from store.outbox import StoredOutbox
from tests.conftest import NOW, ROOT, Clock

URL = "https://handoff.example"
PROJECT = Project("Onboarding: Vela", "standard", "lea@lumora.example", date(2026, 11, 24), ())
ITEM = WorkItem("intro", "Introduce the CSM", date(2026, 11, 25), "csm")
TASK = CrmTask("D-1", "lea@lumora.example", "Introduce yourself", "…", NOW)
DEAL = {"id": "D-1", "name": "Vela", "stage": "negotiation", "account": {"id": "A-1", "legal_name": "Vela Optics Ltd"}}
WON = ClosedWon("D-1", "contract-1", "0" * 64, f"{URL}/documents/x", date(2026, 11, 23))


@dataclass
class Role:
    """Hold one way to write to a role: how, how to find it again, and what was written."""

    make: Callable[[str], Reference]
    find: Callable[[str], Reference | None]
    kind: tuple[str, str]


@pytest.fixture
def outbox(database: Database, clock: Clock) -> StoredOutbox:
    return StoredOutbox(database, clock)


@pytest.fixture(params=["crm task", "chat message", "mail", "project", "project item"])
def role(request: pytest.FixtureRequest, outbox: StoredOutbox) -> Role:
    crm, chat, mailer, work = (made(outbox, URL) for made in (ConsoleCrm, ConsoleChat, ConsoleMailer, ConsoleWork))
    message = ChatMessage("lea@lumora.example", "hello", fields=(("Customer", "Vela"),))
    mail = Mail(
        ("dee@vela.example",), "Welcome", "text", "<p>html</p>", attachments=(("a.pdf", "application/pdf", b"%PDF"),)
    )
    parent = Reference("vela-1:project")
    roles = {
        "crm task": Role(lambda key: crm.create_task(TASK, key=key), crm.find_task, ("crm", "task")),
        "chat message": Role(
            lambda key: chat.post(message, key=key), lambda key: chat.find_message(key, "x"), ("chat", "message")
        ),
        "mail": Role(lambda key: mailer.send(mail, key=key), mailer.find_mail, ("mail", "mail")),
        "project": Role(lambda key: work.create_project(PROJECT, key=key), work.find_project, ("work", "project")),
        "project item": Role(
            lambda key: work.create_item(parent, ITEM, key=key),
            lambda key: work.find_item(parent, key),
            ("work", "item"),
        ),
    }
    return roles[request.param]


class TestEveryRoleThatWrites:
    def test_makes_one_object_under_one_key(self, role: Role, outbox: StoredOutbox) -> None:
        first, again = role.make("k"), role.make("k")
        assert first.id == again.id
        assert [key for key, _ in outbox.find(*role.kind)] == ["k"]

    def test_makes_two_objects_under_two_keys(self, role: Role, outbox: StoredOutbox) -> None:
        assert role.make("one").id != role.make("two").id
        assert [key for key, _ in outbox.find(*role.kind)] == ["one", "two"]

    def test_finds_what_an_earlier_attempt_made(self, role: Role) -> None:
        made = role.make("k")
        found = role.find("k")
        assert found is not None
        assert found.id == made.id

    def test_finds_nothing_that_was_not_made(self, role: Role) -> None:
        role.make("another key")
        assert role.find("k") is None


class TestTheConsoleChat:
    def test_replaces_a_message_in_place(self, outbox: StoredOutbox) -> None:
        chat = ConsoleChat(outbox, URL)
        posted = chat.post(ChatMessage("#cs", "before"), key="k")
        chat.update(posted, ChatMessage("#cs", "after"))
        assert [body["text"] for _, body in outbox.find("chat", "message")] == ["after"]


class TestTheConsoleCrm:
    @pytest.fixture
    def crm(self, outbox: StoredOutbox) -> ConsoleCrm:
        outbox.put("crm", "deal", "D-1", {**DEAL, "document": "doc-1"})
        outbox.put(
            "crm", "deal", "D-2", {**DEAL, "id": "D-2", "account": {"id": "A-2", "legal_name": "Vela Optics Inc"}}
        )
        outbox.put("crm", "deal", "D-3", {**DEAL, "id": "D-3", "account": {"id": "A-3", "legal_name": "Harbourline"}})
        return ConsoleCrm(outbox, URL)

    @pytest.mark.parametrize(
        ("query", "deal"),
        [
            (DealQuery(deal_id="D-1"), "D-1"),
            (DealQuery(document="doc-1"), "D-1"),
            (DealQuery(customer="harbourline GmbH"), "D-3"),
            (DealQuery(customer="Vela Optics"), None),  # two deals: no guess
            (DealQuery(customer="Nobody"), None),
            (DealQuery(deal_id="D-9", customer="Harbourline"), None),  # a wrong id is not overruled by a name
            (DealQuery(), None),
        ],
    )
    def test_finds_a_deal_only_without_doubt(self, crm: ConsoleCrm, query: DealQuery, deal: str | None) -> None:
        found = crm.find_deal(query)
        assert (found.id if found else None) == deal

    def test_closes_a_deal_once_and_keeps_the_first_day(
        self, crm: ConsoleCrm, outbox: StoredOutbox, clock: Clock
    ) -> None:
        crm.close_won(WON, key="k")
        clock.advance(timedelta(days=1))
        crm.close_won(replace(WON, closed_on=date(2026, 12, 24)), key="k")
        deal = outbox.get("crm", "deal", "D-1")
        assert deal is not None
        assert (deal["stage"], deal["closed_on"], deal["name"]) == ("closed_won", "2026-11-23", "Vela")
        row = next(row for row in outbox.rows("crm") if row["key"] == "D-1")
        assert row["updated_at"] == NOW  # the second call wrote nothing

    def test_never_reopens_a_lost_deal(self, crm: ConsoleCrm, outbox: StoredOutbox) -> None:
        outbox.put("crm", "deal", "D-1", {**DEAL, "stage": "closed_lost"})
        with pytest.raises(Permanent, match="reopen the deal"):
            crm.close_won(WON, key="k")

    def test_names_a_deal_that_is_missing(self, crm: ConsoleCrm) -> None:
        with pytest.raises(Permanent, match="There is no deal D-9"):
            crm.close_won(replace(WON, deal_id="D-9"), key="k")

    def test_reads_every_sample_deal(self) -> None:
        listed = yaml.safe_load((ROOT / "samples/crm.yaml").read_text(encoding="utf-8"))
        deals = [read_deal(row) for row in (listed["deals"] if isinstance(listed, dict) else listed)]
        assert deals
        assert all(deal.id and deal.account.legal_name and isinstance(deal.stage, Stage) for deal in deals)
        assert any(deal.promises and deal.facts and deal.lines and deal.contacts for deal in deals)


class TestTheConsoleEsign:
    @pytest.fixture
    def esign(self, tmp_path: Path) -> ConsoleEsign:
        (tmp_path / "signed").mkdir()
        (tmp_path / "signed" / "doc-1.pdf").write_bytes(b"%PDF-1.7")
        (tmp_path / "signed" / "doc-1.json").write_text(
            '{"name": "Order", "signers": [{"name": "Sam", "email": "sam@vela.example"}], "references": {"deal_id": 7}}'
        )
        return ConsoleEsign(tmp_path / "signed", ["new", "old"])

    @staticmethod
    def read(esign: ConsoleEsign, body: Any, key: str = "new") -> Sequence[Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = hmac.new(key.encode(), raw, hashlib.sha256).hexdigest()
        return esign.events(raw, {"x-aftersign-signature": signature}, {})

    def test_takes_a_signed_event(self, esign: ConsoleEsign) -> None:
        event = self.read(esign, {"document": "doc-1", "id": "e1"}, "old")[0]
        assert (event.event_id, event.verdict, event.document) == ("e1", Verdict.COMPLETED, "doc-1")
        assert self.read(esign, {"document": "doc-1", "event": "viewed"})[0].verdict is Verdict.UNKNOWN

    @pytest.mark.parametrize("key", ["", "wrong"])
    def test_refuses_another_key(self, esign: ConsoleEsign, key: str) -> None:
        with pytest.raises(Forged):
            self.read(esign, {"document": "doc-1"}, key)

    def test_refuses_everything_without_a_key(self, tmp_path: Path) -> None:
        with pytest.raises(Forged):
            self.read(ConsoleEsign(tmp_path, [""]), {"document": "doc-1"}, "")

    @pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{}", b"[" * 100_000, b"\xff"])
    def test_refuses_another_shape(self, esign: ConsoleEsign, body: bytes) -> None:
        with pytest.raises(Permanent, match="names no document"):
            self.read(esign, body)

    def test_confirms_what_lies_in_its_folder(self, esign: ConsoleEsign) -> None:
        signed = esign.confirm("doc-1")
        assert (signed.completed, signed.name, dict(signed.references)) == (True, "Order", {"deal_id": "7"})
        assert esign.signed_pdf("doc-1") == b"%PDF-1.7"
        assert json.loads(esign.certificate("doc-1")[1])["document"] == "doc-1"
        assert not esign.confirm("doc-2").completed

    @pytest.mark.parametrize("document", ["", "../x", "/etc/passwd", "a.b", "a/b", "a\0"])
    def test_opens_nothing_outside_its_folder(self, esign: ConsoleEsign, document: str) -> None:
        for ask in (esign.confirm, esign.signed_pdf, esign.certificate):
            with pytest.raises(Permanent, match="is not a document id"):
                ask(document)

    def test_lists_what_was_placed_since(self, esign: ConsoleEsign, tmp_path: Path) -> None:
        old = tmp_path / "signed" / "old.pdf"
        old.write_bytes(b"%PDF")
        os.utime(old, (1, 1))
        assert esign.completed_since(datetime(2020, 1, 1, tzinfo=UTC)) == ["doc-1"]
        assert ConsoleEsign(tmp_path / "nothing", []).completed_since(NOW) == []

    def test_names_a_side_file_that_is_not_json(self, esign: ConsoleEsign, tmp_path: Path) -> None:
        (tmp_path / "signed" / "doc-1.json").write_text("{")
        with pytest.raises(Permanent, match=r"doc-1\.json is not JSON"):
            esign.confirm("doc-1")
