"""Invoices and findings are stored exactly, once, and every step of theirs is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import Permanent
from domain.findings.finding import Code, Finding, Place
from domain.findings.matching import Match
from domain.findings.night import Change, Kind
from domain.findings.status import Move, Status
from domain.invoices import Direction, InvoiceProblem
from store import findings, invoices
from store.database import Database
from tests.conftest import NOW
from tests.domain.findings.desk import CLAUSE, D, clean, contract, eur

WHO = "gregor.palmqvist@lumora.example"
LATER = NOW + timedelta(days=1)


def found() -> Finding:
    place = Place("files", "R-1", "R-1", date(2026, 3, 1), "1")
    return Finding(
        Code.PRICE_OVER, Direction.PAYABLE, "c1", "40 x 13.50", place, "Seats", date(2026, 3, 1), date(2026, 3, 31),
        eur("500.00"), eur("540.00"), clauses=(CLAUSE,), dispute_by=date(2026, 4, 30),
    )  # fmt: skip


def raised(database: Database) -> str:
    one = found()
    with database.write() as connection:
        findings.record(
            connection, Change(Kind.RAISED, one.fingerprint, Status.DETECTED, "new", one), terms="v1", now=NOW
        )
    return one.fingerprint


def moved(database: Database, fingerprint: str, *steps: Move) -> None:
    for step in steps:
        with database.write() as connection:
            findings.move(connection, fingerprint, step, NOW)


class TestInvoices:
    def test_come_back_exactly_as_they_were(self, database: Database) -> None:
        papers = clean(contract())
        with database.write() as connection:
            assert invoices.keep(database, connection, papers, "", NOW) == len(papers)
        with database.read() as connection:
            assert invoices.load(connection) == papers

    def test_that_did_not_change_are_no_news(self, database: Database) -> None:
        papers = clean(contract())
        for count in (len(papers), 0):
            with database.write() as connection:
                assert invoices.keep(database, connection, papers, "", NOW) == count

    def test_that_changed_replace_what_we_knew(self, database: Database) -> None:
        papers = clean(contract())
        with database.write() as connection:
            invoices.keep(database, connection, papers, "", NOW)
            changed = [replace(papers[0], due=date(2026, 2, 1)), *papers[1:]]
            assert invoices.keep(database, connection, changed, "", LATER) == 1
        with database.read() as connection:
            assert invoices.earliest(connection) == papers[0].issued
            assert invoices.load(connection) == changed

    def test_that_their_source_deleted_do_not_count_and_are_not_lost(self, database: Database) -> None:
        papers = clean(contract())
        with database.write() as connection:
            invoices.keep(database, connection, papers, "", NOW)
            invoices.remove(connection, "files", [papers[0].id], LATER)
        with database.read() as connection:
            assert invoices.load(connection) == papers[1:]
            assert invoices.count(connection) == len(papers)

    def test_are_loaded_by_their_contract(self, database: Database) -> None:
        papers = clean(contract())
        place = Place("files", papers[2].id, papers[2].number, papers[2].issued)
        with database.write() as connection:
            invoices.keep(database, connection, papers, "", NOW)
            invoices.assign(connection, [Match(place, "c1", "contract number", D(1))])
        with database.read() as connection:
            assert invoices.load(connection, contracts=["c1"]) == [papers[2]]
            assert invoices.contracts_changed_since(connection, NOW - timedelta(seconds=1)) == {"c1"}
            assert invoices.contracts_changed_since(connection, NOW) == set()

    def test_that_could_not_be_read_are_kept_until_they_can(self, database: Database) -> None:
        problem = InvoiceProblem("a.csv, line 7", "no amount", "write one")
        with database.write() as connection:
            for _ in range(2):
                invoices.note_problems(database, connection, "files", [problem], NOW)
        with database.write() as connection:
            assert [row["where"] for row in invoices.problems(connection)] == ["a.csv, line 7"]
            invoices.settle_problems(connection, "files", LATER)
            assert invoices.problems(connection) == []

    def test_of_a_sender_go_where_a_person_said(self, database: Database) -> None:
        with database.write() as connection:
            invoices.remember(database, connection, "payable|hm|", "c1", WHO, NOW)
            invoices.remember(database, connection, "payable|hm|", "c2", WHO, NOW)
            assert invoices.remembered(connection) == {"payable|hm|": "c2"}

    def test_are_read_on_from_where_the_source_was_left(self, database: Database) -> None:
        with database.write() as connection:
            assert invoices.cursor(connection, "stripe") == ""
            for value in ("a", "b"):
                invoices.put_cursor(database, connection, "stripe", value, NOW)
            assert invoices.cursor(connection, "stripe") == "b"


class TestFindings:
    def test_come_back_exactly_as_they_were(self, database: Database) -> None:
        fingerprint = raised(database)
        with database.read() as connection:
            (row,) = findings.listed(connection)
            known = findings.known(connection)[fingerprint]
        assert findings.finding_of(row) == found()
        assert (known.at_stake, known.status, known.terms) == (eur("40.00"), Status.DETECTED, "v1")

    def test_keep_every_step_with_who_and_why(self, database: Database) -> None:
        fingerprint = raised(database)
        moved(database, fingerprint, Move(Status.CONFIRMED, WHO), Move(Status.REJECTED, WHO, "agreed by phone"))
        with database.read() as connection:
            steps = [
                (row["before"], row["after"], row["who"], row["why"])
                for row in findings.events(connection, fingerprint)
            ]
        assert steps[1:] == [("detected", "confirmed", WHO, ""), ("confirmed", "rejected", WHO, "agreed by phone")]

    def test_refuse_what_is_no_step_and_stay_as_they_are(self, database: Database) -> None:
        fingerprint = raised(database)
        with pytest.raises(Permanent):
            moved(database, fingerprint, Move(Status.CREDITED, WHO))
        with database.read() as connection:
            assert findings.listed(connection)[0]["status"] == "detected"

    def test_add_up_what_was_recovered(self, database: Database) -> None:
        fingerprint = raised(database)
        moved(database, fingerprint, Move(Status.CONFIRMED, WHO), Move(Status.CLAIMED, WHO))
        for change in (
            Change(
                Kind.PARTLY,
                fingerprint,
                Status.CLAIMED,
                "credit note G-1",
                replace(found(), billed=eur("515.00")),
                eur("25.00"),
            ),
            Change(Kind.RECOVERED, fingerprint, Status.RECOVERED, "credit note G-2", recovered=eur("15.00")),
        ):
            with database.write() as connection:
                findings.record(connection, change, terms="v1", now=LATER)
        with database.read() as connection:
            (row,) = findings.listed(connection, statuses=[Status.RECOVERED])
        assert (row["claimed"], row["recovered"]) == ("40.00", "40.00")

    def test_are_told_once_and_again_when_they_change(self, database: Database) -> None:
        fingerprint = raised(database)
        with database.write() as connection:
            findings.mark_told(connection, [row["id"] for row in findings.untold(connection)], NOW)
            assert findings.untold(connection) == []
            dearer = replace(found(), billed=eur("550.00"))
            findings.record(
                connection, Change(Kind.CHANGED, fingerprint, Status.DETECTED, "", dearer), terms="v1", now=LATER
            )
            assert [row["fingerprint"] for row in findings.untold(connection)] == [fingerprint]

    def test_are_found_by_the_beginning_of_their_fingerprint(self, database: Database) -> None:
        fingerprint = raised(database)
        with database.read() as connection:
            assert findings.find(connection, fingerprint[:6]) is not None
            assert findings.find(connection, "zz") is None
