"""The state of an import and proposed families are kept on either database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from domain.documents import FileKind
from domain.papers import LinkKind, Proposal
from domain.portfolio import Entry, FileState
from domain.terms import Citation
from store import audit, contracts, families, portfolio
from store.database import Database
from store.tables import alerts, import_batches
from tests.conftest import NOW

TODAY = NOW.date()
ENTRIES = [Entry(f"{number:064}", f"/f/{number}.pdf", f"{number}.pdf", FileKind.PDF, 10) for number in (1, 2)]


@pytest.fixture
def pair(database: Database) -> tuple[str, str]:
    """Store two contracts of one customer."""
    return contract(database, 1), contract(database, 2)


def contract(database: Database, number: int) -> str:
    digest = f"{number:064}"
    values = {
        "source": "import",
        "source_document": digest,
        "title": f"paper {number}",
        "customer": "Harrow Mills Ltd",
        "document_sha256": digest,
        "signers": [],
        "reference": {},
    }
    with database.write() as connection:
        about = {"media_type": "application/pdf", "name": f"{number}.pdf"}
        contracts.add_document(database, connection, sha256=digest, size=10, now=NOW, **about)
        return contracts.add_contract(database, connection, values, NOW)


def alert(database: Database, contract_id: str, identity: str, due: date) -> None:
    row = {"id": identity, "contract_id": contract_id, "deadline_version": "v", "stage": 30, "recipient": "a@x.example"}
    with database.write() as connection:
        connection.execute(
            insert(alerts).values(**row, due_on=due, act_by=due, state="planned", explanation=[]),
        )


class TestABatch:
    def test_opened_twice_keeps_what_is_done(self, database: Database, pair: tuple[str, str]) -> None:
        portfolio.register(database, "b", "/f", ENTRIES, NOW)
        with database.write() as connection:
            portfolio.note(connection, "b", ENTRIES[0].sha256, FileState.DONE, NOW, contract_id=pair[0], text_hash="t")
        portfolio.register(database, "b", "/f", ENTRIES, NOW)
        with database.read() as connection:
            assert [row["state"] for row in portfolio.states(connection, "b").values()] == ["done", "found"]
            assert portfolio.unfinished(connection, "b") == 1
            assert portfolio.texts(connection) == {"t": (ENTRIES[0].sha256, "1.pdf")}
            assert portfolio.on_file(connection) == {f"{1:064}": pair[0], f"{2:064}": pair[1]}
            assert portfolio.folder_of(connection, "b") == "/f"
            assert portfolio.folder_of(connection, "none") is None


class TestCollapsedAlerts:
    def test_are_told_once_the_import_ended(self, database: Database, pair: tuple[str, str]) -> None:
        portfolio.register(database, "b", "/f", ENTRIES, NOW)
        alert(database, pair[0], "due", TODAY)
        alert(database, pair[1], "later", TODAY + timedelta(days=5))
        with database.write() as connection:
            for identity in pair:
                portfolio.collapse(connection, identity, TODAY)
            assert portfolio.collapsed(connection, NOW) == []
            portfolio.finish(connection, "b", NOW)
            assert [row["id"] for row in portfolio.collapsed(connection, NOW)] == ["due"]
            portfolio.told(connection, ["due"], "a@x.example", NOW)
            assert portfolio.collapsed(connection, NOW) == []
        assert audit.verify(database)[2] is None

    def test_are_told_when_the_import_was_given_up(self, database: Database, pair: tuple[str, str]) -> None:
        portfolio.register(database, "b", "/f", ENTRIES, NOW - timedelta(hours=2))
        alert(database, pair[0], "due", TODAY)
        with database.write() as connection:
            portfolio.collapse(connection, pair[0], TODAY)
            connection.execute(update(import_batches).values(finished_at=None))
            assert [row["id"] for row in portfolio.collapsed(connection, NOW)] == ["due"]


class TestProposals:
    def test_are_kept_once_and_decided_once(self, database: Database, pair: tuple[str, str]) -> None:
        quote = Citation("0" * 64, 1, 0, 4, "amends")
        link = Proposal(pair[0], pair[1], LinkKind.AMENDS, 0.9, "it says so", quote)
        with database.write() as connection:
            assert families.save(database, connection, [link], NOW) == 1
            assert families.save(database, connection, [link], NOW) == 0
            (row,) = families.listed(connection)
            assert (row["child"], row["parent"], row["customer"]) == ("paper 1", "paper 2", "Harrow Mills Ltd")
            stored = families.get(connection, row["id"])
            assert stored is not None
            families.decide(connection, stored, accept=True, who="a@x.example", because="", now=NOW)
            assert families.listed(connection) == []
            assert families.save(database, connection, [link], NOW) == 0
            assert [one["state"] for one in families.listed(connection, ["accepted"])] == ["accepted"]
            assert {paper.file for paper in families.papers(connection)} == {"1.pdf", "2.pdf"}
