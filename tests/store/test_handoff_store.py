"""Handoffs: their lease, their steps, and when they are tried again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from domain.errors import LeaseHeld, Permanent, Transient
from domain.handoff import Step, StepState
from domain.signatures import SignatureEvent, Verdict
from store import handoffs
from store.database import Database
from store.effects import this_executor
from store.inbox import Delivery, write_group
from tests.conftest import NOW
from tests.store.test_effect_ledger import dead_executor

ID = "vela-order-1"
ONE, TWO = f"{this_executor()}:one", f"{this_executor()}:two"


@pytest.fixture(autouse=True)
def handoff(database: Database) -> None:
    event = SignatureEvent("e1", "done", Verdict.COMPLETED, "", "doc-1")
    inbox_id = write_group(database, [Delivery("pandadoc", event, b"", {}, NOW)], Counter())[0].inbox_id
    values = {"id": ID, "inbox_id": inbox_id, "source": "pandadoc", "document": "doc-1", "signed": {}}
    with database.write() as connection:
        assert handoffs.open_handoff(database, connection, values, NOW)
        assert not handoffs.open_handoff(database, connection, values, NOW)


def fail(database: Database, step: Step, error: Transient | Permanent, at: datetime = NOW) -> None:
    with database.write() as connection:
        handoffs.begin_step(connection, ID, step, at, "run")
        handoffs.fail_step(connection, ID, step, at, error)


def finish(database: Database, *steps: Step) -> None:
    with database.write() as connection:
        for step in steps:
            handoffs.begin_step(connection, ID, step, NOW, "run")
            handoffs.finish_step(connection, ID, step, NOW, state=StepState.DONE, reference="r")


def close(database: Database, at: datetime = NOW) -> str:
    with database.write() as connection:
        handoffs.close(connection, ID, at)
        return str(handoffs.get(connection, ID)["state"])


class TestALease:
    def test_lets_one_live_executor_work(self, database: Database) -> None:
        handoffs.take_lease(database, ID, ONE, NOW, "run-1")
        with pytest.raises(LeaseHeld):
            handoffs.take_lease(database, ID, TWO, NOW, "run-2")
        with database.read() as connection:
            assert handoffs.holds_lease(connection, ID, ONE)
            assert handoffs.get(connection, ID)["run_id"] == "run-1"

    def test_of_a_dead_process_is_taken_over_at_once(self, database: Database) -> None:
        handoffs.take_lease(database, ID, dead_executor(), NOW, "run-1")
        handoffs.take_lease(database, ID, TWO, NOW, "run-2")
        with database.read() as connection:
            assert handoffs.get(connection, ID)["runs"] == 2

    def test_lasts_as_long_as_it_is_renewed(self, database: Database) -> None:
        handoffs.take_lease(database, ID, ONE, NOW, "run-1")
        assert handoffs.renew_lease(database, ID, ONE, NOW + timedelta(seconds=60))
        with pytest.raises(LeaseHeld):
            handoffs.take_lease(database, ID, TWO, NOW + timedelta(seconds=120), "run-2")
        handoffs.take_lease(database, ID, TWO, NOW + timedelta(seconds=151), "run-2")
        assert not handoffs.renew_lease(database, ID, ONE, NOW + timedelta(seconds=152))

    def test_is_given_back_only_by_its_holder(self, database: Database) -> None:
        handoffs.take_lease(database, ID, ONE, NOW, "run-1")
        handoffs.drop_lease(database, ID, TWO)
        with pytest.raises(LeaseHeld):
            handoffs.take_lease(database, ID, TWO, NOW, "run-2")
        handoffs.drop_lease(database, ID, ONE)
        handoffs.take_lease(database, ID, TWO, NOW, "run-2")

    def test_on_a_handoff_that_does_not_exist_says_so(self, database: Database) -> None:
        with pytest.raises(Permanent, match="There is no handoff 'nothing'"):
            handoffs.take_lease(database, "nothing", ONE, NOW, "run-1")

    def test_that_ended_without_a_close_leaves_an_orphan(self, database: Database) -> None:
        handoffs.take_lease(database, ID, ONE, NOW, "run-1")
        assert self._orphans(database, NOW) == []
        assert self._orphans(database, NOW + handoffs.LEASE) == [ID]

    def test_of_a_process_that_died_leaves_an_orphan_at_once(self, database: Database) -> None:
        handoffs.take_lease(database, ID, dead_executor(), NOW, "run-1")
        assert self._orphans(database, NOW) == [ID]

    @staticmethod
    def _orphans(database: Database, now: datetime) -> list[str]:
        with database.read() as connection:
            return [row["id"] for row in handoffs.orphaned(connection, now)]


class TestAHandoff:
    def test_is_complete_when_every_step_is_done_or_skipped(self, database: Database) -> None:
        finish(database, *list(Step)[:-1])
        assert close(database) == "incomplete"
        with database.write() as connection:
            handoffs.finish_step(connection, ID, Step.WELCOME, NOW, state=StepState.SKIPPED, detail="a renewal")
        assert close(database) == "complete"

    def test_keeps_the_moment_it_was_first_complete(self, database: Database) -> None:
        finish(database, *Step)
        close(database, NOW)
        close(database, NOW + timedelta(hours=1))
        with database.read() as connection:
            assert handoffs.get(connection, ID)["completed_at"] == NOW

    def test_keeps_the_error_of_a_step_in_three_parts(self, database: Database) -> None:
        fail(database, Step.CRM, Permanent("No deal", why="nothing matches", fix="import it"))
        with database.read() as connection:
            row = handoffs.step_row(connection, ID, Step.CRM)
        assert row is not None
        assert (row["state"], row["error"]) == (
            "dead",
            {"what": "No deal", "why": "nothing matches", "fix": "import it"},
        )

    def test_forgets_the_error_of_a_step_that_came_through(self, database: Database) -> None:
        fail(database, Step.CRM, Transient("busy"))
        finish(database, Step.CRM)
        with database.read() as connection:
            row = handoffs.step_row(connection, ID, Step.CRM)
        assert row is not None
        assert (row["state"], row["error"], row["attempts"]) == ("done", None, 2)


class TestTryingAgain:
    def test_pauses_five_minutes_and_then_doubles(self, database: Database) -> None:
        now = NOW
        for run in range(1, 5):
            handoffs.take_lease(database, ID, ONE, now, f"run-{run}")
            fail(database, Step.CRM, Transient("busy"), now)
            close(database, now)
            handoffs.drop_lease(database, ID, ONE)
            due = now + timedelta(minutes=5) * 2 ** (run - 1)
            assert not self._due(database, due - timedelta(seconds=1))
            assert self._due(database, due)
            now = due

    def test_is_not_for_steps_that_need_a_person(self, database: Database) -> None:
        fail(database, Step.CRM, Permanent("No deal"))
        close(database)
        assert not self._due(database, NOW + timedelta(days=30))

    def test_ends_in_dead_letters_after_the_last_run(self, database: Database) -> None:
        fail(database, Step.CRM, Transient("busy"))
        finish(database, Step.BRIEF)
        for run in range(handoffs.MAX_RUNS):
            handoffs.take_lease(database, ID, ONE, NOW, f"run-{run}")
        close(database)
        assert not self._due(database, NOW + timedelta(days=30))
        with database.write() as connection:
            assert handoffs.give_up(connection, NOW) == [ID]
            assert handoffs.give_up(connection, NOW) == []
            states = {step: row["state"] for step, row in handoffs.step_rows(connection, ID).items()}
        assert (states[Step.CRM], states[Step.BRIEF], states[Step.PROJECT]) == ("dead", "done", "pending")

    @staticmethod
    def _due(database: Database, now: datetime) -> bool:
        with database.read() as connection:
            return [row["id"] for row in handoffs.to_resume(connection, now)] == [ID]
