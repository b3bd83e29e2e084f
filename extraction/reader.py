"""Turn the bytes of a file into a `Document`, whatever the file may contain."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from domain.documents import Box, Document, Doubt, FileKind, Page, PageDoubt, ReadProblem
from domain.terms import Citation
from extraction.child import ASIDE
from extraction.doubts import described
from extraction.errands import Errand
from extraction.limits import Limits
from extraction.nursery import NURSERY, ChildDied, ask_once
from extraction.pictures import SCALE
from extraction.places import boxes_of_words
from extraction.recogniser import DPI, Recogniser, installed, recognised

_CAN_FORK = hasattr(socket, "send_fds")
_DEFAULT = Limits()
_ERRANDS = {FileKind.PDF: Errand.PDF, FileKind.WORD: Errand.WORD, FileKind.PLAIN: Errand.PLAIN}
_LEAST_SURE = 60  # Tesseract finds words in every drawing, and is 20 to 50 % sure of those
_PICTURES = frozenset({Doubt.NEEDS_OCR, Doubt.UNMAPPED})


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold one page as a PNG with its size in pixels a point."""

    png: bytes
    scale: float


def read_document(
    data: bytes,
    *,
    kind: FileKind = FileKind.PDF,
    limits: Limits = _DEFAULT,
    thorough: bool = False,
    recogniser: Recogniser | None = None,
) -> Document:
    """Read a file in child processes; every failure is a `problem` or a doubt, never an exception.

    `thorough` has every page of a PDF read by the second reader as well, at 20 times the cost.
    Pages that are pictures go to the recogniser, by default the Tesseract of this system.
    """
    digest = sha256(data).hexdigest()
    if not data:
        return Document(digest, (), ReadProblem.NOT_A_PDF, "the file is empty")
    if len(data) > limits.file_bytes:
        detail = f"{len(data)} bytes, the limit is {limits.file_bytes}"
        return Document(digest, (), ReadProblem.TOO_LARGE, detail)
    errand = Errand.THOROUGH if thorough and kind is FileKind.PDF else _ERRANDS[kind]
    try:
        read = _document(digest, _ask(data, limits, errand))
    except (ChildDied, ValueError, TypeError, KeyError) as error:
        detail = f"reading was stopped: {error or 'the reader broke off'}"
        return Document(digest, (), ReadProblem.HOSTILE, detail)
    reads_pictures = recogniser or installed()
    return _finished(_with_pictures_read(read, data, limits, reads_pictures), reads_pictures)


def boxes_of(
    data: bytes, citations: Sequence[Citation], *, document: Document | None = None, limits: Limits = _DEFAULT
) -> Sequence[tuple[Box, ...]]:
    """Return where on its page each quote of a PDF stands, one box a line; none where it cannot be told.

    Boxes of recognised pages come from the `document` they were recognised in.
    """
    spans = [(one.page, one.start, one.end) for one in citations]
    words = {page.number: page.words for page in document.pages if page.words} if document else {}
    places: list[tuple[Box, ...]] = [()] * len(spans)
    if any(page not in words for page, _, _ in spans):
        places = _boxes_in_file(data, spans, limits)
    return [
        boxes_of_words(words[page], start, end) if page in words else place
        for (page, start, end), place in zip(spans, places, strict=True)
    ]


def picture_of(data: bytes, page: int, *, dpi: int = 144, limits: Limits = _DEFAULT) -> Picture | None:
    """Draw one page of a PDF in a child process; none when it cannot be drawn within the limits."""
    try:
        answer = _ask(_aside([page, dpi]) + data, limits, Errand.DRAW)
    except ChildDied:
        return None
    head, png = answer[: SCALE.size], answer[SCALE.size :]
    return Picture(png, SCALE.unpack(head)[0]) if png else None


def _boxes_in_file(data: bytes, spans: Sequence[tuple[int, int, int]], limits: Limits) -> list[tuple[Box, ...]]:
    try:
        answer = json.loads(_ask(_aside(spans) + data, limits, Errand.BOXES))
        found = [tuple(Box(*map(float, box)) for box in boxes) for boxes in answer]
    except (ChildDied, ValueError, TypeError):
        found = []
    return found if len(found) == len(spans) else [() for _ in spans]


def _aside(known: Any) -> bytes:
    packed = json.dumps(known).encode()
    return ASIDE.pack(len(packed)) + packed


def _ask(data: bytes, limits: Limits, errand: Errand) -> bytes:
    return NURSERY.ask(data, limits, errand) if _CAN_FORK else ask_once(data, limits, errand)


def _document(digest: str, answer: bytes) -> Document:
    """Rebuild the document from the child's JSON, trusting none of it."""
    if not answer:
        message = "the reader crashed or used more memory or time than it may"
        raise ChildDied(message)
    parsed = json.loads(answer)
    pages = tuple(Page(number, str(text)) for number, text in enumerate(parsed["pages"], start=1))
    problem = ReadProblem(parsed["problem"]) if parsed["problem"] else None
    doubts = tuple(PageDoubt(int(page), Doubt(kind), str(detail)[:200]) for page, kind, detail in parsed["doubts"])
    readers = tuple(map(str, parsed["readers"]))
    return Document(digest, pages, problem, str(parsed["detail"])[:500], doubts, readers)


def _with_pictures_read(read: Document, data: bytes, limits: Limits, recogniser: Recogniser) -> Document:
    """Put recognised text where pages are pictures; what was not recognised stays in doubt."""
    asked = [doubt for doubt in read.doubts if doubt.kind in _PICTURES]
    if not (asked and recogniser.program and _CAN_FORK):
        return read
    pages, doubts = list(read.pages), [doubt for doubt in read.doubts if doubt not in asked]
    for count, doubt in enumerate(asked):
        page = _recognise(data, doubt.page, limits, recogniser) if count < limits.recognised_pages else None
        doubts.append(page[1] if page else doubt)
        if page:
            pages[doubt.page - 1] = page[0]
    if all(doubt in doubts for doubt in asked):
        return read
    return Document(read.sha256, tuple(pages), None, "", tuple(doubts), (*read.readers, "tesseract"))


def _recognise(data: bytes, number: int, limits: Limits, recogniser: Recogniser) -> tuple[Page, PageDoubt] | None:
    picture = picture_of(data, number, dpi=DPI, limits=limits)
    try:
        table = NURSERY.ask(_aside(recogniser.aside()) + picture.png, limits, Errand.RECOGNISE) if picture else b""
        found = recognised(table.decode("utf-8", "replace"), picture.scale if picture else 1.0)
    except (ChildDied, ValueError, KeyError, TypeError):
        return None
    if not found.text or found.confidence < _LEAST_SURE:
        return None
    detail = f"Tesseract is {found.confidence} % sure of its words"
    return Page(number, found.text, found.words), PageDoubt(number, Doubt.RECOGNISED, detail)


def _finished(read: Document, recogniser: Recogniser) -> Document:
    """Say every doubt in words; a file that cannot be read has no pages."""
    if read.problem is None:
        return replace(read, problem_detail=described(read.doubts))
    detail = read.problem_detail
    if any(doubt.kind is Doubt.NEEDS_OCR for doubt in read.doubts):
        why = "Tesseract could not read it" if recogniser.program else "it needs OCR; install Tesseract"
        detail = f"{detail}: {why}"
    return replace(read, pages=(), problem_detail=detail)
