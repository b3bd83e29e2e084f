"""What people ask for is kept once and carried out in the order it was asked for."""

from __future__ import annotations

from datetime import UTC, datetime

from store import requests
from store.database import Database

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


class TestRequests:
    def test_of_one_instant_stay_in_their_order(self, database: Database) -> None:
        with database.write() as connection:
            made = [requests.ask(connection, "decide", "c1", {"n": n}, who="a@x.example", now=NOW) for n in range(50)]
        with database.read() as connection:
            assert [row["id"] for row in requests.waiting(connection)] == made

    def test_that_are_open_are_not_asked_twice(self, database: Database) -> None:
        with database.write() as connection:
            one = requests.ask(connection, "decide", "c1", {"n": 1}, who="a@x.example", now=NOW)
            assert requests.ask(connection, "decide", "c1", {"n": 1}, who="a@x.example", now=NOW) == one
            assert requests.ask(connection, "decide", "c1", {"n": 1}, who="b@x.example", now=NOW) != one
