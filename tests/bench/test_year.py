"""A simulated year keeps its promises, and its referee sees every promise that is broken."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bench.deadlines import planned
from bench.year import promises
from bench.year.__main__ import run
from bench.year.arithmetic import windows
from bench.year.evidence import Evidence, Message
from bench.year.journal import Change, Journal
from bench.year.papers import Paper, draw
from bench.year.promises import Verdict
from bench.year.referee import judge
from bench.year.weather import Weather
from domain.ambiguity import careful_deadlines
from domain.deadlines import impossible, renewal_of
from domain.people import Leave
from domain.terms import ContractTerms, TermField

T = TermField
STARTS, ENDS = date(2027, 2, 1), date(2027, 12, 1)
# Twelve months to 31 October with 60 days' notice that counts when sent: 1 September, decided 18 August.
TERM_END, CLOSES, DECIDE_BY = date(2027, 10, 31), date(2027, 9, 1), date(2027, 8, 18)
OWNER, CONTRACT = "owner@made-up.example", "c1"
ONE_DAY = timedelta(days=1)


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


@dataclass
class Tables:
    """Hold rows as the year leaves them: one contract, told in time, locked in when nobody acted."""

    journal: Journal
    alerts: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    @classmethod
    def of_a_good_year(cls) -> Tables:
        values = {
            T.EFFECTIVE_DATE: "2026-11-01", T.INITIAL_TERM: "P12M", T.RENEWAL_TYPE: "auto", T.RENEWAL_TERM: "P12M",
            T.NOTICE_PERIOD: "P60D", T.NOTICE_RULE: "dispatch",
        }  # fmt: skip
        nothing = Weather(frozenset(), frozenset(), frozenset(), 0)
        journal = Journal(STARTS, ENDS, nothing, {CONTRACT: Paper(1, "Harrow Mills Ltd", "DE", STARTS, values)})
        made = cls(journal)
        made.alert(120, date(2027, 5, 4))
        made.alert(30, date(2027, 8, 2))
        made.decision("locked_in", "aftersign", CLOSES + ONE_DAY)
        return made

    def alert(self, stage: int, sent: date, **values: Any) -> dict[str, Any]:
        row = {
            "id": f"a{len(self.alerts)}", "contract_id": CONTRACT, "deadline_version": "v1", "stage": stage,
            "recipient": OWNER, "due_on": sent, "act_by": CLOSES, "state": "sent", "sent_at": at(sent), "reason": "",
            **values,
        }  # fmt: skip
        self.alerts.append(row)
        self.message(f"alert-{row['id']}:mail", sent, f"{stage} days left")
        return row

    def message(self, key: str, day: date, text: str, body: str = "") -> None:
        self.messages.append(Message("mail", key, OWNER, text, body or text, at(day), at(day)))

    def decision(self, verdict: str, who: str, day: date, term_end: date = TERM_END) -> None:
        self.decisions.append(
            {
                "contract_id": CONTRACT, "term_end": term_end, "verdict": verdict, "state": "executed",
                "decided_by": who, "executed_at": at(day),
            }
        )  # fmt: skip

    def verdict(self) -> Verdict:
        versions = [{"contract_id": CONTRACT, "version": "v1", "term_end": TERM_END}]
        evidence = Evidence(self.alerts, versions, self.decisions, self.messages)
        return judge(self.journal, evidence, lambda _place: "DE")

    def broken(self) -> set[str]:
        return {one.promise for one in self.verdict().broken}


@pytest.fixture
def tables() -> Tables:
    return Tables.of_a_good_year()


class TestATinyYear:
    def test_keeps_every_promise(self) -> None:
        outcome = run(30, 120, 7, limit=200, offices=1)
        assert outcome.broken == []
        assert outcome.happened["contracts"] == 30
        assert outcome.happened["deadlines"] >= 2
        assert outcome.happened["alerts sent"] > 20
        assert outcome.happened["days on which nothing could leave"] > 0


class TestTheRefereesArithmetic:
    def test_agrees_with_the_engine_on_every_kind_of_contract(self) -> None:
        today, looked = STARTS + timedelta(days=30), 0
        for paper in draw(300, starts=STARTS, days=30, seed="arithmetic"):
            renewal = renewal_of(ContractTerms(dict(paper.values)), "US-NY")
            assert renewal is not None
            mine = windows(paper.values, {}, "US-NY", today + timedelta(days=1500))
            if impossible(renewal):
                assert mine == []
                continue
            found, _ = careful_deadlines(renewal, today=today)
            looked += 1
            assert (found.term_end, found.closes, found.act_by, found.decide_by) in {
                (one.term_end, one.closes, one.act_by, one.decide_by) for one in mine
            }, paper
        assert looked > 250


class TestAGoodYear:
    def test_has_nothing_to_complain_of(self, tables: Tables) -> None:
        assert tables.verdict().broken == []
        assert tables.verdict().counts["deadlines"] == 1


class TestADeadline:
    def test_without_any_message_is_missed(self, tables: Tables) -> None:
        tables.messages.clear()
        assert tables.broken() == {promises.MISSED}

    def test_of_which_nobody_was_told_before_decide_by_is_missed(self, tables: Tables) -> None:
        tables.alerts.clear()
        tables.messages.clear()
        tables.alert(30, DECIDE_BY + ONE_DAY)
        assert tables.broken() == {promises.MISSED}

    def test_told_to_somebody_who_had_left_is_missed(self, tables: Tables) -> None:
        tables.journal.left[OWNER] = STARTS
        assert promises.MISSED in tables.broken()

    def test_told_to_somebody_who_was_away_until_it_was_over_is_missed(self, tables: Tables) -> None:
        tables.journal.leaves[OWNER] = [Leave(STARTS, DECIDE_BY)]
        assert tables.broken() == {promises.MISSED}

    def test_told_to_somebody_who_came_back_in_time_is_not(self, tables: Tables) -> None:
        tables.journal.leaves[OWNER] = [Leave(STARTS, DECIDE_BY - ONE_DAY)]
        assert tables.broken() == set()

    def test_of_another_day_to_act_does_not_count(self, tables: Tables) -> None:
        for row in tables.alerts:
            row["act_by"] = CLOSES + ONE_DAY
        assert tables.broken() == {promises.MISSED}

    def test_told_by_a_digest_counts_only_where_it_names_the_customer(self, tables: Tables) -> None:
        tables.messages.clear()
        day = tables.alerts[0]["sent_at"].date()
        tables.message("import-digest-1:digest:mail", day, "9 contracts", "9 contracts: Harrow Mills Ltd and others")
        assert tables.broken() == set()
        tables.messages.clear()
        tables.message("import-digest-1:digest:mail", day, "9 contracts", "9 contracts: Tidewell and others")
        assert tables.broken() == {promises.MISSED}

    def test_is_excused_only_while_nothing_worked_and_told_as_soon_as_it_did(self, tables: Tables) -> None:
        first = CLOSES - timedelta(days=130)
        dark = frozenset(first + ONE_DAY * number for number in range((DECIDE_BY - first).days + 1))
        tables.journal.weather = Weather(frozenset(), frozenset(), dark, 1)
        tables.alerts.clear()
        tables.messages.clear()
        tables.alert(30, DECIDE_BY + ONE_DAY)
        assert tables.broken() == set()
        assert tables.verdict().counts["deadlines told late because nothing worked"] == 1
        tables.messages.clear()
        assert tables.broken() == {promises.MISSED}

    def test_known_after_decide_by_must_be_told_before_the_notice_deadline(self, tables: Tables) -> None:
        known = DECIDE_BY + timedelta(days=2)
        tables.journal.papers[CONTRACT] = replace(tables.journal.papers[CONTRACT], known_on=known)
        tables.alerts.clear()
        tables.messages.clear()
        tables.alert(30, known + ONE_DAY)
        assert tables.broken() == set()
        tables.messages.clear()
        assert tables.broken() == {promises.LATE}

    def test_moved_by_an_amendment_needs_an_alert_of_the_new_day(self, tables: Tables) -> None:
        change = Change(CONTRACT, {T.NOTICE_PERIOD: "P35D"}, date(2027, 6, 1), at(date(2027, 6, 1)))
        tables.journal.changes.append(change)
        assert tables.broken() == {promises.MISSED}
        change.withdrawn_at = at(date(2027, 6, 20))
        assert tables.broken() == set()


class TestAnAlert:
    def test_delivered_again_is_found(self, tables: Tables) -> None:
        tables.messages[0] = replace(tables.messages[0], last=at(STARTS + timedelta(days=200)))
        assert tables.broken() == {promises.TWICE}

    def test_with_two_rows_sent_for_one_stage_is_found(self, tables: Tables) -> None:
        tables.alert(30, date(2027, 8, 3))
        assert tables.broken() == {promises.TWICE}

    def test_with_the_text_of_another_on_one_day_is_found(self, tables: Tables) -> None:
        tables.alert(-1, date(2027, 8, 2))
        tables.messages[-1] = replace(tables.messages[-1], text="30 days left")
        assert tables.broken() == {promises.SAME_TEXT}

    @pytest.mark.parametrize("state", ["superseded", "suppressed"])
    def test_set_aside_without_a_reason_is_found(self, tables: Tables, state: str) -> None:
        tables.alerts[0]["state"] = state
        assert tables.broken() == {promises.NO_REASON}
        tables.alerts[0]["reason"] = "the deadlines changed"
        assert tables.broken() == set()

    @pytest.mark.parametrize("state", ["planned", "collapsed"])
    def test_that_still_waits_at_the_end_is_found(self, tables: Tables, state: str) -> None:
        tables.alerts[0] |= {"state": state, "sent_at": None}
        assert promises.STUCK in tables.broken()

    def test_after_the_decision_was_carried_out_is_found(self, tables: Tables) -> None:
        tables.decisions.clear()
        tables.decision("renew", OWNER, date(2027, 6, 1))
        assert tables.broken() == {promises.AFTER_DECISION}


class TestAContract:
    def test_without_a_reachable_owner_is_found(self, tables: Tables) -> None:
        tables.journal.orphans[date(2027, 5, 5)] = [CONTRACT]
        assert tables.broken() == {promises.ORPHANS}

    def test_that_nobody_stopped_must_be_locked_in_once(self, tables: Tables) -> None:
        [locked] = tables.decisions
        tables.decisions.append(dict(locked))
        assert tables.broken() == {promises.LOCKED}
        tables.decisions.clear()
        assert tables.broken() == {promises.LOCKED}

    def test_must_not_be_locked_in_where_nothing_closed(self, tables: Tables) -> None:
        tables.decision("locked_in", "aftersign", STARTS, date(2028, 10, 31))
        assert tables.broken() == {promises.LOCKED}

    def test_that_somebody_stopped_in_time_must_not_be_locked_in(self, tables: Tables) -> None:
        tables.alerts.clear()
        tables.messages.clear()
        tables.decision("terminate", OWNER, date(2027, 3, 1))
        assert tables.broken() == {promises.LOCKED}
        tables.decisions[0]["verdict"] = "ended"
        assert tables.broken() == set()


class TestADoubtfulLength:
    """Read as 12 or 24 months to 31 October: 2027 and 2028, or 2028 alone."""

    @pytest.fixture
    def doubtful(self, tables: Tables) -> Tables:
        tables.decisions.clear()
        tables.journal.papers[CONTRACT] = replace(tables.journal.papers[CONTRACT], rivals={T.INITIAL_TERM: ("P24M",)})
        return tables

    def test_must_not_be_locked_in_while_one_reading_runs_its_first_term(self, doubtful: Tables) -> None:
        assert doubtful.broken() == set()
        doubtful.decision("locked_in", "aftersign", CLOSES + ONE_DAY)
        assert doubtful.broken() == {promises.LOCKED}

    def test_must_be_locked_in_when_the_window_has_closed_in_both(self, doubtful: Tables) -> None:
        doubtful.journal.ends = date(2028, 12, 1)
        assert promises.LOCKED in doubtful.broken()
        doubtful.decision("locked_in", "aftersign", date(2028, 9, 2), date(2028, 10, 31))
        assert promises.LOCKED not in doubtful.broken()
        doubtful.decision("locked_in", "aftersign", CLOSES + ONE_DAY)
        assert promises.LOCKED in doubtful.broken()

    def test_must_not_have_ended_while_one_reading_runs_on(self, doubtful: Tables) -> None:
        self.without_renewal(doubtful)
        assert promises.LOCKED not in doubtful.broken()
        doubtful.decision("ended", "aftersign", TERM_END + ONE_DAY)
        assert promises.LOCKED in doubtful.broken()

    def test_must_end_with_the_term_for_which_notice_was_served(self, doubtful: Tables) -> None:
        doubtful.alerts.clear()
        doubtful.messages.clear()
        doubtful.decision("terminate", OWNER, date(2027, 3, 1))
        assert doubtful.broken() == {promises.LOCKED}
        doubtful.decision("ended", "aftersign", TERM_END + ONE_DAY)
        assert doubtful.broken() == set()

    def without_renewal(self, doubtful: Tables) -> None:
        paper = doubtful.journal.papers[CONTRACT]
        doubtful.journal.papers[CONTRACT] = replace(paper, values={**paper.values, T.RENEWAL_TYPE: "none"})


class TestANoticeLongerThanTheTerm:
    def impossible(self, tables: Tables, **more: str) -> None:
        paper = tables.journal.papers[CONTRACT]
        values = {**paper.values, T.NOTICE_PERIOD: "P900D", **{T(name): value for name, value in more.items()}}
        tables.journal.papers[CONTRACT] = replace(paper, values=values)
        for rows in (tables.alerts, tables.messages, tables.decisions):
            rows.clear()

    def test_gives_no_day_to_be_told_of(self, tables: Tables) -> None:
        self.impossible(tables)
        assert tables.broken() == set()

    def test_hides_no_end_where_no_renewal_is_left_to_stop(self, tables: Tables) -> None:
        self.impossible(tables, renewal_limit="0")
        assert tables.broken() == {promises.MISSED, promises.LOCKED}


class TestPlanningInBulk:
    def test_plans_rows_for_owner_and_backup_of_every_contract_that_has_a_day(self) -> None:
        share = planned(60, "bulk")
        counts = share.counts
        assert counts["contracts"] == 60
        assert counts["alerts"] % 2 == 0
        assert counts["alerts"] > counts["contracts"]
        assert counts["without a day"] < 6
        assert planned(60, "bulk").counts == counts
