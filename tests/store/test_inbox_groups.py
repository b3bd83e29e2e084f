"""The inbox: written once whatever the sender repeats, and never answered before."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from domain.errors import Transient
from domain.signatures import SignatureEvent, Verdict
from store import audit, inbox
from store.database import Database
from store.inbox import Delivery, InboxWriter, Receipt, write_group
from store.tables import counters
from store.tables import inbox as rows
from tests.conftest import NOW


def delivery(
    event_id: str, document: str = "doc-1", verdict: Verdict = Verdict.COMPLETED, *, source: str = "pandadoc"
) -> Delivery:
    return Delivery(source, SignatureEvent(event_id, "state_changed", verdict, "", document), b"[1]", {"a": "b"}, NOW)


def write(database: Database, *deliveries: Delivery) -> list[Receipt]:
    return write_group(database, deliveries, Counter())


def stored(database: Database) -> dict[str, tuple[str, int]]:
    with database.read() as connection:
        found = connection.execute(select(rows.c.event_id, rows.c.state, rows.c.deliveries))
        return {row.event_id: (row.state, row.deliveries) for row in found}


def tally(database: Database) -> dict[str, int]:
    with database.read() as connection:
        found = connection.execute(select(counters.c.verdict, func.sum(counters.c.count)).group_by(counters.c.verdict))
        return {row[0]: int(row[1]) for row in found}


class TestADelivery:
    def test_is_kept_with_its_raw_bytes(self, database: Database) -> None:
        receipt = write(database, delivery("e1"))[0]
        with database.read() as connection:
            row = inbox.get(connection, receipt.inbox_id)
        assert row is not None
        assert (receipt.status, row["state"], row["body"], row["headers"]) == (
            "accepted",
            "received",
            b"[1]",
            {"a": "b"},
        )
        assert row["received_at"] == NOW

    def test_repeated_under_its_event_id_is_a_duplicate_of_the_first(self, database: Database) -> None:
        first, again = write(database, delivery("e1"))[0], write(database, delivery("e1"))[0]
        assert again == Receipt("duplicate", first.inbox_id)
        assert stored(database) == {"e1": ("received", 2)}

    def test_of_the_same_completion_under_another_event_id_is_a_duplicate(self, database: Database) -> None:
        first, again = write(database, delivery("e1"))[0], write(database, delivery("e2"))[0]
        assert again == Receipt("duplicate", first.inbox_id)
        assert stored(database) == {"e1": ("received", 2)}

    def test_is_deduplicated_inside_one_group_too(self, database: Database) -> None:
        found = write(database, delivery("e1"), delivery("e1"), delivery("e2"), delivery("e3", "doc-2"))
        assert [receipt.status for receipt in found] == ["accepted", "duplicate", "duplicate", "accepted"]
        assert stored(database) == {"e1": ("received", 3), "e3": ("received", 1)}

    def test_of_another_provider_is_another_delivery(self, database: Database) -> None:
        found = write(database, delivery("e1"), delivery("e1", source="console"))
        assert [receipt.status for receipt in found] == ["accepted", "accepted"]

    def test_that_is_ignored_is_counted_and_not_stored(self, database: Database) -> None:
        assert write(database, delivery("e1", verdict=Verdict.IGNORED))[0] == Receipt("ignored")
        assert stored(database) == {}
        assert tally(database) == {"ignored": 1}

    def test_that_nobody_knows_is_stored_and_waits_for_a_person(self, database: Database) -> None:
        assert write(database, delivery("e1", verdict=Verdict.UNKNOWN))[0].status == "unknown"
        assert stored(database) == {"e1": ("unknown", 1)}
        with database.read() as connection:
            assert inbox.to_start(connection, NOW + timedelta(days=1), patience=timedelta(0)) == []

    def test_is_recorded_in_the_audit_trail_once(self, database: Database) -> None:
        write(database, delivery("e1"), delivery("e1"))
        write(database, delivery("e1"))
        count, _, broken = audit.verify(database)
        assert (count, broken) == (1, None)


class TestARejectedEntry:
    def test_makes_room_for_a_later_completion_of_the_same_document(self, database: Database) -> None:
        first = write(database, delivery("e1"))[0]
        with database.write() as connection:
            inbox.settle(connection, first.inbox_id, state="rejected", now=NOW, reason="not completed")
        assert write(database, delivery("e2"))[0].status == "accepted"
        assert stored(database) == {"e1": ("rejected", 1), "e2": ("received", 1)}

    def test_that_a_sweep_found_is_found_again(self, database: Database) -> None:
        first = inbox.add_found(database, "pandadoc", "doc-1", NOW)
        assert first
        assert inbox.add_found(database, "pandadoc", "doc-1", NOW + timedelta(minutes=5)) is None
        with database.write() as connection:
            inbox.settle(connection, first, state="rejected", now=NOW)
            assert inbox.known_documents(connection, "pandadoc", ["doc-1"]) == set()
        assert inbox.add_found(database, "pandadoc", "doc-1", NOW + timedelta(minutes=10))

    def test_that_a_webhook_announced_before_is_not_found_twice(self, database: Database) -> None:
        write(database, delivery("e1"))
        assert inbox.add_found(database, "pandadoc", "doc-1", NOW) is None


class TestAnEntryToStart:
    def test_waits_until_somebody_starts_it(self, database: Database) -> None:
        identity = write(database, delivery("e1"))[0].inbox_id
        assert self._ids(database, NOW) == [identity]
        with database.write() as connection:
            inbox.started(connection, identity, "run-1", NOW)
        assert self._ids(database, NOW + timedelta(seconds=119)) == []

    def test_comes_back_with_doubling_patience_when_its_run_led_nowhere(self, database: Database) -> None:
        identity, now = write(database, delivery("e1"))[0].inbox_id, NOW
        for attempt in range(1, 5):
            with database.write() as connection:
                inbox.started(connection, identity, f"run-{attempt}", now)
            wait = timedelta(minutes=2 * 2 ** (attempt - 1))
            assert self._ids(database, now + wait - timedelta(seconds=1)) == []
            assert self._ids(database, now + wait + timedelta(seconds=1)) == [identity]
            now += wait + timedelta(seconds=1)

    def test_is_buried_after_its_last_attempt(self, database: Database) -> None:
        identity, later = write(database, delivery("e1"))[0].inbox_id, NOW + timedelta(days=30)
        with database.write() as connection:
            for attempt in range(inbox.MAX_ATTEMPTS):
                inbox.started(connection, identity, f"run-{attempt}", NOW)
        assert self._ids(database, later) == []
        with database.write() as connection:
            assert inbox.bury(connection, later, patience=timedelta(minutes=2)) == [identity]
            assert inbox.bury(connection, later, patience=timedelta(minutes=2)) == []
        assert stored(database)["e1"][0] == "dead"

    def test_is_started_again_by_hand(self, database: Database) -> None:
        identity = write(database, delivery("e1"))[0].inbox_id
        with database.write() as connection:
            inbox.settle(connection, identity, state="dead", now=NOW)
            assert inbox.reopen(connection, identity, NOW, "dana")
            assert not inbox.reopen(connection, "nothing", NOW, "dana")
        assert self._ids(database, NOW) == [identity]

    def test_is_not_taken_back_by_a_late_note_of_its_start(self, database: Database) -> None:
        identity = write(database, delivery("e1"))[0].inbox_id
        with database.write() as connection:
            inbox.settle(connection, identity, state="done", now=NOW)
            inbox.started(connection, identity, "late", NOW)
        assert stored(database)["e1"][0] == "done"

    @staticmethod
    def _ids(database: Database, now: object) -> list[str]:
        with database.read() as connection:
            found = inbox.to_start(connection, now, patience=timedelta(minutes=2))  # type: ignore[arg-type]
            return [row["id"] for row in found]


class TestWritersAtTheSameTime:
    def test_leave_one_row_for_each_event(self, database: Database, database_url: str) -> None:
        """50 copies of 20 completions, half of the copies under other event ids, from two processes' worth of writers."""
        receipts: list[Receipt] = []
        problems: list[BaseException] = []

        def send(url: str, seed: int) -> None:
            own = Database(url)
            try:
                receipts.extend(asyncio.run(self._burst(own, seed)))
            except BaseException as error:  # noqa: BLE001 - shown below
                problems.append(error)
            finally:
                own.close()

        threads = [threading.Thread(target=send, args=(database_url, seed)) for seed in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        assert Counter(receipt.status for receipt in receipts) == {"accepted": 20, "duplicate": 980}
        with database.read() as connection:
            found = connection.execute(select(rows.c.document, rows.c.deliveries)).all()
        assert sorted(row.document for row in found) == sorted(f"doc-{n}" for n in range(20))
        assert [row.deliveries for row in found] == [50] * 20
        assert len({receipt.inbox_id for receipt in receipts}) == 20
        assert audit.verify(database)[2] is None

    @staticmethod
    async def _burst(database: Database, seed: int) -> Sequence[Receipt]:
        writer = InboxWriter(database)
        order = [(copy, number) for copy in range(25) for number in range(20)]
        if seed:
            order.reverse()  # the other one meets every row in the opposite order
        return await asyncio.gather(
            *(writer.add(delivery(f"e{number}-{copy % 2 * (seed + 1)}", f"doc-{number}")) for copy, number in order)
        )


class TestTheWriter:
    def test_shares_one_transaction_among_all_that_wait(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sizes: list[int] = []

        def counting(*arguments: object) -> list[Receipt]:
            sizes.append(len(arguments[1]))  # type: ignore[arg-type]
            return write_group(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(inbox, "write_group", counting)

        async def run() -> None:
            writer = InboxWriter(database)
            await asyncio.gather(*(writer.add(delivery(f"e{n}", f"doc-{n}")) for n in range(200)))

        asyncio.run(run())
        assert sum(sizes) == 200
        assert len(sizes) < 10

    def test_counts_what_is_not_kept_with_its_moment(self, database: Database) -> None:
        async def run() -> None:
            writer = InboxWriter(database)
            for _ in range(3):
                writer.count("pandadoc", "signature" * 30, "forged", at=NOW)
            await writer.drain()

        asyncio.run(run())
        assert tally(database) == {"forged": 3}
        with database.read() as connection:
            assert [row["last_at"] for row in inbox.tallies(connection)] == [NOW]

    def test_tells_everybody_of_a_failure_and_works_again_afterwards(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        broken = {"now": True}

        def failing(*arguments: object) -> list[Receipt]:
            if broken["now"]:
                raise OperationalError("INSERT", {}, sqlite3.OperationalError("disk I/O error"))
            return write_group(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(inbox, "write_group", failing)

        async def run() -> list[object]:
            writer = InboxWriter(database)
            writer.count("pandadoc", "signature", "forged", at=NOW)
            refused = await asyncio.gather(
                *(writer.add(delivery(f"e{n}", f"doc-{n}")) for n in range(5)), return_exceptions=True
            )
            broken["now"] = False
            await writer.add(delivery("e0", "doc-0"))
            await writer.drain()
            return list(refused)

        refused = asyncio.run(run())
        assert [type(answer) for answer in refused] == [OperationalError] * 5
        assert stored(database) == {"e0": ("received", 1)}
        assert tally(database) == {"accepted": 1, "forged": 1}  # the count outlived the failure

    def test_refuses_more_than_it_can_hold(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inbox, "_FULL", 3)

        async def run() -> list[object]:
            writer = InboxWriter(database)
            found = await asyncio.gather(
                *(writer.add(delivery(f"e{n}", f"doc-{n}")) for n in range(5)), return_exceptions=True
            )
            return list(found)

        found = asyncio.run(run())
        assert [type(answer) for answer in found] == [Receipt] * 3 + [Transient] * 2
        assert len(stored(database)) == 3


class TestACommit:
    def test_on_sqlite_is_flushed_to_the_disk(self, tmp_path: Path) -> None:
        database = Database(f"sqlite:///{tmp_path / 'x.db'}")
        with database.read() as connection:
            pragmas = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode")
            ]
        assert pragmas == [2, "wal"]
        database.close()
