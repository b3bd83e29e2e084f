"""Pages of a signed paper are shown as they look, with the words that matter boxed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageChops

from domain.documents import FileKind
from tasks.importing import import_file
from tests.tasks.office import Office
from tests.web.house import given_to, looking

SAMPLE = Path(__file__).parents[2] / "samples" / "contracts" / "quillmark-master-agreement.pdf"
RAFAEL, LEA, DANA = "rafael.ortiz@lumora.example", "lea.brandt@lumora.example", "dana.whitfield@lumora.example"


@pytest.fixture
def contract(office: Office) -> str:
    made = import_file(office.ctx, SAMPLE, kind=FileKind.PDF).contract_id
    given_to(office, made, RAFAEL, DANA)
    return made


def picture(client: TestClient, address: str) -> Image.Image:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    return Image.open(BytesIO(answer.content)).convert("RGB")


def page_of(client: TestClient, contract: str, field: str) -> str:
    """Return the address of the page on which a term stands, as the contract's page links it."""
    text = client.get(f"/contracts/{contract}").text
    found = [part.split('"')[0] for part in text.split('href="') if f"?field={field}" in part.split('"')[0]]
    assert found, field
    return found[0]


class TestPages:
    def test_box_the_words_that_say_a_term_and_nothing_else(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        address, _, query = page_of(client, contract, "governing_law").partition("?")
        plain, boxed = picture(client, f"{address}.png"), picture(client, f"{address}.png?{query}")
        changed = ImageChops.difference(plain, boxed).getbbox()
        assert changed is not None
        assert (changed[3] - changed[1]) < plain.height / 4

    def test_show_their_text_with_the_words_marked(self, office: Office, contract: str) -> None:
        text = looking(office, RAFAEL).get(f"/contracts/{contract}/pages/1?q=agreement").text
        assert "<mark>" in text
        assert "Text of the page" in text

    def test_box_what_a_search_finds(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        plain = picture(client, f"/contracts/{contract}/pages/1.png")
        found = picture(client, f"/contracts/{contract}/pages/1.png?q=agreement")
        assert ImageChops.difference(plain, found).getbbox() is not None

    @pytest.mark.parametrize("page", ["0", "99", "1.png?field=&q=&x", "-1", "one"])
    def test_that_are_not_there_are_not_found(self, office: Office, contract: str, page: str) -> None:
        expected = {200} if page.startswith("1.") else {404, 422}
        assert looking(office, RAFAEL).get(f"/contracts/{contract}/pages/{page}").status_code in expected

    def test_are_recorded_when_somebody_looks(self, office: Office, contract: str) -> None:
        client = looking(office, RAFAEL)
        client.get(f"/contracts/{contract}/pages/1")
        assert "document.viewed" in client.get(f"/contracts/{contract}").text

    def test_are_not_there_for_others(self, office: Office, contract: str) -> None:
        for part in ("pages/1", "pages/1.png"):
            assert looking(office, LEA).get(f"/contracts/{contract}/{part}").status_code == 404
