"""Read one file and show its terms, each with the words and the place that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from io import BytesIO
from pathlib import Path
from typing import Any

from cli import output
from domain.documents import Box, Document, FileKind
from domain.errors import Permanent
from domain.terms import Reading, Term, TermField
from extraction import boxes_of, picture_of, read_document, read_terms, verify

_KINDS = {".pdf": FileKind.PDF, ".docx": FileKind.WORD, ".txt": FileKind.PLAIN, ".md": FileKind.PLAIN}
_UNITS = {
    TermField.AGREEMENT_DATE: "date", TermField.EFFECTIVE_DATE: "date", TermField.EXPIRATION_DATE: "date",
    TermField.INITIAL_TERM: "period", TermField.RENEWAL_TERM: "period", TermField.NOTICE_PERIOD: "period",
    TermField.ESCALATION_CAP: "percent", TermField.UPTIME: "percent", TermField.PAYMENT_DAYS: "days",
}  # fmt: skip
_MONEY = frozenset({TermField.TOTAL_VALUE, TermField.ANNUAL_VALUE})


def run_extract(file: Path, *, as_json: bool, as_text: bool, page_images: Path | None) -> int:
    """Print a file's terms; exit 1 when it cannot be read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise Permanent(f"{file} cannot be read", why=error.strerror or "", fix="name a file that exists") from error
    kind = FileKind.PLAIN if as_text else _KINDS.get(file.suffix.lower(), FileKind.PDF)
    document = read_document(data, kind=kind, thorough=True)
    reading = read_terms(document)
    proven = [term for term in reading.terms if verify(document, term)]
    cited = [term.citation for term in proven]
    places = boxes_of(data, cited, document=document) if kind is FileKind.PDF else [()] * len(proven)
    if page_images is not None:
        _draw(data, kind, proven, places, page_images)
    if as_json:
        output.data(_report(document, reading, proven, places))
    else:
        _show(document, reading, proven)
    return 1 if document.problem else 0


def _report(
    document: Document, reading: Reading, terms: Sequence[Term], places: Sequence[tuple[Box, ...]]
) -> dict[str, Any]:
    lost = [term for term in reading.terms if term not in terms]
    return {
        "document": {"sha256": document.sha256, "pages": len(document.pages), "readers": list(document.readers)},
        "terms": [_term(term, boxes) for term, boxes in zip(terms, places, strict=True)],
        "clauses": [],
        "problems": [
            *_troubles(document),
            *({"where": gap.field, "what": "gap", "detail": gap.why} for gap in reading.gaps),
            *({"where": term.field, "what": "unproven", "detail": "its quote does not prove it"} for term in lost),
        ],
    }


def _troubles(document: Document) -> list[dict[str, Any]]:
    """Return why the file, or some of its pages, may not have been read in full."""
    whole = [{"where": "document", "what": document.problem, "detail": document.problem_detail}]
    pages = [{"where": f"page {one.page}", "what": one.kind, "detail": one.detail} for one in document.doubts]
    return (whole if document.problem else []) + pages


def _term(term: Term, boxes: Sequence[Box]) -> dict[str, Any]:
    cited = term.citation
    return {
        "name": term.field,
        "value": term.value,
        "unit": term.value.rpartition(" ")[2] if term.field in _MONEY else _UNITS.get(term.field, "text"),
        "raw": cited.quote,
        "quote": cited.quote,
        "page": cited.page,
        "start": cited.start,
        "end": cited.end,
        "boxes": [astuple(box) for box in boxes],
        "confidence": None,
        "status": "one reader",
        "readers": ["rules"],
    }


def _show(document: Document, reading: Reading, terms: Sequence[Term]) -> None:
    if document.problem:
        output.hint(f"✗ {document.problem}: {document.problem_detail}")
    elif document.problem_detail:
        output.hint(f"! {document.problem_detail}")
    rows = [
        {"term": t.field, "value": t.value, "page": t.citation.page, "quote": " ".join(t.citation.quote.split())[:90]}
        for t in terms
    ]
    output.table(f"{len(document.pages)} pages, {len(rows)} terms", ["term", "value", "page", "quote"], rows)
    for gap in reading.gaps:
        output.hint(f"– {gap.field}: {gap.why}")


def _draw(data: bytes, kind: FileKind, terms: Sequence[Term], places: Sequence[tuple[Box, ...]], folder: Path) -> None:
    """Write every page with a cited term as a PNG with the quotes boxed."""
    if kind is not FileKind.PDF:
        raise Permanent("Only the pages of a PDF can be drawn", fix="leave --page-images out, or convert the file")
    folder.mkdir(parents=True, exist_ok=True)
    for number in sorted({term.citation.page for term in terms}):
        cited = [
            box for term, boxes in zip(terms, places, strict=True) if term.citation.page == number for box in boxes
        ]
        _draw_page(data, number, cited, folder / f"page-{number:03}.png")
    output.hint(f"✓ pages drawn to {folder}")


def _draw_page(data: bytes, number: int, boxes: Sequence[Box], target: Path) -> None:
    from PIL import Image, ImageDraw

    picture = picture_of(data, number)
    if picture is None:
        output.hint(f"✗ page {number} cannot be drawn within the limits of time and memory")
        return
    with Image.open(BytesIO(picture.png)) as image:
        pen = ImageDraw.Draw(image)
        for box in boxes:
            pen.rectangle([side * picture.scale for side in astuple(box)], outline=(32, 107, 196), width=3)
        image.save(target)
