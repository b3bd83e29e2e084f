from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from domain.findings.audit import Audit, audit
from domain.findings.billed import counted
from domain.findings.contract import Policy
from reconciliation.arrivals import LineNumbers, lines_frame
from reconciliation.batches import batch_of, papers_of, places
from reconciliation.compiled import compiled
from reconciliation.screen import Suspects, screened
from tests.reconciliation.worlds import START, TODAY, World, spoilt, worlds

THROUGH = TODAY + timedelta(days=40)
POLICY = Policy()
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


class Seen:
    """A world as the screen saw it, in the words of the exact rules."""

    def __init__(self, world: World) -> None:
        numbers = LineNumbers()
        self.terms = compiled(world.contracts, through=THROUGH, today=TODAY, policy=world.policy)
        arrivals = lines_frame(world.invoices, world.matched, numbers, today=TODAY, policy=world.policy)
        batch = batch_of(arrivals.lines, places(self.terms, numbers.keys))
        self.papers = counted(world.invoices)
        since = min((one.issued for one in self.papers), default=START)
        self.suspects: Suspects = screened(
            self.terms, [batch], papers_of(arrivals), lines=len(batch), today=TODAY, since=since
        )
        self.places = [(one.id, line.id) for one in self.papers for line in one.lines]

    @property
    def lines(self) -> set[tuple[str, str]]:
        return {self.places[at] for at in self.suspects.lines.tolist()}

    @property
    def invoices(self) -> set[str]:
        return {invoice for invoice, _ in self.lines} | {self.papers[at].id for at in self.suspects.papers.tolist()}

    @property
    def missed(self) -> set[tuple[str, str, date]]:
        found = np.concatenate([self.suspects.missed, self.suspects.slots])
        return {self._slot(int(slot)) for slot in found}

    @property
    def touched_products(self) -> set[tuple[str, str]]:
        return {(contract, product) for contract, product, _ in self.missed}

    def _slot(self, slot: int) -> tuple[str, str, date]:
        lines = self.terms.lines
        row = int(np.searchsorted(lines.base, slot, side="right")) - 1
        start = int(self.terms.starts[lines.calendar[row] + slot - lines.base[row]])
        return (*lines.keys[row], date(1970, 1, 1) + timedelta(days=start))

    def unseen(self, found: Audit) -> list[str]:
        """Return what the exact rules found and the screen would not have shown them."""
        lost = []
        always = {self.terms.lines.keys[row] for row in self.suspects.always.tolist()}
        for one in found.findings:
            if one.contract in self.suspects.contracts or (one.contract, one.product) in always:
                continue
            if one.place is not None and one.place.line and not one.place.line.startswith("charge"):
                seen = (one.place.invoice, one.place.line) in self.lines
            elif one.place is not None:
                seen = one.place.invoice in self.invoices
            elif one.first is not None and one.code != "DRIFT":
                seen = (one.contract, one.product, one.first) in self.missed
            else:
                seen = (one.contract, one.product) in self.touched_products
            if not seen:
                lost.append(f"{one.code} {one.contract} {one.product} {one.first} {one.place}: {one.explanation}")
        return lost


def shuffled(world: World, seed: int) -> World:
    papers = [
        replace(one, lines=tuple(random.Random(seed).sample(one.lines, len(one.lines)))) for one in world.invoices
    ]
    return replace(world, invoices=tuple(random.Random(seed).sample(papers, len(papers))))


def exact(world: World) -> Audit:
    return audit(world.contracts, world.invoices, today=TODAY, policy=world.policy)


class TestTheScreen:
    @SLOW
    @given(spoilt())
    def test_never_misses_what_the_exact_rules_find(self, world: World) -> None:
        assert Seen(world).unseen(exact(world)) == []

    @SLOW
    @given(worlds(hard=False))
    def test_does_not_suspect_clean_lines_of_ordinary_contracts(self, world: World) -> None:
        seen = Seen(world)
        assume(not exact(world).problems)
        assert seen.lines == set()
        assert seen.suspects.missed.tolist() == []

    @SLOW
    @given(spoilt(), st.integers(0, 9))
    def test_suspects_the_same_lines_in_any_order(self, world: World, seed: int) -> None:
        one, other = Seen(world), Seen(shuffled(world, seed))
        assert (one.lines, one.missed) == (other.lines, other.missed)

    def test_sees_nothing_where_there_is_nothing(self) -> None:
        seen = Seen(World((), (), POLICY))
        assert seen.lines == set()
        assert seen.missed == set()
