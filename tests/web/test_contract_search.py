"""Searching finds papers and what they say today, says which paper governs, and shows nobody what is hidden."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from store.tables import audit
from store.tables_desk import contract_facts, saved_views
from store.tables_ledger import amendments
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, TIDEWELL, amendment, master
from tests.web.house import given_to, looking
from tests.web.seed import URL
from web.pages import saved_views as views

RAFAEL, LEA, DANA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example", "dana.whitfield@lumora.example"
AMARA = "amara.okafor@lumora.example"  # sales: sees a region in outline, without papers and prices
AMENDED = "the Master Services Agreement dated 1 March 2025"


@pytest.fixture
def house(office: Office) -> Office:
    """Sign two contracts, one of them about whales, and change the other."""
    first = office.paper("harrow", master(HARROW, "MSA-2025-01", "1 March 2025"))
    second = office.paper("tidewell", master(TIDEWELL, "MSA-2022-02", "1 March 2022") + "\n6. Whales <b>& sons</b>.\n")
    office.paper("amendment", amendment(HARROW, AMENDED))
    given_to(office, first, RAFAEL, DANA)
    given_to(office, second, RAFAEL, DANA)
    with office.database.write() as connection:
        connection.execute(update(contract_facts).values(region="EMEA", region_key="emea"))
    return office


def found(client: TestClient, words: str) -> set[str]:
    answer = client.get("/contracts.csv", params={"q": words})
    assert answer.status_code == 200
    return {row["Customer"] for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}


def page(client: TestClient, words: str) -> str:
    answer = client.get("/contracts", params={"q": words})
    assert answer.status_code == 200
    return answer.text


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", text.split("<main")[1])))


class TestASearch:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("whales", {TIDEWELL}),
            ("harrow", {HARROW}),
            ("MSA-2022-02", {TIDEWELL}),
            ('"60 days notice"', {HARROW, TIDEWELL}),
            ("auto renewal -whales", {HARROW}),
            ('"forty-five (45) days"', {HARROW}),
            ("'; drop table contracts --", set()),
        ],
    )
    def test_finds_by_paper_and_by_effective_terms(self, house: Office, words: str, expected: set[str]) -> None:
        assert found(looking(house, DANA), words) == expected

    def test_marks_the_words_and_links_to_their_page(self, house: Office) -> None:
        text = page(looking(house, DANA), "whales")
        assert "<mark>Whales</mark> &lt;b&gt;&amp; sons&lt;/b&gt;" in text
        assert re.search(r'href="/contracts/[^"/]+/pages/1\?q=whales">Page 1</a>', text)

    def test_keeps_to_the_filters(self, house: Office) -> None:
        client = looking(house, DANA)
        assert (
            client.get("/contracts.json", params={"q": "lumora", "customer": "tide"}).json()[0]["customer"] == TIDEWELL
        )
        assert len(client.get("/contracts.json", params={"q": "lumora", "customer": "tide"}).json()) == 1

    def test_says_which_paper_an_amendment_changes(self, house: Office) -> None:
        assert "Changes harrow" in plain(page(looking(house, DANA), '"Amendment No. 2"'))

    def test_says_that_an_approved_amendment_supersedes_part_of_it(self, house: Office) -> None:
        client = looking(house, DANA)
        assert "superseded" not in plain(page(client, "MSA-2025-01")).lower()
        with house.database.write() as connection:
            connection.execute(update(amendments).values(state="approved", valid_from=date(2025, 5, 5)))
        assert "Superseded in part by the amendment of 5 May 2025" in plain(page(client, "MSA-2025-01"))

    def test_offers_customers_that_are_called_much_alike_and_says_so(self, house: Office) -> None:
        text = plain(page(looking(house, DANA), "Tidwel Fods"))
        assert "Nothing holds “Tidwel Fods”" in text
        assert TIDEWELL in text
        assert HARROW not in text

    def test_that_finds_nothing_says_so(self, house: Office) -> None:
        assert "Nothing fits these filters." in page(looking(house, DANA), "zzyzx")


class TestWhatIsHidden:
    def test_does_not_find_nor_count_nor_show(self, house: Office) -> None:
        text = page(looking(house, AMARA), "whales")
        assert found(looking(house, AMARA), "whales") == set()
        assert TIDEWELL not in text
        assert "sons" not in text

    def test_prices_find_nothing(self, house: Office) -> None:
        assert found(looking(house, DANA), "96000.00") == {HARROW, TIDEWELL}
        assert found(looking(house, AMARA), "96000.00") == set()

    def test_terms_that_everybody_sees_are_found_without_the_paper(self, house: Office) -> None:
        text = page(looking(house, AMARA), '"60 days notice"')
        assert HARROW in text
        assert "/pages/" not in text
        assert "then-current" not in text

    def test_other_regions_stay_unknown(self, house: Office) -> None:
        with house.database.write() as connection:
            connection.execute(update(contract_facts).values(region="APAC", region_key="apac"))
        assert found(looking(house, AMARA), "harrow") == set()
        assert "called much like" not in page(looking(house, AMARA), "harow mils")

    def test_currencies_are_not_counted(self, house: Office) -> None:
        assert "currency=USD" in looking(house, DANA).get("/contracts").text
        assert "currency=USD" not in looking(house, AMARA).get("/contracts").text


def keeping(office: Office, who: str) -> TestClient:
    client = looking(office, who)
    app = client.app
    assert isinstance(app, FastAPI)
    if not any(getattr(route, "path", "") == "/views" for route in app.routes):
        app.include_router(views.router)
    return client


def saved(office: Office) -> list[dict[str, object]]:
    with office.database.read() as connection:
        return [dict(row) for row in connection.execute(select(saved_views)).mappings()]


FORM = {"page": "contracts", "query": "state=active&owner=x%40y.example&offset=50", "name": "  My   actives "}


class TestASavedView:
    def test_keeps_the_filters_under_a_name(self, house: Office) -> None:
        client = keeping(house, DANA)
        answer = client.post("/views", data=FORM, headers={"origin": URL}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/contracts?state=active&owner=x%40y.example")
        text = client.get("/contracts?state=active&owner=x%40y.example").text
        assert re.search(r'aria-current="page"[^>]*>My actives', text)
        with house.database.read() as connection:
            assert "view.kept" in list(connection.scalars(select(audit.c.action)))

    def test_is_seen_by_others_only_when_shared_and_changed_by_its_owner_alone(self, house: Office) -> None:
        keeping(house, DANA).post("/views", data=FORM, follow_redirects=False)
        [view] = saved(house)
        assert "My actives" not in keeping(house, LEA).get("/contracts").text
        change = f"/views/{view['id']}"
        assert keeping(house, LEA).post(change, data={"name": "Mine now"}).status_code == 404
        assert keeping(house, LEA).post(f"{change}/delete", data={}).status_code == 404
        keeping(house, DANA).post(change, data={"name": "Ours", "shared": "1"}, follow_redirects=False)
        text = keeping(house, LEA).get("/contracts").text
        assert "Ours" in text
        assert change not in text
        keeping(house, DANA).post(f"{change}/delete", data={"name": "Ours"}, follow_redirects=False)
        assert saved(house) == []

    @pytest.mark.parametrize(
        "form", [{**FORM, "name": " "}, {**FORM, "page": "https://evil.example"}, {**FORM, "x": "1"}]
    )
    def test_of_nothing_is_refused(self, house: Office, form: dict[str, str]) -> None:
        assert keeping(house, DANA).post("/views", data=form, follow_redirects=False).status_code == 422
        assert saved(house) == []
