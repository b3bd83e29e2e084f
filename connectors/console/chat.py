"""Chat without an account: messages are rows of the outbox, shown as previews."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime

from domain.ports import Attachment, ChatMessage, Health, Outbox, Reference


class ConsoleChat:
    """Keep messages in the outbox."""

    def __init__(self, outbox: Outbox, public_url: str) -> None:
        self._outbox = outbox
        self._public_url = public_url

    def find_message(self, key: str, to: str) -> Reference | None:
        """Return the message under that key."""
        del to
        return Reference(key) if self._outbox.get("chat", "message", key) else None

    def post(self, message: ChatMessage, *, key: str) -> Reference:
        """Store the message."""
        identity = self._outbox.put("chat", "message", key, asdict(message))
        return Reference(key, f"{self._public_url}/outbox/{identity}")

    def update(self, reference: Reference, message: ChatMessage) -> None:
        """Replace the message."""
        self._outbox.put("chat", "message", reference.id, asdict(message))

    def schedule(self, message: ChatMessage, at: datetime, *, key: str) -> Reference:
        """Store the message with the moment it is meant for."""
        identity = self._outbox.put("chat", "message", key, {**asdict(message), "at": at.isoformat()})
        return Reference(key, f"{self._public_url}/outbox/{identity}")

    def find_upload(self, key: str, to: str) -> Reference | None:
        """Return the file under that key."""
        del to
        return Reference(key) if self._outbox.get("chat", "file", key) else None

    def upload(self, file: Attachment, message: ChatMessage, *, key: str) -> Reference:
        """Store what the file is, not its bytes."""
        body = {
            "to": message.to,
            "thread": message.thread,
            "text": message.text,
            "name": file.name,
            "bytes": len(file.content),
            "sha256": hashlib.sha256(file.content).hexdigest(),
        }
        return Reference(key, f"{self._public_url}/outbox/{self._outbox.put('chat', 'file', key, body)}")

    def check(self) -> Health:
        """Say where messages go."""
        return Health("messages are kept in the outbox")
