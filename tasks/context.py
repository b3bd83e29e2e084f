"""What every task works with; built once a process, replaceable by tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from config.business import Business, load_business
from config.settings import Settings, settings
from connectors import registry
from connectors.registry import Registry
from store.database import Database
from store.outbox import StoredOutbox
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Context:
    """Hold settings, stores, connectors and the clock."""

    settings: Settings
    business: Business
    database: Database
    vault: Vault
    registry: Registry
    clock: Callable[[], datetime]


_lock = threading.Lock()
_current: Context | None = None


def build(chosen: Settings) -> Context:
    """Open everything the settings describe."""
    database = Database(chosen.database, pool_size=20)
    outbox = StoredOutbox(database, chosen.now)
    return Context(
        settings=chosen,
        business=load_business(chosen.config_dir),
        database=database,
        vault=Vault(chosen.home / "vault"),
        registry=registry.build(chosen, outbox),
        clock=chosen.now,
    )


def current() -> Context:
    """Return this process's context, building it on first use."""
    global _current  # noqa: PLW0603 - one context a process is the point
    with _lock:
        if _current is None:
            _current = build(settings())
        return _current


@contextmanager
def use(context: Context) -> Iterator[Context]:
    """Work with another context inside the block."""
    global _current  # noqa: PLW0603
    before, _current = _current, context
    try:
        yield context
    finally:
        _current = before
