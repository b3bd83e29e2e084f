"""The brief can be taken along as a PDF that holds what the page holds, and runs nothing a customer wrote."""

from __future__ import annotations

from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from pdfminer.high_level import extract_text

from domain.errors import Permanent
from tests.web.seed import DONE
from web import brief_pdf
from web.viewer import AS


def words(data: bytes) -> str:
    return " ".join(extract_text(BytesIO(data)).split())


class TestTheFile:
    def test_holds_what_the_brief_holds(self, browser: TestClient) -> None:
        answer = browser.get(f"/handoffs/{DONE}/brief.pdf")
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF-")
        assert "Harbourline Logistics Ltd" in words(answer.content)

    def test_takes_no_words_for_markup(self) -> None:
        evil = '#sys.version *bold* #read("/etc/passwd") $x$'
        section = {"question": evil, "answers": [{"label": "Goal", "value": evil, "source": "CRM"}]}
        data = brief_pdf.brief_pdf(
            {"customer": evil, "sections": [section], "gaps": [], "answered": 1}, version=1, made="today"
        )
        assert words(data).count("#sys.version *bold*") >= 2

    def test_says_what_to_install_where_it_cannot_be_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(brief_pdf, "find_spec", lambda _: None)
        with pytest.raises(Permanent, match="cannot be made as PDF"):
            brief_pdf.brief_pdf({}, version=1, made="today")

    def test_is_not_there_for_others(self, browser: TestClient) -> None:
        other = {"cookie": f"{AS}=kenji.mori@lumora.example"}
        assert browser.get(f"/handoffs/{DONE}/brief.pdf", headers=other).status_code == 404
