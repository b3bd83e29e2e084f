"""Training gives the same weights for the same data, and what is shipped judges as what was trained."""

from __future__ import annotations

import numpy as np
import pytest

from bench.cuad import Contract
from bench.training.passages import Table, both_looks, example, second_look
from bench.training.solver import Bags, fit
from extraction.trained.lexicon import CATEGORIES
from extraction.trained.linear import probability


def bags(count: int = 200) -> Bags:
    draw = np.random.default_rng(3)
    words = [{f"w{number}" for number in draw.choice(30, 6, replace=False)} for _ in range(count)]
    labels = np.array([["w1" in bag, "w2" in bag and "w3" in bag] for bag in words], np.float32)
    return Bags(words, labels, np.ones(count, np.float32))


class TestTheSolver:
    def test_learns_which_words_tell(self) -> None:
        line = fit(bags(), strength=60.0)
        yes, no = probability(line.logits([{"w1", "w9"}, {"w8", "w9"}]))[:, 0]
        assert yes > 0.9
        assert no < 0.1

    def test_gives_the_same_weights_again(self) -> None:
        one, other = fit(bags(), strength=10.0), fit(bags(), strength=10.0)
        assert one.rows == other.rows
        assert (one.weights == other.weights).all()
        assert (one.bias == other.bias).all()

    def test_keeps_eight_bits_and_no_word_that_weighs_nothing(self) -> None:
        line = fit(bags(), strength=10.0)
        assert line.weights.dtype == np.int8
        assert np.abs(line.weights).sum(axis=1).min() > 0


class TestTheSecondLook:
    def test_exports_the_trees_that_were_grown(self) -> None:
        from sklearn.ensemble import HistGradientBoostingClassifier

        draw = np.random.default_rng(4)
        known = draw.normal(size=(400, 12)).astype(np.float32)
        labels = (known[:, 0] * known[:, 1] > 0).astype(np.float32)
        made = second_look(known, labels)
        grown = HistGradientBoostingClassifier(
            max_iter=60, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=20, l2_regularization=5.0,
            early_stopping=False, random_state=20,
        ).fit(known, labels)  # fmt: skip
        assert probability(made.trees.logits(known)) == pytest.approx(grown.predict_proba(known)[:, 1], abs=1e-4)

    def test_says_no_where_there_was_no_example(self) -> None:
        second, chances = both_looks(
            Table(np.ones((9, 4), np.float32), np.zeros(9, np.float32), [(number, 0) for number in range(9)])
        )
        assert second.chances(np.ones((2, 4), np.float32)).max() < 0.01
        assert not chances.any()


class TestAnExample:
    def test_marks_what_matches_and_what_lies_inside(self) -> None:
        law = "This Agreement is governed by the laws of Texas."
        text = f"Term. It runs for ten years. {law} Nothing else matters here."
        start = text.index(law)
        made = example(Contract("a", text, {"Governing Law": [(start, start + len(law))]}))
        number = CATEGORIES.index("Governing Law")
        assert made.match[:, number].tolist() == [float(one == law) for one in made.texts]
        assert made.match.sum() == 1
