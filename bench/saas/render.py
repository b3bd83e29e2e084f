"""Set a sample as a PDF or a Word file, so that the whole way from file to terms can be measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from bench.saas.blocks import Block
from bench.saas.generate import Sample

_SHARES = {2: (0.4, 0.6), 3: (0.4, 0.35, 0.25)}
_WIDTH = 480  # points between the margins of a letter page
_SIZES = {"title": 15.0, "heading": 11.5}
# The fonts that every reader of PDF brings along know no such sign.
_SPELLED = str.maketrans({"≤": "<=", "≥": ">="})


def render(sample: Sample, kind: str) -> bytes:
    """Return the file of a sample; `kind` is `pdf` or `docx`."""
    writers: dict[str, Callable[[tuple[Block, ...]], bytes]] = {"pdf": _pdf, "docx": _word}
    return writers[kind](tuple(_numbered(sample.blocks)))


def _numbered(blocks: tuple[Block, ...]) -> Iterator[Block]:
    section = clause = 0
    for block in blocks:
        if block.kind == "heading":
            section, clause = section + 1, 0
            yield Block("heading", f"{section}. {block.text}".strip(". ") if block.text else "")
        elif block.kind == "clause":
            clause += 1
            yield Block("clause", f"{section}.{clause} {block.text}")
        else:
            yield block


def _pdf(blocks: tuple[Block, ...]) -> bytes:
    from reportlab.lib.pagesizes import LETTER
    from reportlab.platypus import SimpleDocTemplate

    buffer = BytesIO()
    template = SimpleDocTemplate(buffer, pagesize=LETTER, leftMargin=66, rightMargin=66, invariant=1)
    template.build([_flowable(block) for block in blocks if block.text or block.rows])
    return buffer.getvalue()


def _flowable(block: Block) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Table

    size = _SIZES.get(block.kind, 9.5)
    strong = block.kind in _SIZES
    font = "Helvetica-Bold" if strong else "Helvetica"
    style = ParagraphStyle(
        block.kind, fontName=font, fontSize=size, leading=size * 1.3, spaceAfter=6, keepWithNext=strong
    )
    if not block.rows:
        return Paragraph(escape(block.text.translate(_SPELLED)), style)
    rows = [[Paragraph(escape(cell.translate(_SPELLED)), style) for cell in row] for row in block.rows]
    columns = len(block.rows[0])
    shares = _SHARES.get(columns, (1 / columns,) * columns)
    return Table(rows, colWidths=[_WIDTH * share for share in shares], spaceAfter=8, hAlign="LEFT", style=_LINES)


_LINES = [("GRID", (0, 0), (-1, -1), 0.4, "grey"), ("VALIGN", (0, 0), (-1, -1), "TOP")]


def _word(blocks: tuple[Block, ...]) -> bytes:
    from docx import Document

    document = Document()
    for block in blocks:
        if block.rows:
            _fill(document.add_table(len(block.rows), len(block.rows[0])), block)
        elif block.kind in _SIZES:
            document.add_heading(block.text, level=0 if block.kind == "title" else 1)
        else:
            document.add_paragraph(block.text)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _fill(table: Any, block: Block) -> None:
    for row, cells in zip(table.rows, block.rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
