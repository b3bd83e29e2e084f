"""Prometheus against our description of it: thresholds, gaps, long windows, faults."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors import http
from connectors.prometheus.client import PrometheusClient
from connectors.prometheus.uptime import PrometheusUptime
from domain.errors import ConfigurationError, Permanent, Transient
from domain.outages import Impact, Outage
from tests.conftest import Clock
from tests.contracts.conftest import Start
from tests.contracts.server import Answer, Call, ContractServer, Fault

QUERY, RANGE = "GET /api/v1/query", "GET /api/v1/query_range"
START = datetime(2026, 11, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Monitor:
    """Behave like Prometheus with one series, up at every minute but where told otherwise."""

    def __init__(self, server: ContractServer) -> None:
        self.server = server
        self.values: dict[datetime, str | None] = {}
        self.series = 1
        server.on(RANGE, self.range)
        server.on(QUERY, lambda _: self.answer("vector", [{"metric": {}, "value": [1.5, "1"]}] * self.series))

    def range(self, call: Call) -> dict[str, Any]:
        start, end, step = (int(call.query[name]) for name in ("start", "end", "step"))
        assert (end - start) // step < 11_000
        moments = [datetime.fromtimestamp(second, UTC) for second in range(start, end + 1, step)]
        values = [[int(moment.timestamp()), self.values.get(moment, "1")] for moment in moments]
        kept = [pair for pair in values if pair[1] is not None]
        made = [{"metric": {"instance": str(place)}, "values": kept} for place in range(self.series)]
        return self.answer("matrix", made if kept else [])

    def answer(self, kind: str, result: list[Any]) -> dict[str, Any]:
        return {"status": "success", "data": {"resultType": kind, "result": result}}

    def at(self, first: int, last: int, value: str | None) -> None:
        self.values |= {START + place * MINUTE: value for place in range(first, last)}


@pytest.fixture
def monitor(contract: Start) -> Monitor:
    return Monitor(contract("prometheus"))


@pytest.fixture
def uptime(monitor: Monitor, clock: Clock) -> PrometheusUptime:
    headers = {"Authorization": "Bearer t"}
    endpoint = http.Endpoint("prometheus", monitor.server.url, headers, http.client(), sleep=lambda _: None)
    return PrometheusUptime(PrometheusClient(endpoint), {"API": 'min(probe_success{job="api"})'}, clock)


def read(uptime: PrometheusUptime, hours: float = 2) -> list[Outage]:
    return list(uptime.outages("API", START, START + timedelta(hours=hours)))


def minutes(found: list[Outage]) -> list[tuple[Impact, int, int]]:
    return [(one.impact, (one.start - START) // MINUTE, (one.end - START) // MINUTE) for one in found if one.end]


class TestReading:
    def test_values_below_the_threshold_are_down_for_their_step(
        self, monitor: Monitor, uptime: PrometheusUptime
    ) -> None:
        monitor.at(10, 15, "0")
        monitor.at(60, 61, "0.99")
        assert minutes(read(uptime)) == [(Impact.DOWN, 10, 15), (Impact.DOWN, 60, 61)]

    def test_missing_and_undefined_values_are_unknown_and_not_up(
        self, monitor: Monitor, uptime: PrometheusUptime
    ) -> None:
        monitor.at(10, 15, None)
        monitor.at(15, 18, "NaN")
        monitor.at(18, 20, "0")
        monitor.at(20, 21, "+Inf")
        assert minutes(read(uptime)) == [(Impact.UNKNOWN, 10, 18), (Impact.DOWN, 18, 20)]

    def test_a_monitor_without_any_value_knows_nothing(self, monitor: Monitor, uptime: PrometheusUptime) -> None:
        monitor.at(0, 120, None)
        assert minutes(read(uptime)) == [(Impact.UNKNOWN, 0, 120)]

    def test_a_window_that_begins_within_a_step_is_cut(self, monitor: Monitor, uptime: PrometheusUptime) -> None:
        monitor.at(0, 3, "0")
        (one,) = uptime.outages("API", START + MINUTE / 2, START + 2.5 * MINUTE)
        assert (one.start, one.end) == (START + MINUTE / 2, START + 2.5 * MINUTE)

    def test_the_future_is_not_unknown_yet(self, uptime: PrometheusUptime, clock: Clock) -> None:
        clock.now = START + timedelta(minutes=30)
        assert read(uptime) == []

    def test_a_month_is_asked_for_in_pieces(self, monitor: Monitor, uptime: PrometheusUptime, clock: Clock) -> None:
        clock.now = START + timedelta(days=40)
        monitor.at(9_990, 10_010, "0")
        assert minutes(read(uptime, 30 * 24)) == [(Impact.DOWN, 9_990, 10_010)]
        calls = [dict(sent.query) for sent in monitor.server.calls(RANGE)]
        assert len(calls) == 5
        assert calls[-1]["end"] == str(int((START + timedelta(days=30) - MINUTE).timestamp()))

    def test_step_and_threshold_are_ours_to_choose(self, monitor: Monitor, clock: Clock) -> None:
        endpoint = http.Endpoint("prometheus", monitor.server.url, {"Authorization": "x"}, http.client())
        monitor.at(0, 120, "0.98")
        coarse = PrometheusUptime(
            PrometheusClient(endpoint), {"API": "x"}, clock, step=5 * MINUTE, threshold=Decimal("0.95")
        )
        assert read(coarse) == []
        assert dict(monitor.server.calls(RANGE)[0].query)["step"] == "300"


class TestMistakes:
    def test_several_series_are_refused(self, monitor: Monitor, uptime: PrometheusUptime) -> None:
        monitor.series = 2
        with pytest.raises(Permanent, match=r"2 series.*min\(\.\.\.\)"):
            read(uptime)

    def test_a_service_without_a_query_names_the_setting(self, uptime: PrometheusUptime) -> None:
        with pytest.raises(ConfigurationError, match="uptime.yaml"):
            uptime.outages("Web", START, START + MINUTE)

    def test_a_bad_query_is_told_in_prometheus_words(self, monitor: Monitor, uptime: PrometheusUptime) -> None:
        said = {"status": "error", "errorType": "bad_data", "error": "parse error: unclosed brace"}
        monitor.server.on(RANGE, lambda _: Answer(400, said))
        with pytest.raises(Permanent, match="unclosed brace"):
            read(uptime)

    def test_check_says_which_query_finds_nothing(self, monitor: Monitor, uptime: PrometheusUptime) -> None:
        assert uptime.check().missing == ()
        monitor.series = 0
        assert "'API'" in uptime.check().missing[0]


class TestFaults:
    @pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.HTML, Fault.TRUNCATED, Fault.THROTTLED])
    def test_a_monitor_in_trouble_is_waited_for_and_not_taken_for_an_outage(
        self, monitor: Monitor, uptime: PrometheusUptime, fault: Fault
    ) -> None:
        monitor.server.fault(RANGE, fault, times=3)
        with pytest.raises(Transient):
            read(uptime)

    def test_a_refused_token_needs_a_person(self, monitor: Monitor, uptime: PrometheusUptime) -> None:
        monitor.server.fault(QUERY, Fault.UNAUTHORIZED)
        with pytest.raises(Permanent, match="credential"):
            uptime.check()
