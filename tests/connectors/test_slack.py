"""Slack without Slack: blocks inside its limits, names that cannot shout, presses that are proved, the manifest."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from connectors.slack import manifest
from connectors.slack.blocks import TOTAL, fallback, render
from connectors.slack.chat import SlackChat
from connectors.slack.client import connect
from connectors.slack.interactivity import Interactivity
from connectors.slack.problems import FIXES
from connectors.slack.scopes import SCOPES
from domain.errors import AftersignError, ConfigurationError, Forged, Permanent, Transient
from domain.ports import Button, ChatMessage
from tests.conftest import Clock

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
    assert sum(len(text["text"]) for text in texts(blocks)) <= TOTAL
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

    def test_never_number_more_than_fifty_and_keep_their_buttons(self) -> None:
        many = tuple(f"line {n}" for n in range(80))
        made = render(ChatMessage("#cs", "x", sections=many, buttons=(Button("open", "Open"),), context="why"))
        check(made)
        assert len(made) == 50
        assert [block["type"] for block in made[-2:]] == ["actions", "context"]

    def test_never_hold_more_text_than_slack_takes_at_once(self) -> None:
        made = render(ChatMessage("#cs", "x", sections=("y" * 3000,) * 10, buttons=(Button("open", "Open"),)))
        check(made)
        assert made[-1]["type"] == "actions"
        assert sum(len(text["text"]) for text in texts(made)) > TOTAL - 10

    def test_that_slack_could_not_show_are_refused_by_name(self) -> None:
        with pytest.raises(Permanent, match="cannot be shown in Slack"):
            render(ChatMessage("#cs", "x", title="x", buttons=(Button("a" * 300, "Open"),)))

    def test_come_with_a_text_for_notifications_always(self) -> None:
        assert fallback(ChatMessage("#cs", "")) == "…"
        assert fallback(ChatMessage("#cs", "", title="A <b>")) == "A &lt;b&gt;"
        assert len(fallback(ChatMessage("#cs", "x" * 9000))) == 4000

    def test_of_a_bare_message_show_its_text(self) -> None:
        assert render(ChatMessage("#cs", "A & B"))[0]["text"]["text"] == "A &amp; B"


SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
USERS: dict[str, dict[str, Any]] = {
    "U1": {"id": "U1", "team_id": "T1", "profile": {"email": "lea@lumora.example"}},
    "U2": {"id": "U2", "team_id": "T1", "profile": {"email": "jonas@lumora.example"}},
    "U3": {"id": "U3", "team_id": "T2", "profile": {"email": "lea@lumora.example"}},  # a guest who says so
    "U4": {"id": "U4", "team_id": "T1", "profile": {}},
    "U5": {"id": "U5", "team_id": "T1", "deleted": True, "profile": {"email": "lea@lumora.example"}},
}


@dataclass
class Slack:
    """Answer Slack's methods at the transport; `answers` overrides, `calls` remembers."""

    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        method, raw = request.url.path.rpartition("/")[2], request.content.decode()
        given_ = json.loads(raw) if raw.startswith("{") else dict(parse_qsl(raw))
        self.calls.append((method, given_))
        answer = self.answers.get(method)
        if isinstance(answer, httpx.Response):
            return answer
        known: dict[str, Any] = {
            "auth.test": {"team": "Lumora", "team_id": "T1", "user": "aftersign"},
            "users.info": {"user": USERS.get(given_.get("user", ""), {"id": "?"})},
            "chat.postMessage": {"channel": "C1", "ts": "1.1"},
        }
        return httpx.Response(200, json=answer or {"ok": True, **known.get(method, {})})

    def said(self) -> list[str]:
        """Return what was shown to one person only."""
        return [given_["text"] for method, given_ in self.calls if method == "chat.postEphemeral"]


@pytest.fixture
def slack() -> Slack:
    return Slack()


def client(slack: Slack) -> Any:
    return connect("xoxb-test", "https://slack.com/api/", client=httpx.Client(transport=httpx.MockTransport(slack)))


