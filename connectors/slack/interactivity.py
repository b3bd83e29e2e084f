"""Slack's requests to us, over HTTP or Socket Mode: verified, acknowledged within three seconds, carried out once."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import httpx
from slack_bolt import Ack, App, BoltRequest
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult

from connectors import http, signing
from connectors.slack.client import SlackClient, connect
from connectors.slack.incoming import ACTIONS, LINK, Reply, kind
from connectors.slack.presses import Presses
from domain.ports import Interactions

log = logging.getLogger("aftersign.slack.buttons")

# A press waits for us three seconds in all, so no call of ours may take longer.
_PATIENCE = httpx.Timeout(2.5, connect=1.5)
_SEEN_FOR = timedelta(minutes=11)  # a signature is good for five minutes in both directions
_OTHER = re.compile(rf"^(?!(?:{'|'.join((*ACTIONS, LINK))})$)")


def build(
    token: str, base_url: str, interactions: Interactions, *, signing_secret: str, now: Callable[[], datetime]
) -> Interactivity:
    """Return the object that takes button presses. Raises `ConfigurationError` for an unsafe address."""
    client = http.client()
    client.timeout = _PATIENCE
    return Interactivity(connect(token, base_url, client=client), interactions, signing_secret=signing_secret, now=now)


class Interactivity:
    """Take Slack's requests; one object for the life of the web process."""

    def __init__(
        self,
        client: SlackClient,
        interactions: Interactions,
        *,
        signing_secret: str,
        now: Callable[[], datetime],
    ) -> None:
        self._secret = signing_secret
        self._now = now
        self._seen: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(8, thread_name_prefix="slack")
        self._app = self._build(client, Presses(client, interactions, now))
        self._handler: SocketModeHandler | None = None

    def verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Check the signature of a request's raw bytes. Raises `Forged`, also when no secret is set.

        https://docs.slack.dev/authentication/verifying-requests-from-slack
        """
        signing.slack(body, headers, self._secret, now=self._now())

    def handle(self, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Verify one request and answer it. Raises `Forged`, and `Permanent` for a body that is not Slack's.

        A delivery that came before, as a retry or a replay, is answered and not carried out.
        """
        self.verify(body, headers)
        name, verdict = kind(body, headers.get("content-type", ""))
        digest = hashlib.sha256(body).hexdigest()
        if not self._first(digest):
            return Reply(200, {}, "", name, "duplicate")
        if verdict == "unknown":
            log.warning("Slack sent %r, which nobody here knows", name)
        answer = self._app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        if answer.status >= 500:
            self._forget(digest)
        status = 200 if verdict == "unknown" and answer.status == 404 else answer.status
        return Reply(status, answer.first_headers_without_set_cookie(), answer.body, name, verdict)

    def connect(self, app_token: str) -> None:
        """Take button presses over Socket Mode, for servers that Slack cannot reach.

        https://docs.slack.dev/apis/events-api/using-socket-mode
        """
        self._handler = SocketModeHandler(self._app, app_token)
        self._handler.client.proxy = None  # the SDK reads proxy variables; we never do
        self._handler.connect()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """End Socket Mode and finish what was pressed."""
        if self._handler:
            self._handler.close()  # type: ignore[no-untyped-call]
        self._threads.shutdown(wait=True)

    def _build(self, client: SlackClient, presses: Presses) -> App:
        """Return Bolt's app: it neither asks Slack who it is nor verifies with a clock of its own."""
        app = App(
            client=client.without_token(),
            authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None),
            signing_secret=self._secret,
            request_verification_enabled=False,  # `handle` has done it, on the raw bytes and on our clock
            listener_executor=self._threads,
            logger=log,
            name="aftersign",
        )
        app.action("contacted")(presses.contacted)
        app.action("acknowledge")(presses.acknowledged)
        app.action("approve")(presses.approved)
        app.action("reassign")(presses.dialogue)
        app.action("snooze")(presses.dialogue)
        app.action(LINK)(_nothing)
        app.action(_OTHER)(presses.stranger)
        app.view("reassign")(presses.submitted)
        app.view("snooze")(presses.submitted)
        app.view_closed(re.compile(""))(_nothing)
        return app

    def _first(self, digest: str) -> bool:
        """Tell whether this body is new, and forget those that could not be replayed any more."""
        now = self._now()
        with self._lock:
            while self._seen and next(iter(self._seen.values())) < now - _SEEN_FOR:
                self._seen.popitem(last=False)
            known = digest in self._seen
            self._seen.setdefault(digest, now)
        return not known

    def _forget(self, digest: str) -> None:
        with self._lock:
            self._seen.pop(digest, None)


def _nothing(ack: Ack) -> None:
    """Acknowledge a press that opens a page, or a dialogue that was closed."""
    ack()
