"""People say what becomes of findings and whose an invoice is; nobody else, and nothing half."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from domain.errors import Permanent
from domain.findings.status import Move, Status
from store import findings
from tasks import context, money_moves
from tasks.money_terms import books as books_of
from tasks.reconcile import contract_files
from tasks.worklist import Item, write_worklist
from tests.tasks.test_reconciling import Books, books, row
from tests.tasks.test_worklist import edited, sheet

__all__ = ["books"]
DAY = date(2026, 4, 10)


def who(books: Books) -> str:
    return next(iter(books.office.business.people))


def worklist(books: Books, path: Path, status: Status, note: str = "") -> Path:
    with books.office.database.read() as connection:
        (one,) = findings.listed(connection)
    write_worklist(path, [Item(findings.finding_of(one), "SO-77", "Hollowmere", Status(one["status"]))], today=DAY)
    cells = {**sheet(path)[0], "status": str(status), "note": note}
    written = {name: str(value) for name, value in cells.items()}
    return edited(path.parent, [list(written), list(written.values())])


class TestPeople:
    def test_move_a_finding_by_the_beginning_of_its_fingerprint(self, books: Books) -> None:
        books.night(DAY)
        with books.office.database.read() as connection:
            fingerprint = findings.listed(connection)[0]["fingerprint"]
        assert (
            money_moves.move(books.office.ctx, fingerprint[:7], Move(Status.CONFIRMED, who(books))) is Status.CONFIRMED
        )
        assert books.found() == [("AR-UNDER", "confirmed", "20.00")]

    def test_are_colleagues(self, books: Books) -> None:
        books.night(DAY)
        with books.office.database.read() as connection:
            fingerprint = findings.listed(connection)[0]["fingerprint"]
        with pytest.raises(Permanent, match="may not decide"):
            money_moves.move(books.office.ctx, fingerprint, Move(Status.CONFIRMED, "stranger@elsewhere.example"))
        assert books.found() == [("AR-UNDER", "detected", "20.00")]

    def test_get_a_letter_with_the_arithmetic(self, books: Books) -> None:
        books.night(DAY)
        ctx = books.office.ctx
        with context.use(ctx):
            letter = money_moves.dispute(ctx, books_of(ctx, contract_files(ctx).contracts), "R-3")
        assert "20.00" in letter.body
        assert "EUR 12.50 per seat and month" in letter.body

    def test_get_no_letter_about_nothing(self, books: Books) -> None:
        books.night(DAY)
        ctx = books.office.ctx
        with pytest.raises(Permanent, match="Nothing is open"):
            money_moves.dispute(ctx, books_of(ctx, contract_files(ctx).contracts), "R-1")


class TestAMatch:
    def test_is_remembered_for_that_sender(self, books: Books) -> None:
        books.invoices("stranger.csv", row(4, number="S-1", contract="").replace("Hollowmere Cloud", "HM Services"))
        books.night(DAY)
        ctx = books.office.ctx
        money_moves.match(ctx, books_of(ctx, contract_files(ctx).contracts), "s 1", "SO-77", who(books))
        books.night(date(2026, 4, 11))
        assert ("NO-CONTRACT", "detected") not in [(code, status) for code, status, _ in books.found()]

    @pytest.mark.parametrize(("number", "contract"), [("S-9", "SO-77"), ("R-1", "SO-99")])
    def test_needs_an_invoice_and_a_contract_that_are_there(self, books: Books, number: str, contract: str) -> None:
        books.night(DAY)
        ctx = books.office.ctx
        with pytest.raises(Permanent):
            money_moves.match(ctx, books_of(ctx, contract_files(ctx).contracts), number, contract, who(books))


class TestAWorkList:
    def test_comes_back_with_what_people_wrote(self, books: Books, tmp_path: Path) -> None:
        books.night(DAY)
        path = worklist(books, tmp_path / "list.xlsx", Status.REJECTED, "agreed by phone")
        assert len(money_moves.apply_worklist(books.office.ctx, path, who(books))) == 1
        with books.office.database.read() as connection:
            (one,) = findings.listed(connection, statuses=[Status.REJECTED])
            assert findings.events(connection, one["fingerprint"])[-1]["why"] == "agreed by phone"
        assert money_moves.apply_worklist(books.office.ctx, path, who(books)) == []

    def test_with_a_step_that_is_none_changes_nothing(self, books: Books, tmp_path: Path) -> None:
        books.night(DAY)
        path = worklist(books, tmp_path / "list.xlsx", Status.RECOVERED)
        with pytest.raises(Permanent, match="row 2"):
            money_moves.apply_worklist(books.office.ctx, path, who(books))
        assert books.found() == [("AR-UNDER", "detected", "20.00")]
