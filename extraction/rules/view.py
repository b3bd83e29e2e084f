"""One contract as the rules see it: joined text with plain punctuation, and citable spans."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from domain.documents import Document
from domain.money import Money
from domain.terms import Citation, Duty, Term, TermField
from extraction.classify import RENEWALS, kinds_in
from extraction.values import Duration, Found, dates_in, durations_in, money_in, percents_in

_PLAIN = dict(zip("\u2018\u2019\u201c\u201d\u2013\u2014\u2011\u2010", "''\"\"----", strict=True))
_FOOTER_LINES = 2


@dataclass(frozen=True)
class View:
    """Hold the text of all pages joined by form feeds; offsets into it map back to pages."""

    document: Document

    @cached_property
    def text(self) -> str:
        """Join the pages; every character keeps its place, only quotes and dashes are plain."""
        return plain(self.document.text)

    @cached_property
    def starts(self) -> list[int]:
        """List where each page begins in `text`."""
        starts, position = [], 0
        for page in self.document.pages:
            starts.append(position)
            position += len(page.text) + 1
        return starts

    @cached_property
    def dates(self) -> list[Found[date]]:
        """List the dates once for all rules."""
        return list(dates_in(self.text))

    @cached_property
    def durations(self) -> list[Found[Duration]]:
        """List the durations once for all rules."""
        return list(durations_in(self.text))

    @cached_property
    def amounts(self) -> list[Found[Money]]:
        """List the amounts of money once for all rules."""
        return list(money_in(self.text))

    @cached_property
    def percents(self) -> list[Found[str]]:
        """List the percentages once for all rules."""
        return list(percents_in(self.text))

    @cached_property
    def renewals(self) -> list[Found[str]]:
        """List what is said about renewal once for all rules."""
        return kinds_in(self.text, RENEWALS)

    def labelled(self, found: Found[str]) -> bool:
        """Tell whether it is an answer behind a label, after which the next line is another matter."""
        return ":" in self.text[found.start : found.end]

    @cached_property
    def furniture(self) -> list[tuple[int, int]]:
        """List the spans of lines that repeat at the edge of several pages."""
        edges = [edge for page in self.document.pages for edge in _edges(page.text)]
        shapes = Counter(re.sub(r"\d+", "#", text) for text, _, _ in edges)
        return [
            (start + first, start + last)
            for start, page in zip(self.starts, self.document.pages, strict=True)
            for text, first, last in _edges(page.text)
            if shapes[re.sub(r"\d+", "#", text)] > 1
        ]

    def page_of(self, position: int) -> int:
        """Return the number of the page that holds the position."""
        return bisect_right(self.starts, position)

    def cite(self, start: int, end: int) -> Citation | None:
        """Point to a span, trimmed of white space; `None` if it crosses a page break."""
        raw = self.text[start:end]
        start += len(raw) - len(raw.lstrip())
        end -= len(raw) - len(raw.rstrip())
        number = self.page_of(start)
        if end <= start or self.page_of(end - 1) != number:
            return None
        page, offset = self.document.pages[number - 1], self.starts[number - 1]
        first, last = start - offset, end - offset
        return Citation(self.document.sha256, number, first, last, page.text[first:last])

    def cite_most(self, start: int, end: int) -> Citation | None:
        """Point to a span; of one that crosses a page break to its longer part."""
        parts = [(m.start(), m.end()) for m in re.finditer(r"[^\f]+", self.text[start:end])]
        first, last = max(parts, key=lambda part: part[1] - part[0], default=(0, 0))
        return self.cite(start + first, start + last)

    def before(self, position: int, pattern: re.Pattern[str], reach: int = 160) -> int | None:
        """Return where the words begin that match `pattern` up to the position."""
        low = max(0, position - reach)
        match = pattern.search(self.text[low:position])
        return low + match.start() if match else None

    def after(self, position: int, pattern: re.Pattern[str], reach: int = 160) -> int | None:
        """Return where the words end that match `pattern` from the position on."""
        match = pattern.match(self.text[position : position + reach])
        return position + match.end() if match else None

    def term(
        self,
        field: TermField,
        value: str,
        rule: str,
        wide: tuple[int, int],
        narrow: tuple[int, int] | None = None,
        *,
        duty: Duty | None = None,
    ) -> list[Term]:
        """Return the term with the wide quote, or the narrow one where a page break cuts it."""
        citation = self.cite(*wide) or (self.cite(*narrow) if narrow else None)
        return [Term(field, value, citation, rule, duty)] if citation else []


@lru_cache(maxsize=8)
def view(document: Document) -> View:
    """Return the shared view, so that each rule does not search the same text again."""
    return View(document)


def plain(text: str) -> str:
    """Write typographic quotes and dashes plainly; every character keeps its place."""
    for fancy, simple in _PLAIN.items():
        text = text.replace(fancy, simple)
    return text


@lru_cache(maxsize=2048)
def squash(text: str) -> str:
    """Make white space single, as in a value that is quoted from several lines; many rules ask for the same words."""
    return " ".join(text.split())


def _edges(page: str) -> list[tuple[str, int, int]]:
    lines = [(m[0], m.start(), m.end()) for m in re.finditer(r"[^\n]+", page) if m[0].strip()]
    if len(lines) <= 2 * _FOOTER_LINES:
        return []
    return lines[:_FOOTER_LINES] + lines[-_FOOTER_LINES:]
