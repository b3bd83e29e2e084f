"""The page of a contract shows what holds, why, and since when; and only to those who may see it."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from domain.access import Rule
from domain.documents import FileKind
from store import decisions, ledger, read_models, requests
from tasks import amending
from tasks.carrying_out import carry_out_all
from tasks.importing import import_file
from tests.tasks.office import Office
from tests.tasks.papers import HARROW, amendment, master
from tests.web.house import given_rule, given_to, looking

SAMPLE = Path(__file__).parents[2] / "samples" / "contracts" / "quillmark-master-agreement.pdf"
RAFAEL, LEA, DANA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example", "dana.whitfield@lumora.example"
SOFIA, AMARA = "sofia.marin@lumora.example", "amara.okafor@lumora.example"


@pytest.fixture
def contract(office: Office) -> str:
    made = office.paper("harrow", master(HARROW, "MSA-2025-01", "1 March 2025"))
    given_to(office, made, RAFAEL, DANA)
    return made


def words(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


class TestTerms:
    def test_stand_there_with_the_words_that_say_so(self, office: Office, contract: str) -> None:
        page = words(looking(office, RAFAEL), f"/contracts/{contract}")
        assert "Notice period 60 days" in page
        assert "notice of non-renewal at least sixty (60) days" in page
        assert "96000.00 USD" in page

    def test_are_those_of_the_day_that_is_asked_for(self, office: Office, contract: str) -> None:
        office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
        with office.database.read() as connection:
            [waiting] = ledger.listed(connection)
        amending.approve(office.ctx, waiting["id"], waiting["shown_hash"], who=RAFAEL)
        client, address = looking(office, RAFAEL), f"/contracts/{contract}"
        assert re.search(r"Payment days\s+30 ", words(client, f"{address}?as_of=2025-04-01"))
        assert re.search(r"Payment days\s+45 ", words(client, f"{address}?as_of=2025-06-01"))
        assert client.get(f"{address}?as_of=yesterday").status_code == 422

    def test_show_what_amendments_changed_and_who_approved_it(self, office: Office, contract: str) -> None:
        office.paper("amendment", amendment(HARROW, "the Master Services Agreement dated 1 March 2025"))
        with office.database.read() as connection:
            [waiting] = ledger.listed(connection)
        page = words(looking(office, RAFAEL), f"/contracts/{contract}")
        assert "An amendment waits for an approval." in page
        assert re.search(r"5 May 2025 Payment days 30 45 .* proposed", page)
        amending.approve(office.ctx, waiting["id"], waiting["shown_hash"], who=RAFAEL)
        assert re.search(
            r"5 May 2025 Payment days 30 45 .* approved Rafael Ortiz",
            words(looking(office, RAFAEL), f"/contracts/{contract}"),
        )


class TestDays:
    def test_explain_themselves(self, office: Office, contract: str) -> None:
        page = words(looking(office, RAFAEL), f"/contracts/{contract}")
        assert "Term ends 28 Feb 2027" in page
        assert "Why these days" in page

    def test_are_decided_about_by_a_run_that_the_page_asks_for(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        answer = client.post(f"/contracts/{contract}/decide", data={"verdict": "renew"}, follow_redirects=False)
        assert answer.status_code == 303
        identity = answer.headers["location"].partition("asked=")[2]
        assert "is being carried out" in client.get(f"/requests/{identity}").text
        carry_out_all(office.ctx)
        assert "Done:" in client.get(f"/requests/{identity}").text
        with office.database.read() as connection:
            assert [one["verdict"] for one in decisions.of_contract(connection, contract)] == ["renew"]
        assert "Decided: Renew" in words(client, f"/contracts/{contract}")


class TestThoseWithoutARight:
    def test_do_not_learn_that_it_exists(self, office: Office, contract: str) -> None:
        client = looking(office, LEA)
        there, nowhere = client.get(f"/contracts/{contract}"), client.get("/contracts/00000000-nothing")
        assert (there.status_code, there.text) == (404, nowhere.text)
        assert client.get(f"/contracts/{contract}/files/original").status_code == 404

    def test_cannot_ask_for_anything(self, office: Office, contract: str) -> None:
        answer = looking(office, LEA).post(f"/contracts/{contract}/decide", data={"verdict": "terminate"})
        assert answer.status_code == 404
        with office.database.read() as connection:
            assert requests.waiting(connection) == []

    def test_see_no_button_for_what_they_may_not_do(self, office: Office, contract: str) -> None:
        given_to(office, contract, DANA, RAFAEL)
        assert "Decide about this term" in looking(office, SOFIA).get(f"/contracts/{contract}").text
        given_rule(office, Rule("reader", people=(AMARA,)))
        assert "Decide about this term" not in looking(office, AMARA).get(f"/contracts/{contract}").text


class TestFiles:
    def test_are_downloaded_under_their_name_and_that_is_recorded(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        answer = client.get(f"/contracts/{contract}/files/original")
        assert answer.status_code == 200
        assert 'filename="harrow.txt"' in answer.headers["content-disposition"]
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "document.downloaded" in words(client, f"/contracts/{contract}")
        assert client.get(f"/contracts/{contract}/files/certificate").status_code == 404


class TestToday:
    def test_is_the_day_one_sees_first(self, office: Office, contract: str) -> None:
        office.on(date(2026, 12, 20))
        assert "Terms on 20 Dec 2026" in words(looking(office, RAFAEL), f"/contracts/{contract}")


class TestANotice:
    @pytest.fixture
    def client(self, office: Office, contract: str) -> TestClient:
        client = looking(office, RAFAEL)
        client.post(f"/contracts/{contract}/decide", data={"verdict": "terminate", "because": "too dear"})
        assert carry_out_all(office.ctx)[0]["state"] == requests.DONE
        return client

    def test_is_carried_out_with_the_proof_of_its_service(
        self, office: Office, contract: str, client: TestClient
    ) -> None:
        assert f'action="/contracts/{contract}/execute/upload"' in client.get(f"/contracts/{contract}").text
        answer = client.post(
            f"/contracts/{contract}/execute/upload",
            data={"served_on": "2026-03-03"},
            files={"proof": ("receipt.png", b"%PDF-1.7 a receipt", "image/png")},
            follow_redirects=False,
        )
        assert answer.status_code == 303
        [row] = carry_out_all(office.ctx)
        assert (row["state"], row["why"]) == (requests.DONE, "")
        with office.database.read() as connection:
            [decision] = decisions.of_contract(connection, contract)
            kept = read_models.document(connection, decision["proof_sha256"])
        assert (decision["state"], kept["name"], kept["media_type"]) == ("executed", "receipt.png", "application/pdf")

    @pytest.mark.parametrize("content", [b"", b"\x7fELF\x02\x01\x01\x00", b"MZ\x90\x00\x03\x00\x00\x00"])
    def test_is_not_carried_out_with_anything_else(
        self, office: Office, contract: str, client: TestClient, content: bytes
    ) -> None:
        answer = client.post(
            f"/contracts/{contract}/execute/upload",
            data={"served_on": "2026-03-03"},
            files={"proof": ("receipt.pdf", content, "application/pdf")},
            follow_redirects=False,
        )
        done = carry_out_all(office.ctx) if answer.status_code == 303 else []
        assert answer.status_code == 422 or [row["state"] for row in done] == [requests.REFUSED]
        with office.database.read() as connection:
            assert decisions.of_contract(connection, contract)[0]["state"] == "open"

    def test_leaves_no_file_of_somebody_who_may_not_decide(
        self, office: Office, contract: str, client: TestClient
    ) -> None:
        given_rule(office, Rule("reader", people=(AMARA,)))
        files = {"proof": ("receipt.pdf", b"%PDF-1.7 of somebody else", "application/pdf")}
        for who, status in ((LEA, 404), (AMARA, 403)):
            answer = looking(office, who).post(f"/contracts/{contract}/execute/upload", files=files)
            assert answer.status_code == status, who
        digest = hashlib.sha256(b"%PDF-1.7 of somebody else").hexdigest()
        with office.database.read() as connection, pytest.raises(read_models.Missing):
            read_models.document(connection, digest)


class TestPricesAndWords:
    """Somebody with the outline alone: neither prices nor words of the paper, wherever they stand on the page."""

    def test_are_hidden_from_who_is_not_shown_them(self, office: Office, contract: str) -> None:
        full = looking(office, RAFAEL).get(f"/contracts/{contract}").text
        given_rule(office, Rule("outline", people=(LEA,)))
        text = looking(office, LEA).get(f"/contracts/{contract}").text
        for words_of_paper in ("sixty (60) days", "96000.00", "<q>"):
            assert words_of_paper in full
            assert words_of_paper not in text
        assert "hidden from you" in text
        assert "/pages/" not in text
        assert looking(office, LEA).get(f"/contracts/{contract}/pages/1").status_code == 404

    def test_are_hidden_where_a_term_is_a_whole_sentence(self, office: Office) -> None:
        made = import_file(office.ctx, SAMPLE, kind=FileKind.PDF).contract_id
        given_rule(office, Rule("outline", people=(LEA,)))
        full, outline = (looking(office, who).get(f"/contracts/{made}").text for who in (SOFIA, LEA))
        assert "Named contact. The Supplier shall" in full
        assert "Named contact. The Supplier shall" not in outline
        assert "350.00" in full
        assert "350.00" not in outline
