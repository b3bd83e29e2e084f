"""Rows under a header: lines of products, of years, and of volume steps."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from domain.terms import Line
from extraction.lines.bands import Band, band_in
from extraction.lines.headers import is_header, of_headers
from extraction.lines.masks import MONEY
from extraction.lines.names import product_in
from extraction.lines.rows import Row, row_in, year_in
from extraction.lines.steps import stepped
from extraction.lines.units import UNIT, first_unit, rhythm_of, unit_of, with_rhythm
from extraction.rules.view import View, squash

Span = tuple[int, int]

_PRICED = re.compile(
    r"\b(?:pric\w+|fees?|rates?|amounts?|costs?|charges?|totals?|each|tariffs?|pay(?:able)?)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"\d{1,2}(?:\.\d{1,2})+\s|\([a-z]{1,3}\)\s")
_MONEY_SIGN = re.compile(r"\d|[$\u20ac\u00a3]")
_CHUNK = re.compile(r"[^\n\f]+(?:\n[ \t]*[^\s][^\n\f]*)*")
_LONGEST_PART, _MOST_PARTS = 70, 5
_ABOUT_PRICES = re.compile(
    r"\b(?:pric\w+|fees?|rates?|charge[sd]?|tiers?|bands?|volumes?|steps|usage|rate\s+card|billed|costs?|amounts?|remuneration|pays?|metered|consum\w+)\b|:\s*\Z",
    re.IGNORECASE,
)


@dataclass
class _Table:
    """Gather what stands under one header; `parts` are lines that are no row by themselves yet."""

    start: int
    header: str
    rows: list[tuple[Row, Span]] = field(default_factory=list)
    steps: list[tuple[Band, Span]] = field(default_factory=list)
    parts: list[tuple[str, Span]] = field(default_factory=list)


def table_lines(seen: View, spans: list[Span], idle: frozenset[str]) -> Iterator[tuple[Line, Span]]:
    """Yield the lines of every table with the place of its rows; `spans` are the passages around."""
    for chunk in _chunks(seen):
        for table in _tables(chunk):
            intro = _intro(seen, table, spans, idle)
            yield from _of_steps(seen, table, intro)
            for row, place in table.rows:
                line = _line(seen, row, table, place, intro)
                if line:
                    yield line, place


def _chunks(seen: View) -> Iterator[list[tuple[str, Span]]]:
    """Yield runs of lines that no blank line and no page break divides, where they hold money."""
    starts = [found.start for found in seen.amounts]
    for match in _CHUNK.finditer(seen.text):
        if bisect_left(starts, match.start()) < bisect_left(starts, match.end()) and _PRICED.search(match[0]):
            yield [
                (line[0].strip(), (match.start() + line.start(), match.start() + line.end()))
                for line in re.finditer(r"[^\n]+", match[0])
                if line[0].strip()
            ]


def _tables(chunk: Iterable[tuple[str, Span]]) -> list[_Table]:
    tables: list[_Table] = []
    table: _Table | None = None
    for text, span in chunk:
        begun = table is not None and bool(table.rows or table.steps or table.parts)
        if is_header(text) and not (begun and _is_piece(text)):
            if table is None or begun:
                table = _Table(span[0], "")
                tables.append(table)
            table.header = f"{table.header} {text}".strip()
        elif table is not None and not _takes(table, text, span):
            table = None
    return [one for one in tables if one.rows or one.steps]


def _is_piece(text: str) -> bool:
    """Tell that a line such as `Package` is rather the end of a wrapped name than another header."""
    return " " not in text or not _PRICED.search(text)


def _takes(table: _Table, text: str, span: Span) -> bool:
    """Take a line into the table, alone or with the pieces above it; tell whether the table goes on."""
    if _CLAUSE.match(text) or not _PRICED.search(table.header):
        return False
    joined = " ".join([*(part for part, _ in table.parts), text])
    begin = table.parts[0][1][0] if table.parts else span[0]
    for words, place in ((joined, (begin, span[1])), (text, span)):
        if _took(table, words, place):
            table.parts.clear()
            return True
    table.parts.append((text, span))
    return len(text) <= _LONGEST_PART and len(table.parts) <= _MOST_PARTS


def _took(table: _Table, words: str, place: Span) -> bool:
    if "\n" not in words and not _MONEY_SIGN.search(words):
        return False
    band = band_in(words, table.header)
    if band:
        table.steps.append((band, place))
        return True
    row = row_in(words) or year_in(words)
    if row:
        table.rows.append((row, place))
    return row is not None


def _of_steps(seen: View, table: _Table, intro: tuple[str, str]) -> Iterator[tuple[Line, Span]]:
    bands = [band for band, _ in table.steps]
    shape = f" {MONEY} ".join([*(band.step for band in bands), ""])
    tiers = stepped(shape, tuple(band.price for band in bands))
    if not tiers or not intro[0]:
        return
    place = (table.start, table.steps[-1][1][1])
    citation = seen.cite(*place)
    unit = (
        _counted(table.header) or intro[1] or next((band.unit for band in bands if band.unit), rhythm_of(table.header))
    )
    if citation:
        yield Line(intro[0], None, None, None, citation, unit, tiers=tiers), place


def _line(seen: View, row: Row, table: _Table, place: Span, intro: tuple[str, str]) -> Line | None:
    citation = seen.cite(*place)
    product = row.product or intro[0]
    if citation is None or not product:
        return None
    unit = _unit(row, table.header) or ("" if row.product else intro[1])
    return Line(squash(product), row.quantity, row.unit_price, row.total, citation, unit, row.starts, row.ends)


def _unit(row: Row, header: str) -> str:
    """Return the unit of a row, completed by the header: `month` below `Price per user` is `user per month`."""
    priced = _counted(header)
    if row.unit in {"month", "quarter", "year"}:
        return with_rhythm(priced, row.unit)
    return row.unit or priced or rhythm_of(header)


def _counted(header: str) -> str:
    """Return the unit that a header names; `monthly` alone may say what is counted and not what is paid."""
    named = UNIT.search(header)
    return _informative(unit_of(named[0])) if named else ""


def _informative(unit: str) -> str:
    """Leave out what every row is counted in: `unit`, `service unit`, `item`."""
    parts = [part for part in unit.split(" per ") if part]
    return " per ".join(part for part in parts if part.split()[-1].casefold() not in {"unit", "item", "line"})


def _any_price(seen: View, start: int, end: int) -> bool:
    return any(start <= found.start < end for found in seen.amounts)


def _intro(seen: View, table: _Table, spans: list[Span], idle: frozenset[str]) -> tuple[str, str]:
    """Return the product and the unit that one of the three passages above the table names."""
    above = [span for span in spans if span[1] <= table.start + 1][-3:]
    for start, end in reversed(above):
        text = squash(seen.text[start:end])
        introduces = _ABOUT_PRICES.search(text) and not _any_price(seen, start, end)
        product = product_in(text, idle) if introduces else ""
        if product and not of_headers(product):
            return product, first_unit(text) or first_unit(squash(seen.text[end : table.start]))
    return "", ""
