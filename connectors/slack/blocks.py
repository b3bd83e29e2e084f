"""Render neutral messages as Block Kit, inside Slack's limits and safe from mark-up in names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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

from domain.ports import Button, ChatMessage

# https://docs.slack.dev/reference/block-kit/blocks
HEADER, SECTION, FIELD, LABEL, VALUE, FIELDS, ACTIONS, BLOCKS, TEXT = 150, 3000, 2000, 75, 2000, 10, 25, 50, 4000
# Controls that turn the reading direction around can make a name say what it does not; C0 controls say nothing.
_INVISIBLE = dict.fromkeys(
    (*range(9), *range(11, 32), 127, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)


def render(message: ChatMessage) -> list[dict[str, Any]]:
    """Return the blocks of a message; texts beyond a limit are cut with an ellipsis."""
    blocks: list[Block] = []
    if title := visible(message.title).strip():
        blocks.append(HeaderBlock(text=PlainTextObject(text=cut(title, HEADER), emoji=False)))
    for start in range(0, len(message.fields), FIELDS):
        blocks.append(SectionBlock(fields=_fields(message.fields[start : start + FIELDS])))
    blocks += [
        SectionBlock(text=MarkdownTextObject(text=cut(visible(text), SECTION)))
        for text in message.sections
        if visible(text).strip()
    ]
    if message.buttons:
        blocks.append(ActionsBlock(elements=[_button(button) for button in message.buttons[:ACTIONS]]))
    if visible(message.context).strip():
        blocks.append(ContextBlock(elements=[MarkdownTextObject(text=cut(escape(message.context), SECTION))]))
    if not blocks:
        blocks.append(SectionBlock(text=MarkdownTextObject(text=cut(escape(message.text), SECTION) or "…")))
    return [block.to_dict() for block in blocks[:BLOCKS]]


def visible(text: str) -> str:
    """Leave out characters that only change how the text around them reads."""
    return text.translate(_INVISIBLE)


def escape(text: str) -> str:
    """Escape the three characters that start mark-up, so that no name can mention a channel."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """Shorten a text to the limit."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _fields(rows: Sequence[tuple[str, str]]) -> list[str | MarkdownTextObject | PlainTextObject]:
    return [MarkdownTextObject(text=cut(f"*{escape(label)}*\n{escape(value)}", FIELD)) for label, value in rows]


def _button(button: Button) -> ButtonElement:
    return ButtonElement(
        text=PlainTextObject(text=cut(visible(button.label), LABEL) or "…", emoji=False),
        action_id=button.action,
        value=cut(button.value, VALUE) or None,
        url=button.url or None,
        style="primary" if button.primary else None,
    )
