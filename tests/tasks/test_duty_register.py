"""What contracts and sales promise is registered once, told in time, and closed with evidence."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Permanent
from domain.obligations import DueState
from store import duties as register
from store import readings
from tasks import duties
from tasks.file import open_contract
from tasks.planning import plan
from tasks.tracking import track_now
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, master

WHO = "owen.hughes@lumora.example"
PROMISES = """
6. Reports. Provider shall deliver a written service report to Customer every quarter.

7. Insurance. Customer shall provide Provider with a certificate of insurance within thirty (30) days of the Effective Date.
"""
RETURN = """
6. Data. Provider shall return all Customer data to Customer within thirty (30) days after termination.
"""


@pytest.fixture
def contract(office: Office) -> str:
    office.on(date(2026, 3, 2))
    return office.paper("msa", master(HARROW, "MSA-2026-01", "1 March 2026") + PROMISES)


def rows(office: Office, *states: DueState) -> list[dict[str, object]]:
    with office.database.read() as connection:
        return [dict(row) for row in register.unsettled(connection, states)]


class TestTheRegister:
    def test_holds_each_duty_once_with_its_citation(self, office: Office, contract: str) -> None:
        with office.database.read() as connection:
            found = {row["direction"]: row for row in register.of_contract(connection, contract)}
        assert found["ours"]["rrule"] == "FREQ=MONTHLY;INTERVAL=3"
        assert found["ours"]["citation"]["page"] == 1
        plan(office.ctx, open_contract(office.ctx, contract))
        with office.database.read() as connection:
            assert len(register.of_contract(connection, contract)) == len(found)

    def test_gives_up_what_the_contract_does_not_say_any_more(self, office: Office, contract: str) -> None:
        track_now(office.ctx)
        with office.database.write() as connection:
            reading = readings.load_unreviewed(connection, contract)
            kept = tuple(term for term in reading.terms if term.field != "obligation")
            readings.save(connection, contract, type(reading)(kept, reading.parties))
        plan(office.ctx, open_contract(office.ctx, contract))
        with office.database.read() as connection:
            found = register.of_contract(connection, contract)
        assert {row["status"] for row in found} == {"superseded"}
        assert {row["status_reason"] for row in found} == {"the contract does not say it any more"}
        assert rows(office, DueState.SCHEDULED, DueState.OPEN) == []


class TestADueDay:
    def test_of_ours_becomes_a_task_in_time_and_is_told_once(self, office: Office, contract: str) -> None:
        track_now(office.on(date(2026, 5, 1)))
        moved = track_now(office.on(date(2026, 5, 20)))
        assert [(one.direction, one.state) for one in moved if one.direction == "ours"] == [("ours", DueState.OPEN)]
        assert track_now(office.on(date(2026, 5, 21))) == []
        told = [text for _, text in office.told("chat") if "We owe this" in text]
        assert told == ["Harrow Mills Ltd: We owe this, due on 2026-06-01"]

    def test_that_passes_is_missed_and_told_again(self, office: Office, contract: str) -> None:
        track_now(office.on(date(2026, 5, 20)))
        moved = track_now(office.on(date(2026, 6, 2)))
        assert DueState.MISSED in {one.state for one in moved}
        assert any("We owe this, missed since 2026-06-01" in text for _, text in office.told("chat"))

    def test_is_told_after_an_outage(self, office: Office, contract: str) -> None:
        office.chat.down = office.mail.down = True
        with pytest.raises(Permanent, match="were not told"):
            track_now(office.on(date(2026, 5, 20)))
        office.chat.down = office.mail.down = False
        track_now(office.on(date(2026, 5, 21)))
        assert any("We owe this" in text for _, text in office.told("chat"))

    def test_is_only_listed_by_a_dry_run(self, office: Office, contract: str) -> None:
        track_now(office.on(date(2026, 5, 1)))
        before = len(office.told("chat"))
        assert track_now(office.on(date(2026, 5, 20)), dry_run=True)
        assert len(office.told("chat")) == before

    def test_of_very_many_moves_nothing(self, office: Office, contract: str) -> None:
        track_now(office.on(date(2026, 3, 3)))
        with pytest.raises(Permanent, match="would move at once"):
            track_now(office.on(date(2026, 12, 20)), limit=1)


class TestEvidence:
    def open_one(self, office: Office) -> str:
        track_now(office.on(date(2026, 5, 20)))
        return str(next(row["id"] for row in rows(office, DueState.OPEN) if row["direction"] == "ours"))

    def test_closes_a_duty_on_time_by_its_own_day(self, office: Office, contract: str) -> None:
        due = self.open_one(office)
        report = office.folder / "report.pdf"
        report.write_bytes(b"all is well")
        office.on(date(2026, 6, 20))
        state = duties.fulfil(office.ctx, due, who=WHO, on=date(2026, 5, 29), evidence=report)
        assert state is DueState.FULFILLED_ON_TIME
        with pytest.raises(Permanent, match="no open obligation"):
            duties.fulfil(office.ctx, due, who=WHO, on=date(2026, 5, 29), evidence=report)

    def test_of_a_later_day_closes_it_late(self, office: Office, contract: str) -> None:
        due = self.open_one(office)
        office.on(date(2026, 6, 20))
        assert duties.fulfil(office.ctx, due, who=WHO, on=date(2026, 6, 19), note="sent") is DueState.FULFILLED_LATE

    def test_must_be_there(self, office: Office, contract: str) -> None:
        due = self.open_one(office)
        with pytest.raises(Permanent, match="only with evidence"):
            duties.fulfil(office.ctx, due, who=WHO, on=date(2026, 5, 20))
        with pytest.raises(Permanent, match="has not come yet"):
            duties.fulfil(office.ctx, due, who=WHO, on=date(2026, 5, 25), note="will do")


class TestAnEvent:
    def test_starts_the_duty_that_waits_for_it(self, office: Office) -> None:
        office.on(date(2026, 3, 2))
        text = master(HARROW, "MSA-2026-02", "1 March 2026") + RETURN
        contract = office.paper("data", text)
        with office.database.read() as connection:
            found = register.of_contract(connection, contract)
        [row] = [one for one in found if one["trigger_kind"] == "event"]
        assert track_now(office.on(date(2026, 5, 1))) == []
        office.on(date(2026, 5, 4))
        assert duties.happened(office.ctx, row["id"], date(2026, 5, 1), who=WHO) == date(2026, 5, 29)
        assert duties.happened(office.ctx, row["id"], date(2026, 5, 1), who=WHO) == date(2026, 5, 29)
        assert [one["due_on"] for one in rows(office, DueState.SCHEDULED)] == [date(2026, 5, 29)]

    def test_that_has_not_come_starts_nothing(self, office: Office, contract: str) -> None:
        with office.database.read() as connection:
            row = register.of_contract(connection, contract)[0]
        with pytest.raises(Permanent, match="waits for no event"):
            duties.happened(office.ctx, row["id"], date(2026, 3, 1), who=WHO)


class TestAReviewer:
    REVIEWER = "sofia.marin@lumora.example"

    def handed_in(self, office: Office) -> str:
        track_now(office.on(date(2026, 5, 25)))
        [due] = [row for row in rows(office, DueState.OPEN) if row["direction"] == "ours"]
        duties.set_reviewer(office.ctx, str(due["obligation_id"]), self.REVIEWER, who=WHO)
        assert (
            duties.fulfil(office.ctx, str(due["id"]), who=WHO, on=date(2026, 5, 24), note="on the drive")
            is DueState.IN_REVIEW
        )
        return str(due["id"])

    def test_closes_the_duty_by_the_day_of_its_evidence(self, office: Office, contract: str) -> None:
        due = self.handed_in(office)
        assert (
            duties.review(office.on(date(2026, 7, 1)), due, who=self.REVIEWER, accepted=True)
            is DueState.FULFILLED_ON_TIME
        )

    def test_opens_it_again_with_a_reason(self, office: Office, contract: str) -> None:
        due = self.handed_in(office)
        with pytest.raises(Permanent, match="without a reason"):
            duties.review(office.ctx, due, who=self.REVIEWER, accepted=False)
        assert duties.review(office.ctx, due, who=self.REVIEWER, accepted=False, because="not signed") is DueState.OPEN

    def test_is_nobody_else(self, office: Office, contract: str) -> None:
        due = self.handed_in(office)
        with pytest.raises(Permanent, match="does not review this"):
            duties.review(office.ctx, due, who=WHO, accepted=True)
        assert [row["id"] for row in rows(office, DueState.IN_REVIEW)] == [due]


class TestAPersonsWord:
    def test_gives_a_duty_its_days(self, office: Office, contract: str) -> None:
        with office.database.read() as connection:
            row = next(one for one in register.of_contract(connection, contract) if one["direction"] == "ours")
        count = duties.set_day(office.ctx, row["id"], date(2026, 3, 31), rrule="FREQ=MONTHLY", who=WHO)
        assert count == 13  # to the end of March of the next year

    def test_waives_it_with_a_reason(self, office: Office, contract: str) -> None:
        track_now(office.ctx)
        with office.database.read() as connection:
            row = next(one for one in register.of_contract(connection, contract) if one["direction"] == "ours")
        with pytest.raises(Permanent, match="without a reason"):
            duties.waive(office.ctx, row["id"], who=WHO, because="")
        duties.waive(office.ctx, row["id"], who=WHO, because="the customer does without")
        assert [one for one in rows(office, DueState.SCHEDULED, DueState.OPEN) if one["direction"] == "ours"] == []
