"""Read one file and show its terms, each with the words and the place that prove it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple
from io import BytesIO
from pathlib import Path
from typing import Any

from cli import output
from domain.documents import Box, Document, FileKind
from domain.errors import Permanent
from domain.terms import Citation, Line, Reading, Term, TermField, Tier
from extraction import boxes_of, picture_of, read_contract, read_document

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
    reading = read_contract(document)
    cited = _cited(reading)
    found = boxes_of(data, cited, document=document) if kind is FileKind.PDF else [()] * len(cited)
    places = dict(zip(cited, found, strict=True))
    if page_images is not None:
        _draw(data, kind, reading.terms, places, page_images)
    if as_json:
        output.data(_report(document, reading, places))
    else:
        _show(document, reading)
    return 1 if document.problem else 0


def _cited(reading: Reading) -> list[Citation]:
    return [
        *(term.citation for term in reading.terms),
        *(clause.citation for clause in reading.clauses),
        *(change.citation for change in reading.changes),
    ]


Places = Mapping[Citation, Sequence[Box]]


def _report(document: Document, reading: Reading, places: Places) -> dict[str, Any]:
    return {
        "document": {"sha256": document.sha256, "pages": len(document.pages), "readers": list(document.readers)},
        "parties": [{"name": one.name, "role": one.role, **_place(one.citation, ())} for one in reading.parties],
        "terms": [_term(term, places[term.citation]) for term in reading.terms],
        "lines": [_line(line) for line in reading.lines],
        "clauses": [
            {"category": one.category, "confidence": one.confidence, **_place(one.citation, places[one.citation])}
            for one in reading.clauses
        ],
        "changes": [
            {"clause": one.clause, "old": one.old, "new": one.new, **_place(one.citation, places[one.citation])}
            for one in reading.changes
        ],
        "problems": [
            *_troubles(document),
            *({"where": gap.field, "what": "gap", "detail": gap.why} for gap in reading.gaps),
        ],
    }


def _troubles(document: Document) -> list[dict[str, Any]]:
    """Return why the file, or some of its pages, may not have been read in full."""
    whole = [{"where": "document", "what": document.problem, "detail": document.problem_detail}]
    pages = [{"where": f"page {one.page}", "what": one.kind, "detail": one.detail} for one in document.doubts]
    return (whole if document.problem else []) + pages


def _term(term: Term, boxes: Sequence[Box]) -> dict[str, Any]:
    return {
        "name": term.field,
        "value": term.value,
        "unit": _unit(term),
        "raw": term.citation.quote,
        **_place(term.citation, boxes),
        "confidence": term.confidence,
        "status": term.standing,
        "readers": list(term.readers),
        "rivals": [{"value": one.value, "reader": one.reader, **_place(one.citation, ())} for one in term.rivals],
        **({"duty": asdict(term.duty)} if term.duty else {}),
    }


def _unit(term: Term) -> str:
    return term.value.rpartition(" ")[2] if term.field in _MONEY else _UNITS.get(term.field, "text")


def _line(line: Line) -> dict[str, Any]:
    plain = {"product": line.product, "unit": line.unit, "tiers": [_tier(tier) for tier in line.tiers]}
    told = {name: getattr(line, name) for name in ("quantity", "unit_price", "total", "starts", "ends")}
    return {**plain, **{name: None if one is None else str(one) for name, one in told.items()}} | _place(
        line.citation, ()
    )


def _tier(tier: Tier) -> dict[str, str | None]:
    last = None if tier.last is None else str(tier.last)
    return {"first": str(tier.first), "last": last, "unit_price": str(tier.unit_price)}


def _place(cited: Citation, boxes: Sequence[Box]) -> dict[str, Any]:
    place = {"quote": cited.quote, "page": cited.page, "start": cited.start, "end": cited.end}
    return {**place, "boxes": [astuple(box) for box in boxes]}


def _show(document: Document, reading: Reading) -> None:
    if document.problem:
        output.hint(f"✗ {document.problem}: {document.problem_detail}")
    elif document.problem_detail:
        output.hint(f"! {document.problem_detail}")
    rows = [
        {
            "term": one.field,
            "value": one.value,
            "status": one.standing,
            "page": one.citation.page,
            "quote": " ".join(one.citation.quote.split())[:90],
        }
        for one in reading.terms
    ]
    title = f"{len(document.pages)} pages, {len(rows)} terms, {len(reading.clauses)} clauses"
    output.table(title, ["term", "value", "status", "page", "quote"], rows)
    for term in reading.terms:
        for rival in term.rivals:
            output.hint(f"? {term.field}: another reader finds {rival.value} on page {rival.citation.page}")
    for gap in reading.gaps:
        output.hint(f"– {gap.field}: {gap.why}")


def _draw(data: bytes, kind: FileKind, terms: Sequence[Term], places: Places, folder: Path) -> None:
    """Write every page with a cited term as a PNG with the quotes boxed."""
    if kind is not FileKind.PDF:
        raise Permanent("Only the pages of a PDF can be drawn", fix="leave --page-images out, or convert the file")
    folder.mkdir(parents=True, exist_ok=True)
    for number in sorted({term.citation.page for term in terms}):
        cited = [box for term in terms if term.citation.page == number for box in places[term.citation]]
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
