"""The pages of a contract's paper: their text, and the places where its terms and a search's words stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, RowMapping, func, select

from domain.terms import Citation, TermField
from store import readings, reviews
from store.tables import contracts, documents
from store.tables import pages as texts

_MOST_HITS = 200


@dataclass(frozen=True, slots=True)
class PaperPage:
    """Hold one page of a paper and the passages on it that are to be shown."""

    sha256: str
    media_type: str
    number: int
    count: int
    text: str
    passages: tuple[Citation, ...] = ()


def paper_page(connection: Connection, contract_id: str, number: int, *, field: str, words: str) -> PaperPage | None:
    """Return one page with the passages a term cites or a search finds; `None` when there is no such page."""
    row = _row(connection, contract_id, number)
    if row is None:
        return None
    cited = _cited(connection, contract_id, row["sha256"], field)
    found = [one for one in cited if one.page == number] + list(_found(row, number, words))
    return PaperPage(
        row["sha256"], row["media_type"], number, row["count"] or 1, row["text"] or "", tuple(found[:_MOST_HITS])
    )


def _row(connection: Connection, contract_id: str, number: int) -> RowMapping | None:
    every = texts.alias("every")
    count = select(func.count()).select_from(every).where(every.c.sha256 == documents.c.sha256).scalar_subquery()
    query = (
        select(documents.c.sha256, documents.c.media_type, texts.c.text, count.label("count"))
        .join(contracts, contracts.c.document_sha256 == documents.c.sha256)
        .outerjoin(texts, (texts.c.sha256 == documents.c.sha256) & (texts.c.number == number))
        .where(contracts.c.id == contract_id)
    )
    row = connection.execute(query).mappings().first()
    return row if row is not None and (row["text"] is not None or (number == 1 and not row["count"])) else None


def _cited(connection: Connection, contract_id: str, sha256: str, field: str) -> list[Citation]:
    """Return where a term's words stand: what was read, what the other reader says, what a person quoted."""
    if field not in set(TermField):
        return []
    name = TermField(field)
    terms = readings.load_unreviewed(connection, contract_id).all(name)
    said = [one.citation for one in terms] + [rival.citation for one in terms for rival in one.rivals]
    said += [one.citation for one in reviews.of(connection, contract_id) if one.field is name and one.citation]
    return [one for one in dict.fromkeys(said) if one.sha256 == sha256]


def _found(row: RowMapping, number: int, words: str) -> Iterator[Citation]:
    text = row["text"] or ""
    for word in _parts(words):
        for match in re.finditer(word, text, re.IGNORECASE):
            yield Citation(row["sha256"], number, match.start(), match.end(), match[0])


def _parts(words: str) -> Sequence[str]:
    """Return the words and "phrases" of a search as patterns, however their spaces break."""
    parts = re.findall(r'"([^"]{2,100})"|(\S{2,60})', words)[:10]
    plain = [(phrase or word).strip("*-") for phrase, word in parts if not word.startswith("-")]
    return [r"\s+".join(re.escape(piece) for piece in part.split()) for part in plain if part]


def marked(page: PaperPage) -> list[tuple[str, bool]]:
    """Cut a page's text into pieces, each with whether a passage covers it."""
    edges = sorted({0, len(page.text), *(edge for one in page.passages for edge in (one.start, one.end))})
    pieces = pairwise(edges)
    return [
        (page.text[start:end], any(one.start <= start and end <= one.end for one in page.passages))
        for start, end in pieces
        if end <= len(page.text)
    ]
