"""The ledger of effects: intended before made, one holder at a time."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from sqlalchemy import select

from domain.errors import LeaseHeld, LeaseLost, OutcomeUnknown
from domain.ports import Reference
from store import audit
from store.database import Database
from store.effects import LEASE, Claim, Effects, executor_alive, resolve, this_executor
from store.tables import effects as table
from tests.conftest import NOW, Clock

KEY = "vela-1:project"


def dead_executor() -> str:
    """Return the name of an executor on this host whose process has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return f"{this_executor().partition(':')[0]}:{process.pid}:x"


def claim(effects: Effects, key: str = KEY) -> Claim:
    return effects.claim(key, handoff="vela-1", role="work", request_hash="0" * 64)


@pytest.fixture
def one(database: Database, clock: Clock) -> Effects:
    return Effects(database, clock, f"{this_executor()}:one")


@pytest.fixture
def two(database: Database, clock: Clock) -> Effects:
    return Effects(database, clock, f"{this_executor()}:two")


def row(database: Database) -> dict[str, object]:
    with database.read() as connection:
        found = connection.execute(select(table)).mappings().one_or_none()
        return dict(found) if found else {}


class TestAnEffect:
    def test_is_intended_on_disk_before_it_is_made(self, database: Database, one: Effects) -> None:
        made = claim(one)
        assert (made.fence, made.earlier, made.done) == (1, False, None)
        assert (row(database)["state"], row(database)["attempts"]) == ("intended", 1)

    def test_that_was_applied_is_never_made_again(self, one: Effects, two: Effects) -> None:
        one.applied(claim(one), Reference("P-1", "https://work.example/P-1"))
        assert claim(two).done == Reference("P-1", "https://work.example/P-1")

    def test_whose_outcome_is_unknown_waits_for_a_person(self, database: Database, one: Effects, two: Effects) -> None:
        one.unknown(claim(one), "the answer was lost")
        with pytest.raises(OutcomeUnknown, match=r"the answer was lost.*effects resolve"):
            claim(two)
        assert resolve(database, KEY, happened=True, who="dana", now=NOW)
        assert claim(two).done == Reference("by dana")

    def test_that_a_person_says_did_not_happen_is_made_afresh(self, database: Database, one: Effects) -> None:
        one.unknown(claim(one), "the answer was lost")
        assert resolve(database, KEY, happened=False, who="dana", now=NOW)
        assert not claim(one).earlier

    def test_that_is_not_unknown_cannot_be_resolved(self, database: Database, one: Effects) -> None:
        one.applied(claim(one), Reference("P-1"))
        assert not resolve(database, KEY, happened=False, who="dana", now=NOW)
        assert not resolve(database, "nothing", happened=True, who="dana", now=NOW)

    def test_that_certainly_did_not_happen_is_forgotten(self, database: Database, one: Effects, two: Effects) -> None:
        one.release(claim(one), forget=True)
        assert row(database) == {}
        assert not claim(two).earlier

    def test_that_may_have_happened_is_remembered(self, one: Effects, two: Effects) -> None:
        one.release(claim(one), forget=False)
        again = claim(two)
        assert (again.earlier, again.fence) == (True, 2)

    def test_leaves_its_trace_in_the_audit_trail(self, database: Database, one: Effects) -> None:
        one.applied(claim(one), Reference("P-1"))
        with database.read() as connection:
            assert [entry.action for entry in audit.trail(connection, KEY)] == ["effect.applied", "effect.intended"]


class TestALease:
    def test_is_held_against_another_live_executor(self, one: Effects, two: Effects) -> None:
        claim(one)
        with pytest.raises(LeaseHeld) as caught:
            claim(two)
        assert caught.value.retry_after == LEASE.total_seconds()

    def test_runs_out(self, clock: Clock, one: Effects, two: Effects) -> None:
        stale = claim(one)
        clock.advance(LEASE)
        taken = claim(two)
        assert (taken.fence, taken.earlier) == (2, True)
        with pytest.raises(LeaseLost, match="ran out"):
            one.check(stale)
        two.check(taken)

    def test_of_a_dead_process_is_taken_over_at_once(self, database: Database, clock: Clock, two: Effects) -> None:
        claim(Effects(database, clock, dead_executor()))
        assert claim(two).fence == 2

    def test_of_another_host_is_respected_until_it_runs_out(
        self, database: Database, clock: Clock, two: Effects
    ) -> None:
        claim(Effects(database, clock, "elsewhere.example:1:x"))
        with pytest.raises(LeaseHeld):
            claim(two)
        clock.advance(LEASE)
        assert claim(two).fence == 2

    def test_that_was_lost_keeps_its_holder_from_recording_anything(
        self, database: Database, clock: Clock, one: Effects, two: Effects
    ) -> None:
        stale = claim(one)
        clock.advance(LEASE)
        fresh = claim(two)
        with pytest.raises(LeaseLost):
            one.applied(stale, Reference("stale"))
        with pytest.raises(LeaseLost):
            one.unknown(stale, "stale")
        one.release(stale, forget=True)
        two.applied(fresh, Reference("fresh"))
        assert (row(database)["state"], row(database)["reference"]) == ("applied", "fresh")

    def test_cannot_turn_an_applied_effect_back(self, database: Database, one: Effects) -> None:
        mine = claim(one)
        one.applied(mine, Reference("P-1"))
        one.release(mine, forget=True)
        assert row(database)["state"] == "applied"

    def test_is_won_by_one_of_many_that_race(self, database: Database, database_url: str, clock: Clock) -> None:
        for number in range(5):
            won, held, problems = [], [], []
            barrier = threading.Barrier(4)

            def race(name: int, key: str, barrier: threading.Barrier, outcome: tuple[list, list, list]) -> None:  # type: ignore[type-arg]
                own = Database(database_url)
                barrier.wait()
                try:
                    outcome[0].append(claim(Effects(own, clock, f"{this_executor()}:{name}"), key))
                except LeaseHeld:
                    outcome[1].append(name)
                except Exception as error:  # noqa: BLE001 - shown below
                    outcome[2].append(error)
                finally:
                    own.close()

            threads = [
                threading.Thread(target=race, args=(name, f"race-{number}", barrier, (won, held, problems)))
                for name in range(4)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert problems == []
            assert (len(won), len(held)) == (1, 3)


class TestAnExecutor:
    def test_that_ended_on_this_host_is_known_to_be_dead(self) -> None:
        assert executor_alive(this_executor())
        assert not executor_alive(dead_executor())

    @pytest.mark.parametrize("name", ["", "elsewhere.example:1", "nonsense", "a:b:c"])
    def test_that_nobody_can_ask_counts_as_alive(self, name: str) -> None:
        assert executor_alive(name)
