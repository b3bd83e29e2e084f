"""A public status page against our description of it: incidents, components, maintenances, and what it forgets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from connectors import http
from connectors.statuspage.client import StatuspageClient
from connectors.statuspage.uptime import StatuspageUptime
from domain.errors import Permanent, Transient
from domain.outages import Impact, Outage
from tests.conftest import Clock
from tests.contracts.conftest import Start
from tests.contracts.server import ContractServer, Fault

COMPONENTS, INCIDENTS = "GET /api/v2/components.json", "GET /api/v2/incidents.json"
MAINTENANCES = "GET /api/v2/scheduled-maintenances.json"
PAGE = {"id": "p1", "name": "Example", "url": "https://status.example.com"}
START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
API = {"id": "c1", "name": "API", "status": "operational", "group": False, "group_id": "g1"}
WEB = {"id": "c2", "name": "Web", "status": "operational", "group": False, "group_id": None}
GROUP = {"id": "g1", "name": "Backend", "status": "operational", "group": True, "components": ["c1"]}


def at(hour: float) -> datetime:
    return START + timedelta(hours=hour)


def incident(name: str = "i1", begin: float = 1, end: float | None = 2, **more: Any) -> dict[str, Any]:
    return {
        "id": name, "name": "Errors", "status": "investigating" if end is None else "resolved", "impact": "major",
        "created_at": at(begin).isoformat(), "started_at": at(begin).isoformat(), "page_id": "p1",
        "resolved_at": None if end is None else at(end).isoformat(), "shortlink": f"https://stspg.io/{name}",
        "components": [API], "incident_updates": [], **more,
    }  # fmt: skip


def update(hour: float, status: str, code: str = "c1") -> dict[str, Any]:
    affected = [{"code": code, "name": "API" if code == "c1" else "Web", "new_status": status}]
    moment = at(hour).isoformat()
    return {"id": f"u{hour}", "status": "monitoring", "created_at": moment, "display_at": moment,
            "affected_components": affected}  # fmt: skip


class Page:
    """Behave like a status page."""

    def __init__(self, server: ContractServer, clock: Clock) -> None:
        self.incidents: list[dict[str, Any]] = []
        self.planned: list[dict[str, Any]] = []
        self.server = server
        server.on(COMPONENTS, {"page": PAGE, "components": [API, WEB, GROUP]})
        server.on(INCIDENTS, lambda _: {"page": PAGE, "incidents": self.incidents})
        server.on(MAINTENANCES, lambda _: {"page": PAGE, "scheduled_maintenances": self.planned})
        endpoint = http.Endpoint("statuspage", server.url, {}, http.client(), sleep=lambda _: None)
        self.client = StatuspageClient(endpoint)
        self.clock = clock

    def uptime(self, **services: str) -> StatuspageUptime:
        return StatuspageUptime(self.client, services, self.clock)

    def outages(self, service: str = "API") -> list[Outage]:
        return list(self.uptime().outages(service, START, END))


@pytest.fixture
def page(contract: Start, clock: Clock) -> Page:
    return Page(contract("statuspage"), clock)


def seen(found: list[Outage]) -> list[tuple[Impact, datetime, datetime | None]]:
    return [(one.impact, one.start, one.end) for one in found]


class TestIncidents:
    @pytest.mark.parametrize(
        ("impact", "ours"),
        [("minor", [Impact.DEGRADED]), ("major", [Impact.DOWN]), ("critical", [Impact.DOWN]), ("none", [])],
    )
    def test_impact_says_how_bad_it_was(self, page: Page, impact: str, ours: list[Impact]) -> None:
        page.incidents = [incident(impact=impact)]
        assert [one.impact for one in page.outages()] == ours

    def test_an_incident_keeps_its_title_and_address(self, page: Page) -> None:
        page.incidents = [incident()]
        (one,) = page.outages()
        assert (one.id, one.title, one.url, one.source) == ("i1", "Errors", "https://stspg.io/i1", "statuspage")
        assert (one.start, one.end) == (at(1), at(2))

    def test_updates_about_the_component_are_more_exact_than_the_incident(self, page: Page) -> None:
        updates = [
            update(4, "operational"), update(3, "degraded_performance"), update(1, "major_outage"),
            update(2, "major_outage", "c2"),
        ]  # fmt: skip
        page.incidents = [incident(begin=0.5, end=9, incident_updates=updates)]
        assert seen(page.outages()) == [(Impact.DOWN, at(1), at(3)), (Impact.DEGRADED, at(3), at(4))]

    def test_one_that_still_lasts_has_no_end(self, page: Page) -> None:
        page.incidents = [incident("a", end=None), incident("b", 3, None, incident_updates=[update(3, "major_outage")])]
        assert seen(page.outages()) == [(Impact.DOWN, at(1), None), (Impact.DOWN, at(3), None)]

    def test_other_components_and_other_months_are_left_out(self, page: Page) -> None:
        page.incidents = [incident("a", components=[WEB]), incident("b", -9, -8), incident("c", 24 * 40, 24 * 41)]
        assert page.outages() == []
        assert len(page.outages("Web")) == 1

    def test_an_incident_of_the_group_concerns_its_components(self, page: Page) -> None:
        page.incidents = [incident(components=[GROUP])]
        assert len(page.outages()) == 1
        assert page.outages("Web") == []

    def test_one_without_components_is_for_a_person_to_judge(self, page: Page) -> None:
        page.incidents = [incident(components=[])]
        assert [one.impact for one in page.outages("Web")] == [Impact.UNKNOWN]

    def test_what_the_page_no_longer_lists_is_unknown(self, page: Page) -> None:
        page.incidents = [incident(str(place), 100 + place, 100.5 + place) for place in range(50)]
        first, *rest = page.outages()
        assert (first.impact, first.start, first.end) == (Impact.UNKNOWN, START, at(100))
        assert len(rest) == 50


class TestMaintenances:
    def planned(self, status: str, begin: float, end: float, **more: Any) -> dict[str, Any]:
        return incident(
            "m1", begin, None, status=status, impact="maintenance", scheduled_for=at(begin).isoformat(),
            scheduled_until=at(end).isoformat(), **more,
        )  # fmt: skip

    def test_it_lasts_as_long_as_it_took(self, page: Page) -> None:
        page.planned = [self.planned("completed", 5, 6, resolved_at=at(7).isoformat())]
        assert seen(page.outages()) == [(Impact.MAINTENANCE, at(5), at(7))]

    def test_one_that_is_going_on_has_no_end(self, page: Page) -> None:
        page.planned = [self.planned("in_progress", 5, 6)]
        assert seen(page.outages()) == [(Impact.MAINTENANCE, at(5), None)]

    def test_one_that_lies_ahead_is_none_yet(self, page: Page) -> None:
        page.planned = [self.planned("scheduled", 24 * 29, 24 * 29 + 1, started_at=None)]
        assert page.outages() == []


class TestServices:
    def test_a_service_may_be_another_name_or_the_id_of_a_component(self, page: Page) -> None:
        page.incidents = [incident()]
        uptime = page.uptime(ours="api", theirs="c1")
        assert len(uptime.outages("ours", START, END)) == len(uptime.outages("theirs", START, END)) == 1

    def test_an_unknown_one_names_what_there_is(self, page: Page) -> None:
        with pytest.raises(Permanent, match="API, Web, Backend"):
            page.outages("Mail")

    def test_check_lists_what_is_mapped_to_nothing(self, page: Page) -> None:
        health = page.uptime(a="API", b="Mail").check()
        assert health.detail == "Example, 3 components"
        assert len(health.missing) == 1
        assert "'Mail'" in health.missing[0]


class TestFaults:
    @pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.HTML, Fault.TRUNCATED, Fault.THROTTLED])
    def test_a_page_in_trouble_is_waited_for_and_not_taken_for_a_quiet_month(self, page: Page, fault: Fault) -> None:
        page.server.fault(INCIDENTS, fault, times=3)
        with pytest.raises(Transient):
            page.outages()

    def test_a_private_page_needs_a_person(self, page: Page) -> None:
        page.server.fault(COMPONENTS, Fault.UNAUTHORIZED)
        with pytest.raises(Permanent):
            page.uptime().check()

    @pytest.mark.parametrize("body", [{}, {"incidents": None}, {"incidents": [{"title": "x"}]}])
    def test_another_product_s_page_is_no_quiet_month(self, page: Page, body: dict[str, Any]) -> None:
        components = {"page": PAGE, "components": [API]}

        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json=components if "components" in request.url.path else body)

        client = httpx.Client(transport=httpx.MockTransport(answer))
        endpoint = http.Endpoint("statuspage", "https://status.example.com", {}, client)
        with pytest.raises(Permanent, match="AFTERSIGN_STATUSPAGE__BASE_URL"):
            StatuspageUptime(StatuspageClient(endpoint), {}, page.clock).outages("API", START, END)
