"""Keep the search index: what contracts are called, what they say today, and their pages. One interface, two engines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, event, insert, select, text, update

from domain.searching import Term, trigrams, words
from store import search_postgres, search_sqlite
from store.tables import contracts, pages, parties
from store.tables_desk import contract_facts
from store.tables_search import search_contracts


class SearchIndex(Protocol):
    """Keep words of contracts and of their pages, and tell where they stand."""

    def at_work(self, connection: Connection) -> AbstractContextManager[None]:
        """Let the database prefer the index for as long as this lasts."""

    def keep_about(self, connection: Connection, number: int, said: Mapping[str, Sequence[str]]) -> None:
        """Replace what is said of a contract: its words by column."""

    def keep_pages(self, connection: Connection, pages: Iterable[tuple[int, int, Sequence[str]]]) -> None:
        """Add pages: (contract's number, page's number, words). They never change."""

    def has_pages(self, connection: Connection, number: int) -> bool:
        """Tell whether a contract's pages are in the index."""

    def about(self, term: Term, columns: Sequence[str]) -> Select[Any]:
        """Select the numbers of contracts of which a term is said in one of the columns."""

    def pages(self, terms: Sequence[Term], numbers: Sequence[int] = ()) -> Select[Any]:
        """Select the pages on which all terms stand: `number`, `page`; of some contracts or of all."""

    def alike(self, grams: Sequence[str], limit: int) -> Select[Any]:
        """Select the contracts whose customer's name shares the most groups of letters: `number`, best first."""


def index_of(connection: Connection) -> SearchIndex:
    """Return the engine of this database."""
    return search_sqlite.SqliteIndex() if connection.dialect.name == "sqlite" else search_postgres.PostgresIndex()


def make(connection: Connection) -> None:
    """Make the tables that the engine keeps for itself."""
    for statement in _engine(connection).MAKE:
        connection.execute(text(statement))


@event.listens_for(search_contracts, "after_create")
def _made(_table: object, connection: Connection, **_: object) -> None:
    make(connection)


def _engine(connection: Connection) -> Any:
    return search_sqlite if connection.dialect.name == "sqlite" else search_postgres


def rebuild(connection: Connection) -> int:
    """Index every contract anew from what is stored and return how many there are."""
    for statement in _engine(connection).EMPTY:
        connection.execute(text(statement))
    found = connection.execute(select(contracts.c.id, contracts.c.document_sha256).order_by(contracts.c.id)).all()
    for contract_id, sha256 in found:
        note_names(connection, contract_id)
        note_paper(connection, sha256)
    return len(found)


def note_paper(connection: Connection, sha256: str) -> None:
    """Index the pages of a document for every contract it belongs to, once."""
    index = index_of(connection)
    for contract_id in list(connection.scalars(select(contracts.c.id).where(contracts.c.document_sha256 == sha256))):
        number = _number(connection, contract_id)
        if not index.has_pages(connection, number):
            stored = connection.execute(select(pages.c.number, pages.c.text).where(pages.c.sha256 == sha256))
            index.keep_pages(connection, [(number, row.number, words(row.text)) for row in stored])


def note_names(connection: Connection, contract_id: str) -> None:
    """Index what a contract is called: customer, title, number, parties."""
    query = select(contracts.c.customer, contracts.c.title, contract_facts.c.contract_number).join_from(
        contracts, contract_facts, contract_facts.c.contract_id == contracts.c.id, isouter=True
    )
    row = connection.execute(query.where(contracts.c.id == contract_id)).one()
    named = connection.scalars(
        select(parties.c.name).where(parties.c.contract_id == contract_id).order_by(parties.c.id)
    )
    lines = dict.fromkeys(line for line in (row.customer, row.title, row.contract_number, *named) if line)
    _note(connection, contract_id, names="\n".join(lines))


def note_terms(connection: Connection, contract_id: str, said: Iterable[str], prices: Iterable[str]) -> None:
    """Index what a contract says today, one value a line; prices are found by those who see them alone."""
    note_names(connection, contract_id)
    _note(connection, contract_id, terms="\n".join(said), prices="\n".join(prices))


def _note(connection: Connection, contract_id: str, **lines: str) -> None:
    number = _number(connection, contract_id)
    own = search_contracts.c.number == number
    connection.execute(update(search_contracts).where(own).values(**lines))
    row = connection.execute(select(search_contracts).where(own)).mappings().one()
    customer = connection.scalar(select(contracts.c.customer).where(contracts.c.id == contract_id)) or ""
    said = {name: words(row[name] or "") for name in ("names", "terms", "prices")}
    index_of(connection).keep_about(connection, number, {**said, "grams": trigrams(customer)})


def _number(connection: Connection, contract_id: str) -> int:
    query = select(search_contracts.c.number).where(search_contracts.c.contract_id == contract_id)
    known = connection.scalar(query)
    if known is None:
        connection.execute(insert(search_contracts).values(contract_id=contract_id, names=""))
        known = connection.scalar(query)
    return int(known or 0)


def without_terms() -> ColumnElement[bool]:
    """Return the contracts of which nobody noted yet what they say today."""
    noted = select(search_contracts.c.contract_id).where(search_contracts.c.terms.is_not(None))
    return contracts.c.id.not_in(noted)
