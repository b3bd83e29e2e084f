"""Phrases of frequent words are found where they stand and nowhere else, on either database."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select, text, true

from domain.searching import Term, parse, spans, words
from store import search, search_pairs, search_postgres
from store.database import Database
from store.search import Sight
from store.tables_search import search_hits
from tests.store.test_search_index import stored

ALL = Sight(true(), true(), true())
FREQUENT = ("the", "notice", "of", "termination", "party", "zebra", "quagga")
ASKED = (
    '"notice of"', '"notice of termination"', '"of the notice of"', '"the zebra of"', '"quagga zebra"', "notice-of",
    '"termination the" "of party"', '"notice of" -"of termination"', "notice-term*", '"the the"',
)  # fmt: skip


class TestPairs:
    def test_are_of_frequent_words_side_by_side_alone(self) -> None:
        found = search_pairs.pairs(words("Notice of the zebra of Termination"))
        assert found == {"+notice+of", "+of+the", "+of+termination"}

    def test_leave_out_a_word_that_may_go_on(self) -> None:
        assert search_pairs.asked(("notice", "of", "the"), prefix=True) == ["+notice+of"]
        assert search_pairs.asked(("notice", "of"), prefix=False) == ["+notice+of"]

    def test_hold_words_as_the_index_knows_them(self) -> None:
        assert all(words(word) == [word] for word in search_pairs.FREQUENT)


@pytest.mark.parametrize("old", [False, True], ids=["made with pairs", "given pairs later"])
def test_phrases_are_found_where_they_stand(database: Database, old: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    texts = {f"p{number:02}": " ".join(chance.choices(FREQUENT, k=30)) for number in range(40)}
    with database.write() as connection:
        if old:
            monkeypatch.setattr(search_pairs, "pairs", lambda _: set())
        ids = {stored(database, connection, name, "Okoro", (said,)): said for name, said in texts.items()}
        monkeypatch.undo()
        if old and database.dialect == "postgresql":
            for statement in search_postgres.PAIR:
                connection.execute(text(statement), {"frequent": sorted(search_pairs.FREQUENT)})
        for asked in map(parse, ASKED):
            search.search(connection, asked, ALL)
            found = set(connection.scalars(select(search_hits.c.contract_id)))
            assert found == {contract for contract, said in ids.items() if _fits(said, asked)}, asked


def _fits(said: str, asked: tuple[Term, ...]) -> bool:
    stands = {term: bool(spans(said, (Term(term.words, term.prefix),))) for term in asked}
    return all(there is not term.excluded for term, there in stands.items())
