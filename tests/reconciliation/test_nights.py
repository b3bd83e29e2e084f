from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.findings.audit import audit
from domain.findings.billed import counted
from domain.findings.finding import Finding
from domain.invoices import Invoice
from reconciliation.arrivals import lines_frame
from reconciliation.batches import places
from reconciliation.compiled import compiled
from reconciliation.delta import Night, new_suspects
from reconciliation.frames import Compiled
from reconciliation.history import History
from reconciliation.screen import Suspects, screened
from reconciliation.suspects import question
from tests.reconciliation.worlds import START, TODAY, World, spoilt

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def terms_of(world: World) -> Compiled:
    return compiled(world.contracts, through=TODAY + timedelta(days=40), today=TODAY, policy=world.policy)


def begin_of(world: World) -> date:
    return min((one.issued for one in counted(world.invoices)), default=START)


def append(history: History, world: World, invoices: list[Invoice]) -> int:
    numbers = history.numbers()
    arrivals = lines_frame(invoices, world.matched, numbers, today=TODAY, policy=world.policy)
    history.append(arrivals, numbers)
    return len(arrivals.lines)


def full(terms: Compiled, history: History, since: date) -> Suspects:
    place = places(terms, history.numbers().keys)
    return screened(
        terms, history.batches(place), history.papers(), lines=history.manifest.lines, today=TODAY, since=since
    )


def by_place(found: Finding) -> tuple[str, str, str, str]:
    return (found.contract, found.product, found.fingerprint, found.explanation)


class TestNights:
    @SLOW
    @given(spoilt(), st.integers(1, 4))
    def test_together_suspect_what_one_full_audit_suspects(self, world: World, nights: int) -> None:
        terms, since = terms_of(world), begin_of(world)
        lines, slots, missed, before = set[int](), set[int](), set[int](), START - timedelta(days=400)
        with TemporaryDirectory() as folder:
            history = History(Path(folder))
            papers = counted(world.invoices)
            for number in range(nights):
                count = append(history, world, papers[number::nights])
                today = TODAY if number == nights - 1 else TODAY - timedelta(days=30 * (nights - number))
                found = new_suspects(terms, history, count, Night(today, before, since))
                lines |= set(found.lines.tolist())
                slots |= set(found.slots.tolist())
                missed |= set(found.missed.tolist())
                before = today
            whole = full(terms, history, since)
        assert lines == set(whole.lines.tolist())
        assert slots == set(whole.slots.tolist())
        assert missed >= set(whole.missed.tolist())


class TestAQuestion:
    @SLOW
    @given(spoilt())
    def test_has_the_same_answer_as_everything(self, world: World) -> None:
        terms, since = terms_of(world), begin_of(world)
        with TemporaryDirectory() as folder:
            history = History(Path(folder))
            append(history, world, list(world.invoices))
            asked = question(terms, history, full(terms, history, since))
        papers = [one for one in world.invoices if (one.source, one.id) in asked.papers]
        some = audit(world.contracts, papers, today=TODAY, policy=world.policy, since=since)
        every = audit(world.contracts, world.invoices, today=TODAY, policy=world.policy, since=since)
        answered = sorted(map(by_place, asked.answered(some.findings)))
        assert answered == sorted(map(by_place, every.findings))
