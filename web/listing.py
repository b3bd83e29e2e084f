"""One list, four forms: a page and `.csv`, `.xlsx`, `.json` of the same rows under the same filters.

A list is described once by its columns; filters, sorting and paging live in the address alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from domain.access import FieldClass
from domain.money import Money
from web import exports
from web.rendering import page

PAGE = 50
MOST = 100_000  # rows of an export

Row = Mapping[str, Any]
Cell = str | int | date | datetime | Decimal | Money | None


class Look(StrEnum):
    """Name how a cell is shown and exported."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    MONEY = "money"
    STATE = "state"  # a pill
    PERSON = "person"  # an address, shown as a name
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Column:
    """Describe a column: its key in a row, its heading, how it looks, where its cells lead, what rule hides it.

    `note` names a key whose text is shown small below the cell. `narrow` columns stay when there is
    little room. A hidden cell is `None` and shown as a dash, like one that nobody knows.
    """

    key: str
    label: str
    look: Look = Look.TEXT
    link: Callable[[Row], str] | None = None
    note: str = ""
    kind: FieldClass | None = None
    sortable: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold one value of a facet with how many rows have it."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """Hold a filter that is chosen from a list; `name` is its parameter in the address."""

    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Hold a list as it is to be shown; `total` counts all its rows, `rows` are those of this page."""

    name: str  # of the file that is saved
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    total: int
    facets: tuple[Facet, ...] = ()
    empty: str = "Nothing fits these filters."
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what an address asks of a list: its form, page, order and filters, everything else dropped."""

    suffix: str  # "" | csv | xlsx | json
    path: str  # without the suffix
    filters: Mapping[str, str]
    sort: str
    offset: int

    @property
    def limit(self) -> int:
        """Return how many rows to read: a page of them, or all for an export."""
        return MOST if self.suffix else PAGE

    def address(self, suffix: str = "", **changes: str | int) -> str:
        """Return the address of this list with other filters; an empty value removes one."""
        kept: dict[str, str | int] = {**self.filters, "sort": self.sort, "offset": self.offset or "", **changes}
        query = urlencode({name: value for name, value in kept.items() if value not in {"", 0}})
        return f"{self.path}{'.' + suffix if suffix else ''}{'?' + query if query else ''}"


def asked(request: Request, filters: Iterable[str], *, sorts: Iterable[str] = ()) -> Asked:
    """Read a list's address; unknown parameters, columns and forms are dropped, never passed on."""
    path = request.url.path
    stem, _, suffix = path.rpartition(".")
    if suffix not in exports.FORMS:
        stem, suffix = path, ""
    given = request.query_params
    found = {name: given[name].strip()[:200] for name in filters if given.get(name, "").strip()}
    sort = given.get("sort", "")
    known = {*sorts, *(f"-{name}" for name in sorts)}
    offset = given.get("offset", "")
    start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 8 and not suffix else 0
    return Asked(suffix, stem, found, sort if sort in known else "", start)


def answer(request: Request, template: str, wanted: Asked, listing: Listing) -> Response:
    """Answer with the page, or with the file that the address asks for."""
    if wanted.suffix:
        return exports.file(wanted.suffix, listing.name, listing.columns, listing.rows)
    return page(request, template, {"listing": listing, "asked": wanted, **listing.extra})
