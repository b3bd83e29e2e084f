"""A page that may say more, or other, than was read is named, with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.documents import Doubt, PageDoubt, ReadProblem
from extraction import read_document, read_terms
from extraction.doubts import described
from extraction.recogniser import Recogniser
from extraction.second import disagreement
from tests.conftest import shared
from tests.extraction import hostile

NONE = Recogniser()


class TestTwoReaders:
    @given(st.text())
    def test_agree_with_themselves(self, text: str) -> None:
        assert disagreement(text, text) == ""

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("the 20th of May 2026", "the 20t h of May 2 0 2 6"),
            ("left column\nright column", "right column left column"),
            ("ﬁnal oﬃce", "final office"),
            ("per-\nson", "person"),
            ("", " \n"),
        ],
    )
    def test_may_part_words_and_lines_differently(self, first: str, second: str) -> None:
        assert disagreement(first, second) == ""

    def test_disagree_over_one_number_in_a_long_page(self) -> None:
        page = "The Customer may give notice. " * 200
        seen = disagreement(page + "60 days", page + "30 days")
        assert seen == "only the first reads 60, only the second reads 30"

    def test_disagree_when_one_sees_less(self) -> None:
        page = "The Customer may give notice. "
        assert "letters and digits against" in disagreement(page * 10, page * 9)

    def test_are_both_asked_when_all_is_wanted(self) -> None:
        document = read_document(hostile.named_oddly(), thorough=True)
        assert document.readers == ("pdfium", "pdfminer")
        assert document.doubts == (
            PageDoubt(1, Doubt.READERS_DISAGREE, "only the first reads 30, only the second reads 600"),
        )
        assert document.problem_detail == "pages whose two readers disagree: 1"
        assert "document" in [gap.field for gap in read_terms(document).gaps]

    def test_are_not_both_asked_about_a_clear_page(self) -> None:
        document = read_document(hostile.hello())
        assert (document.readers, document.doubts, document.problem_detail) == (("pdfium",), (), "")

    def test_agree_on_real_contracts(self) -> None:
        doubted, pages = [], 0
        for path in sorted(shared("data/cuad/pdf").glob("*.pdf"))[1::10]:
            document = read_document(path.read_bytes(), thorough=True)
            doubted += document.doubts
            pages += len(document.pages)
        assert pages > 50
        assert [doubt.detail for doubt in doubted] == []


class TestAPageThatIsAPicture:
    def test_of_a_file_without_any_text_needs_recognition(self) -> None:
        document = read_document(hostile.scanned(b"Notice of sixty days", count=2), recogniser=NONE)
        assert document.problem is ReadProblem.NO_TEXT
        assert "needs OCR; install Tesseract" in document.problem_detail
        assert [(doubt.page, doubt.kind) for doubt in document.doubts] == [(1, Doubt.NEEDS_OCR), (2, Doubt.NEEDS_OCR)]

    def test_is_known_under_an_envelope_number_stamped_on_it(self) -> None:
        stamped = hostile.scanned(b"Notice of sixty days", stamp=b"Envelope 5A1C-77")
        document = read_document(stamped, recogniser=NONE)
        assert document.text == "Envelope 5A1C-77"
        assert document.problem_detail == "pages that are images and need OCR: 1"

    def test_is_known_when_its_letters_are_outlines(self) -> None:
        assert read_document(hostile.outlined(), recogniser=NONE).doubts == (PageDoubt(1, Doubt.NEEDS_OCR),)

    def test_is_not_suspected_where_nothing_is_painted(self) -> None:
        document = read_document(hostile.empty_pages(), recogniser=NONE)
        assert (document.problem, document.doubts) == (ReadProblem.NO_TEXT, ())


class TestAPageWithoutAMapOfItsLetters:
    def test_is_named_and_read_a_second_time(self) -> None:
        document = read_document(hostile.unmapped(), recogniser=NONE)
        assert {doubt.kind for doubt in document.doubts} == {Doubt.UNMAPPED}
        assert document.readers == ("pdfium", "pdfminer")
        assert document.problem_detail == "pages whose letters stand for nothing known: 1"


class TestWhatIsSaid:
    def test_names_each_page_once_a_reason_and_the_gravest_first(self) -> None:
        doubts = [PageDoubt(9, Doubt.RECOGNISED), *[PageDoubt(n, Doubt.DAMAGED) for n in (3, 2, 3)]]
        expected = "pages that the damaged file holds only in part: 2, 3; pages read by text recognition: 9"
        assert described(doubts) == expected

    def test_has_words_for_every_doubt(self) -> None:
        assert all(described([PageDoubt(1, kind)]) for kind in Doubt)
