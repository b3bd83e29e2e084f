"""Work for a crew in which one file ends the process that reads it."""

from __future__ import annotations

import os
import signal

from domain.papers import Paper
from domain.portfolio import Entry, Look

LETHAL = "7"


def ready() -> None:
    """Prepare nothing."""


def deadly(entry: Entry) -> Look:
    if entry.name == LETHAL:
        os.kill(os.getpid(), signal.SIGKILL)
    return Look(entry.name, Paper(entry.sha256, entry.name, ""))
