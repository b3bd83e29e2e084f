"""The two dialogues below the first-touch message, and what they carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from connectors.slack.models import Dialogue, Entered
from domain.errors import Permanent

FIELD, ANSWER = "choice", "chosen"
DAYS: Mapping[str, str] = {"1": "Tomorrow morning", "2": "In two days", "7": "In a week"}


class About(BaseModel):
    """Hold what a dialogue is about: the handoff, the task's version, and where the button stood."""

    handoff: str
    version: int
    channel: str


def reassign(about: About) -> dict[str, Any]:
    """Ask whom the task goes to.

    https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element
    """
    element = {"type": "users_select", "action_id": ANSWER, "placeholder": _plain("Choose a colleague")}
    return _view("reassign", "Give to a colleague", "Give", "Who makes the first contact?", element, about)


def snooze(about: About) -> dict[str, Any]:
    """Ask until when reminders are held back."""
    options = [{"text": _plain(label), "value": value} for value, label in DAYS.items()]
    element = {"type": "static_select", "action_id": ANSWER, "options": options, "initial_option": options[0]}
    return _view("snooze", "Hold back reminders", "Snooze", "Until when? The deadline does not move.", element, about)


def about(view: Dialogue) -> About:
    """Return what a submitted dialogue is about. Raises `Permanent` for one that is not ours."""
    try:
        return About.model_validate_json(view.private_metadata)
    except ValidationError as error:
        raise Permanent(
            "This dialogue was opened by another version", fix="close it and press the button again"
        ) from error


def answer(view: Dialogue) -> Entered:
    """Return what was chosen."""
    return view.state.values.get(FIELD, {}).get(ANSWER, Entered())


def _view(name: str, title: str, submit: str, label: str, element: Mapping[str, Any], about: About) -> dict[str, Any]:
    # https://docs.slack.dev/reference/views/modal-views
    return {
        "type": "modal",
        "callback_id": name,
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain("Cancel"),
        "private_metadata": about.model_dump_json(),
        "blocks": [{"type": "input", "block_id": FIELD, "label": _plain(label), "element": dict(element)}],
    }


def _plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}
