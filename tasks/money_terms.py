"""The contracts that invoices are checked against: from the ledger of terms, completed by contract files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, RowMapping

from domain.comparison import normal_name
from domain.findings.contract import BilledContract, CreditKind, DueCredit
from domain.findings.from_terms import FromPapers, Papers, from_papers
from domain.findings.matching import plain
from domain.invoices import Direction, InvoiceParty
from domain.terms import ContractTerms, Reading, TermField
from store import clock, contracts, decisions, ledger, slas
from tasks.context import Context
from tasks.duties import our_roles

_SELLER = "provider"
_GOES_ON = frozenset({"auto", "evergreen", "month_to_month"})


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Hold a contract whose invoices cannot be checked, and what its papers leave open."""

    number: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """Hold every contract that can be checked, who owns it, and why others cannot be."""

    contracts: tuple[BilledContract, ...]
    owners: Mapping[str, str]
    unchecked: Mapping[str, Unchecked]

    def versions(self) -> dict[str, str]:
        """Return the version of each contract's money terms; usage and credits are no terms."""
        return {one.id: version_of(one) for one in self.contracts}


def version_of(contract: BilledContract) -> str:
    """Return what changes when the money terms of a contract do."""
    terms = repr(replace(contract, usage=(), credits=()))
    return hashlib.sha256(terms.encode()).hexdigest()


def books(ctx: Context, files: Iterable[BilledContract] = ()) -> Books:
    """Return the contracts of the ledger; a contract file of the same number has the last word on money."""
    with ctx.database.read() as connection:
        rows = contracts.billable(connection)
        read = {str(row["id"]): _read(ctx, connection, row) for row in rows}
    owners = {str(row["id"]): row["owner_email"] or "" for row in rows}
    known = {plain(one.number): key for key, one in read.items() if one.number}
    completed = {known.get(plain(one.number), one.id): one for one in files}
    merged = {key: one.contract for key, one in read.items() if one.contract is not None}
    merged |= {key: replace(one, id=key) for key, one in completed.items()}
    with ctx.database.read() as connection:
        merged = {key: _with_credits(connection, key, one) for key, one in merged.items()}
    unchecked = {
        key: Unchecked(one.number, one.missing) for key, one in read.items() if one.missing and key not in completed
    }
    return Books(tuple(merged.values()), owners, unchecked)


def _with_credits(connection: Connection, key: str, contract: BilledContract) -> BilledContract:
    """Return the contract with the service credits that were claimed: the next invoice has to show them."""
    due = [
        DueCredit(
            CreditKind.SERVICE, one.amount, one.claimed_on, f"{one.service}, {one.window_first} to {one.window_last}"
        )
        for one in slas.credits_due(connection, key)
        if one.claimed_on is not None and one.amount.currency == contract.agreement.currency
    ]
    return replace(contract, credits=(*contract.credits, *due)) if due else contract


def _read(ctx: Context, connection: Connection, row: RowMapping) -> FromPapers:
    contract = str(row["id"])
    today = ctx.clock().date()
    first = ledger.standing(connection, contract, date.min)
    changes = ledger.approved(connection, contract).days()
    stretches = [(_begin(first, changes, today), first)]
    stretches += [(day, ledger.standing(connection, contract, day)) for day in changes if day > stretches[0][0]]
    direction, other = _sides(ctx, stretches[-1][1], str(row["customer"]))
    return from_papers(Papers(contract, direction, other, tuple(stretches), _last_day(connection, contract)))


def _last_day(connection: Connection, contract: str) -> date | None:
    """Return the last day of what is billed: `None` while a term goes on by itself or its end is in doubt.

    A doubtful end is acted on early, but nobody stops to bill on it.
    """
    if (ended := decisions.ended_on(connection, contract)) is not None:
        return ended
    row = clock.current(connection, contract)
    if row is None or row["provisional"]:
        return None
    renewal = row["inputs"].get(TermField.RENEWAL_TYPE, {})
    return None if renewal.get("value") in _GOES_ON else row["term_end"]


def _begin(reading: Reading, changes: list[date], today: date) -> date:
    return ContractTerms.of(reading.terms).start or min([*changes, today])


def _sides(ctx: Context, reading: Reading, customer: str) -> tuple[Direction, InvoiceParty]:
    """Return who pays and the other party: we collect where we are the seller."""
    ours = our_roles(ctx, reading)
    direction = Direction.RECEIVABLE if _SELLER in ours else Direction.PAYABLE
    names = {normal_name(name) for name in ctx.business.playbook.our_names}
    others = [
        party.name for party in reading.parties if not any(normal_name(party.name).startswith(name) for name in names)
    ]
    return direction, InvoiceParty(others[0] if others else customer)
