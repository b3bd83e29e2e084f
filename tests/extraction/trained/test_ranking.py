"""What is shown of a contract: the parties' paragraph as one, every date once."""

from __future__ import annotations

from extraction.trained.passages import Passage
from extraction.trained.ranking import gathered, once


def party(start: int, end: int, chance: float) -> Passage:
    return Passage("Parties", start, end, chance)


class TestTheParties:
    def test_are_shown_as_the_paragraph_that_names_them(self) -> None:
        found = gathered([party(100, 180, 0.9), party(0, 90, 0.4), party(181, 300, 0.02)])
        assert found == [party(0, 300, 0.9)]

    def test_that_stand_apart_stay_apart(self) -> None:
        found = gathered([party(0, 90, 0.9), party(5000, 5100, 0.3)])
        assert found == [party(0, 90, 0.9), party(5000, 5100, 0.3)]

    def test_never_swallow_the_whole_contract(self) -> None:
        found = gathered([party(start, start + 900, 0.5) for start in range(0, 20_000, 1000)])
        assert len(found) > 1
        assert all(one.end - one.start <= 6000 for one in found)

    def test_leave_other_categories_as_they_are(self) -> None:
        other = [Passage("Insurance", 0, 90, 0.9), Passage("Insurance", 91, 180, 0.8)]
        assert gathered(other) == other


class TestMentions:
    def test_of_the_same_words_are_shown_once_at_their_likeliest_place(self) -> None:
        text = "May 1, 2020 and MAY 1 2020 and June 2, 2021"
        found = [
            Passage("Agreement Date", 0, 11, 0.2),
            Passage("Agreement Date", 16, 26, 0.7),
            Passage("Agreement Date", 31, 43, 0.1),
        ]
        assert [one.start for one in once(text, found)] == [16, 31]
