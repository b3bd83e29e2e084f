"""The list of contracts shows effective terms, counts its facets and says the same as a page and as a file."""

from __future__ import annotations

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook

from tests.tasks.office import Office
from tests.tasks.papers import HARROW, TIDEWELL, amendment, master
from tests.web.house import given_to, looking

RAFAEL, LEA, DANA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example", "dana.whitfield@lumora.example"


@pytest.fixture
def house(office: Office) -> Office:
    """Sign two contracts and change one of them."""
    first = office.paper("harrow", master(HARROW, "MSA-2025-01", "1 March 2025"))
    second = office.paper("tidewell", master(TIDEWELL, "MSA-2022-02", "1 March 2022"))
    office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
    given_to(office, first, RAFAEL, DANA)
    given_to(office, second, DANA, RAFAEL)
    return office


def rows(client: TestClient, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/contracts.csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


class TestTheList:
    def test_shows_contracts_by_their_effective_terms(self, house: Office) -> None:
        page = looking(house, DANA).get("/contracts").text
        assert HARROW in page
        assert TIDEWELL in page
        found = {row["Customer"]: row for row in rows(looking(house, DANA))}
        assert (found[HARROW]["Starts"], found[HARROW]["Ends"]) == ("2025-03-01", "2027-02-28")
        assert (found[HARROW]["Value"], found[HARROW]["Value currency"]) == ("96000.00", "USD")

    def test_leaves_out_papers_that_only_change_others_and_says_so(self, house: Office) -> None:
        assert len(rows(looking(house, DANA))) == 2
        assert "1 paper that only changes others is left out" in looking(house, DANA).get("/contracts").text
        assert len(rows(looking(house, DANA), "?papers=all")) == 3

    def test_counts_each_facet_under_the_other_filters(self, house: Office) -> None:
        page = looking(house, DANA).get(f"/contracts?owner={RAFAEL}").text
        aside = page.split("<aside")[1].split("</aside>")[0]
        assert re.search(r"Rafael Ortiz</span><span[^>]*>1<", aside)
        assert re.search(r"Dana Whitfield</span><span[^>]*>1<", aside)
        assert re.search(r"Active</span><span[^>]*>1<", aside)

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("?owner=" + RAFAEL, {HARROW}),
            ("?customer=tide", {TIDEWELL}),
            ("?ends_to=2027-12-31&customer=harrow", {HARROW}),
            ("?value_from=1000000 USD", set()),
            ("?value_from=90,000 usd", {HARROW, TIDEWELL}),
            ("?number=MSA-2025-01", {HARROW}),
            ("?state=ended", set()),
            ("?state='; drop table contracts", set()),
        ],
    )
    def test_is_filtered_by_the_address(self, house: Office, query: str, expected: set[str]) -> None:
        assert {row["Customer"] for row in rows(looking(house, DANA), query)} == expected

    def test_is_sorted_both_ways_with_the_unknown_last(self, house: Office) -> None:
        assert [row["Customer"] for row in rows(looking(house, DANA), "?sort=customer")] == [HARROW, TIDEWELL]
        assert [row["Customer"] for row in rows(looking(house, DANA), "?sort=-customer")] == [TIDEWELL, HARROW]
        assert len(rows(looking(house, DANA), "?sort=password")) == 2

    def test_is_the_same_in_excel_with_real_days_and_amounts(self, house: Office) -> None:
        answer = looking(house, DANA).get("/contracts.xlsx")
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        heading, first = sheet[0], sheet[1]
        cells = dict(zip(heading, first, strict=True))
        assert cells["Value"] == 96000.0
        assert str(cells["Starts"]).startswith("2025-03-01")


class TestOthers:
    def test_see_only_what_a_rule_opens_to_them(self, house: Office) -> None:
        assert rows(looking(house, LEA)) == []
        assert "0" in looking(house, LEA).get("/contracts").text
        assert HARROW not in looking(house, LEA).get("/contracts?papers=all").text
