"""Slack's Web API through its SDK, one method an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from connectors import http
from connectors.slack.models import (
    Account,
    Channel,
    Channels,
    Cursor,
    Message,
    Messages,
    Posted,
    Scheduled,
    ScheduledPage,
    Uploading,
    User,
    Waiting,
)
from connectors.slack.problems import problem
from connectors.slack.wire import Wire
from domain.errors import Permanent, Transient

PAGE = 200
Shape = TypeVar("Shape", bound=BaseModel)
Blocks = Sequence[Mapping[str, Any]]


def connect(
    token: str, base_url: str, *, upload_hosts: Iterable[str] = (), client: httpx.Client | None = None
) -> SlackClient:
    """Return a client for a bot token; files also go to `upload_hosts`. Raises `ConfigurationError`."""
    endpoint = http.Endpoint("slack", base_url, {}, client or http.client(), hosts=frozenset(upload_hosts))
    return SlackClient(endpoint, token)


class SlackClient:
    """Call Slack; answers come back as models. Raises `Transient` or `Permanent`."""

    def __init__(self, endpoint: http.Endpoint, token: str) -> None:
        self._endpoint = endpoint
        self._sdk = Wire(endpoint, token)

    def without_token(self) -> Wire:
        """Return the SDK's client over the same endpoint for code that must not act as the bot."""
        return Wire(self._endpoint)

    def account(self) -> tuple[Account, frozenset[str]]:
        """Return whom the token belongs to and which scopes it has.

        https://docs.slack.dev/reference/methods/auth.test
        """
        answer = _told("auth.test", self._sdk.auth_test)
        scopes = str({name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes", ""))
        return _read(answer, Account, "auth.test"), frozenset(part.strip() for part in scopes.split(",")) - {""}

    def user_of(self, email: str) -> str:
        """Return the id of the person with that address.

        https://docs.slack.dev/reference/methods/users.lookupByEmail
        """
        answer = _told("users.lookupByEmail", self._sdk.users_lookupByEmail, email=email)
        return _within(answer, "user", User, "users.lookupByEmail").id

    def user(self, identity: str) -> User:
        """Return the person behind an id.

        https://docs.slack.dev/reference/methods/users.info
        """
        return _within(_told("users.info", self._sdk.users_info, user=identity), "user", User, "users.info")

    def direct(self, user: str) -> str:
        """Return the direct message with somebody.

        https://docs.slack.dev/reference/methods/conversations.open
        """
        answer = _told("conversations.open", self._sdk.conversations_open, users=user)
        return _within(answer, "channel", Channel, "conversations.open").id

    def channels(self) -> Iterator[Channel]:
        """Yield the channels the bot can see.

        https://docs.slack.dev/reference/methods/conversations.list
        """
        kinds = "public_channel,private_channel"
        for page in self._pages("conversations.list", Channels, limit=PAGE, exclude_archived=True, types=kinds):
            yield from page.channels

    def history(self, channel: str, oldest: str) -> Iterator[Message]:
        """Yield the messages of a conversation since a moment, newest first, threads left out.

        https://docs.slack.dev/reference/methods/conversations.history
        """
        wanted = {"channel": channel, "oldest": oldest, "limit": PAGE, "include_all_metadata": True}
        for page in self._pages("conversations.history", Messages, **wanted):
            yield from page.messages

    def replies(self, channel: str, ts: str, oldest: str) -> Iterator[Message]:
        """Yield a message and its thread.

        https://docs.slack.dev/reference/methods/conversations.replies
        """
        wanted = {"channel": channel, "ts": ts, "oldest": oldest, "limit": PAGE, "include_all_metadata": True}
        for page in self._pages("conversations.replies", Messages, **wanted):
            yield from page.messages

    def post(
        self, channel: str, text: str, blocks: Blocks, metadata: Mapping[str, Any], thread: str | None
    ) -> tuple[str, str]:
        """Post a message and return (conversation, ts).

        https://docs.slack.dev/reference/methods/chat.postMessage
        """
        sent = _told(
            "chat.postMessage",
            self._sdk.chat_postMessage,
            channel=channel,
            text=text,
            blocks=blocks,
            metadata=metadata,
            thread_ts=thread,
            unfurl_links=False,
        )
        posted = _read(sent, Posted, "chat.postMessage")
        return posted.channel, posted.ts

    def update(self, channel: str, ts: str, text: str, blocks: Blocks) -> None:
        """Replace a message; Slack keeps metadata that is not named.

        https://docs.slack.dev/reference/methods/chat.update
        """
        _told("chat.update", self._sdk.chat_update, channel=channel, ts=ts, text=text, blocks=blocks)

    def whisper(self, channel: str, user: str, text: str) -> None:
        """Show a message to one person only.

        https://docs.slack.dev/reference/methods/chat.postEphemeral
        """
        _told("chat.postEphemeral", self._sdk.chat_postEphemeral, channel=channel, user=user, text=text)

    def schedule(
        self, channel: str, post_at: int, text: str, blocks: Blocks, metadata: Mapping[str, Any], thread: str | None
    ) -> str:
        """Let Slack post a message later and return its id.

        https://docs.slack.dev/reference/methods/chat.scheduleMessage
        """
        sent = _told(
            "chat.scheduleMessage",
            self._sdk.chat_scheduleMessage,
            channel=channel,
            post_at=post_at,
            text=text,
            blocks=blocks,
            metadata=metadata,
            thread_ts=thread,
        )
        return _read(sent, Waiting, "chat.scheduleMessage").scheduled_message_id

    def scheduled(self, channel: str) -> Iterator[Scheduled]:
        """Yield the messages of ours that wait for their time; Slack leaves out their metadata.

        https://docs.slack.dev/reference/methods/chat.scheduledMessages.list
        """
        for page in self._pages("chat.scheduledMessages.list", ScheduledPage, channel=channel, limit=100):
            yield from page.scheduled_messages

    def begin_upload(self, name: str, length: int) -> Uploading:
        """Ask where the bytes of a file go.

        https://docs.slack.dev/reference/methods/files.getUploadURLExternal
        """
        answer = _told("files.getUploadURLExternal", self._sdk.files_getUploadURLExternal, filename=name, length=length)
        return _read(answer, Uploading, "files.getUploadURLExternal")

    def send_bytes(self, url: str, content: bytes) -> None:
        """Send the bytes of a file where Slack said, if that is a configured host; without the token.

        https://docs.slack.dev/messaging/working-with-files#uploading_files
        """
        host = urlsplit(url).netloc
        if host not in self._endpoint.hosts | {urlsplit(self._endpoint.base_url).netloc}:
            raise Permanent(
                f"Slack wants the file at {host!r}, which is not asked",
                why="only configured hosts are",
                fix="if that host is right, add it to AFTERSIGN_SLACK__UPLOAD_HOSTS",
            )
        kind = {"Content-Type": "application/octet-stream"}
        self._endpoint.checked(self._endpoint.send("POST", url, content=content, headers=kind))

    def end_upload(self, file: str, title: str, channel: str, comment: str, thread: str | None) -> None:
        """Share an uploaded file in a conversation.

        https://docs.slack.dev/reference/methods/files.completeUploadExternal
        """
        _told(
            "files.completeUploadExternal",
            self._sdk.files_completeUploadExternal,
            files=[{"id": file, "title": title}],
            channel_id=channel,
            initial_comment=comment or None,
            thread_ts=thread,
        )

    def open_view(self, trigger: str, view: Mapping[str, Any]) -> None:
        """Open a dialogue within three seconds of the press that allows it.

        https://docs.slack.dev/reference/methods/views.open
        """
        _told("views.open", self._sdk.views_open, trigger_id=trigger, view=view)

    def _pages(self, method: str, shape: type[Shape], **wanted: Any) -> Iterator[Shape]:
        """Yield pages until Slack names no next one. Raises `Permanent` for a cursor that leads nowhere."""
        cursor: str | None = None
        while True:
            answer = _told(method, self._sdk.api_call, api_method=method, params={**wanted, "cursor": cursor})
            page = _read(answer, shape, method)
            yield page
            after = (getattr(page, "response_metadata", None) or Cursor()).next_cursor
            if not after:
                return
            if after == cursor:
                raise Permanent(f"Slack's pages of {method} never end", why="the same cursor came twice")
            cursor = after


def _told(method: str, send: Callable[..., SlackResponse], **arguments: Any) -> SlackResponse:
    """Call the SDK and turn its refusals into ours."""
    try:
        return send(**arguments)
    except SlackApiError as error:
        raise problem(method, error) from error
    except (SlackClientError, AttributeError) as error:  # the SDK stumbles over JSON that is no object
        raise Transient(f"Slack's answer to {method} is not readable", why=type(error).__name__) from error


def _read(answer: SlackResponse, shape: type[Shape], method: str) -> Shape:
    return _valid(answer.data, shape, method)


def _within(answer: SlackResponse, name: str, shape: type[Shape], method: str) -> Shape:
    return _valid(answer.get(name), shape, method)


def _valid(data: object, shape: type[Shape], method: str) -> Shape:
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        where = ", ".join(".".join(map(str, row["loc"])) or "the whole" for row in error.errors()[:3])
        raise Permanent(
            f"Slack's answer to {method} has another shape than documented",
            why=f"unexpected: {where}",
            fix="update Aftersign, or report the method's name",
        ) from error
