"""The whole check: invoices against themselves, then against their contracts; one cause, one finding.

Precedence: a paper that came before, then its own arithmetic, then currency, then the term, then prices.
Pure: the same papers give the same findings in any order, every night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.findings.allowances import net_lines
from domain.findings.arithmetic import place_of, self_check
from domain.findings.billed import BilledLine, Role, counted
from domain.findings.charges import Filled, due_credits, missing, once, others, true_ups, unused
from domain.findings.contract import BilledContract, Policy
from domain.findings.drift import drift
from domain.findings.finding import Action, Code, Finding, Place
from domain.findings.inferring import inferred
from domain.findings.looks import Look
from domain.findings.matching import BY_A_PERSON, Contracts, Match, Proposal, plain
from domain.findings.pairing import Fit, Pair, pairs
from domain.findings.papers import duplicate, duplicates, foreign, net_of, paper_findings
from domain.findings.prices import Small, judged
from domain.findings.slots import Slot, overlapping, slots_of
from domain.findings.usage import dated, used
from domain.findings.withdrawn import withdrawn
from domain.invoices import Direction, Invoice, InvoiceProblem
from domain.money import Money
from domain.pricing.agreement import ExpectedKind

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


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold what a check of one contract found, and its lines as they were understood."""

    contract: str
    findings: tuple[Finding, ...]
    lines: tuple[BilledLine, ...]


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
    proposals = tuple(one for invoice in unmatched for one in known.propose(invoice))
    sure = {match.place for match in matches if match.by == BY_A_PERSON}
    findings += [finding for one in results for finding in one.findings if not _is_settled(finding, sure)]
    ordered = sorted({one.fingerprint: one for one in findings}.values(), key=_order)
    lines = tuple(line for one in results for line in one.lines)
    checked = frozenset(one.contract for one in results)
    return Audit(tuple(ordered), lines, checked, tuple(matches), proposals, tuple(problems))


def audit_contract(
    contract: BilledContract,
    invoices: Sequence[Invoice],
    *,
    today: date,
    policy: Policy,
    since: date,
    later: Mapping[int, Invoice] | None = None,
) -> Checked:
    """Check one contract and all of its invoices. Raises `ValueError` where the contract cannot be priced."""
    later = duplicates(invoices) if later is None else later
    nothing = withdrawn([invoice for invoice in invoices if id(invoice) not in later])
    fresh = [invoice for invoice in invoices if id(invoice) not in later and id(invoice) not in nothing]
    look = _look(contract, [one for one in fresh if not _is_foreign(contract, one)], policy, today)
    findings = [duplicate(look, one, later[id(one)]) for one in invoices if id(one) in later]
    findings += [finding for one in fresh if (finding := foreign(look, one)) is not None]
    for invoice in fresh:
        findings += self_check(invoice, contract.id)
        findings += paper_findings(look, invoice)
    checked = _checked(look)
    findings += _unexplained(checked.findings, findings)
    findings += drift(look, (one for one in checked.findings if isinstance(one, Small)))
    disputed = [one for one in fresh if _is_foreign(contract, one)]
    findings += [*others(look), *due_credits(look, net_lines(contract, disputed)), *unused(look)]
    strange = frozenset(slot for one in disputed for slot in _touched(look, one))
    findings += missing(look, checked.slots | strange, max(since, contract.agreement.first))
    gone = net_lines(contract, [one for one in invoices if id(one) in nothing and not _is_foreign(contract, one)])
    return Checked(contract.id, tuple(findings), (*look.lines, *gone))


def _look(contract: BilledContract, invoices: Sequence[Invoice], policy: Policy, today: date) -> Look:
    lines = list(dated(contract, net_lines(contract, invoices)))
    usage = used(contract, lines)
    ends = [line.days.end for line in lines if line.days] + [invoice.issued for invoice in invoices]
    through = max([today, *ends]) + timedelta(days=policy.grace_days)
    slots = slots_of(contract, usage, through=through, known_at=today)
    return Look(contract, policy, today, slots, tuple(inferred(lines, slots)), usage)


def _checked(look: Look) -> Filled:
    slots: set[Slot] = set()
    findings: list[Finding | Small] = []
    products: defaultdict[str, list[BilledLine]] = defaultdict(list)
    for line in look.lines:
        if line.role is Role.PRODUCT:
            products[line.product].append(line)
    single = {price.product for price in look.contract.agreement.prices if price.once}
    for product in {**dict.fromkeys(products), **dict.fromkeys(slot.product for slot in look.slots)}:
        if product in single:
            part = once(look, product, products[product])
        else:
            part = _running(look, product, products[product])
        slots |= part.slots
        findings += part.findings
    last = true_ups(look, [line for line in look.lines if line.role is Role.TRUE_UP])
    return Filled(frozenset(slots) | last.slots, (*findings, *last.findings))


def _running(look: Look, product: str, lines: Sequence[BilledLine]) -> Filled:
    running = frozenset({ExpectedKind.RECURRING, ExpectedKind.USAGE})
    slots = [slot for slot in look.slots if slot.product == product and slot.kind in running]
    found = pairs(slots, lines)
    filled = {slot for pair in found if pair.lines and pair.fit is not Fit.AGAIN for slot in pair.slots}
    undated = [line for line in lines if line.days is None and line.amount.amount > 0]
    findings = [one for pair in found for one in judged(look, pair)]
    findings += [one for line in undated for one in judged(look, _nowhere(line))]
    return Filled(frozenset(filled), tuple(findings))


def _nowhere(line: BilledLine) -> Pair:
    return Pair(Fit.OUTSIDE, (), (line,))


def _is_settled(finding: Finding, sure: set[Place]) -> bool:
    """Tell whether a person said whose invoice it is, so that another name on it is no news."""
    return finding.code is Code.ENTITY and finding.place in sure


def _unexplained(found: Iterable[Finding | Small], before: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings about amounts, without those of lines whose own arithmetic is wrong already."""
    wrong = {one.place for one in before if one.code is Code.ARITHMETIC}
    for one in found:
        if isinstance(one, Finding) and one.place not in wrong:
            yield one


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


def _is_foreign(contract: BilledContract, invoice: Invoice) -> bool:
    agreed = contract.agreement.currency
    return invoice.currency != agreed or any(line.amount.currency != agreed for line in invoice.lines)


def _touched(look: Look, invoice: Invoice) -> Iterator[Slot]:
    for line in net_lines(look.contract, [invoice]):
        own = [slot for slot in look.slots if slot.product == line.product]
        yield from overlapping(own, line.days) if line.days else own


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
