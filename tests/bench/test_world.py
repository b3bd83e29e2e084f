"""A small world of invoices: the same for its seed, clean where nothing was planted, and every fault is told."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from bench.world.__main__ import main
from bench.world.cases import cases
from bench.world.contracts import deals
from bench.world.papers import clean
from bench.world.referee import astray, judged, tallied
from bench.world.report import is_good, keys
from bench.world.truth import Case, Truth
from domain.findings.audit import audit
from domain.findings.finding import Code, Finding

CONTRACTS = 3


@cache
def world(seed: int) -> tuple[Case, ...]:
    return tuple(cases(seed, CONTRACTS))


class TestWorlds:
    def test_are_the_same_for_their_seed_and_others_for_another(self) -> None:
        first, second, other = (
            [(one.key, one.way, one.invoices, one.truths) for one in found]
            for found in (world(7), tuple(cases(7, CONTRACTS)), world(8))
        )
        assert first == second
        assert first != other

    def test_keep_their_contracts_when_there_are_more_of_them(self) -> None:
        few, many = list(deals(7, 2)), list(deals(7, 4))
        assert [one.contract for one in few] == [one.contract for one in many[:2]]

    @pytest.mark.parametrize("seed", [7, 8])
    def test_are_told_as_they_are(self, seed: int) -> None:
        tally = tallied(world(seed))
        assert [(one.case.key, one.lost, one.made_up) for one in tally.misses] == []
        assert is_good(tally)
        assert sum(tally.planted.values()) > 10 * CONTRACTS

    def test_lead_every_invoice_to_its_contract(self) -> None:
        assert astray(7, 30) == 0


class TestCleanTwins:
    @pytest.mark.parametrize("seed", [7, 8])
    def test_are_clean(self, seed: int) -> None:
        twins = [one for one in world(seed) if one.key == "clean"]
        assert len(twins) == CONTRACTS
        assert [judged(one) for one in twins] == [None] * CONTRACTS

    def test_have_every_guise(self) -> None:
        papers = [paper for deal in deals(7, 60) for paper in clean(deal)]
        assert any(paper.charges for paper in papers)
        assert any(paper.corrects for paper in papers)
        assert any(not paper.contract_number for paper in papers)
        assert any(line.period_first is None and paper.period_first is None for paper in papers for line in paper.lines)
        assert any(line.id.endswith("b") for paper in papers for line in paper.lines)
        assert {paper.currency for paper in papers} == {"EUR", "USD", "JPY", "KWD", "HUF"}


class TestReferees:
    def test_do_not_take_one_code_for_another(self) -> None:
        one = next(one for one in world(7) if one.truths)
        finding = next(iter(_found(one)))
        truth = one.truths[0]
        assert truth.is_told_by(finding)
        assert all(not _other(truth, code).is_told_by(finding) for code in Code if code is not truth.code)

    def test_call_a_world_bad_in_which_one_fault_was_lost(self) -> None:
        tally = tallied(world(7)[:4])
        tally.found[keys(tally)[0]] -= 1
        assert not is_good(tally)

    def test_print_their_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--seed", "7", "--contracts", "1"]) == 0
        assert "findings on 0 of them (wanted 0)" in capsys.readouterr().out


def _found(one: Case) -> tuple[Finding, ...]:
    return audit([one.contract], one.invoices, today=one.deal.today, policy=one.policy).findings


def _other(truth: Truth, code: Code) -> Truth:
    return replace(truth, code=code, also=frozenset())
