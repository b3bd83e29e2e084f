"""Terms in doubt and amendments are decided beside the words they are about, by those who may."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from domain.access import Act, Rule, Where
from domain.papers import LinkKind, Proposal
from domain.terms import TermField
from store import families, ledger, readings, requests, reviews
from store.views import review as view
from tasks.carrying_out import carry_out_all
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, TIDEWELL, amendment, master
from tests.web.house import given_rule, given_to, looking

RAFAEL, LEA, DANA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example", "dana.whitfield@lumora.example"
SOFIA = "sofia.marin@lumora.example"


@pytest.fixture
def contract(office: Office) -> str:
    made = office.paper("harrow", master(HARROW, "MSA-2025-01", "1 March 2025"))
    given_to(office, made, RAFAEL, DANA)
    return made


def fields(client: TestClient, query: str = "") -> list[str]:
    return re.findall(r'href="/review/[^/"]+/([a-z_]+)"', client.get(f"/review{query}").text)


def open_field(office: Office, contract: str) -> TermField:
    with office.database.read() as connection:
        return next(iter(view.waiting_of(connection, contract)))


class TestTheQueue:
    def test_lists_what_waits_with_the_reason(self, office: Office, contract: str) -> None:
        name = open_field(office, contract)
        page = looking(office, RAFAEL).get("/review").text
        assert f"/review/{contract}/{name}" in page
        assert "only one reader finds it" in page

    def test_can_be_narrowed_to_a_customer_an_owner_and_a_contract(self, office: Office, contract: str) -> None:
        other = office.paper("tidewell", master(TIDEWELL, "MSA-2025-02", "1 March 2025"))
        client = looking(office, RAFAEL)
        assert f"/review/{other}/" in client.get("/review").text
        assert f"/review/{other}/" not in client.get(f"/review?contract={contract}").text
        assert f"/review/{other}/" not in client.get("/review?customer=harrow").text
        assert f"/review/{contract}/" in client.get("/review.csv?customer=harrow").text or fields(
            client, "?customer=harrow"
        )

    def test_is_not_there_for_those_who_review_nothing(self, office: Office, contract: str) -> None:
        client = looking(office, "amara.okafor@lumora.example")
        assert f"/review/{contract}" not in client.get("/review").text
        assert client.get(f"/review/{contract}/{open_field(office, contract)}").status_code == 404


class TestATerm:
    def test_is_accepted_and_the_next_one_comes(self, office: Office, contract: str) -> None:
        name, client = open_field(office, contract), looking(office, RAFAEL)
        page = client.get(f"/review/{contract}/{name}").text
        after = re.findall(r'name="after" value="([^"]+)"', page)[0]
        answer = client.post(f"/review/{contract}/{name}/accept", data={"after": after}, follow_redirects=False)
        assert answer.headers["location"].startswith(after)
        assert "asked=" in answer.headers["location"]
        carry_out_all(office.ctx)
        with office.database.read() as connection:
            assert [(one.field, one.who) for one in reviews.of(connection, contract)] == [(name, RAFAEL)]
        assert name not in fields(client, f"?contract={contract}")

    def test_is_corrected_with_words_of_the_page(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        words = {"value": "P60D", "page": "1", "quote": "sixty (60) days"}
        answer = client.post(f"/review/{contract}/notice_period/correct", data=words, follow_redirects=False)
        assert answer.status_code == 303
        [row] = carry_out_all(office.ctx)
        assert (row["state"], row["why"]) == (requests.DONE, "")
        with office.database.read() as connection:
            assert readings.load(connection, contract).get(TermField.NOTICE_PERIOD).citation.quote == "sixty (60) days"  # type: ignore[union-attr]

    def test_is_not_corrected_with_words_that_the_page_does_not_have(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        words = {"value": "P90D", "page": "1", "quote": "ninety (90) days"}
        client.post(f"/review/{contract}/notice_period/correct", data=words)
        [row] = carry_out_all(office.ctx)
        assert (row["state"], row["answer"]) == (requests.REFUSED, "The quote does not stand on page 1")
        assert "Not done: The quote does not stand on page 1." in client.get(f"/requests/{row['id']}").text

    def test_leads_nowhere_but_to_our_own_pages(self, office: Office, contract: str) -> None:
        data = {"after": "//elsewhere.example/review"}
        answer = looking(office, RAFAEL).post(
            f"/review/{contract}/{open_field(office, contract)}/accept", data=data, follow_redirects=False
        )
        assert answer.headers["location"].startswith("/review?asked=")

    def test_of_no_kind_is_not_found(self, office: Office, contract: str) -> None:
        assert looking(office, RAFAEL).get(f"/review/{contract}/passwords").status_code == 404


class TestAmendments:
    @pytest.fixture
    def waiting(self, office: Office, contract: str) -> str:
        office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
        with office.database.read() as connection:
            return str(ledger.listed(connection)[0]["id"])

    def test_show_what_they_change_and_are_approved_as_shown(self, office: Office, contract: str, waiting: str) -> None:
        client = looking(office, RAFAEL)
        page = client.get(f"/amendments/{waiting}").text
        assert "<del>30</del>" in page
        assert "<ins>45</ins>" in page
        shown = re.findall(r'name="shown" value="([0-9a-f]+)"', page)[0]
        client.post(f"/amendments/{waiting}/approve", data={"shown": shown})
        [row] = carry_out_all(office.ctx)
        assert row["state"] == requests.DONE
        assert "Approved by Rafael Ortiz" in client.get(f"/amendments/{waiting}").text

    def test_are_not_rejected_without_a_reason(self, office: Office, contract: str, waiting: str) -> None:
        answer = looking(office, RAFAEL).post(f"/amendments/{waiting}/reject", data={"because": " "})
        assert answer.status_code == 422
        assert "Because is missing" in answer.text

    def test_are_not_there_for_others(self, office: Office, contract: str, waiting: str) -> None:
        client = looking(office, LEA)
        assert client.get(f"/amendments/{waiting}").status_code == 404
        assert client.post(f"/amendments/{waiting}/approve", data={"shown": "x"}).status_code == 404
        assert waiting not in client.get("/amendments").text


class TestTheOrder:
    def test_leads_through_all_terms_forth_and_back(self, office: Office, contract: str) -> None:
        other = office.paper("tidewell", master(TIDEWELL, "MSA-2025-02", "1 March 2025"))
        given_to(office, other, RAFAEL, DANA)
        client = looking(office, RAFAEL)
        rows = re.findall(r'href="(/review/[^/"]+/[a-z_]+)"', client.get("/review").text)
        queue = list(dict.fromkeys(rows))
        forth, back = walked(client, queue[0], "next"), walked(client, queue[-1], "prev")
        assert forth == queue
        assert back == queue[::-1]

    def test_of_one_term_is_that_of_all_contracts_which_have_it_in_doubt(self, office: Office, contract: str) -> None:
        name, client = open_field(office, contract), looking(office, RAFAEL)
        assert set(fields(client, f"?field={name}")) == {name}
        assert "No term waits" in client.get("/review?field=insurance&customer=harrow").text


def walked(client: TestClient, address: str, way: str) -> list[str]:
    found = [address]
    while step := re.search(rf'rel="{way}" href="([^"]+)"', client.get(found[-1]).text):
        found.append(step[1])
        assert len(found) < 50
    return found


class TestWhatOneIsNotShown:
    def test_is_not_in_the_queue_nor_its_files(self, office: Office, contract: str) -> None:
        outline = Rule("outline", people=(LEA,), may=frozenset({Act.REVIEW}))
        given_rule(office, outline)
        client = looking(office, LEA)
        for address in ("/review", "/review.csv", "/review.json"):
            text = client.get(address).text
            assert "Harrow" in text
            assert "only one reader finds it" not in text
        assert client.get(f"/review/{contract}/{open_field(office, contract)}").status_code == 404


class TestAPaperWithoutPictures:
    def test_stands_as_text_beside_the_term_with_its_words_marked(self, office: Office, contract: str) -> None:
        page = looking(office, RAFAEL).get(f"/review/{contract}/notice_period").text
        assert "<mark>" in page
        assert "<img class=" not in page


class TestLinks:
    def test_are_not_told_to_who_may_see_only_one_of_the_papers(self, office: Office, contract: str) -> None:
        other = office.paper("tidewell", master(TIDEWELL, "MSA-2025-02", "1 March 2025"))
        with office.database.write() as connection:
            link = Proposal(contract, other, LinkKind.GOVERNED_BY, 0.5, "both speak of it", None)
            families.save(office.database, connection, [link], office.now)
        assert "both speak of it" in looking(office, SOFIA).get("/amendments").text
        only_one = Rule("only one", people=(LEA,), where=Where(counterparty=(HARROW,)), may=frozenset({Act.APPROVE}))
        given_rule(office, only_one)
        client = looking(office, LEA)
        assert client.get(f"/contracts/{contract}").status_code == 200
        assert "both speak of it" not in client.get("/amendments").text

    def test_are_decided_by_who_may(self, office: Office, contract: str) -> None:
        other = office.paper("tidewell", master(TIDEWELL, "MSA-2025-02", "1 March 2025"))
        with office.database.write() as connection:
            link = Proposal(contract, other, LinkKind.GOVERNED_BY, 0.5, "both speak of it", None)
            families.save(office.database, connection, [link], office.now)
            number = families.listed(connection)[0]["id"]
        given_rule(office, Rule("reader", people=(LEA,)))
        assert f'action="/links/{number}/accept"' not in looking(office, LEA).get("/amendments").text
        assert looking(office, LEA).post(f"/links/{number}/accept").status_code == 403
        client = looking(office, SOFIA)
        assert f'action="/links/{number}/accept"' in client.get("/amendments").text
        client.post(f"/links/{number}/reject", data={"because": "two customers"})
        assert carry_out_all(office.ctx)[0]["state"] == requests.DONE
        assert "both speak of it" not in client.get("/amendments").text


class TestAmendmentLists:
    def test_say_the_same_as_page_and_file(self, office: Office, contract: str) -> None:
        office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
        client = looking(office, RAFAEL)
        assert [row["state"] for row in client.get("/amendments.json").json()] == ["proposed"]
        assert "Harrow" in client.get("/amendments.csv?state=proposed").text
        assert "Harrow" not in client.get("/amendments.csv?state=approved").text
        assert "Harrow" not in looking(office, LEA).get("/amendments.csv").text
