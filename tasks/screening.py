"""A full check of very many invoices: all of them through the screen, the suspects through the exact rules."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from domain.findings.audit import Audit, audit
from domain.findings.contract import BilledContract, Policy
from domain.findings.matching import Contracts
from domain.invoices import Invoice
from reconciliation.arrivals import lines_frame
from reconciliation.batches import places
from reconciliation.compiled import compiled
from reconciliation.history import History
from reconciliation.screen import screened
from reconciliation.suspects import Question, question
from store import invoices

Checkable = Callable[[Sequence[Invoice]], Sequence[Invoice]]
MANY = 50_000  # papers, above which the exact rules alone take too long
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Rules:
    """Hold what every check of a run goes by."""

    policy: Policy
    remembered: Mapping[str, str]
    today: date
    since: date | None


def screened_audit(
    connection: Connection, contracts: Sequence[BilledContract], rules: Rules, checkable: Checkable
) -> Audit:
    """Check every stored invoice and return what checking each by the exact rules would.

    `checkable` takes out what nobody can check yet. A contract that the screen found clean counts as checked. Raises `OverflowError` for amounts beyond 64 bits.
    """
    with tempfile.TemporaryDirectory(prefix="aftersign-screen-") as folder:
        asked = _question(connection, contracts, rules, History(Path(folder)))
    papers = checkable(invoices.load(connection, only=asked.papers))
    found = audit(
        contracts, papers, today=rules.today, policy=rules.policy, remembered=rules.remembered, since=rules.since
    )  # fmt: skip
    return replace(found, findings=tuple(asked.answered(found.findings)))


def _question(connection: Connection, contracts: Sequence[BilledContract], rules: Rules, history: History) -> Question:
    index = Contracts(contracts, rules.remembered)
    last = rules.today
    for chunk in invoices.pages(connection, _CHUNK):
        numbers = history.numbers()
        matched = _matched(index, chunk)
        arrivals = lines_frame(chunk, matched, numbers, today=rules.today, policy=rules.policy)
        history.append(arrivals, numbers)
        last = max([last, *(invoice.issued for invoice in chunk)])
    terms = compiled(contracts, through=last, today=rules.today, policy=rules.policy)
    numbers = history.numbers()
    suspects = screened(
        terms, history.batches(places(terms, numbers.keys)), history.papers(), lines=history.manifest.lines,
        today=rules.today, since=rules.since or date.min,
    )  # fmt: skip
    return question(terms, history, suspects)


def _matched(index: Contracts, papers: Iterable[Invoice]) -> dict[tuple[str, str], BilledContract]:
    found: dict[tuple[str, str], BilledContract] = {}
    for invoice in papers:
        match = index.match(invoice)
        contract = index.get(match.contract) if match else None
        if contract is not None:
            found[invoice.source, invoice.id] = contract
    return found
