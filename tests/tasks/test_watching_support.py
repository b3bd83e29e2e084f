"""Support that was promised in time is measured from the help desk's export, claimed once, and rolling windows too."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.slas import read_slas
from domain.errors import ConfigurationError
from domain.sla.claims import ClaimState
from domain.sla.record import told, twelve_months
from store import sla_measurements, slas
from tasks.slas import watch_now
from tests.tasks.office import Office
from tests.tasks.slas_office import PAPER, Services

JUNE_1, JULY_1, JULY_2, JULY_30 = date(2026, 6, 1), date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 30)
SUPPORT = """  - contract: NB-2026-07
    service: Support
    sources: [files]
    claim_to: support@northbridge.example
    tickets:
      - {severity: P1, kind: response, within_minutes: 60, target: 95, late: {percent: 2, most: 5}}
      - severity: P2
        kind: resolution
        within_minutes: 960
        hours: {timezone: Europe/London, calendar: GB, opens: "09:00", closes: "17:00"}
        bands: ["50..100: 3", "..50: 8"]
"""
HEAD = "service,ticket,severity,opened,answered,resolved\n"
GOOD = "Support,T-1,P1,2026-06-02T10:00Z,2026-06-02T10:30Z,\nSupport,T-2,P2,2026-06-05T08:00Z,,2026-06-08T16:00Z\n"
LATE = "Support,T-3,P1,2026-06-03T10:00Z,2026-06-03T11:01Z,\n"


@pytest.fixture
def services(office: Office, tmp_path: Path) -> Services:
    made = Services.opened(office, tmp_path / "config")
    made.says(SUPPORT)
    made.on(JUNE_1)
    export(made, "")
    watch_now(made.on(JUNE_1))
    return made


def export(services: Services, rows: str) -> None:
    (services.desk / "june.csv").write_text(HEAD + "Support,,,,,\n" + rows, encoding="utf-8")


def verdicts(services: Services) -> dict[str, str]:
    with services.office.database.read() as connection:
        rows = sla_measurements.measured(connection, services.contract)
    return {row["service"]: row["verdict"] for row in rows if row["window_first"] == JUNE_1}


class TestSupportInTime:
    def test_is_recorded_for_each_severity_and_kind(self, services: Services) -> None:
        export(services, GOOD)
        assert watch_now(services.on(JULY_1)).problems == ()
        assert verdicts(services) == {"Support, P1 response": "met", "Support, P2 resolution": "met"}
        assert services.breaches() == []

    def test_was_missed_and_is_claimed_with_every_late_ticket(self, services: Services) -> None:
        export(services, GOOD + LATE)
        [moved] = watch_now(services.on(JULY_1)).missed
        row = services.only()
        assert (row["id"], row["service"], row["metric"]) == (moved, "Support, P1 response", "response")
        assert (row["state"], row["amount"], row["claim_by"]) == (ClaimState.DRAFTED, "40.00 USD", JULY_30)
        letter = services.office.ctx.vault.get(str(row["letter_sha256"])).decode()
        for part in ("To: support@northbridge.example", "95 % of tickets of severity P1 answered within 60 min",
                     "1 - 1 / 2 = 50.0000 %", "T-3 (P1), response: 61 min", "2 % of USD 2,000.00 = 40"):  # fmt: skip
            assert part in letter
        [said] = services.told()
        assert "Support, P1 response missed its service level" in said

    def test_gives_by_bands_and_counts_working_hours(self, services: Services) -> None:
        export(services, "Support,T-2,P2,2026-06-05T08:00Z,,2026-06-08T16:01Z\n")  # Friday 9:00 to Monday 17:01
        assert watch_now(services.on(JULY_1)).missed == ()
        export(services, "Support,T-2,P2,2026-06-05T08:00Z,,2026-06-09T08:01Z\n")
        watch_now(services.on(JULY_2))
        assert services.only()["amount"] == "160.00 USD"

    def test_is_not_told_again_when_nothing_has_changed(self, services: Services) -> None:
        export(services, GOOD + LATE)
        watch_now(services.on(JULY_1))
        assert watch_now(services.on(JULY_2)).missed == ()
        assert len(services.told()) == 1

    def test_is_withdrawn_when_the_export_is_corrected(self, services: Services) -> None:
        export(services, GOOD + LATE)
        watch_now(services.on(JULY_1))
        export(services, GOOD + LATE.replace("11:01", "10:58"))
        watch_now(services.on(JULY_2))
        assert services.only()["state"] == ClaimState.WITHDRAWN

    def test_with_an_open_ticket_is_asked_for_until_it_is_decided(self, services: Services) -> None:
        export(services, "Support,T-2,P2,2026-06-30T08:00Z,,\n")
        watch_now(services.on(JULY_1))
        assert verdicts(services)["Support, P2 resolution"] == "undecided"
        watch_now(services.on(date(2026, 9, 20)))
        assert verdicts(services)["Support, P2 resolution"] == "missed"

    def test_does_not_make_a_source_implausible(self, services: Services) -> None:
        export(services, LATE)
        watch_now(services.on(JULY_1))
        assert services.only()["state"] == ClaimState.DRAFTED

    def test_that_cannot_be_read_holds_up_nothing_else(self, services: Services) -> None:
        export(services, "Support,T-1,P1,2026-06-02T10:00Z,2026-06-01T10:00Z,\n")
        services.says(SUPPORT + "  - {contract: NB-2026-07, service: Platform, sources: [files]}\n")
        found = watch_now(services.on(JULY_1))
        assert any("T-1 contradicts itself" in problem for problem in found.problems)
        assert verdicts(services)["Platform"] == "met"

    def test_is_remembered_beside_availability(self, services: Services) -> None:
        export(services, GOOD + LATE)
        watch_now(services.on(JULY_1))
        with services.office.database.read() as connection:
            entries = twelve_months(slas.entries(connection, services.contract), today=JULY_1)
        assert told(entries) == (
            "Service level of Support, P1 response, 2026-01-01 to 2026-06-30: 1 of 6 windows missed.",
            "Missed: 2026-06 50.0000 % of 95 %.",
            "Service level of Support, P2 resolution, 2026-01-01 to 2026-06-30: 0 of 6 windows missed.",
            "Service credits: USD 40.00 still to be claimed.",
        )


class TestAPaperThatPromisesNoAvailability:
    def test_has_its_support_watched_all_the_same(self, office: Office, tmp_path: Path) -> None:
        without = PAPER[: PAPER.index("4. Service level")] + PAPER[PAPER.index("7. Claims") : PAPER.index("8. Chronic")]
        made = Services.opened(office, tmp_path / "config", paper=without)
        made.says(SUPPORT)
        made.on(JULY_1)
        export(made, GOOD + LATE)
        assert watch_now(made.on(JULY_1)).problems == ()
        assert made.only()["service"] == "Support, P1 response"


class TestARollingWindow:
    ENTRY = "  - {contract: NB-2026-07, service: Platform, sources: [files], stated: {window: {kind: rolling, length: P30D}}}\n"

    def test_ends_every_day_and_claims_an_outage_once(self, office: Office, tmp_path: Path) -> None:
        made = Services.opened(office, tmp_path / "config")
        made.says(self.ENTRY)
        watch_now(made.on(date(2026, 2, 2)))
        made.probe.down(datetime(2026, 2, 3, 10, tzinfo=UTC), 60)
        watch_now(made.on(date(2026, 2, 5)))
        row = made.only()
        assert (row["window_first"], row["window_last"]) == (date(2026, 1, 5), date(2026, 2, 3))
        watch_now(made.on(date(2026, 2, 20)))
        assert [one["id"] for one in made.breaches()] == [row["id"]]
        assert any("in any 30 days, looked at every 1 day" in line for line in row["why"])  # type: ignore[attr-defined]
        assert len(made.told()) == 1

    def test_counts_one_outage_as_one_miss_towards_leaving(self, office: Office, tmp_path: Path) -> None:
        made = Services.opened(office, tmp_path / "config")
        made.says(self.ENTRY)
        made.probe.down(datetime(2026, 2, 3, 10, tzinfo=UTC), 60)
        assert watch_now(made.on(date(2026, 2, 20))).rights == ()
        made.probe.down(datetime(2026, 3, 20, 10, tzinfo=UTC), 60)
        assert len(watch_now(made.on(date(2026, 3, 22))).rights) == 1
        assert len(made.breaches()) == 2


class TestWhatSlasYamlRefuses:
    @pytest.mark.parametrize(
        ("entry", "why"),
        [
            (SUPPORT.replace("[files]", "[statuspage]"), "unknown source statuspage; allowed: files"),
            (SUPPORT.replace("severity: P2", "severity: p1").replace("resolution", "response"), "promised twice"),
            (SUPPORT.replace('"..50: 8"', '"..60: 8"'), "overlap"),
            (SUPPORT.replace('closes: "17:00"', 'closes: "08:00"'), "a desk closes after it opens"),
            (SUPPORT.replace("calendar: GB", "calendar: Atlantis"), "No business calendar"),
            (SUPPORT + "    stated: {steps: {percent: 5, minutes: 30}}\n", "about availability"),
            (SUPPORT + "    stated: {window: {kind: rolling}}\n", "a length such as P30D"),
            (SUPPORT.replace("service: Support", f"service: {'S' * 141}"), "at most 140 characters"),
            (SUPPORT.replace("within_minutes: 60", "within_minutes: 0"), "greater than 0"),
        ],
    )
    def test_is_named(self, tmp_path: Path, entry: str, why: str) -> None:
        (tmp_path / "slas.yaml").write_text(f"services:\n{entry}", encoding="utf-8")
        with pytest.raises(ConfigurationError, match=why):
            read_slas(tmp_path)
