"""Service levels are shown as measured beside promised, and their credits are claimed from the page."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from store import requests
from tasks.carrying_out import carry_out_all
from tasks.slas import watch_now
from tests.tasks.office import Office
from tests.tasks.slas_office import Services
from tests.web.house import looking

DANA, LEA = "dana.whitfield@lumora.example", "lea.brandt@lumora.example"
JUNE_3, JULY_1 = datetime(2026, 6, 3, 10, tzinfo=UTC), date(2026, 7, 1)


@pytest.fixture
def missed(office: Office, tmp_path: Path) -> Services:
    """Miss June's availability by two hours, seen by both monitors."""
    made = Services.opened(office, tmp_path / "config")
    watch_now(made.on(date(2026, 6, 1)))
    for monitor in (made.probe, made.page):
        monitor.down(JUNE_3, 120)
    watch_now(made.on(JULY_1))
    return made


def rows(client: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/slas.csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


class TestThePage:
    def test_lists_misses_with_their_credit_and_the_last_day_to_claim(self, missed: Services) -> None:
        [found] = rows(looking(missed.office, DANA))
        assert (found["Credit"], found["Credit currency"], found["Side"]) == ("200.00", "USD", "owed to us")
        assert found["Last day to claim"] == "2026-07-30"

    def test_shows_what_each_source_measured_and_draws_the_same(self, missed: Services) -> None:
        page = looking(missed.office, DANA).get("/slas").text
        assert "99.7222 %" in page
        [chart] = re.findall(r'data-chart="([^"]+)"', page)
        drawn = json.loads(unescape(unescape(chart)))
        assert drawn["series"][0]["values"][-1] == 99.7222
        assert set(drawn["series"][1]["values"]) == {99.9}

    def test_shows_nothing_of_what_is_not_theirs(self, missed: Services) -> None:
        client = looking(missed.office, LEA)
        assert rows(client) == []
        assert "99.7222" not in client.get("/slas").text


class TestAMiss:
    def test_is_claimed_and_then_answered(self, missed: Services) -> None:
        client = looking(missed.office, DANA)
        [address] = set(re.findall(r'href="(/slas/[0-9a-f-]+)"', client.get("/slas").text))
        page = client.get(address).text
        assert "120 min down" in page
        assert "It is claimed" in page
        client.post(f"{address}/claimed", data={"on": "2026-07-01", "reference": "T-1"})
        [row] = carry_out_all(missed.office.ctx)
        assert (row["state"], row["why"]) == (requests.DONE, "")
        assert "T-1" in client.get(address).text
        assert "They answered" in client.get(address).text

    def test_has_a_letter(self, missed: Services) -> None:
        client = looking(missed.office, DANA)
        [address] = set(re.findall(r'href="(/slas/[0-9a-f-]+)"', client.get("/slas").text))
        answer = client.get(f"{address}/letter")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["content-disposition"]

    def test_is_not_there_for_others(self, missed: Services) -> None:
        [address] = set(re.findall(r'href="(/slas/[0-9a-f-]+)"', looking(missed.office, DANA).get("/slas").text))
        client = looking(missed.office, LEA)
        assert client.get(address).status_code == 404
        assert client.get(f"{address}/letter").status_code == 404
        assert client.post(f"{address}/claimed", data={"on": "2026-07-01"}).status_code == 404


class TestAMissOfSupport:
    def test_shows_the_late_tickets_as_its_evidence(self, office: Office, tmp_path: Path) -> None:
        made = Services.opened(office, tmp_path / "config")
        late = "late: {percent: 5}"
        made.says(
            "  - {contract: NB-2026-07, service: Support, sources: [files], tickets: [{severity: P1, kind: response,"
            f" within_minutes: 30, {late}}}]}}\n"
        )
        ctx = made.on(JULY_1)
        (made.desk / "june.csv").write_text(
            "service,ticket,severity,opened,answered\nSupport,T-7,P1,2026-06-03T10:00Z,2026-06-03T10:31Z\n"
        )
        watch_now(ctx)
        client = looking(office, DANA)
        [address] = set(re.findall(r'href="(/slas/[0-9a-f-]+)"', client.get("/slas").text))
        page = client.get(address).text
        assert "0.0000 % measured of 100 % promised; 1 ticket late" in page
        assert "T-7 (P1), response: 31 min of real time" in page
        assert rows(client)[0]["Credit"] == "100.00"
