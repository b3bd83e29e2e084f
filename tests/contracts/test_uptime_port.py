"""Every uptime source keeps the same promises: whole outages, oldest first, and blind is not up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import http
from connectors.datadog.client import DatadogClient
from connectors.datadog.uptime import DatadogUptime
from connectors.files.uptime import FileUptime
from connectors.prometheus.client import PrometheusClient
from connectors.prometheus.uptime import PrometheusUptime
from domain.errors import Permanent, Transient
from domain.outages import Impact
from domain.ports import Uptime
from tests.conftest import Clock
from tests.contracts import test_datadog as datadog_
from tests.contracts import test_prometheus as prometheus_
from tests.contracts import test_statuspage as statuspage_
from tests.contracts.conftest import Start
from tests.contracts.server import ContractServer, Fault

START = datetime(2026, 11, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOURS = timedelta(hours=6)


@dataclass
class Watched:
    """Hold a connector of the service API, and how it is told that the service was down."""

    uptime: Uptime
    down: Callable[[int, int], None]
    server: ContractServer | None = None
    operation: str = ""

    def outages(self, begin: datetime = START, end: datetime = START + HOURS) -> list[tuple[Impact, int, int]]:
        """Return (impact, first minute, minute after the last)."""
        found = self.uptime.outages("API", begin, end)
        assert all(one.start.tzinfo and one.service == "API" for one in found)
        return [(one.impact, _minute(one.start), _minute(one.end or end)) for one in found]


def _minute(moment: datetime) -> int:
    return (moment - START) // MINUTE


@pytest.fixture
def files(tmp_path: Path) -> Watched:
    path = tmp_path / "outages.csv"
    path.write_text("service,start,end,impact\n")

    def down(first: int, last: int) -> None:
        begin, end = START + first * MINUTE, START + last * MINUTE
        path.write_text(f"{path.read_text()}API,{begin.isoformat()},{end.isoformat()},down\n")

    down(-600, -599)  # a file names its services by their outages
    return Watched(FileUptime(tmp_path, UTC), down)


@pytest.fixture
def statuspage(contract: Start, clock: Clock) -> Watched:
    server = contract("statuspage")
    page = statuspage_.Page(server, clock)

    def down(first: int, last: int) -> None:
        page.incidents.append(statuspage_.incident(f"i{first}", first / 60, last / 60))

    return Watched(page.uptime(), down, server, statuspage_.INCIDENTS)


@pytest.fixture
def prometheus(contract: Start, clock: Clock) -> Watched:
    server = contract("prometheus")
    monitor = prometheus_.Monitor(server)
    endpoint = http.Endpoint("prometheus", server.url, {"Authorization": "Bearer t"}, http.client(), sleep=_never)
    uptime = PrometheusUptime(PrometheusClient(endpoint), {"API": "min(probe_success)"}, clock)
    return Watched(uptime, lambda first, last: monitor.at(first, last, "0"), server, prometheus_.RANGE)


@pytest.fixture
def datadog(contract: Start, clock: Clock) -> Watched:
    server = contract("datadog")
    account = datadog_.Account(server)
    headers = {"DD-API-KEY": "a", "DD-APPLICATION-KEY": "b"}
    endpoint = http.Endpoint("datadog", server.url, headers, http.client(), sleep=_never)
    uptime = DatadogUptime(DatadogClient(endpoint), {"API": "min:can_connect{a:b}.rollup(min, 60)"}, clock)
    return Watched(uptime, lambda first, last: account.at(first, last, 0.0), server, datadog_.QUERY)


def _never(_: float) -> None:
    """Wait no time."""


@pytest.fixture(params=["files", "statuspage", "prometheus", "datadog"])
def watched(request: pytest.FixtureRequest) -> Watched:
    made: Watched = request.getfixturevalue(request.param)
    return made


@pytest.fixture(params=["statuspage", "prometheus", "datadog"])
def vendor(request: pytest.FixtureRequest) -> Watched:
    made: Watched = request.getfixturevalue(request.param)
    return made


class TestEveryUptimeSource:
    def test_finds_nothing_in_a_quiet_window(self, watched: Watched) -> None:
        assert watched.outages() == []

    def test_finds_every_outage_oldest_first(self, watched: Watched) -> None:
        watched.down(120, 150)
        watched.down(60, 70)
        assert watched.outages() == [(Impact.DOWN, 60, 70), (Impact.DOWN, 120, 150)]

    def test_finds_the_one_that_reaches_into_the_window_and_not_its_neighbours(self, watched: Watched) -> None:
        watched.down(10, 20)
        watched.down(50, 70)
        watched.down(200, 210)
        found = watched.outages(START + 60 * MINUTE, START + 180 * MINUTE)
        assert [(impact, last) for impact, _, last in found] == [(Impact.DOWN, 70)]

    def test_names_what_to_do_about_an_unknown_service(self, watched: Watched) -> None:
        with pytest.raises(Permanent) as caught:
            watched.uptime.outages("Nonesuch", START, START + HOURS)
        assert "Nonesuch" in str(caught.value)
        assert caught.value.fix

    def test_tells_the_doctor_what_it_watches(self, watched: Watched) -> None:
        assert watched.uptime.check().detail  # type: ignore[attr-defined]


class TestEveryVendorInTrouble:
    @pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.UNAVAILABLE, Fault.TRUNCATED, Fault.HTML, Fault.DROPPED])
    def test_is_never_taken_for_a_service_that_was_up(self, vendor: Watched, fault: Fault) -> None:
        vendor.down(60, 70)
        assert vendor.server is not None
        vendor.server.fault(vendor.operation, fault, times=1 if fault in {Fault.BROKEN, Fault.HTML} else 3)
        with pytest.raises(Transient):
            vendor.outages()
        assert vendor.outages() == [(Impact.DOWN, 60, 70)]

    def test_that_refuses_the_credential_is_a_persons_business(self, vendor: Watched) -> None:
        assert vendor.server is not None
        vendor.server.fault(vendor.operation, Fault.UNAUTHORIZED)
        with pytest.raises(Permanent):
            vendor.outages()
