"""Word documents and text files: what their author sees accepted, page by page, and within limits."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.opc.packuri import PackURI
from docx.opc.part import Part
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

    def test_leaves_out_what_was_moved_away_and_rows_that_were_deleted(self) -> None:
        document = Document()
        moved = f'<w:moveFrom {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>gone</w:t></w:r></w:moveFrom>'
        document.add_paragraph("stays")._p.append(parse_xml(moved))
        table = document.add_table(rows=2, cols=1)
        table.rows[0].cells[0].text, table.rows[1].cells[0].text = "kept row", "deleted row"
        table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {nsdecls("w")} w:id="2" w:author="a"/>'))
        assert pages(saved(document).getvalue())[0].split() == ["stays", "kept", "row"]

    def test_reads_a_table_inside_a_table_once(self) -> None:
        document = Document()
        outer = document.add_table(rows=1, cols=2)
        outer.rows[0].cells[0].text = "Fees"
        inner = outer.rows[0].cells[1].add_table(rows=1, cols=2)
        inner.rows[0].cells[0].text, inner.rows[0].cells[1].text = "Seats", "25"
        text = pages(saved(document).getvalue())[0]
        assert (text.count("25"), text.count("Seats | 25")) == (1, 1)

    def test_reads_a_text_box_once_and_tab_stops_never(self) -> None:
        box = "<w:txbxContent><w:p><w:r><w:t>in the box</w:t></w:r></w:p></w:txbxContent>"
        compatibility = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        run = (
            f'<w:r {nsdecls("w")} xmlns:mc="{compatibility}"><mc:AlternateContent><mc:Choice Requires="wps">{box}'
            f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        )
        document = Document()
        paragraph = document.add_paragraph("before")
        paragraph.paragraph_format.tab_stops.add_tab_stop(914400)
        paragraph._p.append(parse_xml(run))
        assert pages(saved(document).getvalue())[0] == "before\nin the box"

    def test_has_its_footer_and_notes_last_and_headers_of_all_sections_once(self) -> None:
        document = Document()
        document.sections[0].header.paragraphs[0].text = "Lumora"
        document.sections[0].footer.paragraphs[0].text = "Confidential"
        document.add_paragraph("body")
        document.add_section()
        notes = (
            f'<w:footnotes {nsdecls("w")}><w:footnote w:id="1"><w:p><w:r><w:t>net of tax</w:t></w:r></w:p>'
            "</w:footnote></w:footnotes>"
        )
        name = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
        package = document.part.package
        part = Part(PackURI("/word/footnotes.xml"), "application/xml", notes.encode(), package)
        document.part.relate_to(part, name)
        lines = [line for line in pages(saved(document).getvalue())[0].split("\n") if line]
        assert lines == ["Lumora", "body", "net of tax", "Confidential"]

    def test_that_is_locked_or_older_than_2007_says_so(self) -> None:
        compound = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)
        old = read_document(compound, kind=FileKind.WORD)
        locked = read_document(compound + "EncryptedPackage".encode("utf-16-le"), kind=FileKind.WORD)
        assert (old.problem, locked.problem) == (ReadProblem.CORRUPT, ReadProblem.ENCRYPTED)
        assert "save it as .docx" in old.problem_detail

    @pytest.mark.parametrize(
        "xml",
        [
            b"<not closed",
            b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>',
            b"<w:p>" * 50_000,
        ],
        ids=["broken", "entities", "depth"],
    )
    def test_whose_text_is_hostile_ends_as_a_named_problem(self, xml: bytes) -> None:
        target = BytesIO()
        with zipfile.ZipFile(word("x")) as good, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bad:
            for entry in good.infolist():
                bad.writestr(entry, xml if entry.filename == "word/document.xml" else good.read(entry))
        document = read_document(target.getvalue(), kind=FileKind.WORD)
        assert document.problem in {ReadProblem.CORRUPT, ReadProblem.HOSTILE, ReadProblem.NO_TEXT}

    def test_that_fills_the_memory_when_parsed_is_stopped(self) -> None:
        target = BytesIO()
        with zipfile.ZipFile(word("x")) as good, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bad:
            for entry in good.infolist():
                body = good.read(entry)
                if entry.filename == "word/document.xml":
                    body = body.replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * (20 * 2**20))
                bad.writestr(entry, body)
        document = read_document(target.getvalue(), kind=FileKind.WORD, limits=Limits(cpu_seconds=4, wall_seconds=8))
        assert document.problem in {ReadProblem.HOSTILE, ReadProblem.CORRUPT}  # the limit, or lxml without memory
        assert read_document(word("next").getvalue(), kind=FileKind.WORD).problem is None

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
