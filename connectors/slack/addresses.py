"""Find the conversation behind an e-mail address or a channel's name."""

from __future__ import annotations

import re

from connectors.slack.client import SlackClient
from connectors.slack.problems import FIXES
from domain.errors import Permanent

_ID = re.compile(r"[CGD][A-Z0-9]{7,}")


class Addresses:
    """Resolve addresses once; ids do not change for as long as a process lives."""

    def __init__(self, client: SlackClient) -> None:
        self._client = client
        self._known: dict[str, str] = {}

    def conversation(self, to: str) -> str:
        """Return the id of the conversation. Raises `Permanent` when there is none."""
        if to not in self._known:
            self._known[to] = self._find(to)
        return self._known[to]

    def target(self, to: str) -> str:
        """Return what a message may be posted to: a channel's name is enough for that."""
        named = to.startswith("#") and not _ID.fullmatch(to[1:])
        return self._known.get(to, to) if named else self.conversation(to)

    def learn(self, to: str, conversation: str) -> None:
        """Remember which conversation Slack posted to."""
        self._known.setdefault(to, conversation)

    def _find(self, to: str) -> str:
        if _ID.fullmatch(to.removeprefix("#")):
            return to.removeprefix("#")
        if to.startswith("#"):
            return self._channel(to.removeprefix("#"))
        if "@" in to:
            return self._client.direct(self._person(to))
        raise Permanent(
            f"{to[:60]!r} is nowhere a message can go",
            why="it is neither an e-mail address nor a #channel",
            fix="correct the channels in playbook.yaml; a channel begins with #",
        )

    def _channel(self, name: str) -> str:
        for channel in self._client.channels():
            if channel.name == name:
                return channel.id
        raise Permanent(
            f"Slack knows no channel #{name}", why="it is private or was renamed", fix=FIXES["channel_not_found"]
        )

    def _person(self, email: str) -> str:
        try:
            return self._client.user_of(email)
        except Permanent as error:
            name, _, host = email.partition("@")
            raise Permanent(f"{error.what} ({name[:1]}…@{host})", why=error.why, fix=error.fix) from error
