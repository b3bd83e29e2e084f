"""What the web process holds for its whole life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from config.business import Business
from config.settings import Settings
from connectors.registry import Registry
from store.database import Database
from store.inbox import InboxWriter
from store.outbox import StoredOutbox
from store.vault import Vault


class Starter(Protocol):
    """Ask the scheduler for a run; the web never runs a flow itself."""

    async def start(self, deployment: str, parameters: dict[str, str], key: str) -> str:
        """Return the run id; the same key returns the same run. Raises `Transient`."""


@dataclass(frozen=True, slots=True)
class WebContext:
    """Hold settings, stores and connectors for request handlers (`request.app.state.context`)."""

    settings: Settings
    business: Business
    database: Database
    vault: Vault
    outbox: StoredOutbox
    registry: Registry
    writer: InboxWriter
    starter: Starter
    clock: Callable[[], datetime]
