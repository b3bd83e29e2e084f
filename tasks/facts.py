"""Bring a contract's row in lists up to date with what it says today."""

from __future__ import annotations

import asyncio
from datetime import date

from prefect import task

from domain.kinship import Kinship
from domain.papers import LinkKind
from domain.periods import add
from domain.renewal import ONE_DAY, RENEWS
from domain.review import doubts
from domain.term_words import in_words
from domain.terms import ContractTerms, TermField
from store import clock, decisions, facts, ledger, readings, reviews, search_index
from tasks import context
from tasks.context import Context
from tasks.file import HandoffFile, open_contract

# In this order: a paper that amends another is seldom a contract of its own.
_STANDING = (LinkKind.AMENDS, LinkKind.REPLACES, LinkKind.RENEWS, LinkKind.GOVERNED_BY, LinkKind.INCORPORATES)
OWN = "own"


@task(name="bring lists up to date", task_run_name="bring lists up to date")
async def refresh_lists() -> int:
    """Note the facts of contracts that have none yet, such as those of an older release; return how many."""
    return await asyncio.to_thread(note_missing, context.current())


def note_missing(ctx: Context) -> int:
    """Note the facts of every contract that has none."""
    with ctx.database.read() as connection:
        missing = facts.without(connection)
    for contract_id in missing:
        note(ctx, open_contract(ctx, contract_id))
    return len(missing)


def note(ctx: Context, file: HandoffFile) -> None:
    """Keep what lists and rules ask of a contract, as its papers and people say it today."""
    contract, terms, today = str(file.contract["id"]), file.terms, ctx.clock().date()
    with ctx.database.write() as connection:
        row = clock.current(connection, contract)
        graph = ledger.kin(connection)
        standing, parent = _standing(graph, contract)
        waiting = doubts(readings.load_unreviewed(connection, contract), reviews.of(connection, contract))
        values = {
            "type": terms.text(TermField.DOCUMENT_TYPE) or "",
            "region": file.traits.region,
            "tier": file.traits.tier,
            "product": file.traits.product,
            "counterparty": file.customer,
            "value": file.traits.value,
            "annual": terms.money(TermField.ANNUAL_VALUE),
            "starts": terms.start,
            "ends": row["term_end"] if row else _last_day(terms),
            "ended_on": decisions.ended_on(connection, contract) or (None if row else _over(terms, today)),
            "renewal_type": terms.text(TermField.RENEWAL_TYPE) or "",
            "notice_period": terms.text(TermField.NOTICE_PERIOD) or "",
            "governing_law": (terms.text(TermField.GOVERNING_LAW) or "")[:200],
            "contract_number": (terms.text(TermField.CONTRACT_NUMBER) or "")[:200],
            "doubts": len(waiting),
            "missing": sorted({str(gap.field) for gap in file.reading.gaps}),
            "standing": standing,
            "parent_id": parent,
        }
        facts.keep(ctx.database, connection, contract, values, ctx.clock())
        search_index.note_terms(connection, contract, *in_words(terms))


def _last_day(terms: ContractTerms) -> date | None:
    """Return the last day that the paper itself states or counts."""
    stated, start, initial = terms.day(TermField.EXPIRATION_DATE), terms.start, terms.period(TermField.INITIAL_TERM)
    return stated or (add(start, initial) - ONE_DAY if start and initial else None)


def _over(terms: ContractTerms, today: date) -> date | None:
    """Return the last day of a term that is over and that nothing renews."""
    last = _last_day(terms)
    renews = terms.text(TermField.RENEWAL_TYPE) in RENEWS
    return last if last is not None and last < today and not renews else None


def _standing(graph: Kinship, contract: str) -> tuple[str, str | None]:
    for kind in _STANDING:
        parent = next(iter(graph.parents(contract, kind)), None)
        if parent is not None:
            return kind.value, parent
    return OWN, None
