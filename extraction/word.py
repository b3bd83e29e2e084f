"""Read a Word document; runs in a child process like the parser."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from domain.documents import ReadProblem
from extraction.normalise import normalise
from extraction.parser import Parsed

_LARGEST = 300 * 1024 * 1024  # unpacked; the child's own memory limit is the last word
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def parse_word(data: bytes, *, max_pages: int, max_characters: int) -> Parsed:
    """Return the text of a .docx as its author sees it accepted: insertions stand, deletions do not.

    Pages end where Word last ended them, or at a page break; a file that was never laid out is one
    page. Tables are read row by row.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                return _problem(ReadProblem.TOO_LARGE, "the file unpacks to more than 300 MiB")
        text = _text(data)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        return _problem(ReadProblem.CORRUPT, f"the file is no Word document: {type(error).__name__}")
    if len(text) > max_characters:
        return _problem(ReadProblem.TOO_LARGE, f"more than {max_characters} characters of text")
    pages = [normalise(page).strip("\n") for page in text.split("\f")]
    if not any(page.strip() for page in pages):
        return _problem(ReadProblem.NO_TEXT, "the document holds no text")
    if len(pages) > max_pages:
        return _problem(ReadProblem.TOO_LARGE, f"{len(pages)} pages, the limit is {max_pages}")
    return Parsed(pages)


def parse_plain(data: bytes, *, max_pages: int, max_characters: int) -> Parsed:
    """Return the pages of a text file: UTF-8, else Windows-1252; form feeds end pages."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\x00" in text:
        return _problem(ReadProblem.CORRUPT, "the file is not text")
    pages = [normalise(page) for page in text.split("\f")]
    if len(text) > max_characters or len(pages) > max_pages:
        return _problem(ReadProblem.TOO_LARGE, f"the limits are {max_characters} characters and {max_pages} pages")
    return Parsed(pages) if text.strip() else _problem(ReadProblem.NO_TEXT, "the file holds no text")


def _text(data: bytes) -> str:
    from docx import Document  # noqa: PLC0415 - only the child that reads one needs it

    document = Document(BytesIO(data))
    header = [paragraph for section in document.sections[:1] for paragraph in section.header.paragraphs]
    lines = [_paragraph(one._p) for one in header]  # noqa: SLF001 - python-docx offers no accepted text
    lines += list(_blocks(document.element.body))
    return "\n".join(lines)


def _blocks(parent: Any) -> Iterator[str]:
    """Yield paragraphs and table rows in reading order."""
    for child in parent:
        if child.tag == f"{_W}p":
            yield _paragraph(child)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                yield " | ".join(" ".join(_blocks(cell)).strip() for cell in row.iter(f"{_W}tc"))
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"}:
            yield from _blocks(child)


def _paragraph(paragraph: Any) -> str:
    parts = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}tab":
            parts.append(" ")
        elif node.tag == f"{_W}lastRenderedPageBreak":
            parts.append("\f")
        elif node.tag in {f"{_W}br", f"{_W}cr"}:
            parts.append("\f" if node.get(f"{_W}type") == "page" else "\n")
    # Word writes both marks at a break it has laid out already.
    return "".join(parts).replace("\f\f", "\f")


def _problem(problem: ReadProblem, detail: str) -> Parsed:
    return Parsed(problem=problem.value, detail=detail)
