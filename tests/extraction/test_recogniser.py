"""Pages that are pictures are read by Tesseract, in a child that it becomes, within its limits."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from domain.documents import Box, Doubt, ReadProblem
from domain.terms import Citation, TermField
from extraction import Limits, boxes_of, picture_of, read_document, read_terms, verify
from extraction.recogniser import Recogniser, installed, recognised
from tests.extraction import hostile

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
TABLE = HEAD + (
    "4\t1\t1\t1\t1\t0\t100\t50\t400\t40\t-1\t\n"
    "5\t1\t1\t1\t1\t1\t100\t50\t150\t40\t96.5\tNotice\n"
    "5\t1\t1\t1\t1\t2\t260\t50\t60\t40\t95.5\tof\n"
    "5\t1\t1\t1\t1\t3\t330\t50\t10\t40\t10\t \n"
    '5\t1\t1\t1\t2\t1\t100\t100\t150\t40\t90\t"sixty\n'
)
needs_tesseract = pytest.mark.skipif(not shutil.which("tesseract"), reason="needs Tesseract on the PATH")
LINES = (b"Effective Date: 1 December 2026", b"Initial Term: twenty-four (24) months from the Effective Date.")


def program(folder: Path, script: str) -> Recogniser:
    """Return a recogniser whose program is a shell script."""
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return Recogniser(str(path))


def saying(folder: Path, table: str) -> Recogniser:
    (folder / "table").write_text(table)
    return program(folder, f'exec cat "{folder}/table"')


class TestATable:
    def test_becomes_lines_of_words_in_points(self) -> None:
        found = recognised(TABLE, scale=2.0)
        assert found.text == 'Notice of\n"sixty'
        assert [found.text[word.start : word.end] for word in found.words] == ["Notice", "of", '"sixty']
        assert found.words[0].box == Box(50, 25, 125, 45)
        assert found.confidence == 94

    @pytest.mark.parametrize("table", ["", HEAD])
    def test_may_be_empty(self, table: str) -> None:
        assert recognised(table, scale=1.0).text == ""

    def test_of_another_program_is_refused(self) -> None:
        with pytest.raises(KeyError):
            recognised("hello\nworld", scale=1.0)


class TestAProgram:
    """Stands in for Tesseract, to see what it is given and what becomes of its answer."""

    def test_reads_each_picture_once_and_its_words_have_boxes(self, tmp_path: Path) -> None:
        data = hostile.scanned(b"x", count=2)
        document = read_document(data, recogniser=saying(tmp_path, TABLE))
        assert document.problem is None
        assert [page.text for page in document.pages] == ['Notice of\n"sixty'] * 2
        assert document.problem_detail == "pages read by text recognition: 1, 2"
        assert document.readers == ("pdfium", "tesseract")
        citation = Citation(document.sha256, 2, 3, 12, 'ice of\n"si')
        assert [len(boxes) for boxes in boxes_of(data, [citation], document=document)] == [2]

    def test_gets_the_page_as_a_png_and_no_secret(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AFTERSIGN_TOP_SECRET", "do-not-inherit")
        shown = f"{HEAD}5\\t1\\t1\\t1\\t1\\t1\\t0\\t0\\t9\\t9\\t99\\t"
        script = f'printf "{shown}"; read -r first; echo "$first$AFTERSIGN_TOP_SECRET"'
        document = read_document(hostile.scanned(b"x"), recogniser=program(tmp_path, script))
        assert document.text.endswith("PNG")

    @pytest.mark.parametrize("script", ["exit 1", "echo nonsense", "printf '\\377\\376'", "kill -9 $$"])
    def test_that_fails_leaves_the_page_in_doubt(self, tmp_path: Path, script: str) -> None:
        document = read_document(hostile.scanned(b"x", stamp=b"Envelope 1"), recogniser=program(tmp_path, script))
        assert document.text == "Envelope 1"
        assert [doubt.kind for doubt in document.doubts] == [Doubt.NEEDS_OCR]

    def test_that_is_hardly_sure_is_not_believed(self, tmp_path: Path) -> None:
        unsure = TABLE.replace("96.5", "30").replace("95.5", "30").replace("\t90\t", "\t30\t")
        document = read_document(hostile.scanned(b"x"), recogniser=saying(tmp_path, unsure))
        assert document.problem is ReadProblem.NO_TEXT
        assert "Tesseract could not read it" in document.problem_detail

    def test_that_never_ends_is_stopped(self, tmp_path: Path) -> None:
        began = time.monotonic()
        forever = program(tmp_path, "while :; do :; done")
        document = read_document(
            hostile.scanned(b"x"), recogniser=forever, limits=Limits(cpu_seconds=2, wall_seconds=3)
        )
        assert document.problem is ReadProblem.NO_TEXT
        assert time.monotonic() - began < 12

    def test_is_asked_about_so_many_pages_only(self, tmp_path: Path) -> None:
        limits = Limits(recognised_pages=1)
        document = read_document(hostile.scanned(b"x", count=3), recogniser=saying(tmp_path, TABLE), limits=limits)
        assert document.problem_detail == "pages that are images and need OCR: 2, 3; pages read by text recognition: 1"

    def test_that_does_not_exist_is_none(self) -> None:
        assert read_document(hostile.scanned(b"x"), recogniser=Recogniser("/nowhere")).problem is ReadProblem.NO_TEXT


class TestAPicture:
    def test_of_a_huge_page_stays_small(self) -> None:
        picture = picture_of(hostile.huge_page(), 1, dpi=300)
        assert picture is not None
        assert picture.scale < 1
        assert len(picture.png) < 5_000_000

    def test_of_what_cannot_be_drawn_is_none(self) -> None:
        assert picture_of(b"no pdf", 1) is None
        assert picture_of(hostile.hello(), 7) is None


@needs_tesseract
class TestTesseract:
    def test_reads_a_scan_and_its_terms_are_proved(self) -> None:
        data = hostile.scanned(*LINES)
        document = read_document(data)
        found = {term.field: term for term in read_terms(document).terms}
        assert found[TermField.EFFECTIVE_DATE].value == "2026-12-01"
        assert found[TermField.INITIAL_TERM].value == "P24M"
        assert all(verify(document, term) for term in found.values())
        box = boxes_of(data, [found[TermField.EFFECTIVE_DATE].citation], document=document)[0][0]
        assert 50 <= box.left < box.right <= 330
        assert 80 <= box.top < box.bottom <= 110

    def test_reads_below_a_stamp_and_where_letters_have_no_map(self) -> None:
        assert "sixty days" in read_document(hostile.scanned(b"Notice of sixty days", stamp=b"Envelope 1")).text
        assert "thirty days" in read_document(hostile.unmapped()).text

    def test_reads_a_huge_page_within_the_limits(self) -> None:
        assert read_document(hostile.huge_page()).readers[-1] == "tesseract"

    def test_finds_no_words_in_a_drawing(self) -> None:
        assert read_document(hostile.outlined()).problem is ReadProblem.NO_TEXT

    def test_is_found_on_the_path(self) -> None:
        assert installed().program
