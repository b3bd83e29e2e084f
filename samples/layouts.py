"""Set the contract texts as PDF in the layouts that customers really send."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

from samples.markup import Block, Kind

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

MARGIN = 56
GAP = 20


@dataclass(frozen=True, slots=True)
class Layout:
    """Hold what makes one house style differ from another."""

    font: str
    bold: str
    size: float
    columns: int = 1
    paper: tuple[float, float] = A4
    justified: bool = False
    rules: bool = True

    @property
    def column_width(self) -> float:
        """Tell how wide one column of text is, in points."""
        return (self.paper[0] - 2 * MARGIN - GAP * (self.columns - 1)) / self.columns


LAYOUTS = {
    "order_form": Layout("Helvetica", "Helvetica-Bold", 9.5),
    "us_order_form": Layout("Helvetica", "Helvetica-Bold", 9, paper=LETTER, rules=False),
    "long_form": Layout("Times-Roman", "Times-Bold", 11, justified=True),
    "us_long_form": Layout("Times-Roman", "Times-Bold", 11.5, paper=LETTER),
    "two_column": Layout("Times-Roman", "Times-Bold", 9, columns=2, paper=LETTER, justified=True),
    "letter": Layout("Helvetica", "Helvetica-Bold", 10.5),
}


@dataclass(frozen=True, slots=True)
class Signer:
    """Hold one line of the signature block."""

    party: str
    name: str
    title: str
    signed_on: str


def render(layout: Layout, blocks: list[Block], signers: list[Signer], footer: str) -> bytes:
    """Return the PDF; the same input always gives the same bytes."""
    buffer = BytesIO()
    title = next(block.text for block in blocks if block.kind is Kind.TITLE)
    template = BaseDocTemplate(buffer, pagesize=layout.paper, invariant=1, title=title, author="Lumora Analytics, Inc.")
    template.addPageTemplates(
        PageTemplate(frames=_frames(layout), onPageEnd=partial(_footer, layout=layout, text=footer))
    )
    template.build([part for block in blocks for part in _flow(layout, block, signers)])
    return buffer.getvalue()


def _frames(layout: Layout) -> list[Frame]:
    width, height = layout.column_width, layout.paper[1] - 2 * MARGIN
    lefts = (MARGIN + column * (width + GAP) for column in range(layout.columns))
    return [Frame(left, MARGIN, width, height, 0, 0, 0, 0) for left in lefts]


def _footer(canvas: Canvas, template: BaseDocTemplate, *, layout: Layout, text: str) -> None:
    canvas.saveState()
    canvas.setFont(layout.font, 7.5)
    canvas.drawString(MARGIN, MARGIN / 2, text)
    canvas.drawRightString(layout.paper[0] - MARGIN, MARGIN / 2, f"Page {template.page}")
    canvas.restoreState()


def _flow(layout: Layout, block: Block, signers: list[Signer]) -> list[Flowable]:
    match block.kind:
        case Kind.PAGE_BREAK:
            return [PageBreak()]
        case Kind.SIGNATURES:
            return [KeepTogether([_signature(layout, signer) for signer in signers])]
        case Kind.TABLE:
            return [_table(layout, block, heading=True)]
        case Kind.KEY_TERMS:
            return [_table(layout, block, heading=False)]
        case _:
            return [Paragraph(block.text, _style(layout, block.kind))]


def _style(layout: Layout, kind: Kind) -> ParagraphStyle:
    size = layout.size + {Kind.TITLE: 5, Kind.HEADING: 1.5}.get(kind, 0)
    bold = kind in (Kind.TITLE, Kind.HEADING)
    return ParagraphStyle(
        kind.value,
        fontName=layout.bold if bold else layout.font,
        fontSize=size,
        leading=size * 1.32,
        spaceBefore=9 if bold else 0,
        spaceAfter=7,
        leftIndent=14 if kind is Kind.BULLET else 0,
        alignment=4 if layout.justified and kind is Kind.PARAGRAPH else 0,
        keepWithNext=bold,
    )


def _table(layout: Layout, block: Block, *, heading: bool) -> Table:
    style = ParagraphStyle("cell", fontName=layout.font, fontSize=layout.size, leading=12)
    strong = ParagraphStyle("head", parent=style, fontName=layout.bold)
    rows = [
        [
            Paragraph(cell, strong if (row == 0 if heading else column == 0) else style)
            for column, cell in enumerate(cells)
        ]
        for row, cells in enumerate(block.rows)
    ]
    widths = [layout.column_width * share for share in _shares(block, heading=heading)]
    look: list[tuple[Any, ...]] = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("BOTTOMPADDING", (0, 0), (-1, -1), 5)]
    look += [("LEFTPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (-1, -1), 4)]
    if layout.rules:
        look.append(("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey))
    return Table(rows, widths, style=TableStyle(look), spaceBefore=4, spaceAfter=10, repeatRows=1)


def _shares(block: Block, *, heading: bool) -> list[float]:
    if not heading:
        return [0.32, 0.68]
    longest = [max(len(cell) for cell in column) + 2 for column in zip(*block.rows, strict=True)]
    return [length / sum(longest) for length in longest]


def _signature(layout: Layout, signer: Signer) -> Paragraph:
    text = (
        f"<b>{signer.party}</b><br/>By: /s/ {signer.name}<br/>Name: {signer.name}<br/>"
        f"Title: {signer.title}<br/>Date: {signer.signed_on}<br/>&nbsp;"
    )
    return Paragraph(text, _style(layout, Kind.BULLET))
