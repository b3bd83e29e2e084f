"""Training gives the same weights for the same data, and what is shipped judges as what was trained."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bench.cuad import Contract
from bench.training.compared import train_mentions
from bench.training.passages import both_looks, example, second_look
from bench.training.shared import Table, shared_looks
from bench.training.solver import Bags, fit, fit_rare
from extraction.trained.lexicon import CATEGORIES
from extraction.trained.linear import probability

NAME = "Document Name"


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


class TestTheSolverByRarity:
    def test_learns_which_words_tell(self) -> None:
        line = fit_rare(bags(), strength=60.0)
        yes, no = probability(line.logits([{"w1", "w9"}, {"w8", "w9"}]))[:, 0]
        assert yes > 0.9
        assert no < 0.1

    def test_does_not_mind_words_it_never_saw(self) -> None:
        line = fit_rare(bags(), strength=60.0)
        assert line.logits([{"w1", "w9", "strange", "new"}]).tolist() == line.logits([{"w1", "w9"}]).tolist()

    def test_knows_rare_words_from_common_ones(self) -> None:
        often = [{"common", f"w{number % 7}"} for number in range(200)]
        examples = Bags(
            often, np.array([[number % 7 == 1] for number in range(200)], np.float32), np.ones(200, np.float32)
        )
        line = fit_rare(examples, strength=60.0)
        assert line.squares is not None
        assert len(line.squares) == len(line.rows)
        assert line.squares[line.rows["w1"]] > 3
        assert "common" not in line.rows or line.squares[line.rows["common"]] == 0


class TestTheSharedLook:
    def test_teaches_a_rare_category_what_others_show(self) -> None:
        draw = np.random.default_rng(5)

        def table(count: int, told: int) -> Table:
            known = draw.normal(size=(count, 60)).astype(np.float32)
            labels = (known[:, 0] > 0.5).astype(np.float32)
            labels[told:] = 0
            return Table(known, labels, [(number % 90, number) for number in range(count)])

        rare = table(30, 2)
        with ThreadPoolExecutor(1) as workers:
            looks, unseen = shared_looks([table(400, 400), rare], workers)
        hot, cold = np.zeros((1, 60), np.float32), np.zeros((1, 60), np.float32)
        hot[0, 0], cold[0, 0] = 2, -2
        assert looks.chances(hot, 1)[0] > 5 * looks.chances(cold, 1)[0]
        assert [len(one) for one in unseen] == [400, 30]


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


class TestMentions:
    def test_learn_that_the_whole_title_is_likelier_than_its_parts(self) -> None:
        kinds = ("LICENSE", "SUPPLY", "HOSTING", "AGENCY", "SERVICE", "DISTRIBUTION")
        made = []
        for number in range(36):
            title = f"MASTER {kinds[number % 6]} AGREEMENT"
            text = f"{title}\n\nThis Agreement is made as of May {number % 28 + 1}, 2019 by A Inc. and B Inc."
            day = text.index("May")
            spans = {"Document Name": [(0, len(title))], "Agreement Date": [(day, text.index(" by A"))]}
            made.append(Contract(str(number), text, spans))
        with ThreadPoolExecutor(1) as workers:
            learned = train_mentions(made, workers)
        assert len(learned.compared) == 3
        for one, told in zip(made, learned.unseen, strict=True):
            names = {one.text[said.start : said.end]: said.probability for said in told if said.category == NAME}
            assert names[one.text.split("\n")[0]] > 0.7
            assert names.get("This Agreement", 0) < 0.3
