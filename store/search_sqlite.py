"""Search on SQLite: FTS5, a small table for what is said of contracts and one without content for their pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import Connection, Integer, Select, func, literal_column, select, table, text

from domain.searching import Term

# A page's row number is its contract's number and its own, so that no join is needed to tell whose it is.
_BITS = 12
_LAST = (1 << _BITS) - 1
MAKE = (
    "CREATE VIRTUAL TABLE search_about USING fts5(names, terms, prices, grams, tokenize = 'unicode61 tokenchars ''_''')",
    "CREATE VIRTUAL TABLE search_pages USING fts5(words, content = '', tokenize = 'unicode61 tokenchars ''_''')",
)
EMPTY = ("DELETE FROM search_about", "INSERT INTO search_pages(search_pages) VALUES ('delete-all')")
_KEEP_ABOUT = text(
    "INSERT OR REPLACE INTO search_about(rowid, names, terms, prices, grams) "
    "VALUES (:number, :names, :terms, :prices, :grams)"
)
_KEEP_PAGE = text("INSERT INTO search_pages(rowid, words) VALUES (:row, :words)")
_about, _pages = table("search_about"), table("search_pages")
_row = literal_column("rowid", Integer)


class SqliteIndex:
    """Keep and ask the FTS5 tables."""

    def at_work(self, connection: Connection) -> AbstractContextManager[None]:
        """Change nothing: FTS5 is only ever asked by its index."""
        del connection
        return nullcontext()

    def keep_about(self, connection: Connection, number: int, said: Mapping[str, Sequence[str]]) -> None:
        """Replace what is said of a contract: its words by column."""
        values = {column: " ".join(words) for column, words in said.items()}
        connection.execute(_KEEP_ABOUT, {"number": number, **values})

    def keep_pages(self, connection: Connection, pages: Iterable[tuple[int, int, Sequence[str]]]) -> None:
        """Add pages: (contract's number, page's number, words). They never change."""
        rows = [{"row": number << _BITS | min(page, _LAST), "words": " ".join(words)} for number, page, words in pages]
        if rows:
            connection.execute(_KEEP_PAGE, rows)

    def has_pages(self, connection: Connection, number: int) -> bool:
        """Tell whether a contract's pages are in the index."""
        inside = _row.between(number << _BITS, number << _BITS | _LAST)
        return connection.scalar(select(_row).select_from(_pages).where(inside).limit(1)) is not None

    def about(self, term: Term, columns: Sequence[str]) -> Select[Any]:
        """Select the numbers of contracts of which a term is said in one of the columns."""
        asked = f"{{{' '.join(columns)}}} : {_asked(term)}"
        return select(_row.label("number")).select_from(_about).where(literal_column("search_about").op("MATCH")(asked))

    def pages(self, terms: Sequence[Term], numbers: Sequence[int] = ()) -> Select[Any]:
        """Select the pages on which all terms stand: `number`, `page`; of some contracts or of all."""
        asked = " AND ".join(_asked(term) for term in terms)
        query = select((_row.op(">>")(_BITS)).label("number"), (_row.op("&")(_LAST)).label("page"))
        query = query.select_from(_pages).where(literal_column("search_pages").op("MATCH")(asked))
        if numbers:
            query = query.where(_row.op(">>")(_BITS).in_(numbers))
        return query

    def alike(self, grams: Sequence[str], limit: int) -> Select[Any]:
        """Select the contracts whose customer's name shares the most groups of letters: `number`, best first."""
        asked = f"{{grams}} : ({' OR '.join(_quoted(gram) for gram in grams)})"
        query = select(_row.label("number")).select_from(_about)
        query = query.where(literal_column("search_about").op("MATCH")(asked))
        return query.order_by(func.bm25(literal_column("search_about"))).limit(limit)


def _asked(term: Term) -> str:
    phrase = _quoted(" ".join(term.words))
    return f"{phrase} *" if term.prefix else phrase


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'
