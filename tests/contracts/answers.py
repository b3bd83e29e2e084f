"""What a fake answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a fake answers; `json` wins over `content`."""

    status: int = 200
    json: Any = None
    content: bytes = b""
    media: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Return the bytes to be sent."""
        return self.content if self.json is None else json.dumps(self.json, default=str).encode()
