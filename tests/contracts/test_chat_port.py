"""One chat like the other: what the callers rely on, over the console's outbox and over Slack."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from connectors.console.chat import ConsoleChat
from connectors.slack.chat import SlackChat
from connectors.slack.client import connect
from domain.errors import Transient
from domain.ports import Attachment, Button, Chat, ChatMessage, Checked, Reference
from store.database import Database
from store.effects import Effects
from store.outbox import StoredOutbox
from tests.contracts.conftest import Start
from tests.contracts.fake_slack import NOW, FakeSlack
from tests.contracts.server import Fault

LEA = "lea.brandt@lumora.example"
MESSAGE = ChatMessage(
    LEA,
    "First contact with Northwind is due Tuesday",
    title="New customer: Northwind",
    fields=(("Do first", "Call <b>"), ("Value", "EUR 12,000.00")),
    buttons=(Button("contacted", "Mark first contact done", value="H1", primary=True),),
    context="Buttons not working? http://127.0.0.1:8080/t/touch/x",
)
BRIEF = Attachment("brief-H1-v1.md", "text/markdown", b"# Brief", "Brief: Northwind")


@dataclass
class Side:
    """Hold one chat and how to look behind it."""

    chat: Any
    messages: Callable[[], Sequence[str]]
    files: Callable[[], int]
    waiting: Callable[[], int]
    lose: Callable[[str], None] | None = None


@dataclass
class Box:
    """Keep the outbox in memory."""

    kept: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)

    def put(self, role: str, kind: str, key: str, body: Any) -> str:
        """Create or replace the object under that key."""
        self.kept[role, kind, key] = dict(body)
        return key

    def get(self, role: str, kind: str, key: str) -> dict[str, Any] | None:
        """Return the object under that key."""
        return self.kept.get((role, kind, key))

    def find(self, role: str, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """List what was kept."""
        return [(key, body) for (r, k, key), body in self.kept.items() if (r, k) == (role, kind)]


def _console(_: Start) -> Side:
    box = Box()

    def rows(kind: str) -> list[dict[str, Any]]:
        return [body for _, body in box.find("chat", kind)]

    return Side(
        ConsoleChat(box, "http://127.0.0.1:8080"),
        lambda: [row["text"] for row in rows("message") if "at" not in row],
        lambda: len(rows("file")),
        lambda: len([row for row in rows("message") if "at" in row]),
    )


def _slack(start: Start) -> Side:
    fake = FakeSlack(start("slack"))
    return Side(
        SlackChat(connect("xoxb-test-token", fake.server.url), lambda: NOW),
        lambda: [message["text"] for message in fake.everything() if "files" not in message],
        lambda: len(fake.shared()),
        lambda: len(fake.scheduled),
        lambda method: fake.server.fault(f"POST /{method}", Fault.DROPPED_AFTER),
    )


@pytest.fixture(params=[_console, _slack], ids=["console", "slack"])
def side(request: pytest.FixtureRequest, contract: Start) -> Side:
    made: Side = request.param(contract)
    return made


@pytest.fixture
def slack(contract: Start) -> Side:
    return _slack(contract)


def once(chat: Chat, message: ChatMessage, key: str) -> Reference:
    """Find, then post: what every caller does after doubt."""
    return chat.find_message(key, message.to) or chat.post(message, key=key)


class TestEveryChat:
    def test_can_be_asked_how_it_is(self, side: Side) -> None:
        checked: Checked = side.chat
        assert checked.check().detail
        assert checked.check().missing == ()

    def test_posts_one_message_when_it_is_asked_twice_with_one_key(self, side: Side) -> None:
        first, second = once(side.chat, MESSAGE, "k"), once(side.chat, MESSAGE, "k")
        assert first.id == second.id
        assert len(side.messages()) == 1

    def test_keeps_messages_with_different_keys_apart(self, side: Side) -> None:
        once(side.chat, MESSAGE, "one")
        once(side.chat, MESSAGE, "two")
        assert len(side.messages()) == 2
        assert side.chat.find_message("three", LEA) is None

    def test_replaces_a_message_where_it_stands(self, side: Side) -> None:
        posted = side.chat.post(MESSAGE, key="k")
        side.chat.update(posted, ChatMessage("", "First contact made", sections=("done",)))
        assert side.messages() == ["First contact made"]

    def test_answers_below_a_message(self, side: Side) -> None:
        first = side.chat.post(ChatMessage("#cs-handoffs", "Brief"), key="brief")
        answer = ChatMessage("#cs-handoffs", "Changed", thread=first.id)
        assert once(side.chat, answer, "answer").id == once(side.chat, answer, "answer").id
        assert len(side.messages()) == 2

    def test_uploads_one_file_when_it_is_asked_twice_with_one_key(self, side: Side) -> None:
        posted = side.chat.post(ChatMessage("#cs-handoffs", "Brief"), key="brief")
        beside = ChatMessage("#cs-handoffs", "Brief", thread=posted.id)
        for _ in range(2):
            found = side.chat.find_upload("file", beside.to) or side.chat.upload(BRIEF, beside, key="file")
            assert found.id
        assert side.files() == 1

    def test_schedules_one_message_when_it_is_asked_twice_with_one_key(self, side: Side) -> None:
        for _ in range(2):
            side.chat.schedule(MESSAGE, NOW + timedelta(days=2), key="k")
        assert (side.waiting(), side.messages()) == (1, [])


class TestSlackAfterALostAnswer:
    def test_has_one_message(self, slack: Side) -> None:
        assert slack.lose
        slack.lose("chat.postMessage")
        with pytest.raises(Transient):
            once(slack.chat, MESSAGE, "k")
        assert once(slack.chat, MESSAGE, "k").id == once(slack.chat, MESSAGE, "k").id
        assert len(slack.messages()) == 1

    def test_has_one_file(self, slack: Side) -> None:
        assert slack.lose
        slack.lose("files.completeUploadExternal")
        beside = ChatMessage("#cs-handoffs", "Brief")
        with pytest.raises(Transient):
            slack.chat.upload(BRIEF, beside, key="file")
        assert slack.chat.find_upload("file", beside.to)
        assert slack.files() == 1


def _at_once(act: Callable[[], str]) -> Counter[str]:
    gate, said = threading.Barrier(2), []

    def run() -> None:
        gate.wait(5)
        try:
            said.append(act())
        except Transient as error:
            said.append(type(error).__name__)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return Counter(said)


class TestTwoCallersAtOnce:
    def test_without_the_ledger_post_twice_to_slack_which_knows_no_keys(self, slack: Side) -> None:
        slack.chat.find_message("k", LEA)
        both = threading.Barrier(2)

        def act() -> str:
            found = slack.chat.find_message("k", LEA)
            both.wait(5)  # both have looked before either posts
            return "found" if found else slack.chat.post(MESSAGE, key="k") and "posted"

        assert _at_once(act) == {"posted": 2}
        assert len(slack.messages()) == 2  # the honest outcome, and why callers go through the ledger

    def test_with_the_ledger_post_once(self, slack: Side, database: Database) -> None:
        def act() -> str:
            effects = Effects(database, lambda: NOW, f"host:{threading.get_ident()}:x")
            claim = effects.claim("k", handoff="", role="chat", request_hash="")
            if claim.done:
                return "done"
            effects.applied(claim, once(slack.chat, MESSAGE, "k"))
            return "posted"

        said = _at_once(act)
        assert said["posted"] == 1
        assert set(said) <= {"posted", "done", "LeaseHeld"}
        assert len(slack.messages()) == 1


def test_the_stored_outbox_keeps_what_the_console_makes(database: Database) -> None:
    chat = ConsoleChat(StoredOutbox(database, lambda: NOW), "http://127.0.0.1:8080")
    posted = chat.post(MESSAGE, key="k")
    assert chat.find_message("k", LEA) == Reference("k")
    assert posted.url.startswith("http://127.0.0.1:8080/outbox/")
