"""Dates and titles are judged beside each other: of several that overlap, the likeliest comes first."""

from __future__ import annotations

import numpy as np
import pytest

from extraction.trained.artefact import Second, model
from extraction.trained.compared import COLUMNS, compared, table
from extraction.trained.passages import Passage
from extraction.trained.ranking import MENTIONED, rank
from extraction.trained.trees import Trees

NAME = "Document Name"
TEXT = "MASTER SERVICES AGREEMENT dated May 1, 2020, as amended on June 2, 2021"
FOUND = [
    Passage(NAME, 0, 25, 0.9),
    Passage(NAME, 7, 25, 0.6),
    Passage("Agreement Date", 32, 43, 0.8),
    Passage("Agreement Date", 59, 71, 0.1),
    Passage("Effective Date", 59, 71, 0.3),
]


def odds(chance: float) -> float:
    return float(np.log(chance / (1 - chance)))


class TestTheTable:
    def test_holds_a_row_for_each_mention_of_the_category_alone(self) -> None:
        assert [table(TEXT, FOUND, name).shape for name in MENTIONED] == [(2, COLUMNS), (1, COLUMNS), (2, COLUMNS)]

    def test_tells_which_likelier_mention_a_mention_overlaps(self) -> None:
        longer, shorter = table(TEXT, FOUND, NAME)
        assert longer[3] == -8
        assert shorter[3] == pytest.approx(odds(0.9), rel=1e-4)

    def test_tells_how_likely_the_same_day_is_the_other_date(self) -> None:
        made, amended = table(TEXT, FOUND, "Agreement Date")
        assert made[10] == -8
        assert amended[10] == pytest.approx(odds(0.3), rel=1e-4)

    def test_of_nothing_has_no_rows(self) -> None:
        assert table(TEXT, [], "Effective Date").shape == (0, COLUMNS)


class TestComparing:
    def test_judges_mentions_by_what_is_known_beside_the_others(self) -> None:
        line = np.zeros(COLUMNS, np.float32)
        line[2] = 10  # how far a mention is behind the likeliest
        leaf, nothing = np.zeros((1, 1), np.uint8), np.zeros((1, 1), np.float32)
        look = Second(line, 1.0, Trees(leaf, nothing, leaf, leaf, nothing, 1.0, 0))
        best, other = compared(TEXT, FOUND, {NAME: look})
        assert (best.start, other.start) == (0, 7)
        assert best.probability == pytest.approx(1 / (1 + np.exp(-1)), rel=1e-4)
        assert other.probability < best.probability / 1.5

    def test_of_no_mentions_finds_none(self) -> None:
        assert compared(TEXT, [], dict(zip(MENTIONED, model().compared, strict=True))) == []

    def test_puts_the_whole_title_before_its_parts(self) -> None:
        text = f'{TEXT}\n\nThis Master Services Agreement (the "Agreement") is made as of May 1, 2020.'
        names = {text[one.start : one.end]: one.probability for one in rank(text, model()) if one.category == NAME}
        assert max(names, key=names.__getitem__) == "MASTER SERVICES AGREEMENT"
        assert names["AGREEMENT"] < 0.5
