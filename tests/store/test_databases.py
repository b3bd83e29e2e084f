"""What both databases must agree on before anything else can be relied on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from store.database import Database
from store.tables import cursors
from tests.conftest import NOW


class TestADatabase:
    def test_tells_whether_an_insert_was_the_first(self, database: Database) -> None:
        statement = database.insert(cursors).values(name="x", at=NOW).on_conflict_do_nothing()
        with database.write() as connection:
            assert [connection.execute(statement).rowcount for _ in range(3)] == [1, 0, 0]

    def test_gives_instants_back_in_utc(self, database: Database) -> None:
        tokyo = datetime(2026, 11, 24, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
        with database.write() as connection:
            connection.execute(database.insert(cursors).values(name="x", at=tokyo))
        with database.read() as connection:
            found = connection.scalar(select(cursors.c.at))
        assert found == tokyo
        assert found is not None
        assert found.tzinfo is UTC

    def test_refuses_an_instant_without_a_zone(self, database: Database) -> None:
        with pytest.raises(Exception, match="needs a time zone"), database.write() as connection:
            connection.execute(database.insert(cursors).values(name="x", at=datetime(2026, 1, 1)))

    def test_keeps_nothing_of_a_transaction_that_failed(self, database: Database) -> None:
        def failing() -> None:
            with database.write() as connection:
                connection.execute(database.insert(cursors).values(name="x", at=NOW))
                message = "later"
                raise RuntimeError(message)

        with pytest.raises(RuntimeError):
            failing()
        with database.read() as connection:
            assert connection.execute(select(cursors)).all() == []
