"""Renewals are listed by the day one must act, decided from the list, and played through as if nobody acted."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from store import decisions
from tasks.carrying_out import carry_out_all
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, TIDEWELL, master
from tests.web.house import given_to, looking

RAFAEL, LEA, DANA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example", "dana.whitfield@lumora.example"


@pytest.fixture
def house(office: Office) -> Office:
    first = office.paper("harrow", master(HARROW, "MSA-2025-01", "1 March 2025"))
    second = office.paper("tidewell", master(TIDEWELL, "MSA-2025-02", "1 June 2025"))
    given_to(office, first, RAFAEL, DANA)
    given_to(office, second, DANA, RAFAEL)
    office.on(date(2026, 12, 1))
    return office


def rows(client: TestClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


class TestTheList:
    def test_begins_with_what_must_be_acted_upon_first(self, house: Office) -> None:
        found = rows(looking(house, DANA), "/renewals.csv")
        assert [row["Customer"] for row in found] == [HARROW, TIDEWELL]
        assert found[0]["Notice deadline"] == "2026-12-30"
        assert (found[0]["A year"], found[0]["A year currency"]) == ("48000.00", "USD")

    def test_has_a_strip_of_months_that_lead_to_their_rows(self, house: Office) -> None:
        page = looking(house, DANA).get("/renewals").text
        [march] = re.findall(r'href="(/renewals\?month=2027-03)"', page)
        assert [row["Customer"] for row in rows(looking(house, DANA), march.replace("?", ".csv?"))] == [TIDEWELL]
        assert re.search(r"Mar 2027 1 48,000.00", words(page))

    def test_is_narrowed_by_days_owner_and_decision(self, house: Office) -> None:
        client = looking(house, DANA)
        assert [row["Customer"] for row in rows(client, "/renewals.csv?due=30")] == [HARROW]
        assert [row["Customer"] for row in rows(client, f"/renewals.csv?owner={DANA}")] == [TIDEWELL]
        assert rows(client, "/renewals.csv?decision=renew") == []
        assert rows(client, "/renewals.csv?due=late") == []

    def test_takes_a_decision_and_shows_it(self, house: Office) -> None:
        client = looking(house, RAFAEL)
        page = client.get("/renewals").text
        [address] = re.findall(r'action="(/renewals/[^"]+/decide)"', page)[:1]
        client.post(address, data={"verdict": "renew", "because": "they are happy", "here": "/renewals?due=30"})
        carry_out_all(house.ctx)
        assert [row["Decision"] for row in rows(client, "/renewals.csv")] == ["renew", ""]
        with house.database.read() as connection:
            assert (
                decisions.current(connection, address.split("/")[2], date(2027, 2, 28))["because"] == "they are happy"
            )  # type: ignore[index]

    def test_shows_nothing_of_what_is_not_theirs(self, house: Office) -> None:
        assert rows(looking(house, LEA), "/renewals.csv") == []
        assert HARROW not in looking(house, LEA).get("/renewals").text


class TestIfNobodyActs:
    def test_contracts_bind_again_on_the_last_day_of_notice_and_cost_what_they_say(self, house: Office) -> None:
        found = rows(looking(house, DANA), "/renewals/simulator.csv?months=12")
        assert [(row["Customer"], row["What happens"], row["Cannot be turned after"], row["Then until"]) for row in found] == [
            (HARROW, "renews", "2026-12-30", "2028-02-29"),
            (TIDEWELL, "renews", "2027-04-01", "2028-05-31"),
        ]  # fmt: skip
        assert {(row["Commits us to"], row["Commits us to currency"]) for row in found} == {("48000.00", "USD")}

    def test_every_renewal_within_the_horizon_counts(self, house: Office) -> None:
        found = rows(looking(house, DANA), "/renewals/simulator.csv?months=24")
        assert [row["Cannot be turned after"] for row in found if row["Customer"] == HARROW] == [
            "2026-12-30",
            "2027-12-31",
        ]
        page = words(looking(house, DANA).get("/renewals/simulator?months=24").text)
        assert re.search(r"Committed in USD 192,000.00", page)

    def test_what_was_ended_ends(self, house: Office) -> None:
        client = looking(house, RAFAEL)
        [address] = re.findall(r'action="(/renewals/[^"]+/decide)"', client.get("/renewals").text)[:1]
        client.post(address, data={"verdict": "terminate"})
        carry_out_all(house.ctx)
        found = rows(looking(house, DANA), "/renewals/simulator.csv?months=12")
        assert {row["Customer"]: row["What happens"] for row in found} == {HARROW: "ends", TIDEWELL: "renews"}

    def test_another_horizon_than_those_offered_is_a_year(self, house: Office) -> None:
        assert "until 1 Dec 2027" in words(looking(house, DANA).get("/renewals/simulator?months=900").text)
