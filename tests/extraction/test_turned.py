"""A page reads the same however it is turned, and whichever way its text was written."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest

from extraction import read_document
from tests.conftest import ROOT

SAMPLE = next((ROOT / "samples").rglob("harbourline-order-form.pdf")).read_bytes()
WIDTH, HEIGHT = 595, 842
WRITTEN = {  # degrees to the left: the matrix that turns an upright page
    0: (1, 0, 0, 1, 0, 0),
    90: (0, 1, -1, 0, HEIGHT, 0),
    180: (-1, 0, 0, -1, WIDTH, HEIGHT),
    270: (0, -1, 1, 0, 0, WIDTH),
}


def turned(written: int, shown: int) -> bytes:
    target = BytesIO()
    with pikepdf.open(BytesIO(SAMPLE)) as pdf:
        for page in pdf.pages:
            page.contents_add(b"q %d %d %d %d %d %d cm" % WRITTEN[written], prepend=True)
            page.contents_add(b"Q")
            page.mediabox = [0, 0, HEIGHT, WIDTH] if written in {90, 270} else [0, 0, WIDTH, HEIGHT]
            page.rotate(shown, relative=False)
        pdf.save(target)
    return target.getvalue()


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("shown", [0, 90, 180, 270])
def test_reads_as_if_it_stood_upright(written: int, shown: int) -> None:
    assert read_document(turned(written, shown)).text == read_document(SAMPLE).text
