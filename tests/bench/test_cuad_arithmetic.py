"""The scorer counts as CUAD's own evaluation does."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.answers import same
from bench.cuad import (
    Candidate,
    Contract,
    Counts,
    curve,
    document_counts,
    folds,
    interval,
    jaccard,
    load,
    matches,
    resampled,
    span_counts,
)  # fmt: skip
from bench.extraction.figures import value_counts
from bench.extraction.reading import Value as Told

LAW = "Governing Law"
TEXT = "This Agreement is governed by New York law. Either party may assign it."
ANSWER = "governed by New York law"


def contract(title: str = "a", *, spans: bool = True) -> Contract:
    start = TEXT.index(ANSWER)
    return Contract(title, TEXT, {LAW: [(start, start + len(ANSWER))]} if spans else {}, {LAW: "New York"})


def said(text: str, probability: float, title: str = "a", category: str = LAW) -> Candidate:
    return Candidate(title, category, text, 0, len(text), probability)


class TestAMatch:
    @pytest.mark.parametrize(
        ("one", "other", "value"),
        [
            ("a b c d", "a b c d", 1.0),
            ("A, B. C; D:", "a b c d", 1.0),
            ("either/or", "either or", 1.0),
            ("a b", "c d", 0.0),
            ("a b c", "a b d", 0.5),
            ("a a a b", "a b", 1.0),
        ],
    )
    def test_is_a_share_of_words(self, one: str, other: str, value: float) -> None:
        assert jaccard(one, other) == pytest.approx(value)

    def test_needs_one_half(self) -> None:
        assert matches("a b c", "a b d", LAW)
        assert not matches("a b c", "a d e", LAW)

    def test_of_parties_may_stand_inside_a_longer_one(self) -> None:
        sentence = "This Agreement is made between Vela Optics Ltd and Lumora Analytics GmbH of Berlin"
        assert matches("Vela Optics Ltd", sentence, "Parties")
        assert not matches("Vela Optics Ltd", sentence, LAW)


class TestACurve:
    def test_of_a_perfect_ranking_has_the_whole_area(self) -> None:
        made = curve([contract()], [said(ANSWER, 0.9)], [LAW])
        assert (made.area, made.precision_at(0.8)) == (1.0, 1.0)

    def test_counts_a_false_prediction_before_the_right_one(self) -> None:
        made = curve([contract()], [said("something else", 0.9), said(ANSWER, 0.5)], [LAW])
        assert made.recalls == (0.0, 0.0, 1.0)
        assert made.precisions == (1.0, 0.0, 0.5)
        assert made.precision_at(0.8) == 0.5

    def test_counts_several_predictions_of_one_answer_once(self) -> None:
        made = curve([contract()], [said(ANSWER, 0.9), said(ANSWER + " too", 0.8)], [LAW])
        assert made.precisions[-1] == 1.0

    def test_takes_equal_probabilities_together(self) -> None:
        made = curve([contract()], [said("something else", 0.5), said(ANSWER, 0.5)], [LAW])
        assert (made.recalls, made.precisions) == ((0.0, 1.0), (1.0, 0.5))

    def test_counts_predictions_where_nothing_is_annotated_as_false(self) -> None:
        contracts = [contract("a"), contract("b", spans=False)]
        made = curve(contracts, [said(ANSWER, 0.9), said(ANSWER, 0.8, "b")], [LAW])
        assert made.precisions == (1.0, 1.0, 0.5)

    def test_never_reaches_what_was_not_found(self) -> None:
        made = curve([contract()], [], [LAW])
        assert (made.area, made.precision_at(0.8)) == (0.0, 0.0)

    @given(st.lists(st.tuples(st.sampled_from([ANSWER, "else"]), st.floats(0, 1)), max_size=20))
    def test_stays_between_nothing_and_everything(self, rows: list[tuple[str, float]]) -> None:
        made = curve([contract()], [said(text, p) for text, p in rows], [LAW])
        assert 0 <= made.area <= 1 + 1e-9


class TestCounts:
    def test_tell_spans_found_made_up_and_missed(self) -> None:
        counts = span_counts([contract("a"), contract("b")], [said(ANSWER, 1), said("else", 1)], [LAW])
        assert (counts.tp, counts.fp, counts.fn) == (1, 1, 1)
        assert counts.f1 == 0.5

    def test_tell_documents(self) -> None:
        contracts = [contract("a"), contract("b", spans=False), contract("c")]
        counts = document_counts(contracts, {("a", LAW), ("b", LAW)}, [LAW])
        assert (counts.tp, counts.fp, counts.fn) == (1, 1, 1)

    def test_of_nothing_are_not_a_success(self) -> None:
        assert Counts().f1 == 0.0
        assert math.isnan(Counts().recall)


class TestAValue:
    @pytest.mark.parametrize(
        ("category", "answer", "value", "right"),
        [
            ("Agreement Date", "6/21/1999", "1999-06-21", True),
            ("Agreement Date", "6/21/99", "1999-06-21", True),
            ("Agreement Date", "6/21/1999", "1999-06-22", False),
            ("Agreement Date", "[]/[]/2000", "2000-01-01", None),
            ("Expiration Date", "6/21/2000", "2000-06-20", True),
            ("Expiration Date", "perpetual", "2000-06-20", False),
            ("Expiration Date", "perpetual", "perpetual", True),
            ("Expiration Date", "6/21/2000", "perpetual", False),
            ("Renewal Term", "successive 1 year", "P12M", True),
            ("Renewal Term", "successive 1 year", "P1Y", True),
            ("Renewal Term", "perpetual", "P1Y", None),
            ("Notice Period To Terminate Renewal", "30 days", "P30D", True),
            ("Notice Period To Terminate Renewal", "30 days", "P1M", True),
            ("Notice Period To Terminate Renewal", "30 days", "P60D", False),
            ("Governing Law", "New York", "New York", True),
            ("Governing Law", "State of New York", "New York", True),
            ("Governing Law", "New York", "Delaware", False),
        ],
    )
    def test_is_compared_as_what_it_means(self, category: str, answer: str, value: str, right: bool | None) -> None:
        assert same(category, answer, value) is right

    def test_that_is_wrong_costs_twice_and_a_missing_one_once(self) -> None:
        contracts = [contract("a"), contract("b"), contract("c")]
        told = [Told("a", LAW, "New York", None, ""), Told("b", LAW, "Delaware", None, "")]
        counts = value_counts(contracts, told, LAW)
        assert (counts.tp, counts.fp, counts.fn) == (1, 1, 2)


class TestTheData:
    def test_is_dealt_out_the_same_way_every_time(self) -> None:
        contracts = [contract(str(number)) for number in range(23)]
        dealt = folds(contracts)
        assert sorted(c.title for fold in dealt for c in fold) == sorted(c.title for c in contracts)
        assert [[c.title for c in fold] for fold in dealt] == [
            [c.title for c in fold] for fold in folds(contracts[::-1])
        ]
        assert resampled(contracts, 1) == resampled(contracts, 1)
        assert interval([float(n) for n in range(1000)]) == (25.0, 975.0)

    def test_may_lack_annotations(self, tmp_path: Path) -> None:
        path = tmp_path / "plain.json.gz"
        path.write_bytes(gzip.compress(json.dumps({"docs": [{"title": "a", "text": "x"}]}).encode()))
        assert load(path) == [Contract("a", "x")]

    def test_that_is_absent_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(SystemExit, match="AFTERSIGN_SHARED"):
            load(tmp_path / "nothing.json.gz")
