"""The review queue reads many contracts at once, and tells of each what it tells of it alone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, insert, literal

from domain.access import FieldClass
from store import facts, readings, reviews
from store import tables as t
from store.database import Database
from store.views import review
from tests.conftest import NOW
from tests.store.test_search_index import stored

CITED = {"sha256": "0" * 64, "page": 1, "start": 0, "end": 4, "quote": "Term"}
FACTS = {
    "type": "nda", "region": "EMEA", "tier": "", "product": "", "counterparty": "Okoro", "value": None, "annual": None,
    "starts": None, "ends": None, "ended_on": None, "renewal_type": "", "notice_period": "", "governing_law": "",
    "contract_number": "", "doubts": 1, "missing": [], "standing": "own", "parent_id": None,
}  # fmt: skip
QUEUE = review.Queue(literal(value=True), {}, date(2026, 11, 23), dict.fromkeys(FieldClass, literal(value=True)))


@pytest.fixture
def papers(database: Database) -> list[str]:
    with database.write() as connection:
        ids = [stored(database, connection, f"p{number}", "Okoro", ("Term",)) for number in range(12)]
        for number, contract in enumerate(ids):
            connection.execute(
                insert(t.gaps).values(contract_id=contract, field="term_end", why=f"nothing says it in {number}")
            )
            said = {"contract_id": contract, "value": f"P{number + 1}M", "rule": "r", "citation": CITED}
            connection.execute(insert(t.terms).values(**said, field="initial_term", standing="needs review"))
            made = {"contract_id": contract, "who": "dana", "at": NOW, "verdict": "accepted"}
            if number % 3 == 0:
                connection.execute(insert(t.reviews).values(**made, field="initial_term", value=f"P{number + 1}M"))
            facts.keep(database, connection, contract, FACTS, NOW)
    return ids


def test_many_are_read_as_each_alone(database: Database, papers: list[str]) -> None:
    with database.read() as connection:
        found = readings.load_all_unreviewed(connection, papers)
        decided = reviews.of_all(connection, papers)
        assert found == {one: readings.load_unreviewed(connection, one) for one in papers}
        assert decided == {one: reviews.of(connection, one) for one in papers}
    assert [found[one].terms[0].value for one in papers] == [f"P{number + 1}M" for number in range(12)]
    assert [len(decided[one]) for one in papers] == [1, 0, 0] * 4


def test_a_page_asks_as_often_for_twelve_as_for_one(database: Database, papers: list[str]) -> None:
    asked: list[str] = []
    event.listen(database.engine, "after_cursor_execute", lambda *given: asked.append(given[2]))
    with database.read() as connection:
        review.page(connection, QUEUE, 1)
        alone = _reads(asked)
        whole = review.page(connection, QUEUE, 100)
        each = [row for at in range(12) for row in review.page(connection, QUEUE, 1, at)]
    assert whole == each
    # What somebody accepted waits no longer.
    assert {row["contract_id"] for row in whole} == {one for number, one in enumerate(papers) if number % 3}
    assert _reads(asked) == alone * 14


def _reads(asked: list[str]) -> int:
    return sum(statement.startswith("SELECT") for statement in asked)
