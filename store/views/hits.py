"""What a search shows of each hit: the words around it, its page, and which paper of the family governs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from domain.searching import Term, spans, wanted
from store import search_index
from store.search import APART, Condition, Sight
from store.tables import contracts, pages
from store.tables_desk import contract_facts as facts
from store.tables_ledger import amendments
from store.tables_search import search_contracts, search_hits

_TOP = 900
_AROUND = 110  # characters before and after a hit
_SOME = 50  # pages that one statement may ask for
Place = tuple[str, int]  # a document and the number of a page
Piece = tuple[str, bool]  # a stretch of text, and whether it is a hit


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold where the words stand: a page with the words around, or lines of what the contract says."""

    page: int | None = None
    pages: int = 0
    pieces: tuple[Piece, ...] = ()
    lines: tuple[tuple[Piece, ...], ...] = ()


def hits(connection: Connection, shown: Sequence[str], asked: tuple[Term, ...], sight: Sight) -> dict[str, Hit]:
    """Return what is shown of some hits; a paper that somebody may not see gives neither words nor page."""
    found = (
        select(
            contracts.c.id, contracts.c.document_sha256, search_hits.c.page, search_hits.c.pages, search_hits.c.tier,
            search_contracts.c.number, search_contracts.c.names, search_contracts.c.terms, search_contracts.c.prices,
            sight.texts.label("reads"), sight.prices.label("priced"),
        )
        .join(search_hits, search_hits.c.contract_id == contracts.c.id)
        .join(search_contracts, search_contracts.c.contract_id == contracts.c.id)
        .where(contracts.c.id.in_(shown), sight.visible)
    )  # fmt: skip
    rows = connection.execute(found).mappings().all()
    first = _first_pages(connection, asked, [row["number"] for row in rows if row["reads"] and row["page"] is None])
    places = {
        row["id"]: (row["document_sha256"], page)
        for row in rows
        if row["reads"] and (page := row["page"] or first.get(row["number"])) is not None
    }
    texts = _texts(connection, list(places.values()))
    return {row["id"]: _hit(dict(row), asked, places.get(row["id"]), texts) for row in rows}


def _texts(connection: Connection, places: Sequence[Place]) -> Mapping[Place, str]:
    """Return the texts of some pages, each given as document and number."""
    found: dict[Place, str] = {}
    for start in range(0, len(places), _SOME):
        # One condition a page: SQLite reads its index for those, and the whole table for a list of pairs.
        some = (and_(pages.c.sha256 == sha, pages.c.number == number) for sha, number in places[start : start + _SOME])
        query = select(pages.c.sha256, pages.c.number, pages.c.text).where(or_(*some))
        found |= {(row.sha256, row.number): row.text for row in connection.execute(query)}
    return found


def _first_pages(connection: Connection, asked: tuple[Term, ...], numbers: Sequence[int]) -> dict[int, int]:
    """Return the first page with the first term that has one, by contract."""
    found: dict[int, int] = {}
    for term in wanted(asked) if numbers else ():
        for row in connection.execute(search_index.index_of(connection).pages([term], numbers)):
            found[row.number] = min(row.page, found.get(row.number, row.page))
    return found


def _hit(row: Mapping[str, Any], asked: tuple[Term, ...], place: Place | None, texts: Mapping[Place, str]) -> Hit:
    said = "\n".join((row["names"], row["terms"] or "", row["prices"] if row["priced"] and row["prices"] else ""))
    marked = (marks(line, asked) for line in said.split("\n"))
    lines = tuple(pieces for pieces in marked if len(pieces) > 1 or (pieces and pieces[0][1]))[:3]
    if place is None:
        return Hit(lines=lines)
    around = snippet(texts.get(place, ""), asked)
    return Hit(place[1], row["pages"], around, lines if row["tier"] < APART else ())


