"""The check of one contract: its papers in turn, then what was billed against what was to be billed.

Precedence: a paper that came before, then its own arithmetic, then currency, then the term, then prices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.findings.allowances import net_lines
from domain.findings.arithmetic import self_check
from domain.findings.billed import BilledLine, Role
from domain.findings.charges import Filled, due_credits, missing, once, others, true_ups, unused
from domain.findings.contract import BilledContract, Policy
from domain.findings.drift import drift
from domain.findings.finding import Code, Finding
from domain.findings.inferring import inferred
from domain.findings.looks import Look
from domain.findings.pairing import Fit, Pair, pairs
from domain.findings.papers import duplicate, duplicates, foreign, paper_findings
from domain.findings.prices import Small, judged
from domain.findings.rise_prices import Billed
from domain.findings.rises_at_will import with_rises_taken
from domain.findings.slots import Slot, overlapping, slots_of
from domain.findings.usage import dated, used
from domain.findings.withdrawn import withdrawn
from domain.invoices import Invoice, InvoiceProblem
from domain.pricing.agreement import ExpectedKind


@dataclass(frozen=True, slots=True)
class Checked:
    """Hold what a check of one contract found, its lines as they were understood, and what could not be checked."""

    contract: str
    findings: tuple[Finding, ...]
    lines: tuple[BilledLine, ...]
    problems: tuple[InvoiceProblem, ...] = ()


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
    disputed = [one for one in fresh if _is_foreign(contract, one)]
    look = _look(contract, fresh, policy, today)
    findings = [duplicate(look, one, later[id(one)]) for one in invoices if id(one) in later]
    findings += [finding for one in fresh if (finding := foreign(look, one)) is not None]
    for invoice in fresh:
        findings += self_check(invoice, contract.id)
        findings += paper_findings(look, invoice)
    checked = _checked(look)
    findings += _unexplained(checked.findings, findings)
    findings += drift(look, (one for one in checked.findings if isinstance(one, Small)))
    findings += [*others(look), *due_credits(look, net_lines(contract, disputed)), *unused(look)]
    strange = frozenset(slot for one in disputed for slot in _touched(look, one))
    findings += missing(look, checked.slots | strange, max(since, contract.agreement.first))
    gone = net_lines(contract, [one for one in invoices if id(one) in nothing and not _is_foreign(contract, one)])
    return Checked(contract.id, tuple(findings), (*look.lines, *gone), tuple(_unpublished(look)))


def _look(contract: BilledContract, invoices: Sequence[Invoice], policy: Policy, today: date) -> Look:
    """Look at the lines in the agreed currency; units have none, so those of every paper are what was used."""
    every = list(dated(contract, net_lines(contract, invoices)))
    usage = used(contract, every)
    lines = [line for line in every if not _is_foreign(contract, line.invoice)]
    ends = [line.days.end for line in lines if line.days] + [invoice.issued for invoice in invoices]
    through = max([today, *ends]) + timedelta(days=policy.grace_days)
    slots, until = slots_of(contract, usage, through=through, known_at=today)
    billed = tuple(inferred(lines, slots))
    risen = with_rises_taken(contract, Billed(slots, billed, usage, today))
    if risen is not contract:
        contract, (slots, until) = risen, slots_of(risen, usage, through=through, known_at=today)
    known = billed if until >= through else tuple(_judged(billed, slots, until))
    return Look(contract, policy, today, slots, known, usage, until)


def _judged(lines: Iterable[BilledLine], slots: Sequence[Slot], until: date) -> Iterator[BilledLine]:
    """Yield the lines that can be judged: those until that day, and those of later papers about days that are known."""
    for line in lines:
        own = [slot for slot in slots if slot.product == line.product]
        if line.invoice.issued <= until or (line.days is not None and overlapping(own, line.days)):
            yield line


def _unpublished(look: Look) -> Iterator[InvoiceProblem]:
    """Say from which day on a contract cannot be priced, once that day has come."""
    if look.until < look.today:
        yield InvoiceProblem(
            f"contract {look.contract.number or look.contract.id}",
            f"its prices after {look.until} cannot be computed: an index they follow has no value yet",
            "add the published value to the index file; what was billed until that day was checked",
        )


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


def _unexplained(found: Iterable[Finding | Small], before: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings about amounts, without those of lines whose own arithmetic is wrong already."""
    wrong = {one.place for one in before if one.code is Code.ARITHMETIC}
    for one in found:
        if isinstance(one, Finding) and one.place not in wrong:
            yield one


def _is_foreign(contract: BilledContract, invoice: Invoice) -> bool:
    agreed = contract.agreement.currency
    return invoice.currency != agreed or any(line.amount.currency != agreed for line in invoice.lines)


def _touched(look: Look, invoice: Invoice) -> Iterator[Slot]:
    """Yield the slots that a paper in another currency may be about: its correction fills them."""
    for line in net_lines(look.contract, [invoice]):
        if line.role is Role.TRUE_UP:
            true_up = [slot for slot in look.slots if slot.kind is ExpectedKind.TRUE_UP]
            yield from sorted(true_up, key=lambda slot: abs(slot.bill_on - invoice.issued))[:1]
        own = [slot for slot in look.slots if slot.product == line.product]
        yield from overlapping(own, line.days) if line.days else own
