"""The migrations and the table definitions say the same."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from store.database import Database
from store.migrate import head, migrate, revision
from store.schema import metadata

# What the search engines of either database keep for themselves.
ENGINES_OWN = ("search_about", "search_pages")


def _ours(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    return kind != "table" or not (name or "").startswith(ENGINES_OWN)


class TestMigrations:
    def test_build_exactly_the_tables_the_code_uses(self, database: Database) -> None:
        with database.read() as connection:
            opts = {"compare_type": True, "include_object": _ours}
            found = compare_metadata(MigrationContext.configure(connection, opts=opts), metadata)
        assert found == []

    def test_name_every_table_once(self, database: Database) -> None:
        found = {name for name in inspect(database.engine).get_table_names() if not name.startswith(ENGINES_OWN)}
        assert found == {*metadata.tables, "alembic_version"}

    def test_do_nothing_on_a_database_that_is_up_to_date(self, database: Database) -> None:
        assert migrate(database) == head()
        with database.read() as connection:
            assert revision(connection) == head()
