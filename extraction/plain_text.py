"""Read a text file; runs in a child process like the parser."""

from __future__ import annotations

from domain.documents import ReadProblem
from extraction.normalise import normalise
from extraction.parser import Parsed


def parse_plain(data: bytes, *, max_pages: int, max_characters: int) -> Parsed:
    """Return the pages of a text file: UTF-8, else Windows-1252; form feeds end pages."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if "\x00" in text:
        return Parsed(problem=ReadProblem.CORRUPT.value, detail="the file is not text")
    pages = [normalise(page) for page in text.split("\f")]
    return within(pages, "plain text", max_pages=max_pages, max_characters=max_characters)


def within(pages: list[str], reader: str, *, max_pages: int, max_characters: int) -> Parsed:
    """Return the pages as read, or the problem that they are none, too many or too long."""
    if not any(page.strip() for page in pages):
        return Parsed(problem=ReadProblem.NO_TEXT.value, detail="the file holds no text")
    characters = sum(map(len, pages))
    if len(pages) <= max_pages and characters <= max_characters:
        return Parsed(pages, readers=[reader])
    detail = f"{len(pages)} pages and {characters} characters, the limits are {max_pages} and {max_characters}"
    return Parsed(problem=ReadProblem.TOO_LARGE.value, detail=detail)
