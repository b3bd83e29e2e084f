"""Word documents and text files: what their author sees accepted, page by page, and within limits."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from domain.documents import FileKind, ReadProblem
from domain.terms import TermField
from extraction import Limits, read_document, read_terms, verify

TERMS = (
    "ORDER FORM",
    "Effective Date: 1 December 2026",
    "Initial Term: twenty-four (24) months from the Effective Date.",
    "This Order Form renews automatically for successive periods of twelve (12) months.",
)


def word(*paragraphs: str) -> BytesIO:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document)


def saved(document: object) -> BytesIO:
    target = BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target


def pages(data: bytes, kind: FileKind = FileKind.WORD) -> list[str]:
    document = read_document(data, kind=kind)
    assert document.problem is None, document.problem_detail
    return [page.text for page in document.pages]


class TestAWordDocument:
    def test_is_read_and_its_terms_are_proved(self) -> None:
        document = read_document(word(*TERMS).getvalue(), kind=FileKind.WORD)
        found = {term.field: term for term in read_terms(document).terms}
        assert found[TermField.EFFECTIVE_DATE].value == "2026-12-01"
        assert found[TermField.INITIAL_TERM].value == "P24M"
        assert all(verify(document, term) for term in found.values())

    def test_is_read_with_tables_row_by_row_and_with_its_header(self) -> None:
        document = Document()
        document.sections[0].header.paragraphs[0].text = "Lumora Analytics GmbH"
        table = document.add_table(rows=1, cols=2)
        table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Seats", "25"
        text = pages(saved(document).getvalue())[0]
        assert "Lumora Analytics GmbH" in text
        assert "Seats | 25" in text

    def test_ends_pages_where_its_author_did(self) -> None:
        document = Document()
        document.add_paragraph("one").add_run().add_break(WD_BREAK.PAGE)
        document.add_paragraph("two")
        assert [text.strip() for text in pages(saved(document).getvalue())] == ["one", "two"]

    def test_is_read_as_if_every_change_were_accepted(self) -> None:
        document = Document()
        paragraph = document.add_paragraph("Notice of ")
        for tag, inner in (("del", "<w:delText>30</w:delText>"), ("ins", "<w:t>60</w:t>")):
            change = f'<w:{tag} {nsdecls("w")} w:id="1" w:author="a"><w:r>{inner}</w:r></w:{tag}>'
            paragraph._p.append(parse_xml(change))
        paragraph.add_run(" days")
        assert pages(saved(document).getvalue())[0].strip() == "Notice of 60 days"

    @pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"%PDF-1.7", b"\x00" * 100])
    def test_that_is_none_is_a_named_problem(self, data: bytes) -> None:
        assert read_document(data, kind=FileKind.WORD).problem is ReadProblem.CORRUPT

    def test_that_is_another_archive_is_a_named_problem(self) -> None:
        target = BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("hello.txt", "hello")
        assert read_document(target.getvalue(), kind=FileKind.WORD).problem is ReadProblem.CORRUPT

    def test_that_unpacks_without_end_is_refused(self) -> None:
        target = BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(8):
                archive.writestr(f"word/{number}.xml", b" " * (50 * 2**20))
        assert read_document(target.getvalue(), kind=FileKind.WORD).problem is ReadProblem.TOO_LARGE

    def test_that_is_empty_says_so(self) -> None:
        assert read_document(word("").getvalue(), kind=FileKind.WORD).problem is ReadProblem.NO_TEXT


class TestATextFile:
    def test_is_read_page_by_page_in_either_encoding(self) -> None:
        assert pages("Straße\fzwei".encode(), FileKind.PLAIN) == ["Straße", "zwei"]
        assert pages("Straße".encode("cp1252"), FileKind.PLAIN) == ["Straße"]
        assert pages(b"\xef\xbb\xbfbom", FileKind.PLAIN) == ["bom"]

    def test_within_limits(self) -> None:
        limits = Limits(characters=100)
        assert read_document(b"x" * 101, kind=FileKind.PLAIN, limits=limits).problem is ReadProblem.TOO_LARGE
        assert read_document(b"\x00\x01", kind=FileKind.PLAIN).problem is ReadProblem.CORRUPT
        assert read_document(b"  \n", kind=FileKind.PLAIN).problem is ReadProblem.NO_TEXT
