"""Slack's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Cursor(_Lenient):
    """Read where the next page starts; empty at the end."""

    next_cursor: str = ""


class Metadata(_Lenient):
    """Read what an app attached to a message."""

    event_type: str = ""
    event_payload: dict[str, Any] = {}


class File(_Lenient):
    """Read a shared file."""

    id: str
    name: str | None = ""
    permalink: str | None = ""


class Message(_Lenient):
    """Read one message of a conversation."""

    ts: str
    reply_count: int = 0
    metadata: Metadata | None = None
    files: list[File] = []


class Messages(_Lenient):
    """Read a page of messages."""

    messages: list[Message] = []
    response_metadata: Cursor | None = None


class Channel(_Lenient):
    """Read a conversation."""

    id: str
    name: str = ""


class Channels(_Lenient):
    """Read a page of conversations."""

    channels: list[Channel] = []
    response_metadata: Cursor | None = None


class Scheduled(_Lenient):
    """Read a message that waits for its time; older answers number it."""

    id: str | int
    channel_id: str = ""
    post_at: int = 0
    text: str = ""


class ScheduledPage(_Lenient):
    """Read a page of waiting messages."""

    scheduled_messages: list[Scheduled] = []
    response_metadata: Cursor | None = None


class Posted(_Lenient):
    """Read where a message stands now."""

    channel: str
    ts: str


class Waiting(_Lenient):
    """Read the id of a message that waits for its time."""

    scheduled_message_id: str


class Uploading(_Lenient):
    """Read where the bytes of a file go."""

    upload_url: str
    file_id: str


class Account(_Lenient):
    """Read whom a token belongs to."""

    team: str = ""
    team_id: str = ""
    user: str = ""
    enterprise_id: str | None = ""


class Profile(_Lenient):
    """Read a profile; `email` needs a scope of its own."""

    email: str | None = ""


class EnterpriseUser(_Lenient):
    """Read which organization somebody belongs to."""

    enterprise_id: str = ""


class User(_Lenient):
    """Read somebody with a Slack account."""

    id: str
    team_id: str = ""
    deleted: bool = False
    is_bot: bool = False
    profile: Profile = Profile()
    enterprise_user: EnterpriseUser = EnterpriseUser()


class Named(_Lenient):
    """Read an id."""

    id: str = ""


class Container(_Lenient):
    """Read where a pressed button stands."""

    channel_id: str = ""


class Action(_Lenient):
    """Read a pressed button."""

    action_id: str = ""
    value: str = ""


class Press(_Lenient):
    """Read a `block_actions` payload.

    https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
    """

    user: Named
    trigger_id: str = ""
    container: Container = Container()
    actions: list[Action] = []


class Choice(_Lenient):
    """Read a chosen option."""

    value: str = ""


class Entered(_Lenient):
    """Read what somebody chose in one field of a dialogue."""

    selected_user: str | None = ""
    selected_option: Choice | None = None


class State(_Lenient):
    """Read a dialogue's fields, by block and action."""

    values: dict[str, dict[str, Entered]] = {}


class Dialogue(_Lenient):
    """Read a submitted dialogue."""

    callback_id: str = ""
    private_metadata: str = ""
    state: State = State()


class Submission(_Lenient):
    """Read a `view_submission` payload.

    https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
    """

    user: Named
    view: Dialogue


class Interaction(_Lenient):
    """Read what kind of request Slack sends."""

    type: str = ""
    actions: list[Action] = []
    view: Dialogue | None = None
