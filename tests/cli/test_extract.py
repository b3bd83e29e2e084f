"""`aftersign extract` shows terms with the words and places that prove them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from cli.extract import run_extract
from domain.errors import Permanent
from tests.conftest import ROOT

SAMPLE = next((ROOT / "samples").rglob("harbourline-order-form.pdf"))


class TestExtract:
    def test_prints_values_with_quote_place_and_boxes(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        assert run_extract(SAMPLE, as_json=True, as_text=False, page_images=tmp_path) == 0
        report = json.loads(capsys.readouterr().out)
        assert report["document"]["sha256"] == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
        found = {term["name"]: term for term in report["terms"]}
        term = found["renewal_term"]
        assert (term["value"], term["unit"], term["page"], term["status"]) == ("P12M", "period", 1, "confident")
        assert term["readers"] == ["rules", "trained"]
        assert 0.9 < term["confidence"] < 1
        assert term["end"] - term["start"] == len(term["quote"])
        assert all(len(box) == 4 for term in report["terms"] for box in term["boxes"])
        assert all(term["boxes"] for term in report["terms"])
        assert {clause["category"] for clause in report["clauses"]} >= {"Governing Law", "Renewal Term"}
        assert all(clause["boxes"] and 0 < clause["confidence"] < 1 for clause in report["clauses"])
        drawn = sorted(tmp_path.glob("page-*.png"))
        assert drawn
        assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)

    def test_reads_a_text_file(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        path = tmp_path / "order"
        path.write_text("Effective Date: 1 December 2026\n")
        assert run_extract(path, as_json=True, as_text=True, page_images=None) == 0
        report = json.loads(capsys.readouterr().out)
        assert [term["value"] for term in report["terms"] if term["name"] == "effective_date"] == ["2026-12-01"]
        assert {problem["where"] for problem in report["problems"]} >= {"initial_term"}

    def test_of_a_file_that_is_no_document_says_why_and_fails(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        path = tmp_path / "x.pdf"
        path.write_bytes(b"hello")
        assert run_extract(path, as_json=True, as_text=False, page_images=None) == 1
        assert json.loads(capsys.readouterr().out)["problems"][0]["what"] == "not_a_pdf"

    def test_of_a_file_that_does_not_exist_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(Permanent, match="cannot be read"):
            run_extract(tmp_path / "nothing.pdf", as_json=False, as_text=False, page_images=None)

    def test_draws_only_pdfs(self, tmp_path: Path) -> None:
        path = tmp_path / "order.txt"
        path.write_text("Effective Date: 1 December 2026\n")
        with pytest.raises(Permanent, match="Only the pages of a PDF"):
            run_extract(path, as_json=False, as_text=False, page_images=tmp_path)
