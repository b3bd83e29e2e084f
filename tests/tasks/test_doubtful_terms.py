"""A term that can be read in two ways is never closed too early, and never forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import RowMapping

from domain.terms import Reading, Rival, Standing, Term, TermField
from store import clock, contracts, decisions, readings
from tasks.alerting import send_alerts_now
from tasks.closing import Rolled
from tasks.deciding import Verdict, carry_out, decide
from tasks.file import open_contract
from tasks.planning import plan
from tasks.rolling import roll_terms
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, master

T = TermField
ONE_DAY = timedelta(days=1)
NO_NOTICE = (T.NOTICE_PERIOD, T.NOTICE_UNIT, T.NOTICE_RULE, T.NOTICE_METHOD)


@pytest.fixture
def contract(office: Office) -> str:
    """Sign 24 months from 1 March 2025 that renew for 12 months, with 60 days' notice."""
    office.on(date(2026, 3, 2))
    return office.paper("msa", master(HARROW, "MSA-2025-01", "1 March 2025"))


def says(
    office: Office,
    contract: str,
    values: Mapping[TermField, str],
    *,
    otherwise: Mapping[TermField, str] | None = None,
    but: tuple[TermField, ...] = (),
) -> None:
    """Let the paper say other values, another reader see some of them otherwise, and leave some out."""
    with office.database.write() as connection:
        reading = readings.load_unreviewed(connection, contract)
        known = {term.field: term for term in reading.terms if term.field not in {*values, *but}}
        made = [_term(reading, field, value, otherwise or {}) for field, value in values.items()]
        readings.save(connection, contract, replace(reading, terms=(*known.values(), *made)))
    plan(office.ctx, open_contract(office.ctx, contract))


def _term(reading: Reading, field: TermField, value: str, otherwise: Mapping[TermField, str]) -> Term:
    proof = reading.terms[0].citation
    if field not in otherwise:
        return Term(field, value, proof, "test")
    rivals = (Rival(otherwise[field], proof, "trained"),)
    return Term(field, value, proof, "test", standing=Standing.NEEDS_REVIEW, rivals=rivals)


def watched(office: Office, contract: str) -> RowMapping | None:
    with office.database.read() as connection:
        return clock.current(connection, contract)


def recorded(office: Office, contract: str) -> list[tuple[str, date]]:
    with office.database.read() as connection:
        return [(row["verdict"], row["term_end"]) for row in decisions.of_contract(connection, contract)]


def lived(office: Office, first: date, last: date) -> list[tuple[date, str, date]]:
    """Return the days on which something was recorded, what, and of which term's end."""
    found: list[tuple[date, Rolled]] = []
    day = first
    while day <= last:
        found += [(day, one) for one in roll_terms(office.on(day))]
        day += ONE_DAY
    return [(day, one.verdict, one.term_end) for day, one in found]


class TestALengthReadInTwoWays:
    @pytest.mark.parametrize(("chosen", "other"), [("P24M", "P36M"), ("P36M", "P24M")])
    def test_is_not_locked_in_while_one_reading_still_runs_its_first_term(
        self, office: Office, contract: str, chosen: str, other: str
    ) -> None:
        says(office, contract, {T.INITIAL_TERM: chosen}, otherwise={T.INITIAL_TERM: other})
        assert lived(office, date(2026, 12, 28), date(2027, 1, 4)) == []
        row = watched(office, contract)
        assert row is not None
        assert (row["term_end"], row["notice_deadline"]) == (date(2028, 2, 29), date(2027, 12, 31))
        assert recorded(office, contract) == []

    @pytest.mark.parametrize(("chosen", "other"), [("P24M", "P36M"), ("P36M", "P24M")])
    def test_is_locked_in_the_day_after_the_window_closed_in_both(
        self, office: Office, contract: str, chosen: str, other: str
    ) -> None:
        says(office, contract, {T.INITIAL_TERM: chosen}, otherwise={T.INITIAL_TERM: other})
        lived(office, date(2026, 12, 31), date(2026, 12, 31))
        found = lived(office, date(2027, 12, 29), date(2028, 1, 4))
        assert found == [(date(2028, 1, 1), "locked_in", date(2028, 2, 29))]
        assert recorded(office, contract) == [("locked_in", date(2028, 2, 29))]

    def test_goes_on_alerting_for_the_window_that_is_open(self, office: Office, contract: str) -> None:
        says(office, contract, {T.INITIAL_TERM: "P36M"}, otherwise={T.INITIAL_TERM: "P24M"})
        lived(office, date(2026, 12, 31), date(2026, 12, 31))
        row = watched(office, contract)
        assert row is not None
        assert {one["act_by"] for one in office.alerts(contract, "planned")} == {row["send_by"]}
        assert send_alerts_now(office.on(row["send_by"] - timedelta(days=120)), dry_run=False, limit=200)

    def test_whose_ends_never_meet_is_locked_in_once_a_year_when_both_have_gone_on(
        self, office: Office, contract: str
    ) -> None:
        says(office, contract, {T.INITIAL_TERM: "P18M"}, otherwise={T.INITIAL_TERM: "P24M"})
        assert lived(office, date(2026, 7, 1), date(2026, 7, 5)) == []
        found = lived(office, date(2026, 12, 29), date(2027, 1, 3))
        assert found == [(date(2026, 12, 31), "locked_in", date(2027, 2, 28))]
        assert lived(office, date(2027, 7, 1), date(2027, 7, 5)) == []


