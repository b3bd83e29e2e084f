"""Datadog against our description of it: points, gaps, joined points, long windows, faults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors import http
from connectors.datadog.client import DatadogClient
from connectors.datadog.uptime import DatadogUptime
from domain.errors import ConfigurationError, Permanent, Transient
from domain.outages import Impact, Outage
from tests.conftest import Clock
from tests.contracts.conftest import Start
from tests.contracts.server import Call, ContractServer, Fault

QUERY, VALIDATE = "GET /api/v1/query", "GET /api/v1/validate"
START = datetime(2026, 11, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Account:
    """Behave like Datadog with one series, up at every minute but where told otherwise."""

    def __init__(self, server: ContractServer) -> None:
        self.server = server
        self.values: dict[datetime, float | str | None] = {}
        self.series, self.interval, self.error = 1, 60, ""
        server.on(QUERY, self.query)
        server.on(VALIDATE, {"valid": True})

    def query(self, call: Call) -> dict[str, Any]:
        if self.error:
            return {"status": "error", "error": self.error}
        start, end = int(call.query["from"]), int(call.query["to"])
        assert (end - start) // 60 <= 1500
        moments = [datetime.fromtimestamp(second, UTC) for second in range(start, end, self.interval)]
        points = [[moment.timestamp() * 1000, self.values.get(moment, 1.0)] for moment in moments]
        kept = [point for point in points if point[1] != "gap"]
        made = [{"interval": self.interval, "scope": f"host:{n}", "pointlist": kept} for n in range(self.series)]
        return {"status": "ok", "from_date": start * 1000, "to_date": end * 1000, "series": made if kept else []}

    def at(self, first: int, last: int, value: float | str | None) -> None:
        self.values |= {START + place * MINUTE: value for place in range(first, last)}


@pytest.fixture
def account(contract: Start) -> Account:
    return Account(contract("datadog"))


@pytest.fixture
def uptime(account: Account, clock: Clock) -> DatadogUptime:
    headers = {"DD-API-KEY": "a", "DD-APPLICATION-KEY": "b"}
    endpoint = http.Endpoint("datadog", account.server.url, headers, http.client(), sleep=lambda _: None)
    query = "min:network.http.can_connect{instance:api}.rollup(min, 60)"
    return DatadogUptime(DatadogClient(endpoint), {"API": query}, clock)


def read(uptime: DatadogUptime, hours: float = 2) -> list[Outage]:
    return list(uptime.outages("API", START, START + timedelta(hours=hours)))


def minutes(found: list[Outage]) -> list[tuple[Impact, int, int]]:
    return [(one.impact, (one.start - START) // MINUTE, (one.end - START) // MINUTE) for one in found if one.end]


class TestReading:
    def test_values_below_the_threshold_are_down_for_their_step(self, account: Account, uptime: DatadogUptime) -> None:
        account.at(10, 15, 0.0)
        account.at(60, 61, 0.5)
        assert minutes(read(uptime)) == [(Impact.DOWN, 10, 15), (Impact.DOWN, 60, 61)]

    def test_missing_and_empty_points_are_unknown_and_not_up(self, account: Account, uptime: DatadogUptime) -> None:
        account.at(10, 15, "gap")
        account.at(15, 18, None)
        account.at(18, 20, 0)
        assert minutes(read(uptime)) == [(Impact.UNKNOWN, 10, 18), (Impact.DOWN, 18, 20)]

    def test_no_series_at_all_knows_nothing(self, account: Account, uptime: DatadogUptime) -> None:
        account.at(0, 120, "gap")
        assert minutes(read(uptime)) == [(Impact.UNKNOWN, 0, 120)]

    def test_the_future_is_not_unknown_yet(self, uptime: DatadogUptime, clock: Clock) -> None:
        clock.now = START + timedelta(minutes=30)
        assert read(uptime) == []

    def test_a_month_is_asked_for_in_pieces_that_keep_their_points(
        self, account: Account, uptime: DatadogUptime, clock: Clock
    ) -> None:
        clock.now = START + timedelta(days=40)
        account.at(1_190, 1_210, 0)
        assert minutes(read(uptime, 30 * 24)) == [(Impact.DOWN, 1_190, 1_210)]
        assert len(account.server.calls(QUERY)) == 36


class TestMistakes:
    def test_joined_points_are_refused(self, account: Account, uptime: DatadogUptime) -> None:
        account.interval = 300
        with pytest.raises(Permanent, match=r"every 300 s.*rollup\(min, 60\)"):
            read(uptime)

    def test_several_series_are_refused(self, account: Account, uptime: DatadogUptime) -> None:
        account.series = 2
        with pytest.raises(Permanent, match="2 series"):
            read(uptime)

    def test_a_bad_query_is_told_in_datadogs_words(self, account: Account, uptime: DatadogUptime) -> None:
        account.error = "Error parsing query"
        with pytest.raises(Permanent, match="Error parsing query"):
            read(uptime)

    def test_a_service_without_a_query_names_the_setting(self, uptime: DatadogUptime) -> None:
        with pytest.raises(ConfigurationError, match="uptime.yaml"):
            uptime.outages("Web", START, START + MINUTE)

    def test_check_validates_the_key_and_says_which_query_finds_nothing(
        self, account: Account, uptime: DatadogUptime, clock: Clock
    ) -> None:
        assert uptime.check().missing == ()
        clock.now = START + timedelta(hours=2)
        account.at(0, 300, "gap")
        assert "'API'" in uptime.check().missing[0]
        assert len(account.server.calls(VALIDATE)) == 2


class TestFaults:
    @pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.HTML, Fault.TRUNCATED, Fault.THROTTLED])
    def test_a_monitor_in_trouble_is_waited_for_and_not_taken_for_an_outage(
        self, account: Account, uptime: DatadogUptime, fault: Fault
    ) -> None:
        account.server.fault(QUERY, fault, times=3)
        with pytest.raises(Transient):
            read(uptime)

    def test_refused_keys_need_a_person(self, account: Account, uptime: DatadogUptime) -> None:
        account.server.fault(VALIDATE, Fault.UNAUTHORIZED)
        with pytest.raises(Permanent, match="credential"):
            uptime.check()
