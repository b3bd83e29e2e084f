"""What people ask for on pages is carried out once, as the command line would do it, and answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import RowMapping

from domain.errors import Permanent, Transient
from domain.requests import SPECS, Kind, checked
from store import clock, decisions, facts, ledger, readings, requests
from tasks.carrying_out import _CARRY, carry_out_all
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, amendment, master

RAFAEL = "rafael.ortiz@lumora.example"


@pytest.fixture
def contract(office: Office) -> str:
    """Sign 24 months from 1 March 2025 with 60 days' notice."""
    return office.paper("msa", master(HARROW, "MSA-2025-01", "1 March 2025"))


def ask(office: Office, kind: Kind, subject: str, answers: Mapping[str, str], who: str = RAFAEL) -> str:
    with office.database.write() as connection:
        return requests.ask(connection, kind, subject, checked(kind, answers), who=who, now=office.now)


def settled(office: Office, identity: str) -> RowMapping:
    carry_out_all(office.ctx)
    with office.database.read() as connection:
        row = requests.get(connection, identity)
    assert row is not None
    return row


class TestRequests:
    def test_of_every_kind_have_a_right_and_somebody_who_carries_them_out(self) -> None:
        assert set(SPECS) == set(Kind) == set(_CARRY)

    def test_are_carried_out_once_and_answered(self, office: Office, contract: str) -> None:
        identity = ask(office, Kind.DECIDE_RENEWAL, contract, {"contract": contract, "verdict": "terminate"})
        row = settled(office, identity)
        assert row["state"] == requests.DONE
        assert "the notice is written" in row["answer"]
        assert carry_out_all(office.ctx) == []
        with office.database.read() as connection:
            assert [one["verdict"] for one in decisions.of_contract(connection, contract)] == ["terminate"]

    def test_asked_twice_while_open_are_one(self, office: Office, contract: str) -> None:
        wish = {"contract": contract, "verdict": "renew"}
        assert ask(office, Kind.DECIDE_RENEWAL, contract, wish) == ask(office, Kind.DECIDE_RENEWAL, contract, wish)

    def test_that_cannot_be_done_say_why_and_how_to_fix_it(self, office: Office, contract: str) -> None:
        row = settled(office, ask(office, Kind.EXECUTE_RENEWAL, contract, {"contract": contract}))
        assert (row["state"], row["answer"]) == (requests.REFUSED, "There is no open decision")
        assert row["fix"]

    def test_of_strangers_change_nothing(self, office: Office, contract: str) -> None:
        wish = {"contract": contract, "verdict": "renew"}
        row = settled(office, ask(office, Kind.DECIDE_RENEWAL, contract, wish, who="eve@elsewhere.example"))
        assert row["state"] == requests.REFUSED
        with office.database.read() as connection:
            assert decisions.of_contract(connection, contract) == []

    def test_with_a_day_that_is_none_are_refused(self, office: Office, contract: str) -> None:
        row = settled(office, ask(office, Kind.FULFIL_DUTY, contract, {"due": "x", "on": "31 April"}))
        assert row["state"] == requests.REFUSED
        assert row["answer"] == "What was sent cannot be read"

    def test_wait_where_waiting_helps(self, office: Office, contract: str) -> None:
        identity = ask(office, Kind.DECIDE_RENEWAL, contract, {"contract": contract, "verdict": "terminate"})
        office.mail.down = office.chat.down = True
        with pytest.raises(Transient):
            carry_out_all(office.ctx)
        with office.database.read() as connection:
            assert [row["id"] for row in requests.waiting(connection)] == [identity]

    def test_take_no_answer_that_was_not_asked_for(self) -> None:
        with pytest.raises(Permanent, match="was not asked for"):
            checked(Kind.ACKNOWLEDGE_RENEWAL, {"contract": "c", "because": "I say so"})
        with pytest.raises(Permanent, match="Verdict is missing"):
            checked(Kind.DECIDE_RENEWAL, {"contract": "c", "verdict": "  "})


class TestTerms:
    def test_that_are_rejected_move_the_deadlines_with_them(self, office: Office, contract: str) -> None:
        with office.database.read() as connection:
            before = clock.current(connection, contract)
        assert before is not None
        assert before["notice_deadline"] is not None
        row = settled(office, ask(office, Kind.REJECT_TERM, contract, {"contract": contract, "field": "notice_period"}))
        assert row["state"] == requests.DONE
        with office.database.read() as connection:
            assert readings.load(connection, contract).get("notice_period") is None
            assert clock.current(connection, contract)["notice_deadline"] is None  # type: ignore[index]


class TestAmendments:
    def test_are_approved_only_as_they_were_shown(self, office: Office, contract: str) -> None:
        office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
        with office.database.read() as connection:
            [waiting] = ledger.listed(connection)
        wrong = {"amendment": waiting["id"], "shown": "0" * 64}
        assert settled(office, ask(office, Kind.APPROVE_AMENDMENT, contract, wrong))["state"] == requests.REFUSED
        right = {"amendment": waiting["id"], "shown": waiting["shown_hash"]}
        assert settled(office, ask(office, Kind.APPROVE_AMENDMENT, contract, right))["state"] == requests.DONE


class TestFacts:
    def test_follow_what_a_contract_says(self, office: Office, contract: str) -> None:
        with office.database.read() as connection:
            row = facts.of(connection, contract)
        assert row is not None
        assert (row["type"], row["starts"], row["ends"]) == ("master_agreement", date(2025, 3, 1), date(2027, 2, 28))
        assert (row["value"], row["value_minor"], row["annual"]) == ("96000.00 USD", 9_600_000, "48000.00 USD")
        assert (row["renewal_type"], row["standing"], row["ended_on"]) == ("auto", "own", None)
        assert row["counterparty_key"] == HARROW.casefold()

    def test_of_a_paper_that_amends_name_the_paper_it_amends(self, office: Office, contract: str) -> None:
        paper = office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
        with office.database.read() as connection:
            row = facts.of(connection, paper)
        assert row is not None
        assert (row["standing"], row["parent_id"]) == ("amends", contract)
