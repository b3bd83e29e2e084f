"""Atlassian's document format, which Jira wants wherever a text has more than one line.

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

from __future__ import annotations

from typing import Any

Node = dict[str, Any]


def document(text: str) -> Node:
    """Return a text as a document: a blank line ends a paragraph, a line break stays one."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n")]
    return {"type": "doc", "version": 1, "content": [_paragraph(block) for block in blocks if block]}


def _paragraph(block: str) -> Node:
    content: list[Node] = []
    for number, line in enumerate(block.split("\n")):
        if number:
            content.append({"type": "hardBreak"})
        if line.strip():  # an empty text node is refused
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}
