"""Slack in the chat role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from connectors.slack.addresses import Addresses
from connectors.slack.blocks import escape, fallback, render
from connectors.slack.client import SlackClient
from connectors.slack.history import LOOKBACK, History, marked, metadata
from connectors.slack.scopes import lacking
from domain.errors import Permanent
from domain.ports import Attachment, ChatMessage, Health, Reference

# https://docs.slack.dev/reference/methods/chat.scheduleMessage
FURTHEST = timedelta(days=120)


class SlackChat:
    """Post to people and channels, below messages, and later; upload files.

    Slack has no idempotency key: ours travels in a message's metadata and in a file's name, and
    `find_message` and `find_upload` search the conversation for it. Two callers who post at once
    under one key post twice; the ledger of effects lets only one of them try.
    """

    def __init__(self, client: SlackClient, now: Callable[[], datetime], lookback: timedelta = LOOKBACK) -> None:
        self._client = client
        self._now = now
        self._addresses = Addresses(client)
        self._history = History(client, now, lookback)

    def check(self) -> Health:
        """Name workspace and bot, and every scope that is lacking.

        https://docs.slack.dev/reference/methods/auth.test; the header `x-oauth-scopes` lists the scopes.
        """
        account, scopes = self._client.account()
        who = f"workspace {account.team or account.team_id}, as {account.user}"
        if not scopes:
            return Health(who, warnings=("Slack did not say which scopes the token has",))
        return Health(who, missing=lacking(scopes))

    def find_message(self, key: str, to: str) -> Reference | None:
        """Return the message that carries the key; one that still waits for its time is not seen."""
        conversation = self._addresses.conversation(to)
        ts = self._history.message(conversation, key)
        return Reference(f"{conversation}:{ts}") if ts else None

    def post(self, message: ChatMessage, *, key: str) -> Reference:
        """Post the message; blocks for people, `text` for notifications and screen readers."""
        thread = _thread(message)
        target = thread[0] or self._addresses.target(message.to)
        channel, ts = self._client.post(target, fallback(message), render(message), metadata(key), thread[1])
        self._addresses.learn(message.to, channel)
        return Reference(f"{channel}:{ts}")

    def update(self, reference: Reference, message: ChatMessage) -> None:
        """Replace a posted message."""
        channel, ts = _place(reference.id)
        self._client.update(channel, ts, fallback(message), render(message))

    def schedule(self, message: ChatMessage, at: datetime, *, key: str) -> Reference:
        """Let Slack post the message later, to the second, at most 120 days ahead.

        What waits can only be recognised by conversation, time and text, so an equal message at
        the same second is taken for this one.
        """
        self._refuse_unless_ahead(at)
        thread = _thread(message)
        channel = thread[0] or self._addresses.conversation(message.to)
        when, text = int(at.timestamp()), fallback(message)
        for waiting in self._client.scheduled(channel):
            if (waiting.channel_id, waiting.post_at, waiting.text) == (channel, when, text):
                return Reference(f"{channel}:{waiting.id}")
        made = self._client.schedule(channel, when, text, render(message), metadata(key), thread[1])
        return Reference(f"{channel}:{made}")

    def find_upload(self, key: str, to: str) -> Reference | None:
        """Return the file whose name carries the key's mark."""
        file = self._history.file(self._addresses.conversation(to), key)
        return Reference(file.id, file.permalink or "") if file else None

    def upload(self, file: Attachment, message: ChatMessage, *, key: str) -> Reference:
        """Upload the file and share it, with the message's text, in its thread or conversation.

        https://docs.slack.dev/messaging/working-with-files#uploading_files
        """
        if not file.content:
            raise Permanent(
                f"{file.name} is empty", why="Slack takes no empty files", fix="upload it once it is filled"
            )
        thread = _thread(message)
        channel = thread[0] or self._addresses.conversation(message.to)
        begun = self._client.begin_upload(marked(file.name, key), len(file.content))
        self._client.send_bytes(begun.upload_url, file.content)
        self._client.end_upload(begun.file_id, file.title or file.name, channel, escape(message.text), thread[1])
        return Reference(begun.file_id)

    def _refuse_unless_ahead(self, at: datetime) -> None:
        ahead = at - self._now()
        if not timedelta(0) < ahead <= FURTHEST:
            raise Permanent(
                f"A message cannot be scheduled for {at:%Y-%m-%d %H:%M}",
                why="it is in the past" if ahead <= timedelta(0) else "Slack keeps messages for at most 120 days",
                fix="post it now" if ahead <= timedelta(0) else "schedule it when it is nearer",
            )


def _thread(message: ChatMessage) -> tuple[str, str | None]:
    """Return the conversation and message that this one answers; empty for none."""
    return _place(message.thread) if message.thread else ("", None)


def _place(reference: str) -> tuple[str, str]:
    """Return the parts of a reference to a message that stands in Slack. Raises `Permanent`."""
    channel, _, ts = reference.partition(":")
    if channel and ts.replace(".", "", 1).isdecimal():
        return channel, ts
    raise Permanent(
        f"{reference[:60]!r} is not a message in Slack",
        why="it still waits for its time" if ts.startswith("Q") else "another chat made it",
        fix="post a new message instead",
    )
