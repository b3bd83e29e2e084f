"""Tell whether a page shows more than its text layer says, and draw it for those who must see it."""

from __future__ import annotations

import struct
from io import BytesIO
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

_MOST_OBJECTS = 5000
_MOST_PATHS = 300  # an outline a letter; rules, boxes and logos need far fewer
_STAMP = 120  # characters; an envelope number stamped on a scan is half of that
_MOST_PIXELS = 20_000_000
_POINTS = 72
SCALE = struct.Struct("!d")


def is_scan(page: pypdfium2.PdfPage, text: str) -> bool:
    """Tell whether a page with hardly any text shows a picture, or letters drawn as outlines."""
    characters = len(text.strip())
    if characters > _STAMP:
        return False
    images, paths = _painted(page)
    width, height = page.get_size()
    covered = sum(images) >= width * height / 2
    return covered or (characters == 0 and (bool(images) or paths > _MOST_PATHS))


def _painted(page: pypdfium2.PdfPage) -> tuple[list[float], int]:
    """Return the area of each image and the number of outlines, looking at so many objects only."""
    images, paths = [], 0
    for thing in islice(page.get_objects(max_depth=4), _MOST_OBJECTS):
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = thing.get_bounds()
            images.append((right - left) * (top - bottom))
        paths += thing.type == pdfium.FPDF_PAGEOBJ_PATH
    return images, paths


def drawn(data: bytes, number: int, dpi: int) -> bytes:
    """Return the pixels a point and the page as a PNG; a page too large for that is drawn smaller."""
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(dpi / _POINTS, (_MOST_PIXELS / (width * height)) ** 0.5)
        target = BytesIO()
        page.render(scale=scale).to_pil().save(target, "PNG", compress_level=1)
        return SCALE.pack(scale) + target.getvalue()
    finally:
        document.close()
