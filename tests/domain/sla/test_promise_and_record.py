"""A promise is built from the terms with its citations, judged with both sources in sight, and remembered a year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from domain.money import Money
from domain.sla.availability import Counting, measure
from domain.sla.claims import ClaimState
from domain.sla.exclusions import Cause
from domain.sla.fees import fees_of
from domain.sla.judgement import Given, Judgement, judge
from domain.sla.measured import Verdict
from domain.sla.promise import Promise, promise_of
from domain.sla.record import Entry, Seen, told, twelve_months
from domain.sla.stated import Stated
from domain.sla.window import WindowKind
from domain.terms import Citation, ContractTerms, Reading, Term, TermField
from tests.domain.sla.levels import month, outage

TERMS = (
    (TermField.EFFECTIVE_DATE, "2026-01-01"),
    (TermField.ANNUAL_VALUE, "24000.00 USD"),
    (TermField.UPTIME, "99.9"),
    (TermField.UPTIME_WINDOW, "month"),
    (TermField.SERVICE_CREDIT, "99..99.9: 10"),
    (TermField.SERVICE_CREDIT, "..99: 25"),
    (TermField.CREDIT_CAP, "20"),
    (TermField.CLAIM_PERIOD, "P30D"),
    (TermField.CLAIM_CHANNEL, "email"),
    (TermField.CHRONIC_BREACH, "3 in P6M"),
    (TermField.SLA_EXCLUSION, "Scheduled maintenance and acts of the Customer are excluded."),
)


def reading(*leave_out: TermField) -> Reading:
    return Reading(
        tuple(
            Term(name, value, Citation("0" * 64, 4, 0, 9, f"words of {name}"), "rule")
            for name, value in TERMS
            if name not in leave_out
        )
    )


def promised(*leave_out: TermField, stated: Stated | None = None) -> Promise:
    found = promise_of(reading(*leave_out), zone="America/New_York", ends=date(2026, 12, 31), stated=stated)
    assert found is not None
    return found


def judged(*minutes: float, given: Given | None = None, promise: Promise | None = None) -> Judgement:
    """Judge June 2026 by sources that saw so many minutes of downtime each."""
    window = month(zone="America/New_York")
    start = datetime(2026, 6, 3, 12, tzinfo=UTC)
    found = [
        measure(window, [outage(start, lost)] if lost else [], Counting(), source=f"source {n}")
        for n, lost in enumerate(minutes, 1)
    ]
    fees = fees_of(ContractTerms.of(reading().terms))
    return judge(promise or promised(), found, fees=fees, calendar="US", given=given)


class TestAPromise:
    def test_is_what_the_terms_say(self) -> None:
        found = promised()
        assert (found.target, found.windows.kind, found.windows.zone) == (
            Decimal("99.9"),
            WindowKind.MONTH,
            "America/New_York",
        )
        assert found.counting.excuses.causes == {Cause.MAINTENANCE, Cause.CUSTOMER}
        assert (found.window_cap, found.channels) == (Decimal(20), ("email",))
        assert [(rule.misses, str(rule.span)) for rule in found.chronic] == [(3, "P6M")]
        assert found.clause(TermField.UPTIME) == "“words of uptime” (page 4)"

    def test_names_what_nobody_said(self) -> None:
        found = promised(TermField.UPTIME_WINDOW, TermField.SLA_EXCLUSION, TermField.CLAIM_PERIOD)
        assert "No window is named: availability is taken by calendar month." in found.assumptions
        assert "Nothing is excluded: maintenance counts as unavailable." in found.assumptions
        assert "No time to claim is named." in found.assumptions

    def test_does_not_assume_what_a_person_stated(self) -> None:
        found = promised(stated=Stated(degraded=True, shrinks=False, exact_is_met=False))
        assert (found.counting.degraded, found.counting.shrinks, found.exact_is_met) == (True, False, False)
        assert found.assumptions == (
            "Days begin at midnight in America/New_York.",
            "Excluded maintenance is taken without a limit and without a proof of its notice.",
        )

    def test_is_none_where_no_availability_is_promised(self) -> None:
        for name in (TermField.UPTIME, TermField.EFFECTIVE_DATE):
            assert promise_of(reading(name), zone="UTC", ends=None) is None


class TestFees:
    def test_of_a_month_are_a_twelfth_of_the_year(self) -> None:
        fees = fees_of(ContractTerms.of(reading().terms))
        assert fees is not None
        assert fees.of(month(), promised()) == Money(Decimal("2000.00"), "USD")

    def test_are_taken_from_the_total_where_no_year_is_named(self) -> None:
        values = {TermField.TOTAL_VALUE: "100.00 USD", TermField.INITIAL_TERM: "P36M"}
        fees = fees_of(ContractTerms(values))
        assert fees is not None
        assert fees.year == Money(Decimal("33.33"), "USD")
        assert fees_of(ContractTerms({TermField.TOTAL_VALUE: "100.00 USD"})) is None


class TestAJudgement:
    def test_of_a_miss_says_what_is_due_and_until_when(self) -> None:
        found = judged(44)
        assert found.verdict is Verdict.MISSED
        assert found.due is not None
        assert found.due.amount == Money(Decimal("200.00"), "USD")
        assert found.claim is not None
        assert found.claim.last == date(2026, 7, 30)

    def test_cites_the_clause_and_shows_the_arithmetic(self) -> None:
        text = "\n".join(judged(44).why)
        assert "Promised: 99.9 % a month, “words of uptime” (page 4)." in text
        assert "1 - 44 min / 43200 min = 99.8981 %" in text
        assert "99.8981 % lies in [99, 99.9): 10 %" in text
        assert "10 % of USD 2,000.00 = 200" in text
        assert "Claim by 2026-07-30" in text

    def test_follows_the_first_source_and_shows_the_other(self) -> None:
        found = judged(44, 30)
        assert (found.verdict, found.disagree) == (Verdict.MISSED, True)
        assert found.verdicts == (Verdict.MISSED, Verdict.MET)
        assert "The sources disagree; source 1 is the one that counts." in found.why
        other = judged(30, 44)
        assert (other.verdict, other.due, other.claim) == (Verdict.MET, None, None)

    def test_of_a_met_target_gives_nothing(self) -> None:
        found = judged(43)
        assert (found.verdict, found.due, found.claim, found.disagree) == (Verdict.MET, None, None, False)

    def test_is_cut_by_the_cap_of_the_window(self) -> None:
        due = judged(4400).due
        assert due is not None
        assert due.amount == Money(Decimal("400.00"), "USD")

    def test_is_cut_by_what_the_term_has_given(self) -> None:
        promise = promised(stated=Stated(term_cap=Decimal(8)))
        values = ContractTerms({TermField.ANNUAL_VALUE: "24000.00 USD", TermField.TOTAL_VALUE: "24000.00 USD"})
        fees = fees_of(values)
        assert fees is not None
        nothing = Money(Decimal(0), "USD")
        window = month(zone="America/New_York")
        seen = measure(window, [outage(datetime(2026, 6, 3, tzinfo=UTC), 44)], Counting(), source="probe")
        given = Given(nothing, Money(Decimal("1900.00"), "USD"))
        due = judge(promise, [seen], fees=fees, calendar="US", given=given).due
        assert due is not None
        assert due.amount == Money(Decimal("20.00"), "USD")

    def test_without_a_scheme_has_no_money_and_no_claim(self) -> None:
        found = judged(44, promise=promised(TermField.SERVICE_CREDIT))
        assert (found.verdict, found.due, found.claim) == (Verdict.MISSED, None, None)
        assert "The contract names no service credit." in found.why


def entry(number: int, verdict: Verdict, state: ClaimState | None = None, *, split: bool = False) -> Entry:
    seen = [Seen("probe", "99.8981 %", verdict)]
    seen += [Seen("page", "100.0000 %", Verdict.MET)] if split else []
    credit = Money(Decimal("200.00"), "USD") if state else None
    return Entry(
        date(2026, number, 1), date(2026, number, 28), Decimal("99.9"), verdict, tuple(seen), credit, None, state
    )


class TestTheRecord:
    def test_holds_the_last_twelve_months(self) -> None:
        old = Entry(date(2025, 5, 1), date(2025, 5, 31), Decimal(99), Verdict.MET, ())
        kept = twelve_months([entry(2, Verdict.MET), entry(1, Verdict.MET), old], today=date(2026, 6, 15))
        assert [one.first.month for one in kept] == [1, 2]

    def test_tells_a_renewal_what_was_missed_and_what_became_of_the_money(self) -> None:
        lines = told(
            [
                entry(1, Verdict.MISSED, ClaimState.CREDITED),
                entry(2, Verdict.MISSED, ClaimState.LAPSED, split=True),
                entry(3, Verdict.MISSED, ClaimState.SENT),
                entry(4, Verdict.MISSED, ClaimState.LAPSED),
                entry(5, Verdict.UNDECIDED),
            ]
        )
        assert lines == (
            "Service level 2026-01-01 to 2026-05-28: 4 of 5 windows missed.",
            "Missed: 2026-01 99.8981 % of 99.9 %, 2026-02 99.8981 % of 99.9 %, 2026-03 99.8981 % of 99.9 %, "
            "2026-04 99.8981 % of 99.9 %.",
            "Undecided, because nobody measured enough: 1.",
            "Sources disagree on 2026-02.",
            "Service credits: USD 200.00 credited, USD 200.00 claimed and expected, USD 400.00 lapsed unclaimed.",
        )

    def test_is_silent_where_nothing_was_measured(self) -> None:
        assert told([]) == ()
