"""Render neutral messages as Block Kit, inside Slack's limits and safe from mark-up in names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from domain.errors import Permanent
from domain.ports import Button, ChatMessage

# https://docs.slack.dev/reference/block-kit/blocks
HEADER, SECTION, FIELD, LABEL, VALUE, FIELDS, ACTIONS, BLOCKS, TEXT = 150, 3000, 2000, 75, 2000, 10, 25, 50, 4000
# Undocumented: more text over all blocks is refused with msg_blocks_too_long
# (https://github.com/slackapi/bolt-js/issues/2509 measured about 13,200).
TOTAL = 13_000
# Controls that turn the reading direction around can make a name say what it does not; C0 controls say nothing.
_INVISIBLE = dict.fromkeys(
    (*range(9), *range(11, 32), 127, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)


def render(message: ChatMessage) -> list[dict[str, Any]]:
    """Return the blocks of a message; what is beyond a limit is cut with an ellipsis.

    Title, buttons and context always stay; the middle gives way. Raises `Permanent` for a button
    that Slack cannot show.
    """
    room = _Room(TOTAL)
    first = _head(message, room)
    last = _foot(message, room)
    middle: list[Block] = []
    for block in _middle(message, room):
        if len(first) + len(middle) + len(last) == BLOCKS:
            break
        middle.append(block)
    blocks = [*first, *middle, *last] or [SectionBlock(text=PlainTextObject(text=fallback(message)[:SECTION]))]
    try:
        return [block.to_dict() for block in blocks]
    except SlackObjectFormationError as error:
        raise Permanent(
            "A message cannot be shown in Slack", why=str(error), fix="report the message's title and buttons"
        ) from error


def visible(text: str) -> str:
    """Leave out characters that only change how the text around them reads."""
    return text.translate(_INVISIBLE)


def escape(text: str) -> str:
    """Escape the three characters that start mark-up, so that no name can mention a channel."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """Shorten a text to the limit."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def fallback(message: ChatMessage) -> str:
    """Return the text for notifications and screen readers; never empty."""
    return cut(escape(message.text or message.title), TEXT).strip() or "…"


@dataclass(slots=True)
class _Room:
    """Count how much text still fits into a message."""

    left: int

    def take(self, text: str, limit: int) -> str:
        """Return as much of the text as fits."""
        kept = cut(text, min(limit, self.left)) if self.left > 1 else ""
        self.left -= len(kept)
        return kept


def _head(message: ChatMessage, room: _Room) -> list[Block]:
    title = room.take(visible(message.title).strip(), HEADER)
    return [HeaderBlock(text=PlainTextObject(text=title, emoji=False))] if title else []


def _foot(message: ChatMessage, room: _Room) -> list[Block]:
    blocks: list[Block] = []
    if message.buttons:
        blocks.append(ActionsBlock(elements=[_button(button, room) for button in message.buttons[:ACTIONS]]))
    if context := room.take(escape(message.context).strip(), SECTION):
        blocks.append(ContextBlock(elements=[MarkdownTextObject(text=context)]))
    return blocks


def _middle(message: ChatMessage, room: _Room) -> Iterator[Block]:
    """Yield what is said between title and buttons; without a title at least the text."""
    for start in range(0, len(message.fields), FIELDS):
        if fields := _fields(message.fields[start : start + FIELDS], room):
            yield SectionBlock(fields=fields)
    for section in message.sections:
        if visible(section).strip() and (text := room.take(visible(section), SECTION)):
            yield SectionBlock(text=MarkdownTextObject(text=text))
    if not (message.title.strip() or message.fields or any(visible(text).strip() for text in message.sections)):
        yield SectionBlock(text=MarkdownTextObject(text=room.take(escape(message.text), SECTION) or "…"))


def _fields(rows: Sequence[tuple[str, str]], room: _Room) -> list[str | MarkdownTextObject | PlainTextObject]:
    taken = (room.take(f"*{escape(label)}*\n{escape(value)}", FIELD) for label, value in rows)
    return [MarkdownTextObject(text=text) for text in taken if text]


def _button(button: Button, room: _Room) -> ButtonElement:
    return ButtonElement(
        text=PlainTextObject(text=room.take(visible(button.label).strip(), LABEL) or "…", emoji=False),
        action_id=button.action,
        value=cut(button.value, VALUE) or None,
        url=button.url or None,
        style="primary" if button.primary else None,
    )
