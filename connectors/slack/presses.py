"""What happens when somebody presses a button below a message of ours."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack

from connectors.slack import views
from connectors.slack.blocks import cut, escape
from connectors.slack.client import SlackClient
from connectors.slack.models import Press, Submission
from connectors.slack.people import People
from domain.errors import AftersignError, Permanent
from domain.ports import Interactions

log = logging.getLogger("aftersign.slack.buttons")
_UNEXPECTED = "Something unexpected happened; use the link below the buttons instead."


class Presses:
    """Carry out presses as the person who pressed, and tell that person what came of it."""

    def __init__(self, client: SlackClient, interactions: Interactions, now: Callable[[], datetime]) -> None:
        self._client = client
        self._interactions = interactions
        self._now = now
        self._people = People(client)

    def contacted(self, ack: Ack, body: dict[str, Any]) -> None:
        """Acknowledge, then record that the customer was contacted."""
        ack()
        press = Press.model_validate(body)
        self._tell(
            press.container.channel_id,
            press.user.id,
            lambda who: self._interactions.contacted(press.actions[0].value, who=who, at=self._now()),
        )

    def acknowledged(self, ack: Ack, body: dict[str, Any]) -> None:
        """Acknowledge, then record that somebody takes care of a deadline."""
        ack()
        press = Press.model_validate(body)
        self._tell(
            press.container.channel_id,
            press.user.id,
            lambda who: self._interactions.acknowledge(press.actions[0].value, who=who, at=self._now()),
        )

    def approved(self, ack: Ack, body: dict[str, Any]) -> None:
        """Acknowledge, then approve what the message showed."""
        ack()
        press = Press.model_validate(body)
        self._tell(
            press.container.channel_id,
            press.user.id,
            lambda who: self._interactions.approve(press.actions[0].value, who=who),
        )

    def dialogue(self, ack: Ack, body: dict[str, Any]) -> None:
        """Acknowledge, then ask for what is missing; the press allows it for three seconds."""
        ack()
        press = Press.model_validate(body)
        action = press.actions[0]
        make = views.reassign if action.action_id == "reassign" else views.snooze

        def ask(who: str) -> str:
            version = self._interactions.version(action.value, who=who)
            about = views.About(handoff=action.value, version=version, channel=press.container.channel_id)
            self._client.open_view(press.trigger_id, make(about))
            return ""

        self._tell(press.container.channel_id, press.user.id, ask)

    def submitted(self, ack: Ack, body: dict[str, Any]) -> None:
        """Carry out what a dialogue says, or show in it why not."""
        submission = Submission.model_validate(body)
        try:
            channel, said = self._carry_out(submission)
        except AftersignError as error:
            log.warning("a dialogue was refused: %s", error)
            ack(response_action="errors", errors={views.FIELD: _sentence(error)})
        except Exception:  # a listener's thread: nobody else would tell the person
            log.exception("a dialogue could not be carried out")
            ack(response_action="errors", errors={views.FIELD: _UNEXPECTED})
        else:
            ack()
            self._whisper(channel, submission.user.id, said)

    def _carry_out(self, submission: Submission) -> tuple[str, str]:
        about, chosen = views.about(submission.view), views.answer(submission.view)
        who, at = self._people.email(submission.user.id), self._now()
        if submission.view.callback_id == "snooze":
            days = chosen.selected_option.value if chosen.selected_option else ""
            if days not in views.DAYS:
                raise Permanent("Choose until when", fix="choose one of the list")
            said = self._interactions.snooze(about.handoff, who=who, at=at, days=int(days), version=about.version)
            return about.channel, said
        if not chosen.selected_user:
            raise Permanent("Choose a colleague", fix="choose one of the list")
        to = self._people.email(chosen.selected_user)
        return about.channel, self._interactions.reassign(about.handoff, who=who, at=at, to=to, version=about.version)

    def stranger(self, ack: Ack, body: dict[str, Any]) -> None:
        """Say that a button is not ours."""
        ack()
        press = Press.model_validate(body)
        log.warning("the button %r is not ours", press.actions[0].action_id if press.actions else "")
        self._whisper(press.container.channel_id, press.user.id, "This button is not known here; use the link below.")

    def _tell(self, channel: str, user: str, act: Callable[[str], str]) -> None:
        """Act as whoever pressed and tell them what came of it."""
        try:
            said = act(self._people.email(user))
        except AftersignError as error:
            log.warning("a button was refused: %s", error)
            said = _sentence(error)
        except Exception:  # a listener's thread: nobody else would tell the person
            log.exception("a button could not be carried out")
            said = _UNEXPECTED
        if said:
            self._whisper(channel, user, said)

    def _whisper(self, channel: str, user: str, said: str) -> None:
        try:
            self._client.whisper(channel, user, escape(said))
        except AftersignError as error:
            log.warning("nobody could be told %r: %s", said, error)


def _sentence(error: AftersignError) -> str:
    parts = [part.rstrip(".") for part in (error.what, error.why, error.fix) if part]
    return cut(". ".join(parts) + ".", 300)