class TestAnErrorOfSlacks:
    @pytest.mark.parametrize(
        ("answer", "error", "said"),
        [
            (httpx.Response(429, json={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "30"}), Transient, "ratelimited"),
            (httpx.Response(200, json={"ok": False, "error": "internal_error"}), Transient, "internal_error"),
            (httpx.Response(503, json={"ok": False, "error": "down"}), Transient, "down"),
            (httpx.Response(200, json={"ok": False, "error": "channel_not_found"}), Permanent, "invited"),
            (httpx.Response(200, json={"ok": False, "error": "not_in_channel"}), Permanent, "/invite"),
            (httpx.Response(200, json={"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "im:write"}), Permanent, "needs chat:write"),
            (httpx.Response(200, json={"ok": False, "error": "invalid_auth"}), Permanent, "AFTERSIGN_SLACK__BOT_TOKEN"),
            (httpx.Response(401, json={}), Permanent, "AFTERSIGN_SLACK__BOT_TOKEN"),
            (httpx.Response(302, headers={"Location": "https://evil.example"}), Permanent, "AFTERSIGN_SLACK__BASE_URL"),
            (httpx.Response(200, json={"ok": False, "error": "something_new"}), Permanent, "something_new"),
            (httpx.Response(200, json={"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] no more than 50 items"]}}), Permanent, "50 items"),
        ],
    )  # fmt: skip
    def test_says_who_must_act(
        self, slack: Slack, answer: httpx.Response, error: type[AftersignError], said: str
    ) -> None:
        slack.answers["chat.postMessage"] = answer
        with pytest.raises(error, match=said) as caught:
            SlackChat(client(slack), lambda: NOW).post(ChatMessage("#cs", "hello"), key="k")
        if isinstance(caught.value, Transient) and answer.status_code == 429:
            assert caught.value.retry_after == 30
        assert len(slack.calls) == 1

    def test_tells_for_every_known_one_how_to_fix_it(self) -> None:
        assert all(len(fix) > 20 for fix in FIXES.values())

    def test_is_named_when_an_answer_has_another_shape(self, slack: Slack) -> None:
        slack.answers["chat.postMessage"] = {"ok": True, "channel": "C1"}
        with pytest.raises(Permanent, match="unexpected: ts"):
            SlackChat(client(slack), lambda: NOW).post(ChatMessage("#cs", "hello"), key="k")

    def test_of_the_configuration_names_its_setting(self) -> None:
        with pytest.raises(ConfigurationError, match="AFTERSIGN_SLACK__BASE_URL"):
            connect("xoxb-test", "http://slack.example/api/")


@dataclass
class Acted:
    """Remember what was carried out; `refuse` plays somebody who may not."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)
    refuse: AftersignError | Exception | None = None

    def _do(self, *what: Any) -> str:
        if self.refuse:
            raise self.refuse
        self.asked.append(what)
        return f"Done: {what[0]}."

    def version(self, handoff_id: str, *, who: str) -> int:
        self._do("version", handoff_id, who)
        return 7

    def contacted(self, handoff_id: str, *, who: str, at: datetime) -> str:
        return self._do("contacted", handoff_id, who, at)

    def snooze(self, handoff_id: str, *, who: str, at: datetime, days: int, version: int) -> str:
        return self._do("snooze", handoff_id, who, at, days, version)

    def reassign(self, handoff_id: str, *, who: str, at: datetime, to: str, version: int) -> str:
        return self._do("reassign", handoff_id, who, at, to, version)


@pytest.fixture
def acted() -> Acted:
    return Acted()


@pytest.fixture
def buttons(slack: Slack, acted: Acted, clock: Clock) -> Iterator[Interactivity]:
    made = Interactivity(client(slack), acted, signing_secret=SECRET, now=clock)
    yield made
    made.close()


def signed(
    body: bytes, at: datetime = NOW, secret: str = SECRET, media: str = "application/x-www-form-urlencoded"
) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}", "content-type": media}


def press(action: str, user: str = "U1", **more: Any) -> bytes:
    payload = {
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": user}, "trigger_id": f"{time.monotonic_ns()}.1",
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "D1"},
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": "H1"}], **more,
    }  # fmt: skip
    return urlencode({"payload": json.dumps(payload)}).encode()


def submit(kind: str, entered: dict[str, Any], user: str = "U1", metadata: str = "") -> bytes:
    about = metadata or json.dumps({"handoff": "H1", "version": 7, "channel": "D1"})
    view = {"id": "V1", "type": "modal", "callback_id": kind, "private_metadata": about}
    view["state"] = {"values": {"choice": {"chosen": entered}}}  # type: ignore[assignment]
    return urlencode(
        {"payload": json.dumps({"type": "view_submission", "team": {"id": "T1"}, "user": {"id": user}, "view": view})}
    ).encode()


def eventually(condition: Any) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class TestAPress:
    def test_is_acknowledged_carried_out_as_its_person_and_told(
        self, buttons: Interactivity, slack: Slack, acted: Acted
    ) -> None:
        body = press("contacted")
        reply = buttons.handle(body, signed(body))
        assert (reply.status, reply.body, reply.kind, reply.verdict) == (200, "", "contacted", "handled")
        eventually(slack.said)
        assert acted.asked == [("contacted", "H1", "lea@lumora.example", NOW)]
        assert slack.said() == ["Done: contacted."]

    @pytest.mark.parametrize("action", ["reassign", "snooze"])
    def test_that_needs_more_opens_a_dialogue_about_this_very_task(
        self, buttons: Interactivity, slack: Slack, acted: Acted, action: str
    ) -> None:
        body = press(action)
        assert buttons.handle(body, signed(body)).verdict == "handled"
        eventually(lambda: any(method == "views.open" for method, _ in slack.calls))
        view = next(given_["view"] for method, given_ in slack.calls if method == "views.open")
        view = json.loads(view) if isinstance(view, str) else view
        assert view["callback_id"] == action
        assert json.loads(view["private_metadata"]) == {"handoff": "H1", "version": 7, "channel": "D1"}

    def test_repeated_by_slack_or_by_a_thief_is_carried_out_once(
        self, buttons: Interactivity, slack: Slack, acted: Acted
    ) -> None:
        body = press("contacted")
        headers = {**signed(body), "x-slack-retry-num": "1"}
        verdicts = [buttons.handle(body, headers).verdict for _ in range(3)]
        eventually(slack.said)
        assert verdicts == ["handled", "duplicate", "duplicate"]
        assert len(acted.asked) == 1

    def test_is_not_remembered_for_ever(self, buttons: Interactivity, clock: Clock) -> None:
        body = press("open")
        buttons.handle(body, signed(body))
        clock.advance(timedelta(minutes=12))
        assert buttons.handle(body, signed(body, clock())).verdict == "ignored"

    @pytest.mark.parametrize(
        ("user", "said"),
        [("U3", "not a member of this workspace"), ("U5", "not a member"), ("U4", "users:read.email")],
    )
    def test_of_somebody_we_cannot_be_sure_of_is_refused_to_their_face(
        self, buttons: Interactivity, slack: Slack, acted: Acted, user: str, said: str
    ) -> None:
        body = press("contacted", user)
        buttons.handle(body, signed(body))
        eventually(slack.said)
        assert said in slack.said()[0]
        assert acted.asked == []

    def test_that_is_refused_says_what_why_and_how(self, buttons: Interactivity, slack: Slack, acted: Acted) -> None:
        acted.refuse = Permanent("You may not do this", why="<!channel>", fix="ask")
        body = press("contacted")
        buttons.handle(body, signed(body))
        eventually(slack.said)
        assert slack.said() == ["You may not do this. &lt;!channel&gt;. ask."]

    def test_that_breaks_something_is_logged_and_told(
        self, buttons: Interactivity, slack: Slack, acted: Acted, caplog: pytest.LogCaptureFixture
    ) -> None:
        acted.refuse = RuntimeError("boom")
        body = press("contacted")
        assert buttons.handle(body, signed(body)).status == 200
        eventually(slack.said)
        assert "Something unexpected happened" in slack.said()[0]
        assert "boom" in caplog.text

    def test_nobody_knows_is_told_and_loud_and_no_error(
        self, buttons: Interactivity, slack: Slack, acted: Acted, caplog: pytest.LogCaptureFixture
    ) -> None:
        body = press("explode")
        reply = buttons.handle(body, signed(body))
        assert (reply.status, reply.verdict) == (200, "unknown")
        eventually(slack.said)
        assert "not known here" in slack.said()[0]
        assert "explode" in caplog.text
        assert acted.asked == []

    def test_that_only_opens_a_page_is_acknowledged(self, buttons: Interactivity, slack: Slack) -> None:
        body = press("open")
        reply = buttons.handle(body, signed(body))
        assert (reply.status, reply.verdict) == (200, "ignored")
        assert slack.calls == []


class TestADialogue:
    def test_gives_the_task_to_whom_was_chosen(self, buttons: Interactivity, slack: Slack, acted: Acted) -> None:
        body = submit("reassign", {"type": "users_select", "selected_user": "U2"})
        reply = buttons.handle(body, signed(body))
        assert (reply.status, reply.body, reply.verdict) == (200, "", "handled")
        eventually(slack.said)
        assert acted.asked == [("reassign", "H1", "lea@lumora.example", NOW, "jonas@lumora.example", 7)]

    def test_holds_reminders_back_as_long_as_was_chosen(self, buttons: Interactivity, acted: Acted) -> None:
        body = submit("snooze", {"type": "static_select", "selected_option": {"value": "2"}})
        assert buttons.handle(body, signed(body)).status == 200
        assert acted.asked == [("snooze", "H1", "lea@lumora.example", NOW, 2, 7)]

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            (submit("reassign", {"selected_user": None}), "Choose a colleague"),
            (submit("reassign", {"selected_user": "U3"}), "not a member"),
            (submit("snooze", {"selected_option": {"value": "9999"}}), "Choose until when"),
            (submit("snooze", {"selected_option": None}), "Choose until when"),
            (submit("snooze", {"selected_option": {"value": "1"}}, metadata="{}"), "another version"),
        ],
    )
    def test_that_cannot_be_carried_out_stays_open_and_says_why(
        self, buttons: Interactivity, acted: Acted, body: bytes, said: str
    ) -> None:
        reply = buttons.handle(body, signed(body))
        answer = json.loads(reply.body)
        assert (reply.status, answer["response_action"]) == (200, "errors")
        assert said in answer["errors"]["choice"]
        assert acted.asked == []

    def test_that_breaks_something_stays_open(self, buttons: Interactivity, acted: Acted) -> None:
        acted.refuse = RuntimeError("boom")
        body = submit("snooze", {"selected_option": {"value": "1"}})
        assert "unexpected" in json.loads(buttons.handle(body, signed(body)).body)["errors"]["choice"]

    def test_nobody_knows_is_answered_and_loud(self, buttons: Interactivity, caplog: pytest.LogCaptureFixture) -> None:
        body = submit("explode", {})
        reply = buttons.handle(body, signed(body))
        assert (reply.status, reply.verdict) == (200, "unknown")
        assert "explode" in caplog.text


class TestARequest:
    def test_to_prove_the_address_is_answered_with_its_challenge(self, buttons: Interactivity) -> None:
        body = json.dumps({"type": "url_verification", "challenge": "c4"}).encode()
        reply = buttons.handle(body, signed(body, media="application/json"))
        assert (reply.status, json.loads(reply.body), reply.verdict) == (200, {"challenge": "c4"}, "handled")

    @pytest.mark.parametrize("minutes", [-6, 6])
    def test_from_another_time_is_refused_in_both_directions(self, buttons: Interactivity, minutes: int) -> None:
        body = press("contacted")
        with pytest.raises(Forged):
            buttons.handle(body, signed(body, NOW + timedelta(minutes=minutes)))

    def test_with_another_secret_or_none_reaches_nobody(
        self, buttons: Interactivity, slack: Slack, acted: Acted
    ) -> None:
        body = press("contacted")
        for headers in (signed(body, secret="other"), {}, {**signed(body), "x-slack-signature": "v0="}):
            with pytest.raises(Forged):
                buttons.handle(body, headers)
        assert (slack.calls, acted.asked) == ([], [])

    def test_without_a_configured_secret_is_refused(self, slack: Slack, acted: Acted) -> None:
        unset = Interactivity(client(slack), acted, signing_secret="", now=lambda: NOW)
        body = press("contacted")
        with pytest.raises(Forged, match="AFTERSIGN_SLACK__SIGNING_SECRET"):
            unset.handle(body, signed(body, secret=""))
        unset.close()

    @pytest.mark.parametrize("body", [b"payload=%7B", b"payload=[]", b"\xff\xfe", b"payload=" + b"[" * 100_000])
    def test_that_is_signed_and_unreadable_is_named(self, buttons: Interactivity, body: bytes) -> None:
        with pytest.raises(Permanent, match="not Slack's"):
            buttons.handle(body, signed(body))

    @pytest.mark.parametrize(
        "body", [b"command=%2Faftersign&text=x", b"", b"payload=%7B%22type%22%3A%22shortcut%22%7D"]
    )
    def test_of_a_kind_nobody_asked_for_is_answered_and_unknown(self, buttons: Interactivity, body: bytes) -> None:
        reply = buttons.handle(body, signed(body))
        assert (reply.status, reply.verdict) == (200, "unknown")


class TestTheManifest:
    # https://docs.slack.dev/reference/app-manifest, as far as we use it
    SHAPE: ClassVar = {
        "_metadata": {"major_version", "minor_version"},
        "display_information": {"name", "description", "background_color", "long_description"},
        "features": {"bot_user", "app_home", "shortcuts", "slash_commands"},
        "oauth_config": {"scopes", "redirect_urls"},
        "settings": {
            "interactivity", "org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled",
            "event_subscriptions", "allowed_ip_address_ranges",
        },
    }  # fmt: skip

    @pytest.mark.parametrize("socket_mode", [True, False])
    def test_has_the_shape_slack_documents(self, socket_mode: bool) -> None:
        made = yaml.safe_load(manifest.manifest("https://aftersign.lumora.example/", socket_mode=socket_mode))
        assert set(made) <= set(self.SHAPE)
        assert all(set(part) <= self.SHAPE[name] for name, part in made.items())
        assert 1 <= len(made["display_information"]["name"]) <= 35
        assert len(made["display_information"]["description"]) <= 140
        assert 1 <= len(made["features"]["bot_user"]["display_name"]) <= 80
        assert made["settings"]["socket_mode_enabled"] is socket_mode

    def test_asks_for_every_scope_and_no_other(self) -> None:
        made = manifest.parts("", socket_mode=True)
        assert made["oauth_config"]["scopes"] == {"bot": list(SCOPES)}

    def test_names_the_address_of_the_buttons(self) -> None:
        made = manifest.parts("https://aftersign.lumora.example/", socket_mode=False)
        assert made["settings"]["interactivity"] == {
            "is_enabled": True,
            "request_url": "https://aftersign.lumora.example/webhooks/slack",
        }

    def test_over_a_socket_names_no_address(self) -> None:
        assert manifest.parts("", socket_mode=True)["settings"]["interactivity"] == {"is_enabled": True}

    @pytest.mark.parametrize("url", ["", "http://127.0.0.1:8080"])
    def test_with_an_address_slack_cannot_reach_names_both_ways_out(self, url: str) -> None:
        with pytest.raises(ConfigurationError, match="AFTERSIGN_WEB__PUBLIC_URL.*AFTERSIGN_SLACK__APP_TOKEN"):
            manifest.parts(url, socket_mode=False)
