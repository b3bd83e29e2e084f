"""Slack, proved against its own published types: every call, every fault, every block."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.sync.server import ServerConnection, serve

from connectors import http
from connectors.slack import views
from connectors.slack.blocks import render
from connectors.slack.chat import SlackChat
from connectors.slack.client import SlackClient, connect
from connectors.slack.history import EVENT
from connectors.slack.interactivity import Interactivity
from domain.errors import Permanent, Transient
from domain.ports import Attachment, Button, ChatMessage, Interactions, Reference
from tests.conftest import shared
from tests.contracts.conftest import Start
from tests.contracts.fake_slack import NOW, FakeSlack
from tests.contracts.server import Answer, Fault

LEA = "lea.brandt@lumora.example"
DIRECT = "D0LEA0001"
BRIEF = Attachment("brief-H1-v1.md", "text/markdown", b"# Brief\nNorthwind", "Brief: Northwind")


def client_of(slack: FakeSlack, *, seconds: float = 5, hosts: tuple[str, ...] = ()) -> SlackClient:
    impatient = http.client()
    impatient.timeout = httpx.Timeout(seconds)
    return connect("xoxb-test-token", f"{slack.server.url}/", upload_hosts=hosts, client=impatient)


@pytest.fixture
def slack(contract: Start) -> FakeSlack:
    return FakeSlack(contract("slack"))


@pytest.fixture
def chat(slack: FakeSlack) -> SlackChat:
    return SlackChat(client_of(slack), lambda: slack.now)


class TestAMessage:
    def test_reaches_a_person_by_their_address_which_is_asked_once(self, chat: SlackChat, slack: FakeSlack) -> None:
        for number in range(3):
            chat.post(ChatMessage(LEA, f"hello {number}"), key=f"k{number}")
        assert [m["text"] for m in slack.messages[DIRECT]] == ["hello 0", "hello 1", "hello 2"]
        assert len(slack.server.calls("POST /users.lookupByEmail")) == 1
        assert len(slack.server.calls("POST /conversations.open")) == 1

    def test_carries_its_key_a_text_and_nothing_that_unfurls(self, chat: SlackChat, slack: FakeSlack) -> None:
        chat.post(ChatMessage("#closed-won", "Signed: A & <!channel>", title="Signed"), key="H1:brief:v1")
        body = slack.server.calls("POST /chat.postMessage")[0].json()
        assert body["text"] == "Signed: A &amp; &lt;!channel&gt;"
        assert body["metadata"] == {"event_type": EVENT, "event_payload": {"key": "H1:brief:v1"}}
        assert body["unfurl_links"] is False
        assert {"token", "as_user", "username"} & set(body) == set()

    @pytest.mark.parametrize("to", ["#closed-won", "C0CLOSED1", "#C0CLOSED1"])
    def test_goes_to_a_channel_by_name_or_by_id(self, chat: SlackChat, slack: FakeSlack, to: str) -> None:
        reference = chat.post(ChatMessage(to, "hello"), key="k")
        assert reference.id.startswith("C0CLOSED1:")
        assert chat.find_message("k", to) == reference

    def test_answers_in_a_thread_and_is_found_there(self, chat: SlackChat, slack: FakeSlack) -> None:
        first = chat.post(ChatMessage("#cs-handoffs", "Brief"), key="first")
        below = chat.post(ChatMessage("#cs-handoffs", "Changed", thread=first.id), key="below")
        assert slack.messages["C0HANDOFF"][1]["thread_ts"] == first.id.partition(":")[2]
        assert chat.find_message("below", "#cs-handoffs") == below
        assert chat.find_message("elsewhere", "#cs-handoffs") is None

    def test_is_replaced_in_place_and_keeps_its_key(self, chat: SlackChat, slack: FakeSlack) -> None:
        posted = chat.post(ChatMessage(LEA, "before"), key="k")
        chat.update(posted, ChatMessage("", "after", sections=("after",)))
        assert [m["text"] for m in slack.everything()] == ["after"]
        assert chat.find_message("k", LEA) == posted

    def test_that_somebody_deleted_cannot_be_replaced(self, chat: SlackChat, slack: FakeSlack) -> None:
        posted = chat.post(ChatMessage(LEA, "before"), key="k")
        slack.messages.clear()
        slack.errors["chat.update"] = {"error": "message_not_found"}
        with pytest.raises(Permanent, match="deleted"):
            chat.update(posted, ChatMessage("", "after"))

    def test_of_another_chat_is_not_taken_for_one_of_slacks(self, chat: SlackChat) -> None:
        with pytest.raises(Permanent, match="another chat made it"):
            chat.update(Reference("H1:first-touch"), ChatMessage("", "after"))


class TestTheSearchForAMessage:
    def test_reads_every_page_and_asks_for_metadata(self, chat: SlackChat, slack: FakeSlack) -> None:
        wanted = chat.post(ChatMessage("#closed-won", "first"), key="wanted")
        for number in range(25):
            slack.say("C0CLOSED1", f"chatter {number}")
        slack.page = 10
        assert chat.find_message("wanted", "#closed-won") == wanted
        calls = slack.server.calls("POST /conversations.history")
        assert [dict(call.form()).get("cursor") for call in calls] == [None, "10", "20"]
        assert all(dict(call.form())["include_all_metadata"] == "1" for call in calls)

    def test_goes_back_a_week_and_no_further(self, chat: SlackChat, slack: FakeSlack) -> None:
        chat.post(ChatMessage(LEA, "old"), key="old")
        slack.now += timedelta(days=8)
        assert chat.find_message("old", LEA) is None
        oldest = float(dict(slack.server.calls("POST /conversations.history")[0].form())["oldest"])
        assert oldest == (slack.now - timedelta(days=7)).timestamp()

    def test_ignores_what_others_attach_to_their_messages(self, chat: SlackChat, slack: FakeSlack) -> None:
        slack.say("C0CLOSED1", "x", metadata={"event_type": "theirs", "event_payload": {"key": "k"}})
        assert chat.find_message("k", "#closed-won") is None

    def test_stops_loudly_where_there_is_too_much(
        self, chat: SlackChat, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("connectors.slack.history.MOST", 20)
        for number in range(21):
            slack.say("C0CLOSED1", f"chatter {number}")
        with pytest.raises(Permanent, match="more than 20 messages"):
            chat.find_message("k", "#closed-won")

    def test_never_follows_a_cursor_in_a_circle(self, chat: SlackChat, slack: FakeSlack) -> None:
        endless = {"ok": True, "messages": [], "response_metadata": {"next_cursor": "again"}}
        slack.server.on("POST /conversations.history", endless)
        with pytest.raises(Permanent, match="never end"):
            chat.find_message("k", "#closed-won")

    def test_without_its_scope_says_which_one_is_lacking(self, chat: SlackChat, slack: FakeSlack) -> None:
        slack.errors["conversations.history"] = {
            "error": "missing_scope", "needed": "channels:history", "provided": "chat:write,im:write",
        }  # fmt: skip
        with pytest.raises(Permanent) as caught:
            chat.find_message("k", "#closed-won")
        assert "needs channels:history, to search a public channel" in caught.value.why
        assert "add the bot scope channels:history" in caught.value.fix

    def test_in_a_channel_nobody_sees_says_so(self, chat: SlackChat) -> None:
        with pytest.raises(Permanent, match="no channel #secret"):
            chat.find_message("k", "#secret")


class TestAScheduledMessage:
    def test_waits_at_slack_with_key_and_time(self, chat: SlackChat, slack: FakeSlack) -> None:
        made = chat.schedule(ChatMessage(LEA, "reminder"), NOW + timedelta(days=3), key="k")
        sent = slack.server.calls("POST /chat.scheduleMessage")[0].json()
        assert sent["post_at"] == int((NOW + timedelta(days=3)).timestamp())
        assert sent["metadata"]["event_payload"] == {"key": "k"}
        assert made.id == f"{DIRECT}:{slack.scheduled[0]['id']}"

    def test_asked_for_twice_waits_once(self, chat: SlackChat, slack: FakeSlack) -> None:
        twice = [chat.schedule(ChatMessage(LEA, "reminder"), NOW + timedelta(days=3), key="k") for _ in range(2)]
        assert twice[0] == twice[1]
        assert len(slack.scheduled) == 1

    def test_whose_answer_was_lost_waits_once(self, chat: SlackChat, slack: FakeSlack) -> None:
        slack.server.fault("POST /chat.scheduleMessage", Fault.DROPPED_AFTER)
        with pytest.raises(Transient):
            chat.schedule(ChatMessage(LEA, "reminder"), NOW + timedelta(days=3), key="k")
        chat.schedule(ChatMessage(LEA, "reminder"), NOW + timedelta(days=3), key="k")
        assert len(slack.scheduled) == 1

    def test_is_not_found_by_its_key_before_its_time(self, chat: SlackChat) -> None:
        chat.schedule(ChatMessage(LEA, "reminder"), NOW + timedelta(days=3), key="k")
        assert chat.find_message("k", LEA) is None

    @pytest.mark.parametrize(("ahead", "said"), [(timedelta(0), "past"), (timedelta(days=120, seconds=1), "120 days")])
    def test_outside_slacks_window_is_refused_before_it_is_sent(
        self, chat: SlackChat, slack: FakeSlack, ahead: timedelta, said: str
    ) -> None:
        with pytest.raises(Permanent, match=said):
            chat.schedule(ChatMessage(LEA, "reminder"), NOW + ahead, key="k")
        assert slack.server.valid == []

    def test_cannot_be_replaced_while_it_waits(self, chat: SlackChat) -> None:
        made = chat.schedule(ChatMessage(LEA, "reminder"), NOW + timedelta(days=3), key="k")
        with pytest.raises(Permanent, match="waits for its time"):
            chat.update(made, ChatMessage("", "other"))


class TestAnUpload:
    def test_stands_below_its_message_with_its_bytes(self, chat: SlackChat, slack: FakeSlack) -> None:
        parent = chat.post(ChatMessage("#cs-handoffs", "Brief"), key="first")
        made = chat.upload(BRIEF, ChatMessage("#cs-handoffs", "A & B", thread=parent.id), key="file")
        message = slack.messages["C0HANDOFF"][1]
        assert (message["text"], message["thread_ts"]) == ("A &amp; B", parent.id.partition(":")[2])
        assert message["files"][0]["title"] == "Brief: Northwind"
        assert slack.uploads[made.id]["content"] == BRIEF.content
        found = chat.find_upload("file", "#cs-handoffs")
        assert found
        assert found.id == made.id
        assert chat.find_upload("another", "#cs-handoffs") is None

    def test_sends_the_bytes_without_the_token(self, chat: SlackChat, slack: FakeSlack) -> None:
        chat.upload(BRIEF, ChatMessage(LEA, "x"), key="file")
        headers = slack.server.calls("POST /upload/v1/{token}")[0].headers
        assert "authorization" not in headers
        assert headers["content-type"] == "application/octet-stream"

    @pytest.mark.parametrize("url", ["https://evil.example/upload/v1/F1", "http://127.0.0.1:9/upload/v1/F1"])
    def test_goes_to_no_host_that_is_not_configured(self, chat: SlackChat, slack: FakeSlack, url: str) -> None:
        slack.upload_url = url
        with pytest.raises(Permanent, match="AFTERSIGN_SLACK__UPLOAD_HOSTS"):
            chat.upload(BRIEF, ChatMessage(LEA, "x"), key="file")
        assert slack.shared() == []

    def test_that_is_redirected_goes_nowhere(self, chat: SlackChat, slack: FakeSlack) -> None:
        with slack.server.refusing():
            away = Answer(302, headers={"Location": "https://evil.example/"})
            slack.server.on("POST /upload/v1/{token}", away)
            with pytest.raises((Permanent, Transient)):
                chat.upload(BRIEF, ChatMessage(LEA, "x"), key="file")
        assert slack.shared() == []

    def test_of_nothing_is_refused_before_it_is_sent(self, chat: SlackChat, slack: FakeSlack) -> None:
        with pytest.raises(Permanent, match="is empty"):
            chat.upload(replace(BRIEF, content=b""), ChatMessage(LEA, "x"), key="file")
        assert slack.server.valid == []

    @pytest.mark.parametrize(
        "step", ["files.getUploadURLExternal", "upload/v1/{token}", "files.completeUploadExternal"]
    )
    def test_that_breaks_off_leaves_nothing_in_the_conversation(
        self, chat: SlackChat, slack: FakeSlack, step: str
    ) -> None:
        slack.server.fault(f"POST /{step}", Fault.DROPPED)
        with pytest.raises(Transient):
            chat.upload(BRIEF, ChatMessage(LEA, "x"), key="file")
        assert slack.shared() == []


class TestTheDoctor:
    def test_names_workspace_and_bot(self, chat: SlackChat) -> None:
        health = chat.check()
        assert health.detail == "workspace Lumora, as aftersign"
        assert (health.missing, health.warnings) == ((), ())

    def test_names_each_lacking_scope_and_what_it_is_for(self, chat: SlackChat, slack: FakeSlack) -> None:
        slack.scopes = slack.scopes.replace(",groups:history", "").replace("files:write,", "")
        missing = chat.check().missing
        assert [text.partition(",")[0] for text in missing] == ["files:write", "groups:history"]
        assert "to upload the brief: add it under OAuth & Permissions" in missing[0]

    def test_says_when_slack_names_no_scopes(self, chat: SlackChat, slack: FakeSlack) -> None:
        slack.scopes = ""
        assert chat.check().warnings == ("Slack did not say which scopes the token has",)


BEFORE = [Fault.UNAVAILABLE, Fault.BROKEN, Fault.DROPPED, Fault.THROTTLED, Fault.HTML_ERROR]
AFTER = [Fault.BROKEN_AFTER, Fault.DROPPED_AFTER, Fault.TRUNCATED]


class TestAPostThatGoesWrong:
    @pytest.mark.parametrize("fault", BEFORE)
    def test_before_slack_did_it_may_be_tried_again(self, chat: SlackChat, slack: FakeSlack, fault: Fault) -> None:
        slack.server.fault("POST /chat.postMessage", fault)
        with pytest.raises(Transient):
            chat.post(ChatMessage("#closed-won", "x"), key="k")
        assert slack.everything() == []
        assert len(slack.server.calls("POST /chat.postMessage")) == 1  # the SDK alone would post again

    @pytest.mark.parametrize("fault", AFTER)
    def test_after_slack_did_it_is_found_and_not_repeated(
        self, chat: SlackChat, slack: FakeSlack, fault: Fault
    ) -> None:
        slack.server.fault("POST /chat.postMessage", fault)
        with pytest.raises(Transient):
            chat.post(ChatMessage("#closed-won", "x"), key="k")
        assert chat.find_message("k", "#closed-won") == Reference(f"C0CLOSED1:{slack.everything()[0]['ts']}")
        assert len(slack.everything()) == 1

    @pytest.mark.parametrize("fault", [Fault.SLOW, Fault.SLOW_AFTER])
    def test_by_taking_too_long_is_given_up(self, slack: FakeSlack, fault: Fault) -> None:
        slack.server.fault("POST /chat.postMessage", fault, wait=0.5)
        chat = SlackChat(client_of(slack, seconds=0.2), lambda: NOW)
        with pytest.raises(Transient, match="did not answer"):
            chat.post(ChatMessage("#closed-won", "x"), key="k")

    def test_with_a_web_page_may_be_tried_again(self, chat: SlackChat, slack: FakeSlack) -> None:
        slack.server.fault("POST /chat.postMessage", Fault.HTML)
        with pytest.raises(Transient, match="no JSON"):
            chat.post(ChatMessage("#closed-won", "x"), key="k")

    @pytest.mark.parametrize("body", [b"[]", b"null", b'"ok"', b"{"])
    def test_with_json_that_is_no_answer_may_be_tried_again(
        self, chat: SlackChat, slack: FakeSlack, body: bytes
    ) -> None:
        with slack.server.refusing():
            slack.server.on("POST /chat.update", lambda _: Answer(200, content=body))
            with pytest.raises(Transient):
                chat.update(Reference("C1:1.1"), ChatMessage("", "x"))

    def test_because_it_is_too_fast_waits_shortly_and_succeeds(self, chat: SlackChat, slack: FakeSlack) -> None:
        slack.server.fault("POST /chat.postMessage", Fault.THROTTLED_SECONDS, wait=0)
        assert chat.post(ChatMessage("#closed-won", "x"), key="k")
        assert len(slack.everything()) == 1

    def test_because_it_is_much_too_fast_tells_how_long_to_wait(self, chat: SlackChat, slack: FakeSlack) -> None:
        slack.server.fault("POST /chat.postMessage", Fault.THROTTLED_SECONDS, wait=30)
        with pytest.raises(Transient) as caught:
            chat.post(ChatMessage("#closed-won", "x"), key="k")
        assert caught.value.retry_after == 30

    def test_of_somebody_without_an_account_names_the_way_out_and_not_the_address(self, chat: SlackChat) -> None:
        with pytest.raises(Permanent, match="chat: false") as caught:
            chat.post(ChatMessage("gone.person@lumora.example", "x"), key="k")
        assert "g…@lumora.example" in caught.value.what
        assert "gone.person" not in str(caught.value)

    def test_never_shows_the_token(self, chat: SlackChat, slack: FakeSlack, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("DEBUG")
        slack.errors["chat.postMessage"] = {"error": "invalid_auth"}
        with pytest.raises(Permanent, match="AFTERSIGN_SLACK__BOT_TOKEN") as caught:
            chat.post(ChatMessage("#closed-won", "a secret brief"), key="k")
        assert "xoxb-test-token" not in str(caught.value) + caplog.text
        assert "a secret brief" not in caplog.text

    def test_reads_are_repeated_while_slack_is_briefly_away(self, chat: SlackChat, slack: FakeSlack) -> None:
        slack.server.fault("POST /conversations.history", Fault.UNAVAILABLE)
        assert chat.find_message("k", "C0CLOSED1") is None
        assert len(slack.server.calls("POST /conversations.history")) == 2

    def test_ignores_proxies_of_the_machine(self, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert SlackChat(client_of(slack), lambda: NOW).post(ChatMessage("#closed-won", "x"), key="k")


def _validator(name: str) -> jsonschema_rs.Validator:
    schema: dict[str, Any] = json.loads(shared("contracts/slack.json").read_text(encoding="utf-8"))[name]
    return jsonschema_rs.validator_for(schema)


@pytest.fixture(scope="module")
def block() -> jsonschema_rs.Validator:
    return _validator("block")


TEXTS = st.text(max_size=200) | st.sampled_from(
    ["x" * 5000, "&" * 4000, "<!channel>", "", "\u202eevil", "👩‍👩‍👧‍👦" * 900]
)
BUTTONS = st.builds(Button, action=st.sampled_from(["contacted", "open"]), label=TEXTS, value=TEXTS)
MESSAGES = st.builds(
    ChatMessage,
    to=st.just("#cs"),
    text=TEXTS,
    title=TEXTS,
    fields=st.lists(st.tuples(TEXTS, TEXTS), max_size=25).map(tuple),
    sections=st.lists(TEXTS, max_size=60).map(tuple),
    context=TEXTS,
    buttons=st.lists(BUTTONS, max_size=30).map(tuple),
)


class TestBlocks:
    @settings(max_examples=150)
    @given(message=MESSAGES)
    def test_of_any_message_are_slacks_own(self, block: jsonschema_rs.Validator, message: ChatMessage) -> None:
        made = render(message)
        assert 1 <= len(made) <= 50
        for one in made:
            block.validate(one)

    @pytest.mark.parametrize("make", [views.reassign, views.snooze])
    def test_of_dialogues_are_slacks_own(self, make: Callable[[views.About], dict[str, Any]]) -> None:
        view = make(views.About(handoff="H" * 36, version=3, channel="D0LEA0001"))
        _validator("view").validate(view)
        assert len(view["title"]["text"]) <= 24
        assert len(view["submit"]["text"]) <= 24
        assert len(view["private_metadata"]) <= 3000


class Recorded(Interactions):
    """Remember what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def version(self, handoff_id: str, *, who: str) -> int:
        self.asked.append(("version", handoff_id, who))
        return 4

    def contacted(self, handoff_id: str, *, who: str, at: Any) -> str:
        self.asked.append(("contacted", handoff_id, who, at))
        return "Recorded <b>."

    def snooze(self, handoff_id: str, *, who: str, at: Any, days: int, version: int) -> str:
        self.asked.append(("snooze", handoff_id, who, at, days, version))
        return "Held back."

    def reassign(self, handoff_id: str, *, who: str, at: Any, to: str, version: int) -> str:
        self.asked.append(("reassign", handoff_id, who, at, to, version))
        return "Given."


