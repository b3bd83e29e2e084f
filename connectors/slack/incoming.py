"""What Slack sends, before anybody acts on it: its name and what it means to us."""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from pydantic import ValidationError

from connectors.slack.models import Interaction
from domain.errors import Permanent

ACTIONS = ("contacted", "reassign", "snooze", "acknowledge", "approve")
LINK = "open"  # a button that opens a page is reported too
_FIRST = frozenset({"url_verification", "ssl_check"})


class Reply(NamedTuple):
    """Hold the answer to Slack, and for our counters what it was: handled, ignored, duplicate or unknown."""

    status: int
    headers: dict[str, str]
    body: str
    kind: str
    verdict: str


def kind(body: bytes, content_type: str) -> tuple[str, str]:
    """Name a request and say what it means to us. Raises `Permanent` when it cannot be read.

    https://docs.slack.dev/interactivity/handling-user-interaction#payloads
    """
    try:
        return _verdict(Interaction.model_validate(_parsed(body.decode(), content_type)))
    except (ValueError, ValidationError, RecursionError) as error:
        raise Permanent(
            "The request's body is not Slack's", why=type(error).__name__, fix="look at the app's request URL"
        ) from error


def _parsed(text: str, content_type: str) -> Any:
    if "json" in content_type:
        return json.loads(text)
    form = parse_qs(text, keep_blank_values=True)
    if "payload" in form:
        return json.loads(form["payload"][0])
    return {"type": "ssl_check" if "ssl_check" in form else "command" if "command" in form else ""}


def _verdict(found: Interaction) -> tuple[str, str]:
    if found.type == "block_actions" and found.actions:
        action = found.actions[0].action_id
        return action, "handled" if action in ACTIONS else "ignored" if action == LINK else "unknown"
    if found.type == "view_submission" and found.view:
        return found.view.callback_id, "handled" if found.view.callback_id in ACTIONS else "unknown"
    if found.type in _FIRST:
        return found.type, "handled"
    return found.type, "ignored" if found.type == "view_closed" else "unknown"
