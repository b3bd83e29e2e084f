"""Documents as readers see them: pages of text, and what kept them from being read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReadProblem(StrEnum):
    """Name why a document could not be read; each has a row in the runbook."""

    NOT_A_PDF = "not_a_pdf"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    HOSTILE = "hostile"
    TOO_LARGE = "too_large"
    NO_TEXT = "no_text"


class FileKind(StrEnum):
    """Name how a file is to be read; nobody guesses it from the bytes of a signed paper."""

    PDF = "pdf"
    WORD = "docx"
    PLAIN = "txt"


@dataclass(frozen=True, slots=True)
class Box:
    """Hold a rectangle in points from the upper left corner of the page as it is shown."""

    left: float
    top: float
    right: float
    bottom: float


class Doubt(StrEnum):
    """Name why the text of a page may not be all, or not exactly, what the page shows."""

    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    NEEDS_OCR = "needs_ocr"
    RECOGNISED = "recognised"
    UNMAPPED = "unmapped"
    READERS_DISAGREE = "readers_disagree"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class PageDoubt:
    """Hold one reason to look at a page; `detail` says what was seen."""

    page: int
    kind: Doubt
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """Hold where the characters `start` to `end` of a recognised page stand."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Page:
    """Hold the text of one page; `number` starts at 1; `words` are known of recognised pages alone."""

    number: int
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Hold what was read from one file, identified by the sha256 of its bytes."""

    sha256: str
    pages: tuple[Page, ...] = ()
    problem: ReadProblem | None = None
    problem_detail: str = ""
    doubts: tuple[PageDoubt, ...] = ()
    readers: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Join the pages for searching; citations always use page-relative offsets instead."""
        return "\f".join(page.text for page in self.pages)
