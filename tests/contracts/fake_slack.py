"""A workspace that remembers what was posted, in Slack's own shapes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.contracts.server import Answer, Call, ContractServer

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
PEOPLE = {
    "lea.brandt@lumora.example": "U0LEA0001",
    "jonas.keller@lumora.example": "U0JONAS01",
    "amara.okafor@lumora.example": "U0AMARA01",
}
SCOPES = (
    "chat:write,im:write,users:read,users:read.email,files:write,files:read,channels:read,groups:read,"
    "channels:history,groups:history,im:history"
)
METHODS = (
    "auth.test", "users.lookupByEmail", "users.info", "conversations.open", "conversations.list",
    "conversations.history", "conversations.replies", "chat.postMessage", "chat.update", "chat.scheduleMessage",
    "chat.scheduledMessages.list", "chat.postEphemeral", "files.getUploadURLExternal", "files.completeUploadExternal",
    "views.open",
)  # fmt: skip


@dataclass
class FakeSlack:
    """Play one workspace: three people, two channels, one bot."""

    server: ContractServer
    now: datetime = NOW
    scopes: str = SCOPES
    page: int = 200
    people: dict[str, str] = field(default_factory=lambda: dict(PEOPLE))
    channels: dict[str, str] = field(default_factory=lambda: {"closed-won": "C0CLOSED1", "cs-handoffs": "C0HANDOFF"})
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    scheduled: list[dict[str, Any]] = field(default_factory=list)
    uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    whispers: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    errors: dict[str, dict[str, Any]] = field(default_factory=dict)
    upload_url: str = ""

    def __post_init__(self) -> None:
        self._numbers = count(1)
        for method in METHODS:
            self.server.on(f"POST /{method}", lambda call, name=method: self._answer(name, call))  # type: ignore[misc]
        self.server.on("POST /upload/v1/{token}", self._bytes)

    def everything(self) -> list[dict[str, Any]]:
        """Return every message of every conversation."""
        return [message for channel in self.messages.values() for message in channel]

    def shared(self) -> list[dict[str, Any]]:
        """Return every file that stands in a conversation."""
        return [file for message in self.everything() for file in message.get("files", [])]

    def say(self, channel: str, text: str, **more: Any) -> dict[str, Any]:
        """Let somebody write a message."""
        ts = f"{int(self.now.timestamp())}.{next(self._numbers):06d}"
        message = {"type": "message", "text": text, "ts": ts, **more}
        for parent in self.messages.get(channel, []):
            if parent["ts"] == message.get("thread_ts"):
                parent["reply_count"] = parent.get("reply_count", 0) + 1
        self.messages.setdefault(channel, []).append(message)
        return message

    def _answer(self, method: str, call: Call) -> Answer | dict[str, Any]:
        if method in self.errors:
            return {"ok": False, **self.errors[method]}
        made = getattr(self, "_" + method.replace(".", "_"))(call.arguments if call.sent.body else {})
        return made if isinstance(made, Answer) else {"ok": True, **made}

    def _auth_test(self, _: dict[str, Any]) -> Answer:
        who = {"ok": True, "team": "Lumora", "team_id": "T0LUMORA1", "user": "aftersign", "user_id": "U0BOT0001"}
        return Answer(json=who, headers={"x-oauth-scopes": self.scopes} if self.scopes else {})

    def _users_lookupByEmail(self, given: dict[str, Any]) -> Answer | dict[str, Any]:
        identity = self.people.get(given["email"])
        return {"user": {"id": identity}} if identity else Answer(json={"ok": False, "error": "users_not_found"})

    def _users_info(self, given: dict[str, Any]) -> dict[str, Any]:
        email = next(email for email, identity in self.people.items() if identity == given["user"])
        return {"user": {"id": given["user"], "team_id": "T0LUMORA1", "profile": {"email": email}}}

    def _conversations_open(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"channel": {"id": f"D{given['users'][1:]}"}}

    def _conversations_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._paged("channels", [{"id": i, "name": name} for name, i in self.channels.items()], given)

    def _conversations_history(self, given: dict[str, Any]) -> dict[str, Any]:
        if given["channel"].startswith("C") and given["channel"] not in self.channels.values():
            return {"ok": False, "error": "channel_not_found"}
        roots = [m for m in self.messages.get(given["channel"], []) if m.get("thread_ts", m["ts"]) == m["ts"]]
        return self._paged("messages", self._visible(reversed(roots), given), given)

    def _conversations_replies(self, given: dict[str, Any]) -> dict[str, Any]:
        thread = [m for m in self.messages[given["channel"]] if given["ts"] in {m["ts"], m.get("thread_ts")}]
        return self._paged("messages", self._visible(thread, given), given)

    def _visible(self, messages: Iterable[dict[str, Any]], given: dict[str, Any]) -> list[dict[str, Any]]:
        hidden = set() if given.get("include_all_metadata") == "1" else {"metadata"}
        since = float(given.get("oldest", "0"))
        return [{k: v for k, v in m.items() if k not in hidden} for m in messages if float(m["ts"]) > since]

    def _paged(self, name: str, rows: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
        start, size = int(given.get("cursor") or 0), min(int(given["limit"]), self.page)
        after = str(start + size) if start + size < len(rows) else ""
        return {name: rows[start : start + size], "response_metadata": {"next_cursor": after}}

    def _chat_postMessage(self, given: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(given["channel"].removeprefix("#"), given["channel"])
        if channel.startswith("#"):
            return {"ok": False, "error": "channel_not_found"}
        kept = {name: given[name] for name in ("metadata", "blocks", "thread_ts") if name in given}
        return {"channel": channel, "ts": self.say(channel, given["text"], **kept)["ts"]}

    def _chat_update(self, given: dict[str, Any]) -> dict[str, Any]:
        message = next((m for m in self.messages.get(given["channel"], []) if m["ts"] == given["ts"]), None)
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        message.update({"text": given["text"], "blocks": given["blocks"]})
        return {"channel": given["channel"], "ts": given["ts"], "text": given["text"]}

    def _chat_scheduleMessage(self, given: dict[str, Any]) -> dict[str, Any]:
        row = {"id": f"Q{next(self._numbers):08d}", "channel_id": given["channel"], "post_at": given["post_at"]}
        self.scheduled.append({**row, "date_created": int(self.now.timestamp()), "text": given["text"]})
        return {"channel": given["channel"], "scheduled_message_id": row["id"], "post_at": given["post_at"]}

    def _chat_scheduledMessages_list(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._paged(
            "scheduled_messages", [row for row in self.scheduled if row["channel_id"] == given["channel"]], given
        )

    def _chat_postEphemeral(self, given: dict[str, Any]) -> dict[str, Any]:
        self.whispers.append(given)
        return {"message_ts": "1.1"}

    def _files_getUploadURLExternal(self, given: dict[str, Any]) -> dict[str, Any]:
        identity = f"F{next(self._numbers):08d}"
        self.uploads[identity] = {"name": given["filename"], "length": int(given["length"])}
        return {"upload_url": self.upload_url or f"{self.server.root}/upload/v1/{identity}", "file_id": identity}

    def _bytes(self, call: Call) -> Answer:
        upload = self.uploads[call.path["token"]]
        if len(call.sent.body) != upload["length"]:
            return Answer(500)
        upload["content"] = call.sent.body
        return Answer(200, content=b"OK", media="text/plain")

    def _files_completeUploadExternal(self, given: dict[str, Any]) -> dict[str, Any]:
        rows = json.loads(given["files"])
        files = [
            {"id": row["id"], "name": self.uploads[row["id"]]["name"], "title": row["title"],
             "permalink": f"https://lumora.slack.example/files/{row['id']}"}
            for row in rows if "content" in self.uploads[row["id"]]
        ]  # fmt: skip
        thread = {"thread_ts": given["thread_ts"]} if "thread_ts" in given else {}
        self.say(given["channel_id"], given.get("initial_comment", ""), files=files, upload=True, **thread)
        return {"files": [{"id": file["id"], "title": file["title"]} for file in files]}

    def _views_open(self, given: dict[str, Any]) -> dict[str, Any]:
        view = given["view"]
        self.views.append(json.loads(view) if isinstance(view, str) else view)
        return {"view": {"id": "V1"}}
