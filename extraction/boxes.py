"""Find where on a page quoted characters stand; runs in a child process like the parser."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from extraction.alignment import aligned
from extraction.places import Rectangle, joined
from extraction.upright import quarter, upright_text

_FINE = 100  # PDFium converts to whole device units; these are hundredths of a point


def boxes(data: bytes, spans: Sequence[tuple[int, int, int]]) -> list[list[Rectangle]]:
    """Return, for each (page, start, end) of normalised text, one rectangle a line of text.

    Rectangles are (left, top, right, bottom) in points from the upper left corner of the page as
    it is shown, rotation applied.
    """
    document = pypdfium2.PdfDocument(data)
    try:
        return [_boxes(document, *span) for span in spans]
    finally:
        document.close()


def _boxes(document: pypdfium2.PdfDocument, number: int, start: int, end: int) -> list[Rectangle]:
    if not 1 <= number <= len(document):
        return []
    try:
        page = document[number - 1]
        return joined(_characters(page, start, end))
    except pypdfium2.PdfiumError:  # the second reader read this page, and knows no boxes
        return []


def _characters(page: pypdfium2.PdfPage, start: int, end: int) -> Iterator[tuple[Rectangle, int]]:
    """Yield where each visible character is shown, and how far it is shown turned to the left."""
    textpage = upright_text(page)
    raw = textpage.get_text_range()
    _, origins = aligned(raw)
    units = _utf16_offsets(raw)
    for index in origins[start:end]:
        place = -1 if raw[index].isspace() else pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, units[index])
        if place >= 0 and (box := _shown(page, textpage.get_charbox(place, loose=True))):
            yield box, (quarter(textpage, place) - page.get_rotation()) % 360
    textpage.close()
    page.close()


def _utf16_offsets(raw: str) -> list[int]:
    """Return for each character its offset in UTF-16, which is what PDFium counts."""
    offsets, position = [], 0
    for char in raw:
        offsets.append(position)
        position += 2 if ord(char) > 0xFFFF else 1
    return offsets


def _shown(page: pypdfium2.PdfPage, box: tuple[float, float, float, float]) -> Rectangle | None:
    """Return a rectangle of the page's own coordinates as it is shown; `None` for one without extent."""
    left, bottom, right, top = box
    corners = [_device(page, x, y) for x, y in ((left, bottom), (right, top))]
    xs, ys = sorted(x for x, _ in corners), sorted(y for _, y in corners)
    return (xs[0], ys[0], xs[1], ys[1]) if xs[1] > xs[0] and ys[1] > ys[0] else None


def _device(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[float, float]:
    width, height = (round(side * _FINE) for side in page.get_size())
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / _FINE, down.value / _FINE
