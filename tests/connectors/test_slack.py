"""Slack: blocks inside its limits, names that cannot shout, and answers that say who must act."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.slack.blocks import render
from connectors.slack.chat import SlackChat
from domain.errors import AftersignError, Permanent, Transient
from domain.ports import Button, ChatMessage, Reference

HOSTILE = [
    "<!channel> <!here> <@U123> <#C1|general>",
    "<https://evil.example|Your invoice>",
    "AT&T <b>",
    "x" * 10_000,
    "&" * 10_000,
    "\u202eevil\u202c \u2066x\u2069 \u200f",
    "a\0b\x07",
    "👩‍👩‍👧‍👦" * 2000,
    "",
    " ",
    "*bold* _it_ `code` ~x~\n> quote",
]


def message(name: str) -> ChatMessage:
    return ChatMessage(
        to="#cs",
        text=name,
        title=name,
        fields=tuple((name, name) for _ in range(23)),
        sections=("plain", ""),
        context=name,
        buttons=tuple(Button(f"a{n}", name or "Open", value=name) for n in range(30)),
    )


def texts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") in {"mrkdwn", "plain_text"}:
            yield node
        for value in node.values():
            yield from texts(value)
    if isinstance(node, list):
        for value in node:
            yield from texts(value)


def check(blocks: list[dict[str, Any]]) -> None:
    """Check https://docs.slack.dev/reference/block-kit/blocks as far as we use it."""
    assert 1 <= len(blocks) <= 50
    for block in blocks:
        match block["type"]:
            case "header":
                assert 1 <= len(block["text"]["text"]) <= 150
            case "section":
                assert "text" in block or 1 <= len(block["fields"]) <= 10
                assert len(block.get("text", {"text": "x"})["text"]) <= 3000
                assert all(len(field["text"]) <= 2000 for field in block.get("fields", []))
            case "actions":
                assert 1 <= len(block["elements"]) <= 25
                for button in block["elements"]:
                    assert 1 <= len(button["text"]["text"]) <= 75
                    assert len(button.get("value", "")) <= 2000
            case "context":
                assert 1 <= len(block["elements"]) <= 10
    for text in texts(blocks):
        assert text["text"]
        if text["type"] == "mrkdwn":
            assert "<" not in text["text"]


class TestBlocks:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_stay_inside_slacks_limits_whatever_the_name(self, name: str) -> None:
        check(render(message(name)))

    @given(st.text(max_size=4000))
    def test_stay_inside_slacks_limits_for_any_text(self, name: str) -> None:
        check(render(message(name)))

    @pytest.mark.parametrize("name", HOSTILE[:3])
    def test_show_markup_in_a_name_as_the_letters_it_is(self, name: str) -> None:
        shown = json.dumps(render(ChatMessage("#cs", name, fields=((name, name),), context=name)), ensure_ascii=False)
        assert "<!" not in shown
        assert "<@" not in shown
        assert "<http" not in shown

    def test_leave_out_what_turns_the_reading_direction(self) -> None:
        shown = json.dumps(
            render(ChatMessage("#cs", HOSTILE[5], title=HOSTILE[5], fields=((HOSTILE[5], "x"),))), ensure_ascii=False
        )
        assert not {"\u202e", "\u202c", "\u2066", "\u2069", "\u200f"} & set(shown)
        assert "evil" in shown

    def test_never_number_more_than_fifty(self) -> None:
        check(render(ChatMessage("#cs", "x", sections=tuple(f"line {n}" for n in range(80)))))

    def test_of_a_bare_message_show_its_text(self) -> None:
        assert render(ChatMessage("#cs", "A & B"))[0]["text"]["text"] == "A &amp; B"


