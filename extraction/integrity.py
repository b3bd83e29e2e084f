"""Tell whether the streams of a PDF unpack; PDFium shows what precedes damage and says nothing."""

from __future__ import annotations

import zlib
from typing import Any

import pikepdf

_CHUNK = 1 << 20
_MOST_CHUNKS = 64


def broken_pages(pdf: pikepdf.Pdf) -> frozenset[int]:
    """Return the numbers of the pages whose own content is damaged; damage shows only where it is touched."""
    return frozenset(
        number
        for number, page in enumerate(pdf.pages, start=1)
        if not _decodes(page.obj.get("/Contents")) or pdf.get_warnings()
    )


def _decodes(contents: Any) -> bool:
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    try:
        return all(_whole(part) for part in parts if isinstance(part, pikepdf.Stream))
    except (pikepdf.PdfError, zlib.error):
        return False


def _whole(part: pikepdf.Stream) -> bool:
    """Unpack one stream; qpdf passes over a wrong checksum, so zlib looks at it first."""
    filters = part.get("/Filter")
    outermost = filters[0] if isinstance(filters, pikepdf.Array) and len(filters) else filters
    if outermost == pikepdf.Name.FlateDecode:
        return _checks_out(part.read_raw_bytes())
    part.read_bytes()
    return True


def _checks_out(packed: bytes) -> bool:
    """Unpack piece by piece and keep nothing; past the limit PDFium's own memory decides."""
    if not packed:  # a blank page, as qpdf writes it
        return True
    unpacking = zlib.decompressobj()
    for _ in range(_MOST_CHUNKS):
        if unpacking.eof or not packed:
            return unpacking.eof
        unpacking.decompress(packed, _CHUNK)
        packed = unpacking.unconsumed_tail
    return True
