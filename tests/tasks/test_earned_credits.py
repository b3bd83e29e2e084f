"""A credit that the contract lets the provider earn back is not claimed any more, and never expected on an invoice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from config.slas import read_slas
from domain.errors import ConfigurationError
from domain.sla.claims import ClaimState
from store import slas
from tasks.slas import watch_now
from tasks.slas_answers import claimed
from tests.tasks.office import Office
from tests.tasks.slas_office import ENTRY, OWNER, Services

JUNE_3 = datetime(2026, 6, 3, 10, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in range(7, 12)]


def opened(office: Office, folder: Path, windows: int) -> Services:
    """Let June be missed, under a contract whose credits are earned back by some good months."""
    made = Services.opened(office, folder / "config")
    made.says(f"{ENTRY.rstrip()[:-1]}, stated: {{earn_back: {{target: 99.95, windows: {windows}}}}}}}\n")
    watch_now(made.on(date(2026, 6, 1)))
    made.probe.down(JUNE_3, 60)
    watch_now(made.on(MONTHS[0]))
    return made


def expected(services: Services) -> list[str]:
    with services.office.database.read() as connection:
        return [str(one.amount) for one in slas.credits_due(connection, services.contract)]


class TestACreditThatCanBeEarnedBack:
    def test_is_claimed_until_it_is(self, office: Office, tmp_path: Path) -> None:
        services = opened(office, tmp_path, 3)
        assert services.only()["state"] == ClaimState.DRAFTED
        assert expected(services) == ["200.00 USD"]

    def test_is_not_expected_any_more_after_enough_good_months(self, office: Office, tmp_path: Path) -> None:
        services = opened(office, tmp_path, 3)
        claimed(services.on(date(2026, 7, 2)), str(services.only()["id"]), who=OWNER, on=date(2026, 7, 2))
        for day in MONTHS[1:3]:
            watch_now(services.on(day))
            assert services.only()["state"] == ClaimState.SENT
        [moved] = watch_now(services.on(MONTHS[3])).missed
        row = services.only()
        assert (row["id"], row["state"]) == (moved, ClaimState.REJECTED)
        assert row["reason"] == "earned back: the 3 windows until 2026-09-30 all reached 99.95 %"
        assert expected(services) == []
        [said] = [one for one in services.told() if "earned back" in str(one)]
        assert watch_now(services.on(MONTHS[4])).missed == ()
        assert [one for one in services.told() if "earned back" in str(one)] == [said]

    def test_stays_due_where_one_of_them_was_not_good_enough(self, office: Office, tmp_path: Path) -> None:
        services = opened(office, tmp_path, 3)
        claimed(services.on(date(2026, 7, 2)), str(services.only()["id"]), who=OWNER, on=date(2026, 7, 2))
        # 30 minutes of August are 99.93 %: the target is met, the one that earns a credit back is not.
        services.probe.down(datetime(2026, 8, 9, 10, tzinfo=UTC), 30)
        for day in MONTHS[1:]:
            watch_now(services.on(day))
        assert services.only()["state"] == ClaimState.SENT
        assert expected(services) == ["200.00 USD"]

    def test_is_taken_back_once_where_nobody_has_claimed_it(self, office: Office, tmp_path: Path) -> None:
        services = opened(office, tmp_path, 1)
        watch_now(services.on(MONTHS[1]))
        assert services.only()["state"] == ClaimState.WITHDRAWN
        before, said = services.only(), services.told()
        assert watch_now(services.on(date(2026, 8, 2))).missed == ()
        assert (services.only(), services.told()) == (before, said)

    def test_comes_back_where_a_correction_shows_that_it_was_not_earned(self, office: Office, tmp_path: Path) -> None:
        services = opened(office, tmp_path, 1)
        watch_now(services.on(MONTHS[1]))
        services.probe.down(datetime(2026, 7, 20, 10, tzinfo=UTC), 30)
        watch_now(services.on(date(2026, 8, 2)))
        [row] = services.breaches()
        assert row["state"] != ClaimState.WITHDRAWN


class TestTheFile:
    def test_refuses_an_earn_back_without_windows(self, tmp_path: Path) -> None:
        (tmp_path / "slas.yaml").write_text(
            "services:\n  - {contract: A, service: B, sources: [files], stated: {earn_back: {target: 99.9, windows: 0}}}\n",
            encoding="utf-8",
        )
        with pytest.raises(ConfigurationError, match="windows"):
            read_slas(tmp_path)
