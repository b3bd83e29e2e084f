"""The shipped model is data: small, readable without running anything, and with its origin named."""

from __future__ import annotations

import lzma
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest

from extraction.trained.artefact import FILE, model, packed, read, write
from extraction.trained.lexicon import CATEGORIES, hits
from extraction.trained.linear import Linear
from extraction.trained.lock import KNOWN, LEAST, SURE
from extraction.trained.trees import Trees
from extraction.trained.values import FIELDS


class TestTheShippedModel:
    def test_is_small(self) -> None:
        assert FILE.stat().st_size <= 2_000_000

    def test_names_its_data_and_their_licence(self) -> None:
        assert "CUAD" in model().about["trained on"]
        assert "CC BY 4.0" in model().about["licence of the data"]

    def test_knows_every_category_and_every_field(self) -> None:
        assert len(CATEGORIES) == 41
        assert len(model().second) == 41
        assert len(model().compared) == 3
        assert set(model().values) == set(model().locks) == set(FIELDS)

    def test_holds_no_pickle(self) -> None:
        with np.load(BytesIO(lzma.decompress(FILE.read_bytes())), allow_pickle=False) as file:
            assert all(file[name].dtype.kind in "iuf" for name in file.files)


class TestAFileWithObjects:
    def test_is_refused(self) -> None:
        file = BytesIO()
        np.savez(file, about=np.array([{"a": 1}], dtype=object))
        with pytest.raises(ValueError, match="Object arrays cannot be loaded"):
            read(lzma.compress(file.getvalue()))


class TestWriting:
    def test_makes_the_same_bytes_of_the_same_arrays(self) -> None:
        arrays = {"b": np.arange(5), "a": packed("text")}
        assert write(arrays) == write(dict(reversed(arrays.items())))


class TestLinear:
    LINE = Linear({"renew": 0, "law": 1}, np.array([[100, 0], [0, -50]], np.int8), np.array([0.1, 0.2], np.float32),
                  np.array([-1, 1], np.float32))  # fmt: skip

    def test_adds_the_weights_of_known_words(self) -> None:
        told = self.LINE.logits([{"renew", "law", "so", "on"}])
        assert told.tolist() == [[pytest.approx(100 * 0.1 / 2 - 1), pytest.approx(-50 * 0.2 / 2 + 1)]]

    def test_counts_by_rarity_where_it_is_told(self) -> None:
        line = replace(self.LINE, squares=np.array([9, 16], np.float32))
        told = line.logits([{"renew", "law", "so", "on"}, {"law"}, {"other"}])
        assert told[0].tolist() == [pytest.approx(100 * 0.1 / 5 - 1), pytest.approx(-50 * 0.2 / 5 + 1)]
        assert told[1].tolist() == [-1, pytest.approx(-50 * 0.2 / 4 + 1)]
        assert told[2].tolist() == [-1, 1]

    def test_of_nothing_known_is_the_bias(self) -> None:
        assert self.LINE.logits([set(), {"other"}]).tolist() == [[-1, 1], [-1, 1]]


class TestTrees:
    def test_walk_to_their_leaves(self) -> None:
        tree = Trees(
            column=np.array([[1, 0, 0]], np.uint8),
            threshold=np.array([[0.5, 0, 0]], np.float32),
            left=np.array([[1, 1, 2]], np.uint8),
            right=np.array([[2, 1, 2]], np.uint8),
            value=np.array([[0, -2, 3]], np.float32),
            start=1.0,
            depth=1,
        )
        assert tree.logits(np.array([[9, 0.5], [9, 0.6]], np.float32)).tolist() == [-1, 4]


class TestLocks:
    def test_are_sure_only_of_what_is_likely(self) -> None:
        for lock in model().locks.values():
            assert lock.shape == (len(KNOWN) + 3,)
            assert lock[SURE] > 0.75
            assert lock[LEAST] <= 0.5


class TestTheLexicon:
    def test_counts_in_lower_case(self) -> None:
        assert hits("Governing Law", "governed by the laws of texas") == [1, 1, 0, 0]

    @pytest.mark.parametrize("category", CATEGORIES)
    def test_of_repeated_words_takes_no_time(self, category: str) -> None:
        assert len(hits(category, "notwithstanding no exclusive license term " * 300)) == 4
