"""Search a conversation for what we posted: Slack has no idempotency key, only what we left there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import PurePath
from typing import Any

from connectors.slack.client import SlackClient
from connectors.slack.models import File, Message
from domain.errors import Permanent

EVENT = "aftersign_effect"
LOOKBACK = timedelta(days=7)
MOST = 4000  # messages; a busier conversation would keep a step searching for minutes


def metadata(key: str) -> dict[str, Any]:
    """Return what every message of ours carries.

    https://docs.slack.dev/messaging/message-metadata
    """
    return {"event_type": EVENT, "event_payload": {"key": key}}


def marked(name: str, key: str) -> str:
    """Return the file's name with the key's mark in it: files carry no metadata."""
    path = PurePath(name)
    return f"{path.stem[:150]}-{_mark(key)}{path.suffix[:20]}"


class History:
    """Look for our messages and files among those since `lookback`, threads below our own included."""

    def __init__(self, client: SlackClient, now: Callable[[], datetime], lookback: timedelta = LOOKBACK) -> None:
        self._client = client
        self._now = now
        self._lookback = lookback

    def message(self, conversation: str, key: str) -> str | None:
        """Return the ts of the message that carries the key."""
        found = (message.ts for message in self._messages(conversation) if _key(message) == key)
        return next(found, None)

    def file(self, conversation: str, key: str) -> File | None:
        """Return the file whose name carries the key's mark."""
        mark = f"-{_mark(key)}"
        shared = (file for message in self._messages(conversation) for file in message.files)
        return next((file for file in shared if PurePath(file.name or "").stem.endswith(mark)), None)

    def _messages(self, conversation: str) -> Iterator[Message]:
        """Yield messages and replies. Raises `Permanent` when there are more than can be searched."""
        oldest = f"{(self._now() - self._lookback).timestamp():.6f}"
        everything = self._with_threads(conversation, oldest)
        yield from islice(everything, MOST)
        if next(everything, None) is not None:
            raise Permanent(
                f"{conversation} holds more than {MOST} messages of the last {self._lookback.days} days",
                why="our own message was searched for after a lost answer and not found among the newest",
                fix="look whether the message is there; if it is not, post it by hand",
            )

    def _with_threads(self, conversation: str, oldest: str) -> Iterator[Message]:
        for message in self._client.history(conversation, oldest):
            yield message
            if message.reply_count and _key(message):
                yield from self._client.replies(conversation, message.ts, oldest)


def _key(message: Message) -> str:
    data = message.metadata
    return str(data.event_payload.get("key", "")) if data and data.event_type == EVENT else ""


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
