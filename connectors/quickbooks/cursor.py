"""How far QuickBooks was read: a mark for each entity, and one for deletions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.errors import Permanent
from domain.invoices import Mark

DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Hold the mark of every list that was begun."""

    marks: Mapping[str, Mark] = field(default_factory=dict)

    def with_mark(self, name: str, mark: Mark) -> Cursor:
        """Return the cursor with one mark replaced."""
        return Cursor({**self.marks, name: mark})

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read what `str` wrote; empty text is the beginning. Raises `Permanent`."""
        try:
            found = json.loads(text) if text else {}
            return cls({str(name): Mark.load(mark) for name, mark in found.items()})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Permanent(
                "The cursor of QuickBooks cannot be read", why=str(error), fix="read QuickBooks from its start"
            ) from error

    def __str__(self) -> str:
        return json.dumps({name: mark.dump() for name, mark in self.marks.items()}, separators=(",", ":"))
