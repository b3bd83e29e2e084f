"""The whole check: invoices against themselves, then against their contracts; one cause, one finding.

Pure: the same papers give the same findings in any order, every night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.findings.arithmetic import place_of, self_check
from domain.findings.billed import BilledLine, counted
from domain.findings.contract import BilledContract, Policy
from domain.findings.finding import Action, Code, Finding, Place
from domain.findings.matching import BY_A_PERSON, Contracts, Match, Proposal, plain
from domain.findings.one_contract import Checked, audit_contract
from domain.findings.papers import duplicates, net_of
from domain.invoices import Direction, Invoice, InvoiceProblem
from domain.money import Money

_DEFAULT = Policy()
_EARLIEST = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Audit:
    """Hold what a check found; `problems` are contracts and invoices that could not be checked.

    `lines` are those of all checked contracts, as they were understood.
    """

    findings: tuple[Finding, ...] = ()
    lines: tuple[BilledLine, ...] = ()
    checked: frozenset[str] = frozenset()
    matches: tuple[Match, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    problems: tuple[InvoiceProblem, ...] = ()


def audit(
    contracts: Sequence[BilledContract],
    invoices: Sequence[Invoice],
    *,
    today: date,
    policy: Policy = _DEFAULT,
    remembered: Mapping[str, str] | None = None,
    since: date | None = None,
) -> Audit:
    """Check every invoice; a person's matches are `remembered` by `memory_key`.

    What was to be billed before `since`, by default the day of the first invoice, is not missed.
    """
    known, papers = Contracts(contracts, remembered), counted(invoices)
    found = {id(invoice): known.match(invoice) for invoice in papers}
    matches = [match for match in found.values() if match is not None]
    unmatched = [invoice for invoice in papers if found[id(invoice)] is None]
    later = duplicates(papers)
    findings = _unmatched(unmatched, later)
    results: list[Checked] = []
    problems = list(_same_numbers(contracts))
    own: defaultdict[str, list[Invoice]] = defaultdict(list)
    for invoice in papers:
        match = found[id(invoice)]
        if match is not None:
            own[match.contract].append(invoice)
    begin = since or min((invoice.issued for invoice in papers), default=_EARLIEST)
    for contract in contracts:
        try:
            results.append(
                audit_contract(contract, own[contract.id], today=today, policy=policy, since=begin, later=later)
            )
        except (ValueError, OverflowError) as error:
            problems.append(_unpriced(contract, error))
    problems += [problem for one in results for problem in one.problems]
    proposals = tuple(one for invoice in unmatched for one in known.propose(invoice))
    sure = {match.place for match in matches if match.by == BY_A_PERSON}
    findings += [finding for one in results for finding in one.findings if not _is_settled(finding, sure)]
    ordered = sorted({one.fingerprint: one for one in findings}.values(), key=_order)
    lines = tuple(line for one in results for line in one.lines)
    checked = frozenset(one.contract for one in results)
    return Audit(tuple(ordered), lines, checked, tuple(matches), proposals, tuple(problems))


def _is_settled(finding: Finding, sure: set[Place]) -> bool:
    """Tell whether a person said whose invoice it is, so that another name on it is no news."""
    return finding.code is Code.ENTITY and finding.place in sure


def _unmatched(unmatched: Sequence[Invoice], later: Mapping[int, Invoice]) -> list[Finding]:
    findings: list[Finding] = []
    for invoice in unmatched:
        if id(invoice) not in later:
            findings += [*self_check(invoice), _no_contract(invoice)]
    return findings


def _no_contract(invoice: Invoice) -> Finding:
    named = invoice.contract_number or invoice.purchase_order
    words = f"no contract in our books is {named}" if named else "the invoice names no contract and no order"
    return Finding(
        Code.NO_CONTRACT, invoice.direction, "", f"{words}, and its sender leads to none", place=place_of(invoice),
        expected=Money(Decimal(0), invoice.currency), billed=net_of(invoice), action=Action.MATCH,
    )  # fmt: skip


def _same_numbers(contracts: Sequence[BilledContract]) -> Iterator[InvoiceProblem]:
    seen: dict[tuple[Direction, str], BilledContract] = {}
    for contract in contracts:
        key = (contract.direction, plain(contract.number))
        first = seen.setdefault(key, contract)
        if first is not contract and key[1] and _overlap(first, contract):
            yield InvoiceProblem(
                f"contract {contract.id}", f"contract {first.id} has the number {contract.number} too",
                "give one of them another number, or end one before the other begins",
            )  # fmt: skip


def _overlap(one: BilledContract, other: BilledContract) -> bool:
    def ends(contract: BilledContract) -> date:
        return contract.agreement.last or date.max

    return one.agreement.first <= ends(other) and other.agreement.first <= ends(one)


def _unpriced(contract: BilledContract, error: Exception) -> InvoiceProblem:
    return InvoiceProblem(
        f"contract {contract.number or contract.id}", f"its prices cannot be computed: {error}",
        "complete the terms of the contract; its invoices were not checked",
    )  # fmt: skip


def _order(finding: Finding) -> tuple[str, str, str, str, str]:
    place = finding.place
    return (
        finding.contract, str(place.issued if place else finding.first or ""), place.number if place else "",
        place.line if place else "", finding.code,
    )  # fmt: skip
