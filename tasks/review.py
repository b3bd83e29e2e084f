"""Let a person decide about a term; what hangs on it is planned anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.documents import Document, Page
from domain.errors import Permanent
from domain.review import Review, ReviewVerdict, days_until, doubts, priority
from domain.terms import Citation, ContractTerms, Term, TermField
from extraction import holds, verify
from store import contracts, readings, reviews
from tasks.context import Context
from tasks.file import open_contract
from tasks.planning import plan


@dataclass(frozen=True, slots=True)
class Waiting:
    """Hold one term that waits for a person."""

    contract_id: str
    customer: str
    title: str
    field: TermField
    why: str
    act_by: date | None
    owner: str
    priority: float


def queue(ctx: Context) -> list[Waiting]:
    """List the terms that wait for a person, the most urgent first."""
    today, found = ctx.clock().date(), []
    with ctx.database.read() as connection:
        for row in reviews.waiting(connection):
            decisions = reviews.of(connection, row["id"])
            reading = readings.load_unreviewed(connection, row["id"])
            terms = ContractTerms.of(readings.load(connection, row["id"]).terms)
            money = terms.money(TermField.TOTAL_VALUE) or terms.money(TermField.ANNUAL_VALUE)
            for field, open_ in doubts(reading, decisions).items():
                rank = priority(money.amount if money else None, days_until(row["act_by"], today), open_.doubt)
                about = (row["id"], row["customer"], row["title"])
                found.append(Waiting(*about, field, open_.why, row["act_by"], row["owner_email"] or "", rank))
    return sorted(found, key=lambda one: (-one.priority, one.contract_id, one.field))


def accept(ctx: Context, contract_id: str, field: TermField, *, who: str) -> str:
    """Confirm what was read. Raises `Permanent` when nothing was."""
    with ctx.database.read() as connection:
        term = readings.load_unreviewed(connection, _known(ctx, contract_id)).get(field)
    if term is None:
        raise Permanent(
            f"There is no {field} to accept", why="none was read", fix="correct it with a value and its quote"
        )
    return _decide(ctx, contract_id, Review(field, ReviewVerdict.ACCEPTED, who, ctx.clock(), term.value, term.citation))


def reject(ctx: Context, contract_id: str, field: TermField, *, who: str, because: str = "") -> str:
    """Say that what was read is not in the paper, or does not hold."""
    _known(ctx, contract_id)
    return _decide(ctx, contract_id, Review(field, ReviewVerdict.REJECTED, who, ctx.clock(), because=because))


def correct(
    ctx: Context, contract_id: str, field: TermField, value: str, *, page: int, quote: str, who: str, because: str = ""
) -> str:
    """Set a term's value with the words that prove it.

    The quote must stand on that page. A value that does not follow from it mechanically needs a
    reason. Raises `Permanent`.
    """
    document = _document(ctx, _known(ctx, contract_id))
    citation = _cited(document, page, quote)
    if not verify(document, Term(field, value, citation, "review")) and not because.strip():
        raise Permanent(
            f"{value!r} does not follow from that quote",
            why=f"the quote says {quote[:200]!r}; dates are written 2026-11-23, lengths P12M, money 100.00 EUR",
            fix="quote the words that say it, correct the value, or give a reason with --because",
        )
    return _decide(ctx, contract_id, Review(field, ReviewVerdict.CORRECTED, who, ctx.clock(), value, citation, because))


def _decide(ctx: Context, contract_id: str, review: Review) -> str:
    """Record the decision and bring the alerts in line with it."""
    with ctx.database.write() as connection:
        reviews.add(connection, contract_id, review)
    return plan(ctx, open_contract(ctx, contract_id)).detail


def _known(ctx: Context, contract_id: str) -> str:
    with ctx.database.read() as connection:
        if contracts.find(connection, contract_id) is None:
            raise Permanent(f"There is no contract {contract_id!r}", fix="see `aftersign review list` for the ids")
    return contract_id


def _document(ctx: Context, contract_id: str) -> Document:
    with ctx.database.read() as connection:
        sha256 = contracts.get(connection, contract_id)["document_sha256"]
        pages = contracts.page_texts(connection, sha256)
    return Document(sha256, tuple(Page(number, text) for number, text in pages))


def _cited(document: Document, page: int, quote: str) -> Citation:
    """Return where a quote stands. Raises `Permanent` unless it stands there, once."""
    text = next((one.text for one in document.pages if one.number == page), None)
    if text is None:
        raise Permanent(f"The document has no page {page}", fix=f"name a page from 1 to {len(document.pages)}")
    start = text.find(quote) if quote.strip() else -1
    if start < 0 or text.find(quote, start + 1) >= 0:
        raise Permanent(
            f"The quote does not stand on page {page}"
            if start < 0
            else f"The quote stands on page {page} more than once",
            why="a value without its words cannot be proved",
            fix="copy the words as the page's text has them, enough of them to be found once",
        )
    citation = Citation(document.sha256, page, start, start + len(quote), quote)
    if not holds(document, citation):
        raise Permanent("The quote does not hold", fix="report the document and the quote")
    return citation
