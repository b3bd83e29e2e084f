"""Slack's buttons at the web process: proved, known people only, one transition, everybody told what is."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from connectors.slack.client import connect
from connectors.slack.interactivity import Interactivity
from domain.errors import Permanent
from store import audit, first_touches
from store.tables import alerts
from store.tables import first_touches as rows
from tests.web.conftest import Make
from tests.web.seed import NOW
from web import slack as route
from web.app import create_app
from web.context import WebContext
from web.dispatch import AMEND_CONTRACT, UPDATE_BRIEF

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
LEA, OTHER = "lea.brandt@lumora.example", "jonas.keller@lumora.example"


@dataclass
class Slack:
    """Play the workspace: who is who, and what was said to whom."""

    people: dict[str, str]
    said: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        raw = request.content.decode()
        given: dict[str, Any] = json.loads(raw) if raw.startswith("{") else dict(parse_qsl(raw))
        answer: dict[str, Any] = {"ok": True}
        match request.url.path.rpartition("/")[2]:
            case "auth.test":
                answer["team_id"] = "T1"
            case "users.info":
                answer["user"] = {"id": "U", "team_id": "T1", "profile": {"email": self.people[given["user"]]}}
            case "chat.postEphemeral":
                self.said.append(given)
            case "views.open":
                self.views.append(given["view"])
        return httpx.Response(200, json=answer)

    def told(self) -> str:
        """Wait for the next thing that was said, and return it."""
        deadline = time.monotonic() + 5
        while not self.said:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return str(self.said.pop(0)["text"])


@dataclass
class Live:
    """Hold a running application and the workspace beside it."""

    http: TestClient
    context: WebContext
    slack: Slack
    touches: route.Presses
    handoff: str

    def press(self, action: str, user: str, value: str = "") -> httpx.Response:
        """Press a button."""
        return self.send(
            {
                "type": "block_actions", "user": {"id": user}, "trigger_id": f"{time.monotonic_ns()}",
                "container": {"channel_id": "D1"}, "actions": [{"action_id": action, "block_id": "b", "value": value or self.handoff}],
            }
        )  # fmt: skip

    def submit(self, number: int, user: str, entered: dict[str, Any]) -> httpx.Response:
        """Submit a dialogue that was opened."""
        view = self.slack.views[number]
        view = {**view, "state": {"values": {"choice": {"chosen": entered}}}}
        return self.send({"type": "view_submission", "user": {"id": user}, "view": view, "n": time.monotonic_ns()})

    def send(self, payload: dict[str, Any], secret: str = SECRET) -> httpx.Response:
        """Send a signed request."""
        body = urlencode({"payload": json.dumps(payload)}).encode()
        stamp = str(int(NOW.timestamp()))
        digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}",
            "content-type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        answer: httpx.Response = self.http.post("/webhooks/slack", content=body, headers=headers)
        return answer

    def row(self) -> dict[str, Any]:
        """Return the first touch."""
        with self.context.database.read() as connection:
            return dict(connection.execute(select(rows).where(rows.c.handoff_id == self.handoff)).mappings().one())

    def opened(self, number: int = 1) -> int:
        """Wait until so many dialogues are open and return the number of the last."""
        deadline = time.monotonic() + 5
        while len(self.slack.views) < number:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return number - 1


def application(context: WebContext) -> TestClient:
    app = create_app(context)
    if not any(getattr(known, "path", "") == "/webhooks/slack" for known in app.router.routes):
        app.router.routes.insert(0, route.router.routes[0])
    return TestClient(app)


@pytest.fixture
def live(make_context: Make) -> Iterator[Live]:
    context = make_context(public_url="https://aftersign.lumora.example")
    csms = [person.email for person in context.business.csms() if person.active]
    with context.database.write() as connection:
        open_one = connection.execute(select(rows.c.handoff_id).where(rows.c.state == "open")).scalars().first()
        assert open_one
        first_touches.reassign(connection, open_one, LEA, "seed", NOW)
    slack = Slack(
        {"U1": LEA, "U2": OTHER, "U3": csms[-1], "U9": "stranger@elsewhere.example", "U8": "LEA.BRANDT@lumora.example"}
    )
    client = connect("xoxb", "https://slack.com/api/", client=httpx.Client(transport=httpx.MockTransport(slack)))
    with application(context) as http:
        assert http.portal
        touches = route.Presses(context, http.portal.call(_loop))
        buttons = Interactivity(client, touches, signing_secret=SECRET, now=context.clock)
        http.app.state.slack = buttons  # type: ignore[attr-defined]
        yield Live(http, context, slack, touches, str(open_one))
        buttons.close()


async def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def started(live: Live) -> list[str]:
    starter: Any = live.context.starter
    return [key for deployment, _, key in starter.started if deployment == UPDATE_BRIEF]


class TestMarkFirstContactDone:
    def test_moves_the_task_once_and_asks_for_the_message_to_follow(self, live: Live) -> None:
        answer = live.press("contacted", "U1")
        assert (answer.status_code, answer.text) == (200, "")
        assert live.slack.told() == "Recorded: first contact made. The message above shows it in a moment."
        assert (live.row()["state"], live.row()["contacted_by"], live.row()["contacted_at"]) == ("contacted", LEA, NOW)
        assert started(live) == [f"{live.handoff}:contacted:v{live.row()['version']}"]
        assert audit.verify(live.context.database)[2] is None

    def test_by_two_people_moves_it_once_and_tells_the_second_what_is(self, live: Live) -> None:
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda user: live.press("contacted", user), ["U1", "U2"]))
        said = sorted([live.slack.told(), live.slack.told()])
        assert said[0].startswith("First contact was already made by ")
        assert said[1].startswith("Recorded")
        assert len(started(live)) == 1

    def test_knows_people_whatever_the_case_of_their_address(self, live: Live) -> None:
        live.press("contacted", "U8")
        assert live.slack.told().startswith("Recorded")
        assert live.row()["contacted_by"] == LEA

    def test_says_when_nobody_else_is_told_yet(self, live: Live) -> None:
        starter: Any = live.context.starter
        starter.away = True
        live.press("contacted", "U1")
        assert "the scheduler does not answer" in live.slack.told()
        assert live.row()["state"] == "contacted"

    @pytest.mark.parametrize("action", ["contacted", "reassign", "snooze"])
    def test_and_every_other_button_refuses_a_stranger(self, live: Live, action: str) -> None:
        before = live.row()
        live.press(action, "U9")
        assert "You may not do this" in live.slack.told()
        assert (live.row(), live.slack.views, started(live)) == (before, [], [])


class TestAnAlert:
    def test_is_answered_once_by_a_colleague(self, live: Live) -> None:
        with live.context.database.write() as connection:
            contract = connection.execute(select(alerts.c.contract_id)).scalars().first()
            connection.execute(update(alerts).where(alerts.c.contract_id == contract).values(state="sent"))
        live.press("acknowledge", "U9", str(contract))
        assert "You may not do this" in live.slack.told()
        live.press("acknowledge", "U1", str(contract))
        assert live.slack.told() == "Recorded: you take care of it."
        live.press("acknowledge", "U2", str(contract))
        assert live.slack.told() == "Somebody takes care of it already."
        with live.context.database.read() as connection:
            found = connection.execute(select(alerts).where(alerts.c.contract_id == contract)).mappings().all()
        assert {(row["state"], row["acknowledged_by"]) for row in found} == {("acknowledged", LEA)}


class TestAnAmendment:
    def test_is_approved_as_the_message_showed_it(self, live: Live) -> None:
        live.press("approve", "U1", "a-1:" + "f" * 64)
        assert live.slack.told().startswith("Taken.")
        starter: Any = live.context.starter
        [(_, parameters, key)] = [one for one in starter.started if one[0] == AMEND_CONTRACT]
        assert parameters == {"amendment_id": "a-1", "verdict": "approve", "shown": "f" * 64, "who": LEA}
        assert key == f"a-1:{'f' * 64}:approve"

    def test_is_not_approved_by_a_stranger_or_while_nobody_can_carry_it_out(self, live: Live) -> None:
        live.press("approve", "U9", "a-1:" + "f" * 64)
        assert "You may not do this" in live.slack.told()
        starter: Any = live.context.starter
        starter.away = True
        live.press("approve", "U1", "a-1:" + "f" * 64)
        assert live.slack.told().startswith("Not approved")


class TestReassign:
    def test_gives_the_task_to_another_csm(self, live: Live) -> None:
        live.press("reassign", "U1")
        answer = live.submit(live.opened(), "U1", {"selected_user": "U3"})
        assert (answer.status_code, answer.text) == (200, "")
        assert live.slack.told().startswith("Given to ")
        assert live.row()["csm_email"] == live.slack.people["U3"]

    def test_to_somebody_who_is_no_csm_stays_open(self, live: Live) -> None:
        live.press("reassign", "U1")
        answer = live.submit(live.opened(), "U1", {"selected_user": "U2"})
        assert "Choose a customer success manager" in answer.json()["errors"]["choice"]
        assert live.row()["csm_email"] == LEA

    def test_after_somebody_was_quicker_says_what_is(self, live: Live) -> None:
        for user in ("U1", "U2"):
            live.press("reassign", user)
        live.opened(2)
        assert live.submit(0, "U1", {"selected_user": "U3"}).text == ""
        answer = live.submit(1, "U2", {"selected_user": "U1"})
        assert "The task has changed since you opened this" in answer.json()["errors"]["choice"]
        assert live.row()["csm_email"] == live.slack.people["U3"]
        assert len(started(live)) == 1

    def test_of_a_finished_task_opens_nothing(self, live: Live) -> None:
        live.press("contacted", "U1")
        live.slack.told()
        live.press("reassign", "U2")
        assert live.slack.told().startswith("First contact was already made by ")
        assert live.slack.views == []


class TestSnooze:
    def test_holds_back_reminders_until_the_csms_morning(self, live: Live) -> None:
        live.press("snooze", "U1")
        due = live.row()["due_at"]
        live.submit(live.opened(), "U1", {"selected_option": {"value": "2"}})
        assert "The deadline stays as it is" in live.slack.told()
        until = live.row()["snoozed_until"]
        assert timedelta(days=1) < until - NOW < timedelta(days=3)
        assert live.row()["due_at"] == due

    def test_of_no_task_at_all_says_so(self, live: Live) -> None:
        with pytest.raises(Permanent, match="no such first contact"):
            live.touches.version("nonesuch", who=LEA)


class TestTheRoute:
    def test_refuses_a_forgery_without_a_hint(self, live: Live) -> None:
        answer = live.send({"type": "block_actions"}, secret="other")
        assert (answer.status_code, answer.json()) == (401, {"status": "refused"})
        assert live.slack.said == []

    def test_refuses_a_signed_body_that_is_not_slacks(self, live: Live) -> None:
        assert live.send([1, 2]).status_code == 400  # type: ignore[arg-type]

    def test_answers_what_nobody_knows_with_200(self, live: Live) -> None:
        assert live.press("explode", "U1").status_code == 200
        assert "not known here" in live.slack.told()

    def test_answers_a_challenge(self, live: Live) -> None:
        body = json.dumps({"type": "url_verification", "challenge": "c4"}).encode()
        stamp = str(int(NOW.timestamp()))
        digest = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}", "content-type": "application/json",
        }  # fmt: skip
        assert live.http.post("/webhooks/slack", content=body, headers=headers).json() == {"challenge": "c4"}

    def test_is_closed_while_slack_is_not_active(self, make_context: Make) -> None:
        with application(make_context()) as http:
            assert http.post("/webhooks/slack", content=b"x").status_code == 404

    def test_acknowledges_within_three_seconds_while_slack_is_slow(
        self, live: Live, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        release: Callable[..., Any] = live.slack.__call__

        def slow(self: Slack, request: httpx.Request) -> httpx.Response:
            time.sleep(1)
            return release.__func__(self, request)  # type: ignore[no-any-return, attr-defined]

        monkeypatch.setattr(Slack, "__call__", slow)
        begun = time.monotonic()
        assert live.press("contacted", "U1").status_code == 200
        assert time.monotonic() - begun < 1
        assert live.slack.told().startswith("Recorded")
