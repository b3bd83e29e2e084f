"""Chat without an account: messages are rows of the outbox, shown as previews."""

from __future__ import annotations

from dataclasses import asdict

from domain.ports import ChatMessage, Outbox, Reference


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