class TestANoticeReadInTwoWays:
    def test_is_not_locked_in_before_the_later_window_has_closed(self, office: Office, contract: str) -> None:
        says(office, contract, {T.NOTICE_PERIOD: "P60D"}, otherwise={T.NOTICE_PERIOD: "P30D"})
        assert lived(office, date(2026, 12, 29), date(2027, 1, 5)) == []
        row = watched(office, contract)
        assert row is not None
        assert (row["term_end"], row["notice_deadline"]) == (date(2027, 2, 28), date(2027, 1, 29))
        found = lived(office, date(2027, 1, 28), date(2027, 2, 2))
        assert found == [(date(2027, 1, 30), "locked_in", date(2027, 2, 28))]


class TestAServedNotice:
    @pytest.mark.parametrize(("chosen", "other"), [("P24M", "P36M"), ("P36M", "P24M")])
    def test_ends_the_term_it_was_served_for_although_another_reading_is_longer(
        self, office: Office, contract: str, chosen: str, other: str
    ) -> None:
        says(office, contract, {T.INITIAL_TERM: chosen}, otherwise={T.INITIAL_TERM: other})
        self.serve(office, contract)
        found = lived(office, date(2026, 12, 30), date(2027, 3, 5))
        assert found == [(date(2027, 3, 1), "ended", date(2027, 2, 28))]
        assert watched(office, contract) is None

    def test_is_carried_out_although_the_term_has_come_to_end_without_notice(
        self, office: Office, contract: str
    ) -> None:
        receipt = self.decided(office, contract)
        says(office, contract, {T.RENEWAL_LIMIT: "0"})
        assert carry_out(office.ctx, contract, who=self.owner(office, contract), proof=receipt)
        found = lived(office, date(2027, 2, 27), date(2027, 3, 3))
        assert found == [(date(2027, 3, 1), "ended", date(2027, 2, 28))]

    def serve(self, office: Office, contract: str) -> None:
        receipt = self.decided(office, contract)
        who = self.owner(office, contract)
        carry_out(office.on(date(2026, 9, 7)), contract, who=who, served_on=date(2026, 9, 5), proof=receipt)

    def decided(self, office: Office, contract: str) -> Path:
        decide(office.on(date(2026, 9, 1)), contract, Verdict.TERMINATE, who=self.owner(office, contract))
        receipt = office.folder / "receipt.txt"
        receipt.write_text("received", encoding="utf-8")
        return receipt

    def owner(self, office: Office, contract: str) -> str:
        with office.database.read() as connection:
            return str(contracts.get(connection, contract)["owner_email"])


class TestAMonthThatMissesTheDay:
    def test_leaves_the_contract_running_until_its_later_day_is_over(self, office: Office, contract: str) -> None:
        lengths = {T.EFFECTIVE_DATE: "2026-08-31", T.INITIAL_TERM: "P6M", T.RENEWAL_TYPE: "none"}
        says(office, contract, lengths, but=NO_NOTICE)
        assert lived(office, date(2027, 2, 26), date(2027, 2, 28)) == []
        assert watched(office, contract) is not None
        found = lived(office, date(2027, 3, 1), date(2027, 3, 3))
        assert found == [(date(2027, 3, 1), "ended", date(2027, 2, 28))]


class TestANoticeThatHasNothingToStop:
    def test_hides_no_end_although_it_is_longer_than_the_term(self, office: Office, contract: str) -> None:
        says(office, contract, {T.RENEWAL_LIMIT: "0", T.NOTICE_PERIOD: "P900D"})
        row = watched(office, contract)
        assert row is not None
        assert (row["term_end"], row["notice_deadline"]) == (date(2027, 2, 28), None)
        assert {one["act_by"] for one in office.alerts(contract, "planned")} == {date(2027, 2, 28)}
        found = lived(office, date(2027, 2, 27), date(2027, 3, 3))
        assert found == [(date(2027, 3, 1), "ended", date(2027, 2, 28))]

    def test_waits_for_somebody_to_look_at_it(self, office: Office, contract: str) -> None:
        says(office, contract, {T.RENEWAL_LIMIT: "0", T.NOTICE_PERIOD: "P900D"})
        with office.database.read() as connection:
            gaps = readings.load_unreviewed(connection, contract).gaps
        assert [gap.why for gap in gaps if "longer than the term" in gap.why]

    def test_that_is_needed_still_gives_no_day(self, office: Office, contract: str) -> None:
        says(office, contract, {T.NOTICE_PERIOD: "P900D"})
        assert watched(office, contract) is None
        assert office.alerts(contract, "planned") == []
