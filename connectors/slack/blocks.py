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
HEADER, SECTION, FIELD, LABEL, VALUE, FIELDS, ACTIONS = 150, 3000, 2000, 75, 2000, 10, 25


def render(message: ChatMessage) -> list[dict[str, Any]]:
    """Return the blocks of a message; texts beyond a limit are cut with an ellipsis."""
    blocks: list[Block] = []
    if message.title:
        blocks.append(HeaderBlock(text=PlainTextObject(text=cut(message.title, HEADER), emoji=False)))
    for start in range(0, len(message.fields), FIELDS):
        blocks.append(SectionBlock(fields=_fields(message.fields[start : start + FIELDS])))
    blocks += [SectionBlock(text=MarkdownTextObject(text=cut(text, SECTION))) for text in message.sections]
    if message.buttons:
        blocks.append(ActionsBlock(elements=[_button(button) for button in message.buttons[:ACTIONS]]))
    if message.context:
        blocks.append(ContextBlock(elements=[MarkdownTextObject(text=cut(escape(message.context), SECTION))]))
    if not blocks:
        blocks.append(SectionBlock(text=MarkdownTextObject(text=cut(escape(message.text), SECTION))))
    return [block.to_dict() for block in blocks]


def escape(text: str) -> str:
    """Escape the three characters that start mark-up, so that no name can mention a channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """Shorten a text to the limit."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _fields(rows: Sequence[tuple[str, str]]) -> list[str | MarkdownTextObject | PlainTextObject]:
    return [MarkdownTextObject(text=cut(f"*{escape(label)}*\n{escape(value)}", FIELD)) for label, value in rows]


def _button(button: Button) -> ButtonElement:
    return ButtonElement(
        text=PlainTextObject(text=cut(button.label, LABEL), emoji=False),
        action_id=button.action,
        value=cut(button.value, VALUE) or None,
        url=button.url or None,
        style="primary" if button.primary else None,
    )
