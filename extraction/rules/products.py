"""What was bought: rows of tables first, then what sentences say beside them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from domain.documents import Document
from domain.terms import Line
from extraction.lines.rows import row_in
from extraction.lines.said import is_nameless, lines_said
from extraction.lines.tables import table_lines
from extraction.rules.passages import Span, passages
from extraction.rules.sides import names_of
from extraction.rules.view import View, squash, view

_LONGEST, _LONGEST_FLAT, _NEAR, _SHORT = 1500, 600, 120, 30  # characters
_MOST = 400  # amounts; a paper with more of them is no order


def read_lines(document: Document) -> list[Line]:
    """Find every priced line; one that two places state is listed once."""
    seen = view(document)
    if not 0 < len(seen.amounts) <= _MOST:
        return []
    idle = names_of(document)
    spans = passages(document)
    found = list(table_lines(seen, spans, idle))
    found += _bare_rows(seen, [place for _, place in found])
    taken = [place for _, place in found]
    found += [(line, line_at) for line, line_at in _said(seen, spans, taken, idle)]
    named = [one for one in found if not is_nameless(one[0])]
    return list(_once(line for line, _ in sorted(named or found, key=lambda one: one[1])))


def _bare_rows(seen: View, taken: list[Span]) -> Iterator[tuple[Line, Span]]:
    """Read rows without a header: they prove themselves by their product, count and price alone."""
    for span in sorted({_line_at(seen, found.start) for found in seen.amounts}):
        if any(start < span[1] and span[0] < end for start, end in taken):
            continue
        row = row_in(seen.text[span[0] : span[1]].strip())
        if row is None or not (row.total or row.starts or (row.quantity and row.unit) or (row.cells and row.unit)):
            continue
        citation = seen.cite(*span)
        if citation:
            product = squash(row.product)
            yield Line(product, row.quantity, row.unit_price, row.total, citation, row.unit, row.starts, row.ends), span


def _line_at(seen: View, position: int) -> Span:
    start = max(seen.text.rfind("\n", 0, position), seen.text.rfind("\f", 0, position)) + 1
    match = re.compile(r"[\n\f]").search(seen.text, position)
    return start, match.start() if match else len(seen.text)


def _said(seen: View, spans: list[Span], taken: list[Span], idle: frozenset[str]) -> Iterator[tuple[Line, Span]]:
    starts = [found.start for found in seen.amounts]
    for place, (start, end) in enumerate(spans):
        prices = bisect_left(starts, end) - bisect_left(starts, start)
        if not prices or end - start > (_LONGEST if prices > 1 else _LONGEST_FLAT):
            continue
        if any(first < end and start < last for first, last in taken):
            continue
        citation = seen.cite(start, end)
        before, behind = (squash(seen.text[slice(*span)]) for span in _neighbours(spans, place))
        if citation:
            for line in lines_said(squash(seen.text[start:end]), (before[-_NEAR:], behind[:_NEAR]), citation, idle):
                yield line, (start, end)


def _neighbours(spans: list[Span], place: int) -> tuple[Span, Span]:
    """Return the passages before and behind one, of short ones two; an empty one where there is none."""
    before = spans[place - 1] if place else (0, 0)
    if place > 1 and before[1] - before[0] < _SHORT:
        before = spans[place - 2][0], before[1]
    return before, spans[place + 1] if place + 1 < len(spans) else (0, 0)


def _once(lines: Iterator[Line]) -> Iterator[Line]:
    told: set[tuple[object, ...]] = set()
    for line in lines:
        same = (line.product.casefold(), line.unit_price, line.unit, line.starts, line.tiers)
        if same not in told:
            told.add(same)
            yield line
