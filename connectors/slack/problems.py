"""Slack's errors: who must act, and what they can do."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

from connectors.redact import redact
from connectors.slack.scopes import SCOPES
from domain.errors import Permanent, Transient

_CREDENTIAL = "set AFTERSIGN_SLACK__BOT_TOKEN to the Bot User OAuth Token of the installed app"
_CHANNEL = "check the channel's name in playbook.yaml; a private channel is only seen once the bot is invited to it"
_OURS = "report it with the message's text: our blocks must never be too much for Slack"
# https://docs.slack.dev/reference/methods/chat.postMessage lists most of them.
_WAITING_HELPS = frozenset({
    "ratelimited", "rate_limited", "message_limit_exceeded", "internal_error", "fatal_error",
    "service_unavailable", "request_timeout", "team_added_to_org", "restricted_too_many", "accesslimited",
})  # fmt: skip
# What a web page, or no body at all, says by its status.
_STATUSES = {
    200: "no JSON",
    301: "redirected",
    302: "redirected",
    307: "redirected",
    308: "redirected",
    401: "invalid_auth",
}
FIXES: Mapping[str, str] = {
    "redirected": "correct AFTERSIGN_SLACK__BASE_URL; redirects are never followed",
    "invalid_auth": _CREDENTIAL,
    "not_authed": _CREDENTIAL,
    "account_inactive": f"{_CREDENTIAL}; the one that is set belongs to a removed app or user",
    "token_revoked": f"install the app again and {_CREDENTIAL}",
    "token_expired": f"turn token rotation off for the app, install it again and {_CREDENTIAL}",
    "not_allowed_token_type": _CREDENTIAL,
    "access_denied": "let an owner of the workspace approve the app",
    "org_login_required": "wait until the workspace has moved to its organization, then install the app again",
    "channel_not_found": _CHANNEL,
    "not_in_channel": "invite the bot to the channel: /invite @Aftersign",
    "is_archived": "unarchive the channel or name another one in playbook.yaml",
    "restricted_action": "let an admin of the workspace allow the app to post in this channel",
    "cannot_dm_bot": "name a person, not a bot, in ownership.yaml",
    "user_disabled": "the account is deactivated: name somebody else in ownership.yaml or set `chat: false` there",
    "user_not_found": "check the person's Slack account",
    "users_not_found": "give the person a Slack account with that address, or set `chat: false` for them in ownership.yaml",
    "message_not_found": "nothing: somebody deleted the message; the page shows the same",
    "cant_update_message": "nothing: the message was posted by another app or the former bot",
    "edit_window_closed": "let an admin of the workspace allow editing messages, or look at the page instead",
    "msg_too_long": _OURS,
    "msg_blocks_too_long": _OURS,
    "invalid_blocks": _OURS,
    "metadata_too_large": _OURS,
    "time_in_past": "post the message now instead",
    "time_too_far": "schedule it at most 120 days ahead",
    "expired_trigger_id": "press the button again: Slack gave us three seconds and they were over",
    "trigger_expired": "press the button again: Slack gave us three seconds and they were over",
    "file_upload_size_restricted": "let an admin of the workspace allow files of this size",
    "storage_limit_reached": "free file storage in the workspace",
}


def problem(method: str, error: SlackApiError) -> Transient | Permanent:
    """Turn Slack's refusal into who must act; the fix names the scope, setting or field."""
    data, status, headers = _parts(error)
    unreadable = "error" not in data or "non-JSON" in str(data["error"])
    code = _STATUSES.get(status, f"HTTP {status}") if unreadable else str(data["error"])
    what = redact(f"Slack refused {method}: {code[:200]}")
    wait = str(headers.get("retry-after", headers.get("Retry-After", "")))
    if code in _WAITING_HELPS or status == 429 or status >= 500 or (unreadable and status < 300):
        return Transient(what, retry_after=float(wait) if wait.isdecimal() else None)
    if code == "missing_scope":
        return _scope(what, data)
    more = data.get("response_metadata")
    details = (more.get("messages") if isinstance(more, dict) else None) or [f"Slack says {code}"]
    fix = FIXES.get(code, f"look {code[:60]!r} up at https://docs.slack.dev/reference/methods/{method}")
    return Permanent(what, why=redact("; ".join(map(str, details))[:500]), fix=fix)


def _scope(what: str, data: Mapping[str, object]) -> Permanent:
    needed, provided = str(data.get("needed", "")), str(data.get("provided", ""))
    purpose = next((f", to {SCOPES[scope]}" for scope in needed.split(",") if scope in SCOPES), "")
    return Permanent(
        what,
        why=f"the app has {provided or 'no scope'} and needs {needed or 'another one'}{purpose}",
        fix=f"add the bot scope {needed} under OAuth & Permissions and install the app again",
    )


def _parts(error: SlackApiError) -> tuple[Mapping[str, object], int, Mapping[str, object]]:
    response = error.response
    data = getattr(response, "data", response)
    headers = getattr(response, "headers", None) or {}
    return (data if isinstance(data, dict) else {}), int(getattr(response, "status_code", 200)), headers
