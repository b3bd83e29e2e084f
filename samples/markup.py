"""Read the small markup that the contract texts are written in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby


class Kind(StrEnum):
    """Name what a block is; the layouts decide how it looks."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    TABLE = "table"
    KEY_TERMS = "key_terms"
    SIGNATURES = "signatures"
    PAGE_BREAK = "page_break"


@dataclass(frozen=True, slots=True)
class Block:
    """Hold one paragraph as text, or one table as rows of cells."""

    kind: Kind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def parse(source: str) -> tuple[str, list[Block]]:
    """Return the layout named in the first line and the blocks that follow it."""
    first, _, body = source.partition("\n")
    chunks = [
        [line.strip() for line in lines]
        for blank, lines in groupby(body.splitlines(), lambda line: not line.strip())
        if not blank
    ]
    return first.removeprefix("layout:").strip(), [_block(chunk) for chunk in chunks]


def _block(lines: list[str]) -> Block:
    head = lines[0]
    if head in ("{signatures}", "{page}"):
        return Block(Kind.SIGNATURES if head == "{signatures}" else Kind.PAGE_BREAK)
    if head.startswith("|"):
        return Block(Kind.TABLE, rows=tuple(_cells(line) for line in lines))
    if " :: " in head:
        return Block(Kind.KEY_TERMS, rows=tuple(_pair(line) for line in lines))
    for mark, kind in (("## ", Kind.HEADING), ("# ", Kind.TITLE), ("- ", Kind.BULLET)):
        if head.startswith(mark):
            return Block(kind, " ".join(lines).removeprefix(mark))
    return Block(Kind.PARAGRAPH, " ".join(lines))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition(" :: ")
    return key.strip(), value.strip()