class FakeSlack(BaseHTTPRequestHandler):
    """Answer the five methods we call, in Slack's shapes."""

    posted: list[dict[str, Any]]
    trouble: dict[str, tuple[int, dict[str, Any], dict[str, str]]]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        method = urlsplit(self.path).path.rpartition("/")[2]
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.loads(raw) if raw.startswith(b"{") else {k: v[0] for k, v in parse_qs(raw.decode()).items()}
        query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        status, answer, headers = self.trouble.get(method) or (200, self._method(method, {**query, **body}), {})
        data = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _method(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "users.lookupByEmail":
                return {"ok": True, "user": {"id": "U1"}}
            case "conversations.open":
                return {"ok": True, "channel": {"id": "D1"}}
            case "conversations.history":
                return {"ok": True, "messages": [p for p in self.posted if p["channel"] == body["channel"]]}
            case "chat.postMessage":
                self.posted.append({**body, "ts": f"1.{len(self.posted)}"})
                return {"ok": True, "channel": body["channel"], "ts": self.posted[-1]["ts"]}
            case "chat.update":
                row = next(p for p in self.posted if p["ts"] == body["ts"])
                row.update(body)
                return {"ok": True, "channel": body["channel"], "ts": body["ts"]}
        return {"ok": False, "error": "unknown_method"}

    def log_message(self, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def fake() -> Iterator[type[FakeSlack]]:
    handler = type("Handler", (FakeSlack,), {"posted": [], "trouble": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    handler.url = f"http://127.0.0.1:{server.server_address[1]}/api/"  # type: ignore[attr-defined]
    yield handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def chat(fake: type[FakeSlack]) -> SlackChat:
    return SlackChat("xoxb-test", fake.url)  # type: ignore[attr-defined]


class TestPosting:
    def test_finds_under_its_key_what_it_posted(self, chat: SlackChat, fake: type[FakeSlack]) -> None:
        assert chat.find_message("k", "lea@lumora.example") is None
        posted = chat.post(ChatMessage("lea@lumora.example", "hello"), key="k")
        assert posted == Reference("D1:1.0")
        assert chat.find_message("k", "lea@lumora.example") == posted
        assert chat.find_message("another", "lea@lumora.example") is None
        assert fake.posted[0]["metadata"]["event_payload"] == {"key": "k"}

    def test_goes_to_a_channel_by_name(self, chat: SlackChat, fake: type[FakeSlack]) -> None:
        chat.post(ChatMessage("#closed-won", "hello"), key="k")
        assert fake.posted[0]["channel"] == "#closed-won"

    def test_replaces_a_message_in_place(self, chat: SlackChat, fake: type[FakeSlack]) -> None:
        chat.update(chat.post(ChatMessage("#cs", "before"), key="k"), ChatMessage("#cs", "after"))
        assert [row["text"] for row in fake.posted] == ["after"]

    def test_keeps_the_notification_short_and_quiet(self, chat: SlackChat, fake: type[FakeSlack]) -> None:
        chat.post(ChatMessage("#cs", "<!channel> " * 5000), key="k")
        assert len(fake.posted[0]["text"]) <= 4000
        assert "<!" not in fake.posted[0]["text"]

    @pytest.mark.parametrize(
        ("status", "body", "headers", "error", "said"),
        [
            (429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"}, Transient, "ratelimited"),
            (200, {"ok": False, "error": "internal_error"}, {}, Transient, "internal_error"),
            (503, {"ok": False, "error": "down"}, {}, Transient, "down"),
            (200, {"ok": False, "error": "channel_not_found"}, {}, Permanent, "invite the bot"),
            (200, {"ok": False, "error": "missing_scope", "needed": "chat:write"}, {}, Permanent, "needs chat:write"),
            (200, {"ok": False, "error": "invalid_auth"}, {}, Permanent, "AFTERSIGN_SLACK__BOT_TOKEN"),
            (200, {"ok": False, "error": "something_new"}, {}, Permanent, "something_new"),
        ],
    )
    def test_that_fails_says_who_must_act(
        self, chat: SlackChat, fake: type[FakeSlack], status: int, body: dict[str, Any], headers: dict[str, str],
        error: type[AftersignError], said: str,
    ) -> None:  # fmt: skip
        fake.trouble["chat.postMessage"] = (status, body, headers)
        with pytest.raises(error, match=said) as caught:
            chat.post(ChatMessage("#cs", "hello"), key="k")
        if headers:
            assert isinstance(caught.value, Transient)
            assert caught.value.retry_after == 30

    def test_to_somebody_without_an_account_names_the_way_out(self, chat: SlackChat, fake: type[FakeSlack]) -> None:
        fake.trouble["users.lookupByEmail"] = (200, {"ok": False, "error": "users_not_found"}, {})
        with pytest.raises(Permanent, match="chat: false"):
            chat.post(ChatMessage("gone@lumora.example", "hello"), key="k")

    def test_to_nobody_at_all_is_worth_waiting_for(self) -> None:
        with pytest.raises(Transient, match="did not answer"):
            SlackChat("xoxb-test", "http://127.0.0.1:9/api/").post(ChatMessage("#cs", "hello"), key="k")