class TestButtons:
    def test_work_over_a_socket_without_any_address_of_ours(self, slack: FakeSlack) -> None:
        answers: list[dict[str, Any]] = []
        press = {
            "type": "block_actions", "user": {"id": "U0LEA0001"}, "trigger_id": "1.2", "team": {"id": "T0LUMORA1"},
            "container": {"type": "message", "message_ts": "1.1", "channel_id": DIRECT},
            "actions": [{"type": "button", "block_id": "b", "action_id": "contacted", "value": "H1"}],
        }  # fmt: skip

        def talk(socket: ServerConnection) -> None:
            socket.send(json.dumps({"type": "hello"}))
            socket.send(json.dumps({"envelope_id": "e1", "type": "interactive", "payload": press}))
            answers.append(json.loads(socket.recv(timeout=10)))
            answered.set()
            socket.recv(timeout=10)

        answered = threading.Event()
        recorded = Recorded()
        with serve(talk, "127.0.0.1", 0) as gate:
            threading.Thread(target=gate.serve_forever, daemon=True).start()
            port = gate.socket.getsockname()[1]
            slack.server.on("POST /apps.connections.open", {"ok": True, "url": f"ws://127.0.0.1:{port}/link"})
            buttons = Interactivity(client_of(slack), recorded, signing_secret="", now=lambda: NOW)
            buttons.connect("xapp-test-token")
            assert answered.wait(15)
            buttons.close()
            gate.shutdown()
        assert answers == [{"envelope_id": "e1"}]
        assert recorded.asked == [("contacted", "H1", LEA, NOW)]
        assert slack.whispers[0]["text"] == "Recorded &lt;b&gt;."
        assert slack.server.calls("POST /apps.connections.open")[0].headers["authorization"] == "Bearer xapp-test-token"

    def test_open_a_dialogue_that_slack_accepts(self, slack: FakeSlack) -> None:
        client = client_of(slack)
        client.open_view("1.2.3", views.reassign(views.About(handoff="H1", version=1, channel=DIRECT)))
        client.open_view("1.2.3", views.snooze(views.About(handoff="H1", version=1, channel=DIRECT)))
        assert [view["callback_id"] for view in slack.views] == ["reassign", "snooze"]
