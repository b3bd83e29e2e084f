"""The bot scopes we need, and what each is for."""

from __future__ import annotations

from collections.abc import Mapping

# https://docs.slack.dev/reference/scopes
SCOPES: Mapping[str, str] = {
    "chat:write": "post, update and schedule messages, and answer whoever pressed a button",
    "im:write": "open a direct message",
    "users:read": "see who pressed a button",
    "users:read.email": "find people by the address in ownership.yaml, and know theirs when they press a button",
    "files:write": "upload the brief",
    "files:read": "see our own files when a conversation is searched",
    "channels:read": "find a public channel by its name",
    "groups:read": "find a private channel by its name",
    "channels:history": "search a public channel for our own message after a lost answer",
    "groups:history": "search a private channel for our own message after a lost answer",
    "im:history": "search a direct message for our own message after a lost answer",
}


def lacking(granted: frozenset[str]) -> tuple[str, ...]:
    """Name each scope that is not granted, what it is for and how to add it."""
    return tuple(
        f"{scope}, to {purpose}: add it under OAuth & Permissions and install the app again"
        for scope, purpose in SCOPES.items()
        if scope not in granted
    )
