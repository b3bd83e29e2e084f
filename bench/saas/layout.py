"""Lay blocks out as the plain text of pages, in the manners that readers of files produce."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from bench.saas.blocks import Block, Row


@dataclass(frozen=True, slots=True)
class Look:
    """Hold how one text looks; `width` 0 leaves paragraphs on one line."""

    width: int
    pairs: str  # colon | columns | pipe | stacked | tab
    table: str  # columns | single | pipe | tab
    capitals: bool
    numbering: str  # dotted | plain | none
    lines: int
    footer: str

    @classmethod
    def drawn(cls, chance: random.Random) -> Look:
        """Draw a look."""
        return cls(
            chance.choice((0, 0, 72, 80, 92, 104)),
            chance.choice(("colon", "columns", "pipe", "stacked", "tab")),
            chance.choice(("columns", "single", "pipe", "tab", "columns")),
            chance.random() < 0.4,
            chance.choice(("dotted", "dotted", "plain", "none")),
            chance.randint(38, 70),
            chance.choice(("", "Page {page}", "Confidential – page {page}", "- {page} -")),
        )


def pages(blocks: tuple[Block, ...], look: Look) -> Iterator[str]:
    """Yield the text of each page; no block is torn apart."""
    number, page = 1, list[str]()
    for chunk in _chunks(blocks, look):
        if page and sum(part.count("\n") + 2 for part in page) + chunk.count("\n") > look.lines:
            yield _page(page, number, look)
            number, page = number + 1, []
        page.append(chunk)
    yield _page(page, number, look)


def _page(chunks: list[str], number: int, look: Look) -> str:
    foot = look.footer.format(page=number)
    return "\n\n".join([*chunks, foot] if foot else chunks)


def _chunks(blocks: tuple[Block, ...], look: Look) -> Iterator[str]:
    section = clause = 0
    for block in blocks:
        if block.kind == "title":
            yield block.text.upper() if look.capitals else block.text
        elif block.kind == "heading":
            section, clause = section + 1, 0
            if block.text:
                yield _heading(block.text, section, look)
        elif block.kind == "clause":
            clause += 1
            yield _wrapped(f"{_number(section, clause, look)}{block.text}", look.width)
        elif block.kind == "text":
            yield _wrapped(block.text, look.width)
        else:
            yield "\n".join(_pairs(block.rows, look) if block.kind == "pairs" else _table(block.rows, look.table))


def _heading(text: str, section: int, look: Look) -> str:
    number = "" if look.numbering == "none" else f"{section}. "
    return f"{number}{text.upper() if look.capitals else text}"


def _number(section: int, clause: int, look: Look) -> str:
    return {"dotted": f"{section}.{clause} ", "plain": f"({chr(96 + clause)}) "}.get(look.numbering, "")


def _wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)) if width else text


def _pairs(rows: tuple[Row, ...], look: Look) -> Iterator[str]:
    width = max(len(label) for label, _ in rows) + 4
    for label, value in rows:
        joined = {
            "colon": f"{label}: {value}",
            "columns": f"{label:<{width}}{value}",
            "pipe": f"{label} | {value}",
            "stacked": f"{label}\n{value}",
            "tab": f"{label}:\t{value}",
        }
        yield joined[look.pairs]


def _table(rows: tuple[Row, ...], style: str) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) + 3 for column in zip(*rows, strict=True)]
    for row in rows:
        if style == "columns":
            yield "".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        else:
            yield {"single": " ", "pipe": " | ", "tab": "\t"}[style].join(row)
