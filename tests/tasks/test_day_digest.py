"""Each person at work hears once a day what waits for them, and nothing where nothing does."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from store import contracts
from tasks.day_digest import send_day_digests_now
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, master

MONDAY = date(2026, 12, 7)  # 17 days before notice must be sent


@pytest.fixture
def owner(office: Office) -> str:
    office.on(date(2026, 3, 2))
    contract = office.paper("msa", master(HARROW, "MSA-2025-01", "1 March 2025"))
    with office.database.read() as connection:
        email: str = contracts.get(connection, contract)["owner_email"]
    office.change(email, timezone="Europe/Berlin", calendar="DE-BE")
    return email


def digests(office: Office, to: str) -> list[str]:
    return [text for email, text in office.told("chat") if email == to and text.startswith("What waits")]


class TestTheDigest:
    def test_comes_once_a_working_day(self, office: Office, owner: str) -> None:
        assert owner in send_day_digests_now(office.on(MONDAY))
        send_day_digests_now(office.ctx)
        assert digests(office, owner) == ["What waits for you on Monday 07 December"]

    def test_is_never_empty(self, office: Office, owner: str) -> None:
        assert send_day_digests_now(office.on(date(2026, 6, 8))) == []
        assert office.told("chat") == []

    def test_does_not_come_on_a_weekend_or_a_holiday_or_on_leave(self, office: Office, owner: str) -> None:
        for day in (date(2026, 12, 5), date(2026, 12, 6)):
            assert owner not in send_day_digests_now(office.on(day))
        office.away(owner, MONDAY, MONDAY)
        assert owner not in send_day_digests_now(office.on(MONDAY))

    def test_waits_for_the_morning_where_its_reader_lives(self, office: Office, owner: str) -> None:
        office.now = datetime(2026, 12, 7, 6, 30, tzinfo=UTC)  # half past seven in Berlin
        assert owner not in send_day_digests_now(office.ctx)
        office.now = datetime(2026, 12, 7, 7, 30, tzinfo=UTC)
        assert owner in send_day_digests_now(office.ctx)

    def test_is_only_listed_by_a_dry_run(self, office: Office, owner: str) -> None:
        assert owner in send_day_digests_now(office.on(MONDAY), dry_run=True)
        assert digests(office, owner) == []
