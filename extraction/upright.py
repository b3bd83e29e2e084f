"""Read a page the way its text runs, however the page is turned.

PDFium orders lines by the page as it is shown: sideways text comes out with its last line first.
"""

from __future__ import annotations

import math
from collections import Counter

import pypdfium2
import pypdfium2.raw as pdfium

_SAMPLE = 40


def upright_text(page: pypdfium2.PdfPage) -> pypdfium2.PdfTextPage:
    """Return the text of a page, read with the page turned so that most of its text is upright."""
    textpage = page.get_textpage()
    shown = page.get_rotation()
    wanted = _direction(textpage, shown)
    if wanted == shown:
        return textpage
    page.set_rotation(wanted)
    turned = page.get_textpage()
    page.set_rotation(shown)
    return turned


def quarter(textpage: pypdfium2.PdfTextPage, place: int) -> int:
    """Return how far a character of the page is turned to the left, in degrees: 0, 90, 180 or 270."""
    clockwise = math.degrees(pdfium.FPDFText_GetCharAngle(textpage, place))
    return round(-clockwise / 90) % 4 * 90


def _direction(textpage: pypdfium2.PdfTextPage, otherwise: int) -> int:
    count = textpage.count_chars()
    sample = range(0, count, max(count // _SAMPLE, 1))
    found = Counter(quarter(textpage, place) for place in sample if _visible(textpage, place))
    return found.most_common(1)[0][0] if found else otherwise


def _visible(textpage: pypdfium2.PdfTextPage, place: int) -> bool:
    return pdfium.FPDFText_GetUnicode(textpage, place) > ord(" ") and not pdfium.FPDFText_IsGenerated(textpage, place)
