"""Every way to crash: each effect of a handoff, six points, up to three crashes in a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event

import store.effects
from domain.errors import OutcomeUnknown
from domain.ports import Reference
from store import migrate
from store.database import Database
from store.effects import Effects
from tasks.effect import Effector

POINTS = ("before the intent", "after the intent", "request lost", "answer lost", "not recorded", "recorded")
EFFECTS = (
    "crm:closed-won", "first-touch:crm-task", "brief:v1:mail", "brief:v1:chat:channel", "brief:v1:chat:closed-won",
    "brief:v1:chat:gaps", "first-touch:dm", "project", "project:kickoff", "escalation:level-1:dm", "alert:chat", "alert:mail",
)  # fmt: skip
SCHEDULES = [plan for crashes in range(4) for plan in product(POINTS, repeat=crashes)]


class Crash(BaseException):
    """Stand for kill -9: nothing after it runs in this process, not even clean-up."""


@dataclass
class Vendor:
    """Count what was made; it is found again by our key and knows no idempotency of its own."""

    made: list[str] = field(default_factory=list)

    def find(self, key: str) -> Reference | None:
        return Reference(key) if key in self.made else None

    def make(self, key: str) -> Reference:
        self.made.append(key)
        return Reference(key)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path_factory.mktemp('crash') / 'crash.db'}")
    # This test cuts no power: flushing every commit would only cost minutes.
    event.listen(found.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    migrate.migrate(found)
    yield found
    found.close()


@contextmanager
def crashing(monkeypatch: pytest.MonkeyPatch, point: str | None) -> Iterator[None]:
    """Crash at one point of the next attempt; a dead process gives no lease back."""
    claim, applied, release = Effects.claim, Effects.applied, Effects.release

    def at_claim(self: Effects, *args: Any, **options: Any) -> Any:
        if point == "before the intent":
            raise Crash
        found = claim(self, *args, **options)
        if point == "after the intent":
            raise Crash
        return found

    def at_applied(self: Effects, *args: Any) -> None:
        if point == "not recorded":
            raise Crash
        applied(self, *args)
        if point == "recorded":
            raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Effects, "claim", at_claim)
        patch.setattr(Effects, "applied", at_applied)
        if point:
            patch.setattr(Effects, "release", lambda *_args, **_options: None)
        patch.setattr(store.effects, "executor_alive", lambda _owner: False)
        yield
    del release


def attempt(
    monkeypatch: pytest.MonkeyPatch, effector: Effector, vendor: Vendor, name: str, point: str | None, how: str
) -> bool:
    """Run one attempt and tell whether it came to an end."""

    def make(key: str) -> Reference:
        if point == "request lost":
            raise Crash
        found = vendor.make(key)
        if point == "answer lost":
            raise Crash
        return found

    with crashing(monkeypatch, point):
        try:
            find = vendor.find if how == "once" else lambda _key: None
            getattr(effector, how)(name, role="test", find=find, make=make)
        except Crash:
            return False
    return True


def effector_for(database: Database, handoff: str) -> Effector:
    context: Any = SimpleNamespace(database=database, clock=lambda: datetime.now(UTC))
    return Effector(context, handoff)


class TestAnEffectThatCanBeFoundAgain:
    @pytest.mark.parametrize("name", EFFECTS)
    def test_exists_exactly_once_whatever_crashes(
        self, monkeypatch: pytest.MonkeyPatch, database: Database, name: str
    ) -> None:
        wrong = {}
        for number, plan in enumerate(SCHEDULES):
            vendor, effector = Vendor(), effector_for(database, f"{name}-{number}")
            for point in plan:
                attempt(monkeypatch, effector, vendor, name, point, "once")
            assert attempt(monkeypatch, effector, vendor, name, None, "once")
            if len(vendor.made) != 1:
                wrong[plan] = len(vendor.made)
        assert len(SCHEDULES) == 259
        assert wrong == {}


class TestAMailToACustomer:
    def test_leaves_at_most_once_and_says_when_nobody_knows(
        self, monkeypatch: pytest.MonkeyPatch, database: Database
    ) -> None:
        outcomes: Counter[str] = Counter()
        for number, plan in enumerate(SCHEDULES):
            vendor, effector = Vendor(), effector_for(database, f"welcome-{number}")
            unknown = False
            for point in (*plan, None):
                try:
                    attempt(monkeypatch, effector, vendor, "welcome:day-0", point, "at_most_once")
                except OutcomeUnknown:
                    unknown = True
            assert len(vendor.made) <= 1, plan
            assert unknown or len(vendor.made) == 1, plan
            outcomes["a person looks" if unknown else "sent once"] += 1
        assert outcomes == {"sent once": 55, "a person looks": 204}


def test_the_checker_sees_a_duplicate(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    vendor, effector = Vendor(), effector_for(database, "checker")
    attempt(monkeypatch, effector, vendor, "x", "answer lost", "once")
    blind = Vendor(made=vendor.made)
    blind.find = lambda _key: None  # type: ignore[method-assign]
    attempt(monkeypatch, effector, blind, "x", None, "once")
    assert len(vendor.made) == 2


def test_the_schedules_are_all_there() -> None:
    assert len(SCHEDULES) * len(EFFECTS) == 3108
