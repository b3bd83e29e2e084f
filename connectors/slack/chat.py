"""Slack in the chat role."""

from __future__ import annotations

from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from connectors.slack.blocks import TEXT, cut, escape, render
from domain.errors import Permanent, Transient
from domain.ports import ChatMessage, Reference

EVENT = "aftersign_effect"
_HISTORY = 200
_WAITING_HELPS = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_FIXES = {
    "users_not_found": "give the person a Slack account with that address, or set `chat: false` for them in ownership.yaml",
    "channel_not_found": "create the channel or invite the bot to it",
    "not_in_channel": "invite the bot to the channel",
    "invalid_auth": "set a valid AFTERSIGN_SLACK__BOT_TOKEN",
    "missing_scope": "add the scope that Slack names to the app and install it again",
}


class SlackChat:
    """Post to people and channels; our key travels in the message's metadata.

    Slack has no idempotency key, so `find_message` looks for the key in the conversation's
    recent history, which needs the history scopes.
    """

    def __init__(self, token: str, base_url: str) -> None:
        self._client = WebClient(token=token, base_url=base_url, timeout=20, retry_handlers=[])

    def find_message(self, key: str, to: str) -> Reference | None:
        """Return the message that carries the key."""
        channel = self._channel_id(to) if to.startswith("#") else self._channel(to)
        found = self._call("conversations.history", channel=channel, limit=_HISTORY, include_all_metadata=True)
        messages: list[dict[str, Any]] = found.get("messages", [])
        for message in messages:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT and metadata.get("event_payload", {}).get("key") == key:
                return Reference(f"{channel}:{message['ts']}")
        return None

    def post(self, message: ChatMessage, *, key: str) -> Reference:
        """Post the message; blocks for people, `text` for notifications and screen readers."""
        channel = self._channel(message.to)
        metadata = {"event_type": EVENT, "event_payload": {"key": key}}
        sent = self._call(
            "chat.postMessage",
            channel=channel,
            text=cut(escape(message.text), TEXT),
            blocks=render(message),
            metadata=metadata,
            unfurl_links=False,
        )
        return Reference(f"{sent['channel']}:{sent['ts']}")

    def update(self, reference: Reference, message: ChatMessage) -> None:
        """Replace a posted message."""
        channel, _, moment = reference.id.partition(":")
        self._call(
            "chat.update", channel=channel, ts=moment, text=cut(escape(message.text), TEXT), blocks=render(message)
        )

    def _channel(self, to: str) -> str:
        """Return the conversation for a `#channel` or for the person of an address."""
        if to.startswith("#"):
            return to
        user = self._call("users.lookupByEmail", email=to)["user"]["id"]
        return str(self._call("conversations.open", users=user)["channel"]["id"])

    def _channel_id(self, name: str) -> str:
        """Return the id of a channel: history, unlike posting, takes no names."""
        cursor = ""
        while True:
            page = self._call("conversations.list", limit=200, cursor=cursor, exclude_archived="true")
            channels: list[dict[str, Any]] = page.get("channels", [])
            for channel in channels:
                if channel["name"] == name.removeprefix("#"):
                    return str(channel["id"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                raise Permanent(
                    f"Slack knows no channel {name}",
                    why="it is private or was renamed",
                    fix=_FIXES["channel_not_found"],
                )

    def _call(self, method: str, **arguments: Any) -> SlackResponse:
        form = method == "users.lookupByEmail" or method in {"conversations.history", "conversations.list"}
        try:
            return (
                self._client.api_call(method, params=arguments)
                if form
                else self._client.api_call(method, json=arguments)
            )
        except SlackApiError as error:
            raise _problem(method, error) from error
        except (SlackClientError, OSError) as error:
            raise Transient(f"Slack did not answer {method}", why=str(error)) from error


def _problem(method: str, error: SlackApiError) -> Transient | Permanent:
    response = error.response
    code, headers = str(response.get("error", "unknown")), getattr(response, "headers", {}) or {}
    what = f"Slack refused {method}: {code}"
    if code in _WAITING_HELPS or getattr(response, "status_code", 200) >= 500:
        wait = headers.get("Retry-After")
        return Transient(what, retry_after=float(wait) if wait and str(wait).isdigit() else None)
    needed = f"; it needs {response['needed']}" if response.get("needed") else ""
    return Permanent(
        what, why=f"Slack says {code}{needed}", fix=_FIXES.get(code, "look the error up in Slack's documentation")
    )
