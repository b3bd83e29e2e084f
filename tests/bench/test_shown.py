"""What is shown adds more that is right than it costs, whatever a category's own F1 is."""

from __future__ import annotations

import pytest

from bench.cuad import Contract
from bench.training.shown import cut, present, threshold
from extraction.trained.passages import Passage
from extraction.trained.reader import anywhere

LAW = "This Agreement is governed by the laws of Texas."
OTHER = "Nothing else of any interest stands here at all."
TEXT = f"{LAW} {OTHER}"


def contract(*, holds: bool) -> Contract:
    return Contract("a", TEXT, {"Governing Law": [(0, len(LAW))]} if holds else {})


def passage(chance: float, *, right: bool) -> Passage:
    start, end = (0, len(LAW)) if right else (len(LAW) + 1, len(TEXT))
    return Passage("Governing Law", start, end, chance)


class TestTheCut:
    def test_goes_down_as_far_as_it_pays(self) -> None:
        assert cut([(0.9, 1, 1), (0.6, 0, 1), (0.5, 1, 1), (0.2, 0, 1)], 0.4) == 0.5

    def test_stops_before_what_is_mostly_wrong(self) -> None:
        told = [(0.9, 1, 1), *((0.6, 0, 1) for _ in range(4)), (0.5, 1, 1)]
        assert cut(told, 0.4) == 0.9

    def test_is_one_half_where_nothing_pays(self) -> None:
        assert cut([(0.9, 0, 1)], 0.4) == 0.5
        assert cut([], 0.4) == 0.5


class TestShowing:
    def test_goes_below_one_half_where_passages_are_right(self) -> None:
        ranked = [[passage(0.3, right=True), passage(0.1, right=False)]] * 3
        assert threshold([contract(holds=True)] * 3, ranked, "Governing Law") == 0.3

    def test_always_holds_what_is_likelier_right_than_wrong(self) -> None:
        ranked = [[passage(0.9, right=True), passage(0.7, right=False)]] * 3
        assert threshold([contract(holds=True)] * 3, ranked, "Governing Law") == 0.5

    def test_gains_nothing_from_the_same_answer_again(self) -> None:
        name = "Document Name"
        whole = Contract("a", "MASTER SERVICES AGREEMENT dated today", {name: [(0, 25)]})
        ranked = [[Passage(name, 0, 25, 0.9), Passage(name, 7, 25, 0.8)]]
        assert threshold([whole], ranked, name) == 0.9


class TestSaying:
    def test_counts_every_passage(self) -> None:
        told = anywhere([passage(0.5, right=True), passage(0.5, right=False), Passage("Insurance", 0, 9, 0.2)])
        assert told == {"Governing Law": pytest.approx(0.75), "Insurance": pytest.approx(0.2)}

    def test_is_cut_where_more_contracts_are_wrong_than_right(self) -> None:
        contracts = [contract(holds=True), *([contract(holds=False)] * 3)]
        ranked = [[passage(0.8, right=True)], *([[passage(0.2, right=False)]] * 3)]
        assert present(contracts, ranked, "Governing Law") == pytest.approx(0.8)

    def test_never_says_a_category_of_which_nothing_was_found(self) -> None:
        assert "Governing Law" not in anywhere([])
