"""Terms that the parties themselves put under a heading such as `Special terms`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.rules.sentences import bodies, opening
from extraction.rules.view import View, squash, view

_SECTION = re.compile(
    r"^(?P<number>(?:(?:ARTICLE|Article|SECTION|Section)\s+)?\d{0,2})[.)]?\s*[-:]?\s*"
    r"(?:[A-Z][\w ]{0,14}\s)?special\s+"
    r"(?:terms?|conditions?|provisions?|arrangements?|about)\b[^\n.:]{0,40}\.?\s*$",
    re.IGNORECASE,
)
_INLINE = re.compile(r"^[A-Z0-9.]{1,4}\s+Special\s+(?:arrangement|term|condition)s?:\s*", re.IGNORECASE)
_ITEM = re.compile(r"^(?:\d{1,2}\.\d{1,2}[.)]?\s+)?(?=[A-Z][\w ,'/-]{2,38}\.\s+[A-Z])")
_HEADING = re.compile(r"^(?:(?:ARTICLE|Article|SECTION|Section)\s+\d{1,2}\b|\d{1,2}[.)]\s+[A-Z]|[A-Z]\.\s+[A-Z])")
_BARE_HEADING = re.compile(r"^[A-Z][^\n.;:,]{2,50}$")


def read_special(document: Document) -> list[Term]:
    """Find each special term as the paper words it, without its clause number."""
    seen = view(document)
    terms: list[Term] = []
    for start, end in _items(seen):
        first, last = opening(seen.text, (start, end))
        value = squash(seen.document.text[first:last])
        terms += seen.term(TermField.SPECIAL, value, "special.section", (first, last))
    return terms


def _items(seen: View) -> Iterator[tuple[int, int]]:
    """Walk the lines, and collect items between a special heading and the next heading."""
    inside, opened, last = False, -1, -1
    for start, end, fresh in _lines(seen):
        line = seen.text[start:end]
        inline = _INLINE.match(line)
        heading = fresh and bool(_HEADING.match(line) or (opened >= 0 and _BARE_HEADING.match(line)))
        begins = inline or heading or _SECTION.match(line) or (fresh and inside and _ITEM.match(line))
        if begins and opened >= 0:
            yield opened, last
            opened = -1
        if inline:
            inside, opened = False, start + inline.end()
        elif _SECTION.match(line):
            inside = True
        elif heading and not _ITEM_NUMBER.match(line):
            inside = False
        elif inside and opened < 0 and _ITEM.match(line):
            opened = start
        last = end
    if opened >= 0:
        yield opened, last


_ITEM_NUMBER = re.compile(r"^\d{1,2}\.\d{1,2}")


def _lines(seen: View) -> Iterator[tuple[int, int, bool]]:
    """Yield lines with whether they start a paragraph, as far as the line before tells."""
    fresh = True
    for start, end in bodies(seen):
        for match in re.finditer(r"[^\n]+", seen.text[start:end]):
            if match[0].strip():
                yield start + match.start(), start + match.end(), fresh
                fresh = match[0].rstrip().endswith((".", ":", ";", "!", "?")) or _short(match[0])


def _short(line: str) -> bool:
    return len(line.strip()) < 45
