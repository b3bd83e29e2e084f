"""A full check by the screen comes to what checking every invoice exactly comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.findings.audit import audit
from domain.findings.contract import Policy
from domain.invoices import Invoice
from store import findings, invoices
from store.database import Database
from store.migrate import migrate
from tasks import reconciling
from tasks.screening import Rules, screened_audit
from tests.conftest import NOW
from tests.domain.findings.desk import TODAY, clean, contract, eur, seats, with_line
from tests.tasks.test_reconciling import Books, books, row

__all__ = ["books"]


def renumbered(papers: list[Invoice]) -> list[Invoice]:
    return [replace(one, id=f"D-{one.id}", number=f"D-{one.number}", contract_number="SO-78") for one in papers]


@pytest.fixture
def stored(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(database)
    return database


class TestTheScreen:
    def test_finds_what_the_exact_rules_find(self, stored: Database) -> None:
        one = contract(tax_rate=None)
        other = contract(seats(product="Desks"), id="c2", number="SO-78")
        broken = contract(seats(), seats(), id="c3", number="SO-79")
        papers = [*clean(one), *renumbered(clean(other))]
        papers[2] = with_line(papers[2], amount=eur("540.00"))
        papers[9] = with_line(papers[9], amount=eur("480.00"))
        del papers[4]
        with stored.write() as connection:
            invoices.keep(stored, connection, papers, "", NOW)
        rules = Rules(Policy(), {}, TODAY, date(2026, 1, 1))
        with stored.read() as connection:
            found = screened_audit(connection, [one, other, broken], rules, list)
        exact = audit([one, other, broken], papers, today=TODAY, policy=Policy(), since=date(2026, 1, 1))
        assert {x.fingerprint for x in found.findings} == {x.fingerprint for x in exact.findings}
        assert len(exact.findings) == 3
        assert found.problems == exact.problems

    def test_is_used_for_very_many_invoices(self, books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
        books.night(date(2026, 4, 10))
        books.invoices("first.csv", row(1), row(2), row(3), row(4, "470.00"))
        monkeypatch.setattr(reconciling, "MANY", 1)
        books.night(date(2026, 4, 11), full=True)
        assert books.found() == [("AR-UNDER", "detected", "30.00")]
        with books.office.database.read() as connection:
            assert [one["status"] for one in findings.listed(connection, statuses=["resolved"])] == ["resolved"]  # type: ignore[list-item]
