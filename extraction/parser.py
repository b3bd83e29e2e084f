"""Read the text layer of one PDF; runs in a child process that may be killed at any time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2

from domain.documents import Doubt, ReadProblem
from extraction.integrity import broken_pages
from extraction.normalise import normalise
from extraction.pictures import is_scan
from extraction.second import disagreement, second_text
from extraction.upright import upright_text

_TAIL = 2048
_SECOND_READER_SECONDS = 12.0  # of processor time; the first reader needs the rest
_MOST_UNMAPPED = 0.05
PageDoubts = list[tuple[int, Doubt, str]]


@dataclass(frozen=True, slots=True)
class Parsed:
    """Hold what crosses the pipe: plain values only; doubts are (page, kind, detail)."""

    pages: list[str] = field(default_factory=list)
    problem: str | None = None
    detail: str = ""
    doubts: PageDoubts = field(default_factory=list)
    readers: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold one page as PDFium, or else pdfminer, read it; `text` is `None` when neither could."""

    text: str | None
    scan: bool = False
    first: bool = True


@dataclass(frozen=True, slots=True)
class Damage:
    """Hold what is known to be broken before any text is read."""

    pages: frozenset[int] = frozenset()
    anywhere: bool = False


def parse(data: bytes, *, max_pages: int, max_characters: int, thorough: bool = False) -> Parsed:
    """Return the normalised text of every page, or the problem that kept it from being read.

    The second reader looks at pages whose letters are not mapped, and at all when `thorough`.
    """
    if b"%PDF-" not in data[:1024]:
        return _problem(ReadProblem.NOT_A_PDF, "the file does not begin like a PDF")
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            warned = bool(pdf.get_warnings())
            refusal = _refusal(pdf, data, max_pages, warned=warned)
            broken = frozenset() if refusal else broken_pages(pdf)
    except pikepdf.PasswordError:
        return _problem(ReadProblem.ENCRYPTED, "the file needs a password to be opened")
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        return _problem(ReadProblem.CORRUPT, f"the file cannot be opened: {str(error).rpartition(': ')[2]}")
    return refusal or _read(data, Damage(broken, warned or bool(broken)), max_characters, thorough=thorough)


def _refusal(pdf: pikepdf.Pdf, data: bytes, max_pages: int, *, warned: bool) -> Parsed | None:
    pages = len(pdf.pages)
    if pages > max_pages:
        return _problem(ReadProblem.TOO_LARGE, f"{pages} pages, the limit is {max_pages}")
    if pages == 0:
        return _problem(ReadProblem.CORRUPT, "the file has no pages")
    if b"%%EOF" not in data[-_TAIL:] and warned:
        return _problem(ReadProblem.CORRUPT, "the end of the file is missing")
    return None


def _read(data: bytes, damage: Damage, max_characters: int, *, thorough: bool) -> Parsed:
    try:
        sheets = _sheets(data)
    except pypdfium2.PdfiumError as error:
        return _problem(ReadProblem.CORRUPT, f"the pages cannot be loaded: {error}")
    texts = [sheet.text or "" for sheet in sheets]
    if sum(map(len, texts)) > max_characters:
        return _problem(ReadProblem.TOO_LARGE, f"more than {max_characters} characters of text")
    doubts = [doubt for number, sheet in enumerate(sheets, start=1) for doubt in _doubt(number, sheet, damage)]
    if not any(text.strip() for text in texts):
        detail = "no page has a text layer; the file may be a scan"
        return Parsed(texts, ReadProblem.NO_TEXT.value, detail, doubts, ["pdfium"])
    asked = [n for n, sheet in enumerate(sheets, start=1) if sheet.first and (thorough or _unmapped(sheet.text))]
    doubts += _second_opinion(data, texts, asked)
    read_twice = bool(asked) or not all(sheet.first for sheet in sheets)
    return Parsed(texts, doubts=doubts, readers=["pdfium", "pdfminer"] if read_twice else ["pdfium"])


def _doubt(number: int, sheet: Sheet, damage: Damage) -> Iterator[tuple[int, Doubt, str]]:
    """Yield why a page may say something nobody has read: the gravest reason alone."""
    if sheet.text is None:
        yield number, Doubt.UNREADABLE, ""
    elif number in damage.pages or (damage.anywhere and not sheet.text.strip()):
        yield number, Doubt.DAMAGED, ""
    elif sheet.scan:
        yield number, Doubt.NEEDS_OCR, ""
    elif _unmapped(sheet.text):
        yield number, Doubt.UNMAPPED, "the fonts of the page do not say which letters they draw"


def _unmapped(text: str | None) -> bool:
    """Tell whether a good share of the text is replacement characters, private ones or controls."""
    letters = [char for char in text or "" if not char.isspace()]
    strange = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" or char < " " for char in letters)
    return strange > len(letters) * _MOST_UNMAPPED


def _second_opinion(data: bytes, texts: Sequence[str], numbers: Sequence[int]) -> PageDoubts:
    until = time.process_time() + _SECOND_READER_SECONDS
    found: PageDoubts = []
    for number in numbers:
        if time.process_time() > until:
            found.append((number, Doubt.UNCHECKED, ""))
        elif detail := _differs(texts[number - 1], second_text(data, number - 1)):
            found.append((number, Doubt.READERS_DISAGREE, detail))
    return found


def _differs(first: str, second: str | None) -> str:
    return "the second reader cannot read it" if second is None else disagreement(first, normalise(second))


def _sheets(data: bytes) -> list[Sheet]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [_sheet(document, data, index) for index in range(len(document))]
    finally:
        document.close()


def _sheet(document: pypdfium2.PdfDocument, data: bytes, index: int) -> Sheet:
    try:
        page = document[index]
        text = normalise(upright_text(page).get_text_range())
        sheet = Sheet(text, scan=is_scan(page, text))
        page.close()
    except pypdfium2.PdfiumError:
        other = second_text(data, index)
        return Sheet(None if other is None else normalise(other), first=False)
    return sheet


def _problem(problem: ReadProblem, detail: str) -> Parsed:
    return Parsed(problem=problem.value, detail=detail)
