"""Measurements and misses are kept once a window on either database, exact, and corrected only while unclaimed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from domain.money import Money
from domain.outages import Impact, Outage
from domain.sla.availability import Counting, measure
from domain.sla.claims import ClaimState
from domain.sla.measured import Measured, Verdict
from store import audit, contracts, sla_measurements, slas
from store.database import Database
from tests.conftest import NOW
from tests.domain.sla.levels import at, month

TARGET = Decimal("99.9")
JUNE, JULY_30 = (date(2026, 6, 1), date(2026, 6, 30)), date(2026, 7, 30)


@pytest.fixture
def contract(database: Database) -> str:
    digest = "1" * 64
    values = {
        "source": "import", "source_document": digest, "title": "MSA", "customer": "Harrow Mills Ltd",
        "document_sha256": digest, "signers": [], "reference": {},
    }  # fmt: skip
    with database.write() as connection:
        about = {"media_type": "application/pdf", "name": "msa.pdf"}
        contracts.add_document(database, connection, sha256=digest, size=10, now=NOW, **about)
        return contracts.add_contract(database, connection, values, NOW)


def seen(minutes: Fraction, source: str = "probe") -> Measured:
    lost = timedelta(microseconds=int(minutes * 60_000_000))
    return measure(month(), [Outage("api", at(3), at(3) + lost, Impact.DOWN, "o1")], Counting(), source=source)


def keep(database: Database, contract: str, found: Measured, *, counts: bool = True) -> bool:
    with database.write() as connection:
        return sla_measurements.keep(
            database, connection, contract, "api", found,
            target=TARGET, verdict=found.verdict(TARGET), counts=counts, now=NOW,
        )  # fmt: skip


def breach(contract: str, amount: str = "200.00 USD", first: date = JUNE[0], **changed: object) -> dict[str, object]:
    return {
        "contract_id": contract, "service": "api", "window_first": first, "window_last": JUNE[1], "source": "probe",
        "zone": "UTC", "counterparty": "Northbridge", "direction": "theirs", "metric": "availability", "amount": amount, "why": ["because"], "claim_by": JULY_30,
        "send_by": JULY_30, "channels": "email", "state": "due", **changed,
    }  # fmt: skip


def raised(database: Database, values: dict[str, object]) -> tuple[dict[str, object], bool]:
    with database.write() as connection:
        row, made = slas.raise_breach(database, connection, values, NOW)
    return dict(row), made


def moved(database: Database, identity: object, state: ClaimState) -> None:
    with database.write() as connection:
        row = slas.get(connection, str(identity))
        assert row is not None
        slas.move(connection, row, state, who="a@x.example", now=NOW)


class TestAMeasurement:
    def test_is_kept_once_and_exactly(self, database: Database, contract: str) -> None:
        found = seen(Fraction(5545, 60))
        assert [keep(database, contract, found), keep(database, contract, found)] == [True, False]
        with database.read() as connection:
            [row] = sla_measurements.measured(connection, contract)
        assert Fraction(row["down"]) == Fraction(5545, 60)
        assert Fraction(row["highest"]) == found.highest
        assert row["outages"] == [
            {"start": "2026-06-03T00:00:00+00:00", "end": "2026-06-03T01:32:25+00:00", "impact": "down", "id": "o1",
             "title": "", "url": ""}
        ]  # fmt: skip

    def test_that_is_corrected_gets_a_version_and_leaves_a_trace(self, database: Database, contract: str) -> None:
        keep(database, contract, seen(Fraction(60)))
        assert keep(database, contract, seen(Fraction(10)))
        with database.read() as connection:
            [row] = sla_measurements.measured(connection, contract)
            trail = audit.trail(connection, contract)
        assert (row["version"], row["verdict"]) == (2, Verdict.MET)
        assert "sla.remeasured" in {entry.action for entry in trail}

    def test_of_the_source_that_counts_comes_first(self, database: Database, contract: str) -> None:
        keep(database, contract, seen(Fraction(60), "a page"), counts=False)
        keep(database, contract, seen(Fraction(10)))
        with database.read() as connection:
            [entry] = slas.entries(connection, contract)
        assert [one.source for one in entry.seen] == ["probe", "a page"]
        assert (entry.verdict, entry.disagree, entry.state) == (Verdict.MET, True, None)


class TestAMiss:
    def test_is_raised_once_a_window(self, database: Database, contract: str) -> None:
        first, made = raised(database, breach(contract))
        again, remade = raised(database, breach(contract))
        assert (made, remade, again["id"]) == (True, False, first["id"])
        with database.read() as connection:
            assert len(slas.listed(connection)) == 1

    def test_takes_over_a_correction_while_nobody_has_claimed_it(self, database: Database, contract: str) -> None:
        first, _ = raised(database, breach(contract))
        moved(database, first["id"], ClaimState.DRAFTED)
        again, _ = raised(database, breach(contract, "400.00 USD"))
        assert (again["amount"], again["state"]) == ("400.00 USD", ClaimState.DUE)

    @pytest.mark.parametrize("state", [ClaimState.SENT, ClaimState.CREDITED, ClaimState.LAPSED])
    def test_is_left_alone_once_it_was_claimed_or_is_over(
        self, database: Database, contract: str, state: ClaimState
    ) -> None:
        first, _ = raised(database, breach(contract))
        moved(database, first["id"], state)
        again, _ = raised(database, breach(contract, "400.00 USD"))
        assert (again["amount"], again["state"]) == ("200.00 USD", state)

    def test_that_was_withdrawn_comes_back(self, database: Database, contract: str) -> None:
        first, _ = raised(database, breach(contract))
        moved(database, first["id"], ClaimState.WITHDRAWN)
        again, made = raised(database, breach(contract))
        assert (again["id"], again["state"], made) == (first["id"], ClaimState.DUE, False)


class TestTheCredits:
    def test_that_are_owed_tell_whether_they_are_claimed(self, database: Database, contract: str) -> None:
        states = (ClaimState.DRAFTED, ClaimState.SENT, ClaimState.ACCEPTED, ClaimState.CREDITED, ClaimState.REJECTED,
                  ClaimState.LAPSED)  # fmt: skip
        for number, state in enumerate(states):
            row, _ = raised(database, breach(contract, first=date(2026, number + 1, 1)))
            moved(database, row["id"], state)
        with database.read() as connection:
            found = slas.credits_due(connection, contract)
        assert [(one.window_first.month, one.claimed) for one in found] == [(1, False), (2, True), (3, True)]
        assert {one.amount for one in found} == {Money(Decimal("200.00"), "USD")}

    def test_of_nothing_or_of_an_unknown_fee_are_not_expected(self, database: Database, contract: str) -> None:
        raised(database, breach(contract, "0.00 USD"))
        raised(database, breach(contract, "", first=date(2026, 5, 1)))
        with database.read() as connection:
            assert slas.credits_due(connection, contract) == []

    def test_of_half_a_dollar_are(self, database: Database, contract: str) -> None:
        raised(database, breach(contract, "0.50 USD"))
        with database.read() as connection:
            assert len(slas.credits_due(connection, contract)) == 1
