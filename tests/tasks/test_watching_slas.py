"""A missed service level is measured by every source, claimed once, and followed until it is credited or lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.slas import read_slas
from domain.errors import ConfigurationError, Permanent
from domain.money import Money
from domain.obligations import DueState
from domain.outages import Impact
from domain.sla.claims import ClaimState
from domain.sla.record import told, twelve_months
from store import duties as register
from store import sla_measurements, slas
from tasks.file import open_contract
from tasks.planning import plan
from tasks.slas import watch_now
from tasks.slas_answers import answered, claimed, credited
from tests.tasks.office import Office
from tests.tasks.slas_office import OWNER, PAPER, Services

JUNE_3, JUNE_9 = datetime(2026, 6, 3, 10, tzinfo=UTC), datetime(2026, 6, 9, 10, tzinfo=UTC)
JULY_1, JULY_2, JULY_30, JULY_31 = date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 30), date(2026, 7, 31)


@pytest.fixture
def services(office: Office, tmp_path: Path) -> Services:
    """Open the office and let everything up to the end of May be measured."""
    made = Services.opened(office, tmp_path / "config")
    watch_now(made.on(date(2026, 6, 1)))
    return made


def dues(services: Services, *states: DueState) -> list[dict[str, object]]:
    with services.office.database.read() as connection:
        rows = [dict(row) for row in register.unsettled(connection, states or tuple(DueState))]
    return [row for row in rows if "Service credit for" in str(row["text"])]


class TestAWindowThatClosed:
    def test_without_a_miss_is_stored_and_nobody_is_told(self, services: Services) -> None:
        found = watch_now(services.on(JULY_1))
        assert found.problems == ()
        assert services.breaches() == []
        assert services.told() == []
        with services.office.database.read() as connection:
            rows = sla_measurements.measured(connection, services.contract)
        assert [(row["source"], row["counts"], row["verdict"]) for row in rows][:2] == [
            ("files", True, "met"),
            ("statuspage", False, "met"),
        ]
        assert len(rows) == 2 * 6

    def test_that_was_missed_is_claimed_with_its_arithmetic(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        [moved] = watch_now(services.on(JULY_1)).missed
        row = services.only()
        assert (row["id"], row["state"], row["direction"]) == (moved, ClaimState.DRAFTED, "theirs")
        assert (row["amount"], row["claim_by"], row["send_by"]) == ("200.00 USD", JULY_30, JULY_30)
        assert (row["counterparty"], row["channels"]) == ("Northbridge Hosting Ltd", "email")
        letter = services.office.ctx.vault.get(str(row["letter_sha256"])).decode()
        for part in ("To: Northbridge Hosting Ltd", "we claim a service credit of 200.00 USD", "(page 1)",
                     "1 - 60 min / 43200 min = 99.8611 %", "10 % of USD 2,000.00 = 200", "Claim by 2026-07-30"):  # fmt: skip
            assert part in letter

    def test_is_measured_by_real_minutes_and_kept_exactly_with_its_outages(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        with services.office.database.read() as connection:
            row = next(
                row for row in sla_measurements.measured(connection, services.contract) if row["verdict"] == "missed"
            )
        assert (row["total"], row["down"], row["highest"]) == ("43200", "60", "719/720")
        assert row["outages"][0]["start"] == "2026-06-03T10:00:00+00:00"

    def test_is_told_once_and_stays_as_it_is_when_the_night_runs_again(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        before = services.only()
        for day in (JULY_1, date(2026, 7, 2)):
            assert watch_now(services.on(day)).missed == ()
        assert services.only() == before
        assert services.told() == [
            "Northbridge Hosting Ltd: Platform missed its service level 2026-06-01 to 2026-06-30; "
            "claim 200.00 USD by 2026-07-30"
        ]
        assert len(dues(services)) == 1

    def test_follows_the_source_that_counts_and_shows_the_other(self, services: Services) -> None:
        services.page.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        assert services.breaches() == []
        services.says(
            "  - {contract: NB-2026-07, service: Platform, sources: [files, statuspage], counts: statuspage}\n"
        )
        watch_now(services.on(date(2026, 7, 2)))
        assert "The sources disagree; statuspage is the one that counts." in services.only()["why"]  # type: ignore[operator]

    def test_that_nobody_saw_is_no_miss(self, services: Services) -> None:
        services.probe.down(JUNE_3, 600, Impact.UNKNOWN)
        watch_now(services.on(JULY_1))
        assert services.breaches() == []

    def test_is_only_listed_by_a_dry_run(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        found = watch_now(services.on(JULY_1), dry_run=True)
        assert ("99.8611 %", "missed") in [(row["measured"], row["verdict"]) for row in found.rows]
        assert (services.breaches(), services.told(), dues(services)) == ([], [], [])


class TestASource:
    def test_that_does_not_answer_is_named_and_holds_up_no_other(self, services: Services) -> None:
        services.page.broken = True
        services.probe.down(JUNE_3, 60)
        found = watch_now(services.on(JULY_1))
        assert services.only()["state"] == ClaimState.DRAFTED
        assert any("statuspage" in problem and "does not answer" in problem for problem in found.problems)

    def test_that_counts_and_does_not_answer_leaves_the_window_unjudged(self, services: Services) -> None:
        services.probe.broken = True
        services.page.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        assert services.breaches() == []
        services.probe.broken = False
        services.probe.down(JUNE_3, 60)
        watch_now(services.on(date(2026, 7, 2)))
        assert services.only()["source"] == "files"

    def test_that_says_everything_was_down_all_the_time_is_refused(self, services: Services) -> None:
        services.probe.down(datetime(2026, 1, 1, tzinfo=UTC), 1440 * 181)
        with pytest.raises(Permanent, match="Every service was down all the time, says files"):
            watch_now(services.on(JULY_1))
        assert services.breaches() == []
        assert watch_now(services.on(JULY_1), believe=True).missed

    def test_that_was_believed_once_is_not_doubted_again(self, services: Services) -> None:
        services.probe.down(datetime(2026, 6, 1, tzinfo=UTC), 1440 * 30)
        with pytest.raises(Permanent, match="says files"):
            watch_now(services.on(JULY_1))
        watch_now(services.on(JULY_1), believe=True)
        assert watch_now(services.on(date(2026, 7, 2))).missed == ()

    def test_that_misses_very_many_at_once_is_refused(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        services.probe.down(datetime(2026, 5, 30, tzinfo=UTC), 60)
        with pytest.raises(Permanent, match="2 service levels would be missed at once"):
            watch_now(services.on(JULY_1), limit=1)
        assert services.breaches() == []

    def test_that_missed_as_many_before_is_not_refused_again(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        services.probe.down(datetime(2026, 5, 30, tzinfo=UTC), 60)
        watch_now(services.on(JULY_1), limit=2)
        assert watch_now(services.on(JULY_2), limit=1).missed == ()

    def test_that_corrects_itself_before_the_claim_takes_it_back(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        services.probe.seen.clear()
        watch_now(services.on(date(2026, 7, 2)))
        row = services.only()
        assert (row["state"], row["reason"]) == (
            ClaimState.WITHDRAWN,
            "a corrected measurement does not show it any more",
        )
        assert dues(services, DueState.SCHEDULED, DueState.OPEN) == []

    def test_that_takes_its_correction_back_brings_the_claim_and_its_duty_back(self, services: Services) -> None:
        for day, minutes in ((1, 60), (2, 0), (3, 60)):
            services.probe.seen.clear()
            services.probe.down(JUNE_3, minutes or 1)
            watch_now(services.on(date(2026, 7, day)))
        assert services.only()["state"] == ClaimState.DRAFTED
        assert [due["due_on"] for due in dues(services, DueState.SCHEDULED)] == [JULY_30]

    def test_that_corrects_itself_after_the_claim_changes_nothing(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        [breach] = watch_now(services.on(JULY_1)).missed
        claimed(services.on(JULY_1), breach, who=OWNER, on=JULY_1)
        services.probe.seen.clear()
        watch_now(services.on(date(2026, 7, 2)))
        assert services.only()["state"] == ClaimState.SENT

    def test_that_shows_more_makes_another_claim_of_which_people_hear(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        services.probe.down(JUNE_9, 600)
        watch_now(services.on(date(2026, 7, 2)))
        assert services.only()["amount"] == "400.00 USD"  # 25 %, cut to 20 %
        assert ["400.00 USD" in text for text in services.told()] == [False, True]


class TestAClaim:
    @pytest.fixture
    def breach(self, services: Services) -> str:
        services.probe.down(JUNE_3, 60)
        [found] = watch_now(services.on(JULY_1)).missed
        return found

    def test_is_a_duty_on_its_last_day_which_planning_leaves_alone(self, services: Services, breach: str) -> None:
        [due] = dues(services)
        assert (due["due_on"], due["direction"], due["consequence"]) == (
            JULY_30,
            "theirs",
            "the credit of 200.00 USD lapses",
        )
        plan(services.office.ctx, open_contract(services.office.ctx, services.contract))
        assert len(dues(services, DueState.SCHEDULED)) == 1

    def test_that_was_sent_closes_the_duty_and_is_expected_on_the_next_invoice(
        self, services: Services, breach: str
    ) -> None:
        ctx = services.on(date(2026, 7, 10))
        claimed(ctx, breach, who=OWNER, on=date(2026, 7, 10))
        assert [due["state"] for due in dues(services)] == [DueState.FULFILLED_ON_TIME]
        with ctx.database.read() as connection:
            [credit] = slas.credits_due(connection, services.contract)
        assert (credit.amount, credit.claimed, credit.claim_by) == (Money.parse("200.00 USD"), True, JULY_30)
        assert (credit.window_first, credit.window_last) == (date(2026, 6, 1), date(2026, 6, 30))
        assert "10 % of USD 2,000.00" in credit.explanation

    def test_is_credited_only_where_it_was_seen(self, services: Services, breach: str) -> None:
        ctx = services.on(date(2026, 7, 10))
        claimed(ctx, breach, who=OWNER, on=date(2026, 7, 10))
        answered(ctx, breach, ClaimState.ACCEPTED, who=OWNER)
        with pytest.raises(Permanent, match="where it was seen"):
            credited(ctx, breach, who=OWNER, on=date(2026, 7, 10), invoice=" ")
        credited(ctx, breach, who=OWNER, on=date(2026, 7, 10), invoice="INV-7")
        assert (services.only()["state"], services.only()["reference"]) == (ClaimState.CREDITED, "INV-7")
        with ctx.database.read() as connection:
            assert slas.credits_due(connection, services.contract) == []

    def test_lapses_the_day_after_its_last_and_that_is_told_once(self, services: Services, breach: str) -> None:
        watch_now(services.on(JULY_30))
        assert services.only()["state"] == ClaimState.DRAFTED
        for day in (JULY_31, date(2026, 8, 1)):
            watch_now(services.on(day))
        assert services.only()["state"] == ClaimState.LAPSED
        assert len([text for text in services.told() if "has lapsed: nobody claimed it by 2026-07-30" in text]) == 1

    def test_lapses_only_when_the_day_is_over_where_the_contract_counts_days(
        self, office: Office, tmp_path: Path
    ) -> None:
        late = Services.opened(office, tmp_path / "config")
        late.says("  - {contract: NB-2026-07, service: Platform, sources: [files], zone: Pacific/Honolulu}\n")
        late.probe.down(JUNE_3, 60)
        watch_now(late.on(JULY_2))
        watch_now(late.on(JULY_31))  # still 30 July there
        assert late.only()["state"] == ClaimState.DRAFTED
        watch_now(late.on(date(2026, 8, 1)))
        assert late.only()["state"] == ClaimState.LAPSED

    def test_that_was_sent_never_lapses(self, services: Services, breach: str) -> None:
        claimed(services.on(JULY_30), breach, who=OWNER, on=JULY_30)
        watch_now(services.on(date(2026, 8, 3)))
        assert services.only()["state"] == ClaimState.SENT

    def test_is_refused_after_its_last_day_from_strangers_and_for_tomorrow(
        self, services: Services, breach: str
    ) -> None:
        ctx = services.on(JULY_31)
        with pytest.raises(Permanent, match="The last day to claim was 2026-07-30"):
            claimed(ctx, breach, who=OWNER, on=JULY_31)
        with pytest.raises(Permanent, match="may not decide"):
            claimed(ctx, breach, who="stranger@x.example", on=JULY_30)
        with pytest.raises(Permanent, match="has not come yet"):
            claimed(ctx, breach, who=OWNER, on=date(2026, 8, 1))
        with pytest.raises(Permanent, match="There is no claim"):
            claimed(ctx, "nothing", who=OWNER, on=JULY_30)

    def test_is_not_rejected_without_a_reason_nor_accepted_before_it_is_sent(
        self, services: Services, breach: str
    ) -> None:
        ctx = services.on(date(2026, 7, 10))
        with pytest.raises(Permanent, match="cannot become accepted"):
            answered(ctx, breach, ClaimState.ACCEPTED, who=OWNER)
        claimed(ctx, breach, who=OWNER, on=date(2026, 7, 10))
        with pytest.raises(Permanent, match="without a reason"):
            answered(ctx, breach, ClaimState.REJECTED, who=OWNER)

    def test_is_told_after_an_outage_of_chat_and_mail(self, services: Services) -> None:
        services.office.chat.down = services.office.mail.down = True
        services.probe.down(JUNE_3, 60)
        assert watch_now(services.on(JULY_1)).problems
        services.office.chat.down = services.office.mail.down = False
        watch_now(services.on(date(2026, 7, 2)))
        assert len(services.told()) == 1


class TestMissesThatAddUp:
    def test_open_a_right_to_terminate_that_is_told_once(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        assert watch_now(services.on(JULY_1)).rights == ()
        services.probe.down(datetime(2026, 7, 3, tzinfo=UTC), 60)
        [right] = watch_now(services.on(date(2026, 8, 1))).rights
        assert "2 misses within 3 months, 2 are enough" in right
        watch_now(services.on(date(2026, 8, 2)))
        assert len([text for text in services.told() if "may be terminated" in text]) == 1

    def test_give_no_more_than_the_year_holds(self, services: Services) -> None:
        services.says("  - {contract: NB-2026-07, service: Platform, sources: [files], stated: {year_cap: 1}}\n")
        services.probe.down(JUNE_3, 60)
        services.probe.down(datetime(2026, 7, 3, tzinfo=UTC), 60)
        watch_now(services.on(JULY_1))
        watch_now(services.on(date(2026, 8, 1)))
        assert sorted(str(row["amount"]) for row in services.breaches()) == ["200.00 USD", "40.00 USD"]

    def test_are_remembered_for_the_renewal(self, services: Services) -> None:
        services.probe.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        with services.office.database.read() as connection:
            year = twelve_months(slas.entries(connection, services.contract), today=JULY_1)
        assert told(year) == (
            "Service level of Platform, 2026-01-01 to 2026-06-30: 1 of 6 windows missed.",
            "Missed: 2026-06 99.8611 % of 99.9 %.",
            "Sources disagree on 2026-06.",
            "Service credits: USD 200.00 still to be claimed.",
        )


class TestWhatAPersonStates:
    def entry(self, services: Services, more: str) -> None:
        services.says(f"  - {{contract: NB-2026-07, service: Platform, sources: [files], {more}}}\n")

    def test_may_be_steps_and_the_second_billing_cycle(self, services: Services) -> None:
        self.entry(
            services,
            "stated: {steps: {percent: 5, minutes: 30, most: 20}, claim_until: {kind: billing cycle, count: 2}}",
        )
        services.probe.down(JUNE_3, 105)  # 43.2 are allowed; two full steps are lost
        watch_now(services.on(JULY_1))
        assert (services.only()["amount"], services.only()["claim_by"]) == ("200.00 USD", date(2026, 8, 31))

    def test_may_be_the_part_of_the_fees_that_a_service_costs(self, services: Services) -> None:
        self.entry(services, "stated: {yearly_fee: 6000.00 USD}")
        services.probe.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        assert services.only()["amount"] == "50.00 USD"

    def test_may_be_excused_only_where_the_contract_lets_it_out(self, office: Office, tmp_path: Path) -> None:
        excused = PAPER + "\n9. Exclusions. Scheduled maintenance is excluded from the calculation of availability.\n"
        works = "exclusions: [{cause: maintenance, start: 2026-06-03T10:00:00Z, end: 2026-06-03T11:00:00Z}]"
        with_excuse = Services.opened(office, tmp_path / "config", excused)
        self.entry(with_excuse, works)
        with_excuse.probe.down(JUNE_3, 60)
        watch_now(with_excuse.on(JULY_1))
        assert with_excuse.breaches() == []

    def test_does_not_excuse_what_the_contract_does_not(self, services: Services) -> None:
        self.entry(
            services, "exclusions: [{cause: maintenance, start: 2026-06-03T10:00:00Z, end: 2026-06-03T11:00:00Z}]"
        )
        services.probe.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        assert services.only()["amount"] == "200.00 USD"

    def test_in_another_currency_is_a_problem_and_holds_up_no_other(self, services: Services) -> None:
        self.entry(services, "stated: {least_credit: 1.00 EUR}")
        services.probe.down(JUNE_3, 60)
        assert "currencies never mix" in watch_now(services.on(JULY_1)).problems[0]


class TestWhoseItIs:
    def test_an_old_miss_is_lapsed_at_once_and_never_drafted(self, office: Office, tmp_path: Path) -> None:
        late = Services.opened(office, tmp_path / "config")
        late.probe.down(datetime(2026, 2, 3, tzinfo=UTC), 60)
        watch_now(late.on(JULY_1))
        row = late.only()
        assert (row["state"], row["letter_sha256"]) == (ClaimState.LAPSED, None)
        assert dues(late) == []

    def test_our_own_promise_makes_no_claim_but_is_told(self, office: Office, tmp_path: Path) -> None:
        sold = PAPER.replace('Northbridge Hosting Ltd ("Provider")', 'Lumora Analytics, Inc. ("Provider")')
        sold = sold.replace("Lumora\nAnalytics, Inc., a company incorporated in Delaware", "Harrow Mills Ltd")
        ours = Services.opened(office, tmp_path / "config", sold)
        ours.probe.down(JUNE_3, 60)
        watch_now(ours.on(JULY_1))
        row = ours.only()
        assert (row["direction"], row["state"], row["letter_sha256"]) == ("ours", ClaimState.DUE, None)
        assert ours.told()[0].endswith("we owe 200.00 USD")
        assert dues(ours) == []

    def test_a_vendor_names_all_its_contracts(self, services: Services) -> None:
        services.says("  - {vendor: Northbridge Hosting Limited, service: Platform, sources: [files]}\n")
        services.probe.down(JUNE_3, 60)
        watch_now(services.on(JULY_1))
        assert services.only()["counterparty"] == "Northbridge Hosting Ltd"

    def test_a_contract_that_nobody_knows_is_a_problem(self, services: Services) -> None:
        services.says("  - {contract: XX-1, service: Platform, sources: [files]}\n")
        assert watch_now(services.on(JULY_1)).problems == ("slas.yaml, Platform: no contract XX-1 is stored",)

    def test_an_inactive_source_is_a_problem(self, services: Services) -> None:
        services.says("  - {contract: NB-2026-07, service: Platform, sources: [datadog]}\n")
        assert "datadog" in watch_now(services.on(JULY_1)).problems[0]


class TestWhatIsWatched:
    def test_is_nothing_where_nothing_is_said(self, tmp_path: Path) -> None:
        assert read_slas(tmp_path) == ()

    def test_lists_the_source_that_counts_first(self, services: Services) -> None:
        services.says("  - {vendor: X, service: Y, sources: [files, statuspage], counts: statuspage}\n")
        assert read_slas(services.folder)[0].ordered == ("statuspage", "files")

    @pytest.mark.parametrize(
        ("entry", "problem"),
        [
            ("{service: Y, sources: [files]}", "either a contract or a vendor"),
            ("{contract: A, vendor: B, service: Y, sources: [files]}", "either a contract or a vendor"),
            ("{contract: A, service: Y, sources: [pingdom]}", "unknown source pingdom"),
            ("{contract: A, service: Y, sources: []}", "at least 1 item"),
            ("{contract: A, service: Y, sources: [files], counts: datadog}", "not among its sources"),
            ("{contract: A, service: Y, sources: [files], zone: Europe/Nowhere}", "No time zone"),
            ("{contract: A, service: Y, sources: [files], stated: {leave_within: a month}}", "not a period"),
            ("{contract: A, service: Y, sources: [files], stated: {year_cap: 120}}", "less than or equal to 100"),
            (
                "{contract: A, service: Y, sources: [files], exclusions: [{cause: customer, start: 2026-06-03T10:00:00, end: 2026-06-04T10:00:00Z}]}",
                "timezone",
            ),
            ("{contract: A, service: Y, sources: [files], stated: {claim_until: {kind: period}}}", "needs period"),
        ],
    )
    def test_that_is_wrong_is_refused_with_file_and_line(self, services: Services, entry: str, problem: str) -> None:
        services.says(f"  - {entry}\n")
        with pytest.raises(ConfigurationError, match=r"slas\.yaml:2") as raised:
            read_slas(services.folder)
        assert problem in str(raised.value)
