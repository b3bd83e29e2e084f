"""Read a Word document; runs in a child process like the parser.

Element names: ECMA-376 part 1, section 17 (https://ecma-international.org/publications-and-standards/standards/ecma-376/)
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from domain.documents import ReadProblem
from extraction.normalise import normalise
from extraction.parser import Parsed
from extraction.plain_text import within

_LARGEST = 300 * 1024 * 1024  # unpacked; the child's own memory limit is the last word
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Properties hold tab stops that are no tabs; the others hold what the author sees struck out, or twice.
_SILENT = frozenset({f"{_W}pPr", f"{_W}rPr", f"{_W}del", f"{_W}moveFrom", _FALLBACK})
_CHARACTERS = {"tab": " ", "ptab": " ", "cr": "\n", "noBreakHyphen": "-", "lastRenderedPageBreak": "\f"}
_MARKS = {f"{_W}{name}": text for name, text in _CHARACTERS.items()}
_NOTES = ("/footnotes", "/endnotes")


def parse_word(data: bytes, *, max_pages: int, max_characters: int) -> Parsed:
    """Return the text of a .docx as its author sees it accepted: insertions stand, deletions do not.

    Pages end where Word last ended them, or at a page break; a file that was never laid out is one
    page. Headers come first; footnotes and footers last. Tables are read row by row.
    """
    if data.startswith(_COMPOUND):
        return _compound(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                return _problem(ReadProblem.TOO_LARGE, "the file unpacks to more than 300 MiB")
        text = _text(data)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:  # lxml's are syntax errors
        return _problem(ReadProblem.CORRUPT, f"the file is no Word document: {type(error).__name__}")
    pages = [normalise(page).strip("\n") for page in text.split("\f")]
    return within(pages, "python-docx", max_pages=max_pages, max_characters=max_characters)


def _compound(data: bytes) -> Parsed:
    """Name what Word wrote before 2007, and writes today around a document with a password."""
    if _LOCKED in data:
        return _problem(ReadProblem.ENCRYPTED, "the file needs a password to be opened")
    return _problem(ReadProblem.CORRUPT, "the file is a .doc of Word 97 to 2003; save it as .docx or PDF")


def _text(data: bytes) -> str:
    from docx import Document  # noqa: PLC0415 - only the child that reads one needs it

    document = Document(BytesIO(data))
    headers = [part._element for section in document.sections for part in _headers(section)]  # noqa: SLF001
    footers = [part._element for section in document.sections for part in _footers(section)]  # noqa: SLF001
    lines = [*_once(headers), *_blocks(document.element.body), *_notes(document.part), *_once(footers)]
    return "\n".join(lines)


def _headers(section: Any) -> list[Any]:
    return _own(section, section.header, section.first_page_header)


def _footers(section: Any) -> list[Any]:
    return _own(section, section.footer, section.first_page_footer)


def _own(section: Any, usual: Any, first: Any) -> list[Any]:
    """Return the parts that a section shows and does not take over from the one before."""
    shown = [first, usual] if section.different_first_page_header_footer else [usual]
    return [part for part in shown if not part.is_linked_to_previous]


def _once(elements: Iterable[Any]) -> Iterator[str]:
    """Yield what headers or footers say, each text once, however many sections repeat it."""
    yield from dict.fromkeys(line for element in elements for line in _blocks(element) if line.strip())


def _notes(part: Any) -> Iterator[str]:
    """Yield footnotes and endnotes, which python-docx keeps as unread parts."""
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above

    for relation in part.rels.values():
        if not relation.is_external and relation.reltype.endswith(_NOTES):
            for note in parse_xml(relation.target_part.blob):
                yield from (line for line in _blocks(note) if line.strip())


def _blocks(parent: Any) -> Iterator[str]:
    """Yield paragraphs and table rows in reading order."""
    for child in parent:
        if child.tag == f"{_W}p":
            # Word writes both marks at a break it has laid out already.
            yield "".join(_inline(child)).replace("\f\f", "\f")
        elif child.tag == f"{_W}tbl":
            yield from _rows(child)
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"}:
            yield from _blocks(child)


def _rows(table: Any) -> Iterator[str]:
    for row in _nested(table, "tr"):
        if row.find(f"{_W}trPr/{_W}del") is None:
            yield " | ".join(" ".join(_blocks(cell)).strip() for cell in _nested(row, "tc"))


def _nested(parent: Any, name: str) -> Iterator[Any]:
    """Yield rows or cells of this table, also those a content control surrounds, none of tables inside."""
    for child in parent:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _nested(child, name)


def _inline(parent: Any) -> Iterator[str]:
    for node in parent:
        if node.tag == f"{_W}t":
            yield node.text or ""
        elif node.tag == f"{_W}br":
            yield "\f" if node.get(f"{_W}type") == "page" else "\n"
        elif node.tag == f"{_W}txbxContent":
            yield "\n" + "\n".join(_blocks(node)) + "\n"
        elif node.tag in _MARKS:
            yield _MARKS[node.tag]
        elif node.tag not in _SILENT:
            yield from _inline(node)


def _problem(problem: ReadProblem, detail: str) -> Parsed:
    return Parsed(problem=problem.value, detail=detail)
