"""How far Stripe was read: first every invoice, then every credit note, then changes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from domain.errors import Permanent


class Phase(StrEnum):
    """Name what is being read."""

    INVOICES = "invoices"
    CREDIT_NOTES = "credit_notes"
    CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Hold the phase, the last object read in it, and the second before which every change is known."""

    phase: Phase = Phase.INVOICES
    after: str = ""
    at: int = 0

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read what `str` wrote. Raises `Permanent`."""
        try:
            found = cls(**json.loads(text))
            return replace(found, phase=Phase(found.phase), at=int(found.at))
        except (ValueError, TypeError) as error:
            raise Permanent(
                "The cursor of Stripe cannot be read", why=str(error), fix="read Stripe from its start"
            ) from error

    def __str__(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))
