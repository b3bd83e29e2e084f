"""What a child process may be sent for."""

from __future__ import annotations

from enum import IntEnum


class Errand(IntEnum):
    """Name the errands; the number crosses the pipe."""

    PDF = 0
    WORD = 1
    PLAIN = 2
    BOXES = 3
    THOROUGH = 4
    DRAW = 5
    RECOGNISE = 6
