"""An alert is delivered until somebody has it, answers it, decides, and carries the decision out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Permanent
from domain.terms import Rival, Standing, TermField
from store import clock, contracts, decisions, ledger, readings
from store.outbox import StoredOutbox
from tasks import amending
from tasks.alerting import send_alerts_now
from tasks.closing import what_follows
from tasks.deciding import Verdict, acknowledge, carry_out, decide
from tasks.digest import send_digests_now
from tasks.file import open_contract
from tasks.ownership import mend
from tasks.planning import plan
from tasks.rolling import roll_terms
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, amendment, master

# 24 months from 1 March 2025, 60 days' notice that must be received: 30 December, sent before Christmas 2026.
SEND_BY = date(2026, 12, 24)
LAST_DAY = date(2026, 12, 30)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def contract(office: Office) -> str:
    office.on(date(2026, 3, 2))
    return office.paper("msa", master(HARROW, "MSA-2025-01", "1 March 2025"))


def owner_and_backup(office: Office, contract: str) -> tuple[str, str]:
    with office.database.read() as connection:
        row = contracts.get(connection, contract)
    return row["owner_email"], row["backup_email"]


def send(office: Office, day: date, limit: int = 200) -> list[str]:
    return send_alerts_now(office.on(day), dry_run=False, limit=limit)


class TestTheLadder:
    def test_reaches_owner_and_backup_once_a_stage(self, office: Office, contract: str) -> None:
        with office.database.read() as connection:
            row = clock.current(connection, contract)
        assert row is not None
        assert (row["send_by"], row["notice_deadline"]) == (SEND_BY, LAST_DAY)
        assert row["inputs"]["notice_period"]["value"] == "P60D"
        assert row["calendar_version"].startswith("holidays ")
        day = date(2026, 3, 3)
        while day <= date(2026, 8, 31):
            send(office, day)
            day += ONE_DAY
        assert sorted(to for to, _ in office.told()) == sorted(owner_and_backup(office, contract))
        [first, _] = office.told()
        assert first[1] == "Harrow Mills Ltd: 120 days left to act on msa (by 2026-12-24)"

    def test_says_what_happens_if_nobody_acts(self, office: Office, contract: str) -> None:
        send(office, date(2026, 8, 26))
        body = StoredOutbox(office.database, lambda: office.now).find("mail", "mail")[0][1]
        text = str(body["text"])
        assert "If nobody acts it renews after 2027-02-28 for 12 months and commits USD 48,000.00" in text
        assert "notice period: P60D (page 1" in text

    def test_after_an_outage_is_one_message_and_not_all_that_were_missed(self, office: Office, contract: str) -> None:
        send(office, date(2026, 10, 30))  # 120 and 90 were missed, 60 is due: 55 days are left
        owner, backup = owner_and_backup(office, contract)
        assert sorted(to for to, _ in office.told()) == sorted([owner, backup])
        set_aside = office.alerts(contract, "superseded")
        assert {row["stage"] for row in set_aside} == {120, 90}
        assert all("several were due at once" in str(row["reason"]) for row in set_aside)


class TestADelivery:
    def test_is_tried_until_it_arrives_and_then_never_again(self, office: Office, contract: str) -> None:
        office.mail.down = office.chat.down = True
        for hour in range(2):
            with pytest.raises(Permanent, match="2 alerts were not delivered"):
                send(office, date(2026, 8, 26) + ONE_DAY * hour)
        assert office.told() == []
        office.mail.down = office.chat.down = False
        send(office, date(2026, 8, 28))
        send(office, date(2026, 8, 28))
        assert len(office.told()) == 2

    def test_by_one_way_is_enough(self, office: Office, contract: str) -> None:
        office.mail.down = True
        assert len(send(office, date(2026, 8, 26))) == 2
        assert office.told() == []
        assert len(office.told("chat")) == 2

    def test_that_keeps_failing_goes_to_somebody_else_as_well(self, office: Office, contract: str) -> None:
        office.mail.down = office.chat.down = True
        for hour in range(3):
            with pytest.raises(Permanent):
                send(office, date(2026, 8, 26) + ONE_DAY * hour)
        office.mail.down = office.chat.down = False
        send(office, date(2026, 8, 29))
        assert {to for to, _ in office.told()} > set(owner_and_backup(office, contract))

    def test_to_somebody_who_left_goes_to_the_manager_within_the_hour(self, office: Office, contract: str) -> None:
        owner, backup = owner_and_backup(office, contract)
        office.leaves(owner)
        send(office, date(2026, 8, 26))
        manager = office.person(owner).manager or office.business.playbook.revops
        assert {to for to, _ in office.told()} == {backup, manager}
        [gone] = office.alerts(contract, "suppressed")
        assert gone["reason"] == f"{owner} cannot be reached"

    def test_finds_somebody_where_owner_and_backup_have_left(self, office: Office, contract: str) -> None:
        for email in owner_and_backup(office, contract):
            office.leaves(email)
        send(office, date(2026, 8, 26))
        reached = {to for to, _ in office.told()}
        assert reached
        assert all(office.person(email).active for email in reached)

    def test_to_somebody_on_leave_reaches_the_manager_where_the_backup_is_away_too(
        self, office: Office, contract: str
    ) -> None:
        owner, backup = owner_and_backup(office, contract)
        for email in (owner, backup):
            office.away(email, date(2026, 8, 20), date(2026, 9, 20))
        send(office, date(2026, 8, 26))
        manager = office.person(owner).manager
        assert {to for to, _ in office.told()} == {owner, backup, manager}

    def test_of_very_many_becomes_a_digest(self, office: Office, contract: str) -> None:
        assert send(office, date(2026, 8, 26), limit=1) == []
        assert office.told() == []
        assert {row["state"] for row in office.alerts(contract, "collapsed")} == {"collapsed"}

    def test_waits_for_the_morning_of_the_day_where_its_reader_lives(self, office: Office, contract: str) -> None:
        owner, _ = owner_and_backup(office, contract)
        office.change(owner, timezone="Pacific/Honolulu")
        due = min(row["due_on"] for row in office.alerts(contract, "planned"))  # type: ignore[type-var]
        send(office, due)  # type: ignore[arg-type]  # 09:00 at Greenwich is the evening before in Honolulu
        assert owner not in {to for to, _ in office.told()}
        send(office, due + ONE_DAY)  # type: ignore[operator]
        assert owner in {to for to, _ in office.told()}


class TestSilence:
    def test_goes_up_to_the_manager_and_then_to_an_executive(self, office: Office, contract: str) -> None:
        day = date(2026, 8, 25)
        while day <= date(2026, 12, 1):
            send(office, day)
            send_digests_now(office.ctx, dry_run=False)
            day += ONE_DAY
        escalated = {row["recipient"]: str(row["reason"]) for row in office.alerts(contract, "sent") if row["reason"]}
        assert any("has not answered since" in reason for reason in escalated.values())
        chief = "greta.lindqvist@lumora.example"
        assert "days are left to decide" in escalated[chief]
        heard = [text for to, text in office.told("chat") if to == chief]
        assert heard
        assert {text.partition(";")[0] for text in heard} == {"1 contract needs a decision"}

    def test_ends_with_an_answer_but_the_ladder_goes_on(self, office: Office, contract: str) -> None:
        owner, _ = owner_and_backup(office, contract)
        send(office, date(2026, 8, 26))
        acknowledge(office.ctx, contract, who=owner)
        day = date(2026, 8, 27)
        while day <= date(2026, 10, 30):
            send(office, day)
            day += ONE_DAY
        rows = [*office.alerts(contract, "sent"), *office.alerts(contract, "acknowledged")]
        assert not [row for row in rows if "has not answered" in str(row["reason"])]
        assert {row["stage"] for row in rows} >= {120, 90, 60}

    def test_is_not_broken_by_a_stranger(self, office: Office, contract: str) -> None:
        send(office, date(2026, 8, 26))
        with pytest.raises(Permanent, match="may not decide"):
            acknowledge(office.ctx, contract, who="nobody@else.example")


class TestADecision:
    def receipt(self, office: Office) -> Path:
        path = office.folder / "receipt.pdf"
        path.write_bytes(b"signed for by reception")
        return path

    def test_to_terminate_writes_the_notice_and_ends_only_with_proof(self, office: Office, contract: str) -> None:
        owner, _ = owner_and_backup(office, contract)
        send(office, date(2026, 8, 26))
        told = decide(office.on(date(2026, 9, 1)), contract, Verdict.TERMINATE, who=owner, because="too dear")
        assert "send it by 2026-12-24" in told
        with office.database.read() as connection:
            [row] = decisions.of_contract(connection, contract)
        letter = office.ctx.vault.get(row["letter_sha256"]).decode()
        assert "It ends on 2027-02-28" in letter
        assert "sixty (60) days" in letter
        assert any(text.startswith("Send the notice to Harrow Mills Ltd") for _, text in office.told("chat"))
        send(office, date(2026, 9, 30))
        assert 90 in {row["stage"] for row in office.alerts(contract, "sent")}
        with pytest.raises(Permanent, match="only with proof"):
            carry_out(office.ctx, contract, who=owner)
        carry_out(office.ctx, contract, who=owner, served_on=date(2026, 10, 5), proof=self.receipt(office))
        assert office.alerts(contract, "planned") == []
        assert send(office, date(2026, 12, 1)) == []

    def test_served_too_late_does_not_count(self, office: Office, contract: str) -> None:
        owner, _ = owner_and_backup(office, contract)
        decide(office.on(date(2026, 12, 1)), contract, Verdict.TERMINATE, who=owner)
        with pytest.raises(Permanent, match="came too late"):
            carry_out(office.ctx, contract, who=owner, served_on=date(2026, 12, 31), proof=self.receipt(office))

    def test_to_renew_needs_no_letter(self, office: Office, contract: str) -> None:
        owner, _ = owner_and_backup(office, contract)
        decide(office.on(date(2026, 9, 1)), contract, Verdict.RENEW, who=owner)
        carry_out(office.ctx, contract, who=owner)
        assert send(office, date(2026, 12, 1)) == []


class TestAWindowThatClosed:
    def test_without_proof_is_locked_in_with_its_cost_and_rolls_to_the_next_term(
        self, office: Office, contract: str
    ) -> None:
        owner, _ = owner_and_backup(office, contract)
        decide(office.on(date(2026, 12, 1)), contract, Verdict.TERMINATE, who=owner)
        assert roll_terms(office.on(LAST_DAY)) == []
        [rolled] = roll_terms(office.on(LAST_DAY + ONE_DAY))
        assert (rolled.verdict, rolled.cost, rolled.term_end) == ("locked_in", "48000.00 USD", date(2027, 2, 28))
        with office.database.read() as connection:
            row = clock.current(connection, contract)
        assert row is not None
        assert (row["term_end"], row["renewals"]) == (date(2028, 2, 29), 1)
        assert any("is locked in and commits 48000.00 USD" in text for _, text in office.told("chat"))
        assert roll_terms(office.ctx) == []

    def test_after_a_served_notice_ends_the_contract(self, office: Office, contract: str) -> None:
        owner, _ = owner_and_backup(office, contract)
        receipt = office.folder / "receipt.pdf"
        receipt.write_bytes(b"received")
        decide(office.on(date(2026, 9, 1)), contract, Verdict.TERMINATE, who=owner)
        carry_out(office.ctx, contract, who=owner, served_on=date(2026, 9, 5), proof=receipt)
        assert roll_terms(office.on(date(2027, 1, 15))) == []
        [rolled] = roll_terms(office.on(date(2027, 3, 1)))
        assert rolled.verdict == "ended"
        with office.database.read() as connection:
            assert clock.current(connection, contract) is None

    def test_that_ended_is_not_opened_again_by_a_late_amendment_of_something_else(
        self, office: Office, contract: str
    ) -> None:
        self.test_after_a_served_notice_ends_the_contract(office, contract)
        office.paper("late amendment", amendment(HARROW, to="Master Services Agreement MSA-2025-01"))
        with office.database.read() as connection:
            waiting = ledger.listed(connection)
        for row in waiting:
            amending.approve(office.ctx, row["id"], row["shown_hash"], who=owner_and_backup(office, contract)[0])
        assert len(waiting) == 1
        with office.database.read() as connection:
            assert clock.current(connection, contract) is None
        assert roll_terms(office.on(date(2028, 3, 1))) == []

    def test_is_only_listed_by_a_dry_run(self, office: Office, contract: str) -> None:
        assert len(roll_terms(office.on(date(2027, 1, 15)), dry_run=True)) == 1
        assert len(roll_terms(office.ctx, dry_run=True)) == 1


class TestPlanningAnew:
    def test_never_passes_over_a_window_that_closed_meanwhile(self, office: Office, contract: str) -> None:
        owner, _ = owner_and_backup(office, contract)
        office.leaves(owner)
        mend(office.on(LAST_DAY + ONE_DAY * 2))  # the hourly run was skipped
        with office.database.read() as connection:
            [row] = decisions.of_contract(connection, contract)
        assert (row["verdict"], row["cost"]) == ("locked_in", "48000.00 USD")
        assert roll_terms(office.ctx) == []

    def test_after_notice_was_served_plans_no_further_term(self, office: Office, contract: str) -> None:
        owner, _ = owner_and_backup(office, contract)
        receipt = office.folder / "receipt.pdf"
        receipt.write_bytes(b"received")
        decide(office.on(date(2026, 9, 1)), contract, Verdict.TERMINATE, who=owner)
        carry_out(office.ctx, contract, who=owner, served_on=date(2026, 9, 5), proof=receipt)
        office.leaves(owner)
        mend(office.on(LAST_DAY + ONE_DAY * 2))
        with office.database.read() as connection:
            row = clock.current(connection, contract)
        assert row is not None
        assert row["term_end"] == date(2027, 2, 28)
        assert office.alerts(contract, "planned") == []
        assert roll_terms(office.ctx) == []

    def test_does_not_bring_back_reminders_of_what_was_carried_out(self, office: Office, contract: str) -> None:
        owner, _ = owner_and_backup(office, contract)
        decide(office.on(date(2026, 6, 1)), contract, Verdict.RENEW, who=owner)
        carry_out(office.ctx, contract, who=owner)
        office.leaves(owner)
        mend(office.on(date(2026, 6, 2)))
        assert office.alerts(contract, "planned") == []


class TestWhatFollowsAClosedWindow:
    def row(self, **changed: object) -> Any:
        inputs = {"renewal_type": {"value": "auto"}, "renewal_limit": {"value": "1"}}
        usual = {
            "notice_deadline": date(2026, 10, 1), "term_end": date(2026, 12, 31), "renewals": 0, "inputs": inputs,
        }  # fmt: skip
        return {**usual, **changed}

    def test_is_a_further_term_while_a_renewal_is_left(self) -> None:
        assert what_follows(self.row(), None, date(2026, 10, 2)) == "locked_in"
        assert what_follows(self.row(), None, date(2026, 10, 1)) == ""

    def test_is_the_end_once_none_is_left(self) -> None:
        last = self.row(renewals=1, notice_deadline=None)
        assert what_follows(last, None, date(2026, 12, 31)) == ""
        assert what_follows(last, None, date(2027, 1, 1)) == "ended"

    def test_is_what_was_decided_and_carried_out(self) -> None:
        renewed = {"state": "executed", "verdict": "renew"}
        served = {"state": "executed", "verdict": "terminate"}
        assert what_follows(self.row(), renewed, date(2026, 10, 2)) == "renewed"  # type: ignore[arg-type]
        assert what_follows(self.row(), served, date(2026, 10, 2)) == ""  # type: ignore[arg-type]
        assert what_follows(self.row(), served, date(2027, 1, 1)) == "ended"  # type: ignore[arg-type]


class TestADoubtfulTerm:
    def doubtful(self, office: Office, contract: str) -> None:
        """Let one reader say that it ends after 24 months, and the other after 36."""
        with office.database.write() as connection:
            reading = readings.load_unreviewed(connection, contract)
            terms = [term for term in reading.terms if not term.field.startswith(("renewal", "notice"))]
            length = next(term for term in terms if term.field is TermField.INITIAL_TERM)
            unsure = replace(
                length, standing=Standing.NEEDS_REVIEW, rivals=(Rival("P36M", length.citation, "trained"),)
            )
            kept = [unsure if term is length else term for term in terms]
            readings.save(connection, contract, replace(reading, terms=tuple(kept)))
        plan(office.ctx, open_contract(office.ctx, contract))

    def test_has_not_ended_while_another_reading_goes_on(self, office: Office, contract: str) -> None:
        self.doubtful(office, contract)
        office.on(date(2027, 3, 1))  # the day after 24 months
        assert roll_terms(office.ctx) == []
        with office.database.read() as connection:
            row = clock.current(connection, contract)
            assert decisions.of_contract(connection, contract) == []
        assert row is not None
        assert row["term_end"] == date(2028, 2, 29)
        [rolled] = roll_terms(office.on(date(2028, 3, 1)))
        assert (rolled.verdict, rolled.term_end) == ("ended", date(2028, 2, 29))
