"""Search on PostgreSQL: `tsvector` with GIN indexes, made of the same words as on SQLite.

No dictionary and no extension is needed: words, plurals and groups of letters are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Select, Table, cast, func, or_, select, text
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from domain.searching import Term
from store import search_pairs

_COLUMNS = ("names", "terms", "prices", "grams")
# Reading comes first: nothing is unpacked where a phrase is looked up, no index keeps a list of what is still to be sorted in.
QUICK = (
    "ALTER TABLE search_pages ALTER words SET STORAGE EXTERNAL",
    *(
        f"ALTER INDEX ix_search_{name} SET (fastupdate = off)"
        for name in ("pages_words", *(f"about_{one}" for one in _COLUMNS))
    ),
)
_INDEX = "CREATE INDEX ix_search_pages_words ON search_pages USING gin (words)"
MAKE = (
    """CREATE TABLE search_about (
        number integer PRIMARY KEY, names tsvector NOT NULL, terms tsvector NOT NULL, prices tsvector NOT NULL,
        grams tsvector NOT NULL
    )""",
    "CREATE TABLE search_pages (number integer, page integer, words tsvector NOT NULL, PRIMARY KEY (number, page))",
    *(f"CREATE INDEX ix_search_about_{name} ON search_about USING gin ({name})" for name in _COLUMNS),
    _INDEX,
    *QUICK,
)
# Pages of before know no pairs; the places of their words tell them. An index is made anew faster than it is changed.
PAIR = (
    "DROP INDEX ix_search_pages_words",
    """UPDATE search_pages SET words = words || array_to_tsvector(ARRAY(
        SELECT DISTINCT '+' || before || '+' || lexeme FROM (
            SELECT lexeme, at, lag(lexeme) OVER side AS before, lag(at) OVER side AS before_at
            FROM unnest(search_pages.words) CROSS JOIN unnest(positions) AS at
            WHERE lexeme = ANY(CAST(:frequent AS text[])) WINDOW side AS (ORDER BY at)
        ) AS beside WHERE before_at = at - 1
    ))""",
    _INDEX,
    "ALTER INDEX ix_search_pages_words SET (fastupdate = off)",
)
EMPTY = ("DELETE FROM search_about", "DELETE FROM search_pages")
_own = MetaData()
_about = Table(
    "search_about", _own, Column("number", Integer, primary_key=True), *(Column(name, TSVECTOR) for name in _COLUMNS)
)
_pages = Table(
    "search_pages",
    _own,
    Column("number", Integer, primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("words", TSVECTOR),
)
_KEEP_ABOUT = text(
    "INSERT INTO search_about VALUES (:number, CAST(:names AS tsvector), CAST(:terms AS tsvector), "
    "CAST(:prices AS tsvector), CAST(:grams AS tsvector)) ON CONFLICT (number) DO UPDATE SET "
    "names = excluded.names, terms = excluded.terms, prices = excluded.prices, grams = excluded.grams"
)
_KEEP_PAGE = text("INSERT INTO search_pages VALUES (:number, :page, CAST(:words AS tsvector)) ON CONFLICT DO NOTHING")
_MOST = 16_383  # positions that a tsvector can tell apart
_MOST_BYTES = 2_000  # of a word


class PostgresIndex:
    """Keep and ask the tables of `tsvector`."""

    @contextmanager
    def at_work(self, connection: Connection) -> Iterator[None]:
        """Let the planner prefer the index: it does not count what unpacking every `tsvector` of a table costs.

        The price it puts on what it may not do would have it compile the query, which takes longer than running it.
        """
        connection.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL jit = off"))
        yield
        connection.execute(text("SET LOCAL enable_seqscan = on"))

    def keep_about(self, connection: Connection, number: int, said: Mapping[str, Sequence[str]]) -> None:
        """Replace what is said of a contract: its words by column."""
        connection.execute(_KEEP_ABOUT, {"number": number, **{name: _vector(words) for name, words in said.items()}})

    def keep_pages(self, connection: Connection, pages: Iterable[tuple[int, int, Sequence[str]]]) -> None:
        """Add pages: (contract's number, page's number, words). They never change."""
        rows = [{"number": number, "page": page, "words": _page(words)} for number, page, words in pages]
        if rows:
            connection.execute(_KEEP_PAGE, rows)

    def has_pages(self, connection: Connection, number: int) -> bool:
        """Tell whether a contract's pages are in the index."""
        query = select(_pages.c.page).where(_pages.c.number == number).limit(1)
        return connection.scalar(query) is not None

    def about(self, term: Term, columns: Sequence[str]) -> Select[Any]:
        """Select the numbers of contracts of which a term is said in one of the columns."""
        return select(_about.c.number).where(or_(*(_fits(_about.c[name], [term]) for name in columns)))

    def pages(self, terms: Sequence[Term], numbers: Sequence[int] = ()) -> Select[Any]:
        """Select the pages on which all terms stand: `number`, `page`; of some contracts or of all."""
        query = select(_pages.c.number, _pages.c.page).where(_fits(_pages.c.words, terms, paired=True))
        return query.where(_pages.c.number.in_(numbers)) if numbers else query

    def alike(self, grams: Sequence[str], limit: int) -> Select[Any]:
        """Select the contracts whose customer's name shares the most groups of letters: `number`, best first."""
        asked = cast(" | ".join(f"'{gram}'" for gram in grams), TSQUERY)
        rank = func.ts_rank(_about.c.grams, asked, 1)
        query = select(_about.c.number).where(_about.c.grams.op("@@")(asked))
        return query.order_by(rank.desc(), _about.c.number).limit(limit)


def _fits(column: Any, terms: Sequence[Term], *, paired: bool = False) -> Any:
    found = [part for term in terms for part in (_paired(term) if paired else [_asked(term)])]
    return column.op("@@")(cast(" & ".join(f"({part})" for part in found), TSQUERY))


def _paired(term: Term) -> list[str]:
    """Return what a page must hold; two frequent words side by side are a pair, and no places need be read."""
    found = [f"'{pair}'" for pair in search_pairs.asked(term.words, prefix=term.prefix)]
    return found if found and len(term.words) == 2 else [*found, _asked(term)]


def _asked(term: Term) -> str:
    *before, last = (f"'{word[:_MOST_BYTES]}'" for word in term.words)
    return " <-> ".join([*before, f"{last}:*" if term.prefix else last])


def _page(words: Sequence[str]) -> str:
    return " ".join((_vector(words), *(f"'{pair}'" for pair in sorted(search_pairs.pairs(words)))))


def _vector(words: Sequence[str]) -> str:
    """Return words with their places in the text form of a `tsvector`; they hold letters, digits and _ alone."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, 1):
        places.setdefault(word[:400], []).append(str(min(place, _MOST)))
    return " ".join(f"'{word}':{','.join(found[:255])}" for word, found in places.items())
