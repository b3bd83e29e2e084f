"""A contract is cut into passages, none lost, sentences whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.trained.features import features, words
from extraction.trained.segments import segments


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in segments(text)]


class TestSegments:
    @pytest.mark.parametrize(
        ("text", "passages"),
        [
            ("It ends. It renews.", ["It ends.", "It renews."]),
            ("Acme Inc. shall pay. Nobody else.", ["Acme Inc. shall pay.", "Nobody else."]),
            ("8.1 Term. This ends.", ["8.1 Term.", "This ends."]),
            ("shall use\n\n\n\nthe goods as sold.", ["shall use\n\n\n\nthe goods as sold."]),
            ("TERM\n\nThis ends.", ["TERM", "This ends."]),
            ("It may: (a) sell; (b) buy.", ["It may:", "(a) sell;", "(b) buy."]),
            ("the U.S. Government pays", ["the U.S. Government pays"]),
            ("", []),
            (" \n ", []),
        ],
    )
    def test_are_sentences_and_items(self, text: str, passages: list[str]) -> None:
        assert cut(text) == passages

    @given(st.text(alphabet="Aa1.;:( )\n\f", max_size=200))
    def test_hold_every_letter_once_and_in_order(self, text: str) -> None:
        kept = "".join(cut(text))
        assert [c for c in kept if not c.isspace()] == [c for c in text if not c.isspace()]

    def test_of_a_long_text_take_no_time(self) -> None:
        assert len(segments("a " * 200_000)) == 1
        assert segments("\n \n" * 50_000) == []


class TestFeatures:
    def test_make_every_number_the_same(self) -> None:
        assert words("Within 30 days, $5,000") == ["within", "#", "days", "$", "#", "#"]

    def test_tell_neighbours_from_the_passage_itself(self) -> None:
        known = features([["governing", "law"], ["texas", "applies"], ["notices"]], 1)
        assert {"texas", "texas applies", "^governing", "<law", ">notices"} <= known
        assert "law" not in known