def snippet(text: str, asked: tuple[Term, ...]) -> tuple[Piece, ...]:
    """Return the words around the first hit, with every hit among them marked."""
    first = _first(text, asked)
    if first is None:
        return ()
    start, end = max(0, first[0] - _AROUND), min(len(text), first[1] + _AROUND)
    start = text.find(" ", start, first[0]) + 1 if start else 0
    end = max(text.rfind(" ", first[1], end), first[1]) if end < len(text) else end
    before = [("… ", False)] if start else []
    after = [(" …", False)] if end < len(text) else []
    return (*before, *marks(" ".join(text[start:end].split()), asked), *after)


def _first(text: str, asked: tuple[Term, ...]) -> tuple[int, int] | None:
    """Return where the first hit stands; most stand near the top, and long pages take long."""
    for part in (text[: text.rfind(" ", 0, _TOP) + 1], text):
        found = spans(part, asked)
        if found:
            return found[0]
    return None


def marks(text: str, asked: tuple[Term, ...]) -> tuple[Piece, ...]:
    """Cut a text into hits and what stands between them."""
    pieces, at = [], 0
    for start, end in spans(text, asked):
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return tuple(piece for piece in (*pieces, (text[at:], False)) if piece[0])


def standing(
    connection: Connection, shown: Iterable[Mapping[str, Any]], visible: Condition, today: date
) -> dict[str, list[dict[str, str]]]:
    """Tell which other papers matter for each hit: {contract: [{says, id, title}]}, as far as one may know of them."""
    rows = list(shown)
    found: dict[str, list[dict[str, str]]] = {row["id"]: [] for row in rows}
    parents = {row["id"]: row for row in rows if row["parent_id"]}
    named = _titles(connection, [row["parent_id"] for row in parents.values()], visible)
    for contract, row in parents.items():
        if row["parent_id"] in named:
            says = _SAYS.get(row["standing"], "belongs to")
            found[contract].append({"says": says, "id": row["parent_id"], "title": named[row["parent_id"]]})
    for contract, entry in [*_changed(connection, found, visible, today), *_replaced(connection, found, visible)]:
        found[contract].append(entry)
    return found


_SAYS = {"amends": "changes", "renews": "renews", "replaces": "replaces", "governed_by": "governed by"}


def _titles(connection: Connection, papers: Iterable[str], visible: Condition) -> dict[str, str]:
    query = select(contracts.c.id, contracts.c.title).where(contracts.c.id.in_(set(papers)), visible)
    return {row.id: row.title for row in connection.execute(query)}


def _changed(
    connection: Connection, papers: Iterable[str], visible: Condition, today: date
) -> list[tuple[str, dict[str, str]]]:
    """Return the newest amendment in force of each paper."""
    newest = func.max(amendments.c.valid_from)
    query = (
        select(amendments.c.target_id, contracts.c.id, contracts.c.title, newest.label("since"))
        .join(contracts, contracts.c.id == amendments.c.paper_id)
        .where(amendments.c.target_id.in_(list(papers)), amendments.c.state == "approved")
        .where(amendments.c.valid_from <= today, visible)
        .group_by(amendments.c.target_id, contracts.c.id, contracts.c.title)
        .order_by(newest)
    )
    found = {row.target_id: row for row in connection.execute(query)}
    says = "superseded in part by the amendment of"
    return [
        (target, {"says": f"{says} {row.since:%-d %b %Y}", "id": row.id, "title": row.title})
        for target, row in found.items()
    ]


def _replaced(connection: Connection, papers: Iterable[str], visible: Condition) -> list[tuple[str, dict[str, str]]]:
    query = (
        select(facts.c.parent_id, facts.c.standing, contracts.c.id, contracts.c.title)
        .join(contracts, contracts.c.id == facts.c.contract_id)
        .where(and_(facts.c.parent_id.in_(list(papers)), facts.c.standing.in_(("replaces", "renews")), visible))
    )
    says = {"replaces": "replaced by", "renews": "renewed by"}
    return [
        (row.parent_id, {"says": says[row.standing], "id": row.id, "title": row.title})
        for row in connection.execute(query)
    ]
