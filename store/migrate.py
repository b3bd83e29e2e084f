"""Bring the database to the schema this release needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import migrations
from store.database import Database

_LOCK = 0x0A18


def migrate(database: Database) -> str:
    """Upgrade to the newest revision and return it; two processes at once take turns."""
    with database.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), "head")
        return revision(connection) or ""


def revision(connection: Connection) -> str | None:
    """Return the revision the database stands at, `None` before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """Return the revision this release needs."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    return config
