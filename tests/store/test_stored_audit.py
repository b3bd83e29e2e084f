"""The stored audit trail: append-only by the database's own word, one chain whoever writes."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.audit import GENESIS
from store import audit
from store.database import Database
from tests.conftest import NOW


def append(database: Database, count: int, subject: str = "s") -> None:
    with database.write() as connection:
        for number in range(count):
            audit.record(connection, NOW, "aftersign", "step.done", subject, number=number, text="ü ' \" \\")


def without_guard(database: Database, statement: str) -> None:
    """Play an attacker who may change the schema."""
    guards = (
        ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
        if database.dialect == "sqlite"
        else ["DROP TRIGGER audit_append_only ON audit"]
    )
    with database.write() as connection:
        for guard in guards:
            connection.execute(text(guard))
        assert connection.execute(text(statement)).rowcount


class TestTheTrail:
    def test_begins_empty(self, database: Database) -> None:
        assert audit.verify(database) == (0, GENESIS, None)

    def test_is_whole_after_many_entries(self, database: Database) -> None:
        append(database, 120)
        append(database, 5, "other")
        count, head, broken = audit.verify(database)
        assert (count, broken) == (125, None)
        with database.read() as connection:
            newest = audit.trail(connection, "other")
        assert [entry.seq for entry in newest] == [125, 124, 123, 122, 121]
        assert newest[0].hash == head

    def test_stands_or_falls_with_the_fact_it_records(self, database: Database) -> None:
        def failing() -> None:
            with database.write() as connection:
                audit.record(connection, NOW, "a", "b", "c")
                message = "the fact could not be written"
                raise RuntimeError(message)

        with pytest.raises(RuntimeError):
            failing()
        assert audit.verify(database)[0] == 0

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit SET actor = 'mallory'",
            "UPDATE audit SET seq = seq + 1 WHERE seq = 5",
            "DELETE FROM audit WHERE seq = 3",
        ],
    )
    def test_is_append_only_by_the_database_itself(self, database: Database, statement: str) -> None:
        append(database, 5)
        with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
            connection.execute(text(statement))
        assert audit.verify(database)[::2] == (5, None)

    def test_is_not_truncated_on_postgresql(self, database: Database) -> None:
        if database.dialect == "sqlite":
            pytest.skip("SQLite has no TRUNCATE")
        append(database, 5)
        with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
            connection.execute(text("TRUNCATE audit"))

    @pytest.mark.parametrize(
        ("statement", "found"),
        [
            ("UPDATE audit SET actor = 'mallory' WHERE seq = 7", (7, "its content does not match its hash")),
            ("UPDATE audit SET detail = '{}' WHERE seq = 1", (1, "its content does not match its hash")),
            ("DELETE FROM audit WHERE seq = 4", (4, "entry 4 is missing; the next one found is 5")),
            ("DELETE FROM audit WHERE seq <= 3", (1, "entry 1 is missing; the next one found is 4")),
            ("UPDATE audit SET hash = previous WHERE seq = 9", (9, "its content does not match its hash")),
            (
                "INSERT INTO audit SELECT 11, at, actor, action, subject, detail, previous, hash FROM audit WHERE seq = 10",
                (11, "it does not continue the entry before it"),
            ),
        ],
    )
    def test_shows_tampering_with_the_guard_taken_away(
        self, database: Database, statement: str, found: tuple[int, str]
    ) -> None:
        append(database, 10)
        without_guard(database, statement)
        assert audit.verify(database)[2] == found

    def test_shows_a_cut_tail_to_whoever_kept_the_last_hash(self, database: Database) -> None:
        append(database, 10)
        before = audit.verify(database)
        without_guard(database, "DELETE FROM audit WHERE seq > 8")
        after = audit.verify(database)
        assert after[2] is None
        assert after[:2] != before[:2]

    def test_stays_one_chain_when_many_write_at_once(self, database: Database, database_url: str) -> None:
        problems: list[Any] = []

        def write(name: int) -> None:
            own = Database(database_url)
            try:
                for _ in range(15):
                    append(own, 2, f"writer-{name}")
            except Exception as error:  # noqa: BLE001 - shown below
                problems.append(error)
            finally:
                own.close()

        threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        assert audit.verify(database)[::2] == (120, None)
