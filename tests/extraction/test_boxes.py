"""Boxes stand where the quoted words stand, on samples and on real contracts."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.documents import Box
from domain.terms import Citation
from extraction import boxes_of, read_document, read_terms
from extraction.alignment import aligned
from extraction.normalise import normalise
from tests.conftest import ROOT, shared
from tests.extraction import hostile

SAMPLES = sorted((ROOT / "samples").rglob("*.pdf"))


def cited(data: bytes, width: int = 60, step: int = 900) -> list[Citation]:
    """Return spans all over a document."""
    document = read_document(data)
    return [
        Citation(document.sha256, page.number, start, start + width, page.text[start : start + width])
        for page in document.pages
        for start in range(0, max(len(page.text) - width, 0), step)
    ]


def below(data: bytes, page: int, boxes: Sequence[Box]) -> str:
    """Return the text that PDFium finds inside boxes of an unrotated page."""
    document = pypdfium2.PdfDocument(data)
    try:
        one = document[page - 1]
        height = one.get_height()
        text = one.get_textpage()
        parts = [
            text.get_text_bounded(b.left - 0.5, height - b.bottom - 0.5, b.right + 0.5, height - b.top + 0.5)
            for b in boxes
        ]
        return normalise("".join(parts))
    finally:
        document.close()


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def share_found(data: bytes, step: int = 900) -> tuple[int, int]:
    """Return how many spans have their own letters below their boxes, and how many there are."""
    citations = [one for one in cited(data, step=step) if len(letters(one.quote)) > 20]
    places = boxes_of(data, citations)
    good = sum(
        letters(one.quote) in letters(below(data, one.page, boxes))
        for one, boxes in zip(citations, places, strict=True)
    )
    return good, len(citations)


def corners(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom


def turned_by(turn: int, box: Box, width: float, height: float) -> tuple[float, float, float, float]:
    """Return where a box of an upright page is shown when the page is turned clockwise."""
    return {
        90: (height - box.bottom, box.left, height - box.top, box.right),
        180: (width - box.right, height - box.bottom, width - box.left, height - box.top),
        270: (box.top, width - box.right, box.bottom, width - box.left),
    }[turn]


class TestBoxes:
    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_hold_the_words_they_were_made_for(self, path: Path) -> None:
        good, count = share_found(path.read_bytes())
        assert count >= 3
        assert good >= count * 0.98

    def test_hold_them_in_real_contracts(self) -> None:
        folder = shared("data/cuad/pdf")
        good = count = 0  # of 20 contracts
        for path in sorted(folder.rglob("*.pdf"))[::3]:
            found, asked = share_found(path.read_bytes(), step=3000)
            good, count = good + found, count + asked
        assert count > 200
        assert good >= count * 0.98

    def test_stand_one_to_a_line_and_inside_the_page(self) -> None:
        data = SAMPLES[0].read_bytes()
        reading = read_terms(read_document(data))
        for term, boxes in zip(reading.terms, boxes_of(data, [t.citation for t in reading.terms]), strict=True):
            assert 1 <= len(boxes) <= term.citation.quote.count("\n") + 2
            assert all(0 <= b.left < b.right <= 1000 and 0 <= b.top < b.bottom <= 1400 for b in boxes)

    @pytest.mark.parametrize("turn", [90, 180, 270])
    def test_follow_a_page_that_is_shown_turned(self, turn: int) -> None:
        data = SAMPLES[0].read_bytes()
        turned = BytesIO()
        with pikepdf.open(BytesIO(data)) as pdf:
            width, height = (float(side) for side in pdf.pages[0].mediabox[2:])
            for page in pdf.pages:
                page.rotate(turn, relative=False)
            pdf.save(turned)
        citation = cited(data)[0]
        upright, shown = boxes_of(data, [citation])[0], boxes_of(turned.getvalue(), [citation])[0]
        assert len(shown) == len(upright)
        for before, after in zip(upright, shown, strict=True):
            assert corners(after) == pytest.approx(turned_by(turn, before, width, height), abs=0.1)

    def test_follow_text_that_runs_up_an_upright_page(self) -> None:
        data = hostile.page_with(b"BT /F1 12 Tf 0 1 -1 0 300 100 Tm (Notice of sixty days) Tj ET")
        (box,) = boxes_of(data, [Citation("0" * 64, 1, 0, 15, "")])[0]
        assert box.bottom == pytest.approx(700, abs=2)
        assert box.bottom - box.top > 4 * (box.right - box.left)

    def test_are_none_for_places_that_do_not_exist_and_for_files_that_are_none(self) -> None:
        data = SAMPLES[0].read_bytes()
        nowhere = Citation("0" * 64, 99, 0, 5, "x")
        assert boxes_of(data, [nowhere]) == [()]
        assert boxes_of(b"no pdf", [nowhere]) == [()]
        assert boxes_of(data, []) == []


class TestAlignment:
    @settings(max_examples=500)
    @given(
        st.text(alphabet=st.sampled_from("ab-\n\r\f\ufffe\x02\u00ad\u200b\ufb01\ufb03 \t\u00a0\U0001f600"), max_size=60)
    )
    def test_makes_the_very_text_that_normalising_makes(self, raw: str) -> None:
        text, origins = aligned(raw)
        assert text == normalise(raw)
        assert len(origins) == len(text)
        assert origins == sorted(origins)
