"""Find contracts by papers and by what they say today, under the rules of access.

Whatever somebody may not see of a contract neither finds it nor hides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, insert, not_, or_, select, text

from domain.searching import Term, likeness, trigrams, wanted
from store.search_index import SearchIndex, index_of
from store.tables import contracts
from store.tables_search import search_contracts, search_hits, search_places

NAMES, TERMS, TOGETHER, APART = range(4)  # how well a contract fits: its names, what it says today, one page, several
ALIKE = 0.6
_CANDIDATES = 40

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Sight:
    """Hold which contracts somebody may know of, and of which they see the paper and the prices."""

    visible: Condition
    texts: Condition
    prices: Condition


def search(connection: Connection, asked: tuple[Term, ...], sight: Sight) -> int:
    """Put what fits into `search_hits` for as long as this transaction lasts, and return how many there are."""
    _fresh(connection)
    terms = wanted(asked)
    if not terms:
        return 0
    index = index_of(connection)
    with index.at_work(connection):
        connection.execute(insert(search_places).from_select(["number", "page", "pages"], _together(index, terms)))
        return _fill(connection, index, asked, sight)


def _fill(connection: Connection, index: SearchIndex, asked: tuple[Term, ...], sight: Sight) -> int:
    terms = wanted(asked)
    places, number = search_places.c, search_contracts.c.number
    seen = and_(sight.texts, places.pages.is_not(None))
    tier = case(
        (_said(index, terms, ("names",)), NAMES),
        (_said(index, terms, ("names", "terms")), TERMS),
        (seen, TOGETHER),
        else_=APART,
    )
    query = (
        select(contracts.c.id, tier, case((seen, places.pages), else_=0), case((seen, places.page)))
        .join(search_contracts, search_contracts.c.contract_id == contracts.c.id)
        .outerjoin(search_places, places.number == number)
        .where(sight.visible, *_found(index, terms, seen, sight))
        .where(*(not_(_stands(index, term, sight)) for term in asked if term.excluded))
    )
    connection.execute(insert(search_hits).from_select(["contract_id", "tier", "pages", "page"], query))
    return connection.scalar(select(func.count()).select_from(search_hits)) or 0


def alike(connection: Connection, asked: str, sight: Sight) -> int:
    """Put contracts whose customer is called much like what was typed into `search_hits`; return how many."""
    _fresh(connection)
    grams = trigrams(asked)[:60]
    if not grams:
        return 0
    index = index_of(connection)
    near = index.alike(grams, _CANDIDATES).subquery()
    query = (
        select(contracts.c.id, contracts.c.customer)
        .join(search_contracts, search_contracts.c.contract_id == contracts.c.id)
        .where(sight.visible, search_contracts.c.number.in_(select(near.c.number)))
    )
    with index.at_work(connection):
        found = [(likeness(asked, row.customer), row.id) for row in connection.execute(query)]
    rows = [
        {"contract_id": contract, "tier": -round(like * 100), "pages": 0, "page": None}
        for like, contract in found
        if like >= ALIKE
    ]
    if rows:
        connection.execute(insert(search_hits), rows)
    return len(rows)


def _fresh(connection: Connection) -> None:
    for table in (search_places, search_hits):
        connection.execute(text(f"DROP TABLE IF EXISTS {table.name}"))
        table.create(connection, checkfirst=False)


def _together(index: SearchIndex, terms: Sequence[Term]) -> Select[Any]:
    """Select the first page on which all terms stand, and how many such pages there are, by contract."""
    found = index.pages(terms).subquery()
    query = select(found.c.number, func.min(found.c.page), func.count())
    return query.group_by(found.c.number)


def _found(index: SearchIndex, terms: Sequence[Term], seen: Condition, sight: Sight) -> list[Condition]:
    """Return what a contract must fulfil; engines need not look for single terms where all stand together."""
    if len(terms) == 1:
        return [or_(seen, _said(index, terms, ("names", "terms")), _priced(index, terms[0], sight))]
    return [or_(seen, and_(*(_stands(index, term, sight) for term in terms)))]


def _stands(index: SearchIndex, term: Term, sight: Sight) -> Condition:
    """Return whether a term stands in what somebody sees of a contract."""
    paper = index.pages([term]).subquery()
    read = and_(sight.texts, search_contracts.c.number.in_(select(paper.c.number)))
    return or_(_said(index, [term], ("names", "terms")), _priced(index, term, sight), read)


def _priced(index: SearchIndex, term: Term, sight: Sight) -> Condition:
    return and_(sight.prices, _said(index, [term], ("prices",)))


def _said(index: SearchIndex, terms: Sequence[Term], columns: Sequence[str]) -> Condition:
    return and_(*(search_contracts.c.number.in_(index.about(term, columns)) for term in terms))
