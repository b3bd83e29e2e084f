"""What every task works with; built once a process, replaceable by tests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from config.business import Business, load_business
from config.settings import Settings, settings
from connectors import registry
from connectors.registry import Registry
from domain.people import Leave
from domain.people import with_leaves as people_with_leaves
from store import leaves
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
_read: tuple[int, int] | None = None


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
    """Return this process's context, building it on first use.

    Business files that were edited since are read again, so that Retry sees the correction.
    Raises `ConfigurationError` while an edited file is wrong.
    """
    global _current, _read
    with _lock:
        if _current is None:
            _current, _read = build(settings()), _edited(settings().config_dir)
        elif _read and (stamp := _edited(_current.settings.config_dir)) != _read:
            _current, _read = _reread(_current), stamp
        return with_leaves(_current)


def with_leaves(context: Context) -> Context:
    """Return the context in which people are away on the days that were entered for them on a page."""
    with context.database.read() as connection:
        rows = leaves.coming(connection, context.clock().date())
    if not rows:
        return context
    entered = [(row["email"], Leave(row["first"], row["last"])) for row in rows]
    people = people_with_leaves(context.business.people, entered)
    return replace(context, business=replace(context.business, people=people))


def _reread(context: Context) -> Context:
    """Return the context with the business files, and what the connectors read of them, as they are now."""
    business = load_business(context.settings.config_dir)
    outbox = StoredOutbox(context.database, context.clock)
    return replace(context, business=business, registry=registry.build(context.settings, outbox))


def _edited(folder: Path) -> tuple[int, int]:
    """Return what changes when a business file is edited, added or removed."""
    times = [path.stat().st_mtime_ns for path in folder.rglob("*.yaml")]
    return len(times), max(times, default=0)


@contextmanager
def use(context: Context) -> Iterator[Context]:
    """Work with another context inside the block."""
    global _current, _read
    before, _current, _read = (_current, _read), context, None
    try:
        yield context
    finally:
        _current, _read = before
