"""Obligations are listed by their days, closed with evidence, and hidden from whom they do not concern."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from store import duties as register
from store import requests
from tasks.carrying_out import carry_out_all
from tasks.tracking import track_now
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, master
from tests.web.house import given_to, looking

RAFAEL, LEA, DANA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example", "dana.whitfield@lumora.example"
PROMISES = """
6. Reports. Provider shall deliver a written service report to Customer every quarter.

7. Insurance. Customer shall provide Provider with a certificate of insurance within thirty (30) days of the Effective Date.
"""
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"


@pytest.fixture
def contract(office: Office) -> str:
    office.on(date(2026, 3, 2))
    made = office.paper("msa", master(HARROW, "MSA-2026-01", "1 March 2026") + PROMISES)
    given_to(office, made, RAFAEL, DANA)
    track_now(office.ctx)
    return made


def rows(client: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/obligations.csv{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def ours(office: Office, contract: str) -> str:
    with office.database.read() as connection:
        return next(str(row["id"]) for row in register.of_contract(connection, contract) if row["direction"] == "ours")


def upload(client: TestClient, obligation: str, **form: str | bytes) -> list[str]:
    page = client.get(f"/obligations/{obligation}").text
    [address] = re.findall(r'action="(/obligations/dues/[^"]+/upload)"', page)[-1:]
    files = {"evidence": ("report.pdf", form.pop("evidence"), "text/html")} if "evidence" in form else None
    answer = client.post(address, data=form, files=files or {"x": ("", b"")}, follow_redirects=False)  # type: ignore[arg-type]
    return [str(answer.status_code), answer.headers.get("location", ""), answer.text]


class TestTheList:
    def test_shows_what_waits_with_who_owes_it(self, office: Office, contract: str) -> None:
        found = rows(looking(office, RAFAEL))
        assert {row["State"] for row in found} <= {"waiting", "overdue", "without a day"}
        assert any("service report" in row["Obligation"] for row in found)
        page = looking(office, RAFAEL).get("/obligations").text
        assert "we owe it" in page
        assert "they owe it" in page

    def test_is_narrowed_by_facets_and_days(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        assert all("report" in row["Obligation"] for row in rows(client, "?direction=ours"))
        assert len(rows(client, "?due=120")) < len(rows(client))
        assert rows(client, "?state=fulfilled_on_time") == []

    def test_shows_nothing_of_what_is_not_theirs(self, office: Office, contract: str) -> None:
        client = looking(office, LEA)
        assert rows(client) == []
        assert client.get(f"/obligations/{ours(office, contract)}").status_code == 404


class TestEvidence:
    def test_is_kept_and_closes_the_day(self, office: Office, contract: str) -> None:
        office.on(date(2026, 6, 1))
        client, duty = looking(office, RAFAEL), ours(office, contract)
        status, location, _ = upload(client, duty, on="2026-05-30", evidence=PDF)
        assert status == "303"
        assert location.startswith(f"/obligations/{duty}?asked=")
        [row] = carry_out_all(office.ctx)
        assert (row["state"], row["why"]) == (requests.DONE, "")
        page = client.get(f"/obligations/{duty}").text
        assert "fulfilled on time" in page
        [address] = re.findall(r'href="(/obligations/dues/[^"]+/evidence)"', page)
        answer = client.get(address)
        assert answer.content == PDF
        assert answer.headers["content-type"] == "application/octet-stream"

    def test_is_taken_for_what_it_is_and_not_for_its_name(self, office: Office, contract: str) -> None:
        office.on(date(2026, 6, 1))
        status, _, text = upload(
            looking(office, RAFAEL), ours(office, contract), on="2026-05-30", evidence=b"MZ\x90\x00\x03"
        )
        assert status == "422"
        assert "This kind of file is not taken" in text
        assert carry_out_all(office.ctx) == []

    def test_must_be_there(self, office: Office, contract: str) -> None:
        office.on(date(2026, 6, 1))
        upload(looking(office, RAFAEL), ours(office, contract), on="2026-05-30", note="")
        [row] = carry_out_all(office.ctx)
        assert (row["state"], row["answer"]) == (requests.REFUSED, "An obligation is closed only with evidence")


class TestAWord:
    def test_gives_a_duty_up_with_a_reason(self, office: Office, contract: str) -> None:
        client, duty = looking(office, RAFAEL), ours(office, contract)
        assert client.post(f"/obligations/{duty}/waive", data={"because": ""}).status_code == 422
        client.post(f"/obligations/{duty}/waive", data={"because": "the customer agreed"})
        carry_out_all(office.ctx)
        assert "the customer agreed" in client.get(f"/obligations/{duty}").text
        assert not any("service report" in row["Obligation"] for row in rows(client))

    def test_of_those_who_may_not_is_not_taken(self, office: Office, contract: str) -> None:
        duty = ours(office, contract)
        assert looking(office, LEA).post(f"/obligations/{duty}/waive", data={"because": "no"}).status_code == 404
        assert carry_out_all(office.ctx) == []
