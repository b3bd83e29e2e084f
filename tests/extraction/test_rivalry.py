"""Words that mean another term, as both readers say, are no second reading of this one."""

from __future__ import annotations

from dataclasses import replace

from domain.terms import Citation, Rival, Standing, Term, TermField
from extraction.rivalry import settled

PAGE = Citation("0" * 64, 1, 0, 10, "")


def cite(start: int, end: int) -> Citation:
    return replace(PAGE, start=start, end=end)


INITIAL = Term(
    TermField.INITIAL_TERM, "P24M", cite(100, 130), "term", standing=Standing.NEEDS_REVIEW,
    rivals=(Rival("P12M", cite(220, 238), "trained"),),
)  # fmt: skip
RENEWAL = Term(TermField.RENEWAL_TERM, "P12M", cite(200, 240), "renewal", readers=("rules", "trained"))


def rivals(*others: Term, term: Term = INITIAL) -> tuple[Rival, ...]:
    return settled([term, *others])[0].rivals


class TestARival:
    def test_that_both_readers_take_for_another_term_is_none(self) -> None:
        assert rivals(RENEWAL) == ()

    def test_stays_where_only_one_reader_does(self) -> None:
        assert rivals(replace(RENEWAL, readers=("rules",))) == INITIAL.rivals

    def test_stays_where_its_words_stand_elsewhere(self) -> None:
        assert rivals(replace(RENEWAL, citation=cite(300, 340))) == INITIAL.rivals

    def test_stays_where_the_words_mean_another_value_there(self) -> None:
        assert rivals(replace(RENEWAL, value="P6M")) == INITIAL.rivals

    def test_stays_where_both_values_come_from_the_same_words(self) -> None:
        assert rivals(RENEWAL, term=replace(INITIAL, citation=cite(205, 215))) == INITIAL.rivals

    def test_is_judged_without_touching_anything_else(self) -> None:
        assert settled([RENEWAL, INITIAL])[0] is RENEWAL
        assert settled([INITIAL, RENEWAL])[0].standing is Standing.NEEDS_REVIEW
