"""The shape of a bank of phrasings: what can be said, and on which paper.

A phrase is a template of `str.format`; its names are the keys of `bench.saas.slots`. A key of a
phrase names what it says (`notice.window`), several joined by `+` when one sentence says them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.saas.voice import Roles


@dataclass(frozen=True, slots=True)
class Section:
    """Hold a part of a paper: its headings, what it speaks of, and how: `clauses`, `pairs` or `prices`."""

    headings: tuple[str, ...]
    says: tuple[str, ...] = ()
    form: str = "clauses"
    fillers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """Hold one kind of document: its titles and sections in order, and how clauses are numbered."""

    titles: tuple[str, ...]
    sections: tuple[Section, ...]
    roles: tuple[Roles, ...] = ()  # the bank's, where the paper has none of its own
    standard: str = ""  # the published terms that follow, where they are at hand


@dataclass(frozen=True, slots=True)
class Grid:
    """Hold the columns of a table: headings, a template for each cell, and for those of the open step."""

    heads: tuple[str, ...]
    cells: tuple[str, ...]
    open_cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Hold a bank's names for things that canonical values name in one way."""

    methods: Mapping[str, tuple[str, ...]]
    policies: Mapping[str, tuple[str, ...]]
    indexes: Mapping[str, tuple[str, ...]]
    windows: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Bank:
    """Hold everything one law firm would write."""

    name: str
    roles: tuple[Roles, ...]
    words: Words
    phrases: Mapping[str, tuple[str, ...]]
    pairs: Mapping[str, tuple[str, ...]]
    grids: Mapping[str, tuple[Grid, ...]]
    papers: tuple[Paper, ...]
    fillers: Mapping[str, tuple[str, ...]]
    joins: float = 0.5

    def joined(self) -> list[tuple[str, ...]]:
        """Return what single sentences say together, the longest first."""
        return sorted((tuple(key.split("+")) for key in self.phrases if "+" in key), key=len, reverse=True)
