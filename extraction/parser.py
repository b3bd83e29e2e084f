"""Read the text layer of one PDF; runs in a child process that may be killed at any time."""

from __future__ import annotations

import zlib
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2

from domain.documents import ReadProblem
from extraction.normalise import normalise

_TAIL = 2048
_CHUNK = 1 << 20
_MOST_CHUNKS = 64


@dataclass(frozen=True, slots=True)
class Parsed:
    """Hold what crosses the pipe: plain strings only."""

    pages: list[str] = field(default_factory=list)
    problem: str | None = None
    detail: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it as JSON types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Doubts:
    """Hold the numbers of the pages whose text alone does not tell whether all was read."""

    images: frozenset[int] = frozenset()
    broken: frozenset[int] = frozenset()
    damaged: bool = False


def parse(data: bytes, *, max_pages: int, max_characters: int) -> Parsed:
    """Return the normalised text of every page, or the problem that kept it from being read."""
    if b"%PDF-" not in data[:1024]:
        return _problem(ReadProblem.NOT_A_PDF, "the file does not begin like a PDF")
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            warned = bool(pdf.get_warnings())
            refusal = _refusal(pdf, data, max_pages, warned=warned)
            doubts = Doubts() if refusal else _doubts(pdf, warned=warned)
    except pikepdf.PasswordError:
        return _problem(ReadProblem.ENCRYPTED, "the file needs a password to be opened")
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        return _problem(ReadProblem.CORRUPT, f"the file cannot be opened: {str(error).rpartition(': ')[2]}")
    return refusal or _read(data, doubts, max_characters)


def _refusal(pdf: pikepdf.Pdf, data: bytes, max_pages: int, *, warned: bool) -> Parsed | None:
    pages = len(pdf.pages)
    if pages > max_pages:
        return _problem(ReadProblem.TOO_LARGE, f"{pages} pages, the limit is {max_pages}")
    if pages == 0:
        return _problem(ReadProblem.CORRUPT, "the file has no pages")
    if b"%%EOF" not in data[-_TAIL:] and warned:
        return _problem(ReadProblem.CORRUPT, "the end of the file is missing")
    return None


def _doubts(pdf: pikepdf.Pdf, *, warned: bool) -> Doubts:
    """Look at what each page is made of; damage inside a file shows only where it is touched."""
    images, broken = set(), set()
    for number, page in enumerate(pdf.pages, start=1):
        if page.images:
            images.add(number)
        if not _decodes(page.obj.get("/Contents")) or pdf.get_warnings():
            broken.add(number)
    return Doubts(frozenset(images), frozenset(broken), damaged=warned or bool(broken))


def _decodes(contents: Any) -> bool:
    """Tell whether the streams of a page unpack; PDFium shows what precedes the damage and says nothing."""
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
    unpacking = zlib.decompressobj()
    for _ in range(_MOST_CHUNKS):
        if unpacking.eof or not packed:
            return unpacking.eof
        unpacking.decompress(packed, _CHUNK)
        packed = unpacking.unconsumed_tail
    return True


def _read(data: bytes, doubts: Doubts, max_characters: int) -> Parsed:
    try:
        pages = _texts(data)
    except pypdfium2.PdfiumError as error:
        return _problem(ReadProblem.CORRUPT, f"the pages cannot be loaded: {error}")
    if sum(len(page or "") for page in pages) > max_characters:
        return _problem(ReadProblem.TOO_LARGE, f"more than {max_characters} characters of text")
    if not any((page or "").strip() for page in pages):
        return _problem(ReadProblem.NO_TEXT, "no page has a text layer; the file may be a scan")
    return Parsed([page or "" for page in pages], detail=_unread(pages, doubts))


def _unread(pages: list[str | None], doubts: Doubts) -> str:
    """Name the pages that may say something nobody has read."""
    failed = {number for number, page in enumerate(pages, start=1) if page is None}
    silent = {number for number, page in enumerate(pages, start=1) if not (page or "").strip()} - failed
    damaged = (doubts.broken | (silent if doubts.damaged else set())) - failed
    scans = (silent & doubts.images) - damaged
    parts = {
        "pages that no reader could read": failed,
        "pages that the damaged file holds only in part": damaged,
        "pages that are images": scans,
    }
    return "; ".join(f"{what}: {', '.join(map(str, sorted(numbers)))}" for what, numbers in parts.items() if numbers)


def _texts(data: bytes) -> list[str | None]:
    document = pypdfium2.PdfDocument(data)
    try:
        return [_page_text(document, data, index) for index in range(len(document))]
    finally:
        document.close()


def _page_text(document: pypdfium2.PdfDocument, data: bytes, index: int) -> str | None:
    try:
        page = document[index]
        text: str | None = page.get_textpage().get_text_range()
        page.close()
    except pypdfium2.PdfiumError:
        text = _second_reader(data, index)
    return None if text is None else normalise(text)


def _second_reader(data: bytes, index: int) -> str | None:
    """Read one page with pdfminer, which needs `all_texts` to see text inside form objects."""
    from pdfminer.high_level import extract_text  # noqa: PLC0415 - slow to import, rarely needed
    from pdfminer.layout import LAParams  # noqa: PLC0415

    try:
        return extract_text(BytesIO(data), page_numbers=[index], laparams=LAParams(all_texts=True))
    except Exception:  # noqa: BLE001 - pdfminer raises anything; an unread page is reported
        return None


def _problem(problem: ReadProblem, detail: str) -> Parsed:
    return Parsed(problem=problem.value, detail=detail)
