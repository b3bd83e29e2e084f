"""The parts of a made-up paper, before any layout."""

from __future__ import annotations

from dataclasses import dataclass

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Hold a `title`, `heading`, `clause`, unnumbered `text`, `pairs` or `table`, whose first row is its head."""

    kind: str
    text: str = ""
    rows: tuple[Row, ...] = ()
