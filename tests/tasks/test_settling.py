"""Where a vendor's lists lag behind, nothing is made again before they have caught up."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from domain.errors import Permanent, Transient
from domain.ports import Reference
from store.database import Database
from tasks.effect import Effector
from tests.conftest import Clock


class Lagging:
    """Make things at once and list them `lag` later; the first answer is lost."""

    def __init__(self, clock: Clock, lag: timedelta, failure: Exception | None = None) -> None:
        self.clock, self.lag, self.failure = clock, lag, failure
        self.made: list[Any] = []

    def make(self, key: str) -> Reference:
        failure, self.failure = self.failure, None
        if not isinstance(failure, Permanent):
            self.made.append((key, self.clock() + self.lag))
        if failure:
            raise failure
        return Reference(key)

    def find(self, key: str) -> Reference | None:
        return next((Reference(key) for made, listed in self.made if made == key and listed <= self.clock()), None)


def once(database: Database, clock: Clock, vendor: Lagging, settle: float) -> Reference:
    context: Any = SimpleNamespace(database=database, clock=clock)
    return Effector(context, "h-1").once("project", role="work", find=vendor.find, make=vendor.make, settle=settle)


class TestAnEffect:
    def test_that_lost_its_answer_waits_until_the_vendor_lists_it(self, database: Database, clock: Clock) -> None:
        vendor = Lagging(clock, timedelta(seconds=100), Transient("no answer"))
        for wait in (0, 30, 60):
            clock.advance(timedelta(seconds=wait))
            with pytest.raises(Transient):
                once(database, clock, vendor, 120)
        clock.advance(timedelta(seconds=15))  # retries did not begin the wait anew
        assert once(database, clock, vendor, 120).id == "h-1:project"
        assert len(vendor.made) == 1

    def test_that_never_reached_the_vendor_is_made_after_the_wait(self, database: Database, clock: Clock) -> None:
        vendor = Lagging(clock, timedelta(0), Transient("no answer"))
        with pytest.raises(Transient):
            once(database, clock, vendor, 120)
        vendor.made.clear()
        with pytest.raises(Transient) as caught:
            once(database, clock, vendor, 120)
        assert caught.value.retry_after == 120
        clock.advance(timedelta(seconds=121))
        once(database, clock, vendor, 120)
        assert len(vendor.made) == 1

    def test_that_was_refused_need_not_wait(self, database: Database, clock: Clock) -> None:
        vendor = Lagging(clock, timedelta(0), Permanent("a field is missing"))
        with pytest.raises(Permanent):
            once(database, clock, vendor, 120)
        assert once(database, clock, vendor, 120).id == "h-1:project"

    def test_would_be_doubled_without_the_wait(self, database: Database, clock: Clock) -> None:
        vendor = Lagging(clock, timedelta(seconds=100), Transient("no answer"))
        with pytest.raises(Transient):
            once(database, clock, vendor, 0)
        once(database, clock, vendor, 0)
        assert len(vendor.made) == 2
