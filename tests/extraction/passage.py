"""Read a few words as a whole paper, and hold every value against its own quote."""

from __future__ import annotations

from domain.documents import Document, Page
from domain.terms import Line, TermField
from extraction import holds, read_terms, verify


def document_of(text: str) -> Document:
    """Return a paper of one page."""
    return Document("0" * 64, (Page(1, text),))


def values_of(field: TermField, text: str) -> list[str]:
    """Return every value of a field, in reading order."""
    document = document_of(text)
    reading = read_terms(document)
    assert all(verify(document, term) for term in reading.terms)
    return [term.value for term in reading.all(field)]


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines of a paper."""
    document = document_of(text)
    lines = read_terms(document).lines
    assert all(holds(document, line.citation) for line in lines)
    return lines
