"""Faults of what is due once or on conditions: set-up fees, minimums, credits, rebates, units nobody uses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from bench.world.deal import Deal, Row
from bench.world.papers import clean, totalled, written
from bench.world.rates import SETUP, clause
from bench.world.truth import Case, Truth, case, number_of, on_row, swapped
from domain.findings.contract import CreditKind, DueCredit
from domain.findings.finding import Code
from domain.invoices import Invoice, InvoiceKind, InvoiceLine
from domain.money import Money
from domain.pricing.agreement import ExpectedKind, Usage

_DAY = timedelta(days=1)


def set_up_again(chance: Random, deal: Deal) -> Case | None:
    """Plant a one-time fee on a later invoice."""
    fee = next((row for row in deal.rows if row.product == SETUP), None)
    if fee is None:
        return None
    papers = [one for one in clean(deal) if _takes_more(deal, one) and one.issued > fee.issued]
    if not papers:
        return None
    paper = chance.choice(papers)
    line = InvoiceLine("U", SETUP, fee.amount, Decimal(1), tax_rate=deal.contract.tax_rate)
    again = totalled(deal, replace(paper, lines=(*paper.lines, line)))
    truth = Truth(Code.SETUP_REPEAT, deal.contract.id, paper.number, frozenset({"U"}), SETUP, deal.minor(0), fee.amount)
    rest = [one for one in clean(deal) if one.id != paper.id]
    return case(deal, Code.SETUP_REPEAT, "on a later invoice", [*rest, again], truth)


def _takes_more(deal: Deal, paper: Invoice) -> bool:
    """Tell whether a line more changes nothing else of a paper: no discount on it, and no mistake made good."""
    return paper.issued != deal.mistaken and not (paper.charges or paper.corrects or paper.number.endswith("-X"))


def whole_minimum(chance: Random, deal: Deal) -> Case | None:
    """Bill a whole minimum beside the spending that fills a part of it."""
    rows = [row for row in _filled(deal) if _spent(row).amount > 0]
    if not rows:
        return None
    row = chance.choice(rows)
    new = replace(row, amount=row.amount + _spent(row))
    if not deal.visible(new.amount, row.amount):
        return None
    papers, truth = on_row(deal, swapped(deal.rows, row, new), new, Code.COMMIT_DOUBLE, was=row.amount)
    return case(deal, Code.COMMIT_DOUBLE, "in full", papers, replace(truth, product=""))


def minimum_twice(chance: Random, deal: Deal) -> Case | None:
    """Bill what was missing to a minimum a second time, some days later."""
    rows = [row for row in _filled(deal) if row.issued + 20 * _DAY <= deal.today]
    if not rows:
        return None
    row = chance.choice(rows)
    paper = next(one for one in clean(deal) if one.number == number_of(clean(deal), deal, row))
    line = InvoiceLine(
        "1", "True-up of the minimum commitment", row.amount, Decimal(1), tax_rate=deal.contract.tax_rate,
        period_first=row.expected.period_first, period_last=row.expected.period_last,
    )  # fmt: skip
    again = replace(
        paper, id="T-2", number="T-2", lines=(line,), charges=(), issued=row.issued + 20 * _DAY,
        due=paper.due + 20 * _DAY if paper.due else None, period_first=None, period_last=None,
    )  # fmt: skip
    truth = Truth(
        Code.COMMIT_DOUBLE, deal.contract.id, "T-2", expected=deal.minor(0), billed=row.amount,
        also=frozenset({Code.DUPLICATE}),
    )  # fmt: skip
    return case(deal, Code.COMMIT_DOUBLE, "twice", [*clean(deal), totalled(deal, again)], truth)


def minimum_early(chance: Random, deal: Deal) -> Case | None:
    """Bill what is missing to a minimum before its period has ended."""
    rows = [row for row in _filled(deal) if row.expected.slot.days > 60]
    if not rows:
        return None
    row = chance.choice(rows)
    issued = row.expected.period_last - timedelta(days=chance.randint(20, 45))
    if any(one.issued == issued for one in deal.rows):
        return None
    new = replace(row, issued=issued)
    papers, truth = on_row(deal, swapped(deal.rows, row, new), new, Code.TRUEUP_EARLY, was=row.amount)
    papers = [
        replace(one, lines=tuple(_dated(line, row) for line in one.lines)) if one.number == truth.number else one
        for one in papers
    ]
    return case(deal, Code.TRUEUP_EARLY, "before the end", papers, replace(truth, product="", expected=None))


def credit_forgotten(chance: Random, deal: Deal) -> Case | None:
    """Leave out a credit that is due, or give only half of it."""
    due = next(iter(deal.contract.credits), None)
    if due is None or all(line.id != "C" for one in clean(deal) for line in one.lines):
        return None
    half = Money((due.amount.amount / 2).quantize(deal.minor(1).amount), due.amount.currency)
    given = chance.choice((deal.minor(0), half))
    if not deal.visible(due.amount, given):
        return None
    shown = replace(
        deal, contract=replace(deal.contract, credits=(replace(due, amount=given),) if given.amount else ())
    )
    truth = Truth(Code.CREDIT_MISSING, deal.contract.id, _first_after(deal, due), frozenset(), "", given, due.amount)
    way = "in part" if given.amount else "left out"
    return case(deal, Code.CREDIT_MISSING, way, written(shown, deal.rows), truth)


def rebate_unclaimed(chance: Random, deal: Deal) -> Case | None:
    """Leave a rebate that was earned unclaimed; too late, there is nothing to be said."""
    if not deal.rows:
        return None
    open_ = chance.random() < 0.7
    due = DueCredit(
        CreditKind.REBATE, deal.minor(2500), deal.today - 20 * _DAY, "the volume of last year", claimed=False,
        claim_by=deal.today + (15 if open_ else -1) * _DAY, citation=clause(10, "rebates"),
    )  # fmt: skip
    contract = replace(deal.contract, credits=(*deal.contract.credits, due))
    truth = Truth(Code.REBATE_UNCLAIMED, contract.id, expected=deal.minor(0), billed=due.amount)
    truths = (truth,) if open_ else ()
    return case(deal, Code.REBATE_UNCLAIMED, "open" if open_ else "lapsed", clean(deal), *truths, contract=contract)


def idle_units(chance: Random, deal: Deal) -> Case | None:
    """Report less use of fixed units than is paid for."""
    counted = [row for row in deal.single if row.expected.kind is ExpectedKind.RECURRING and row.quantity > 6]
    rows = [row for row in counted if row.expected.slot.end < deal.today and _has_fixed_units(deal, row)]
    if not rows:
        return None
    row = chance.choice(rows)
    used = Usage(row.product, row.expected.period_first, Decimal(int(row.quantity / 2)))
    contract = replace(deal.contract, usage=(*deal.contract.usage, used))
    truth = Truth(Code.QTY_UNUSED, contract.id, product=row.product)
    return case(deal, Code.QTY_UNUSED, "half of them", clean(deal), truth, contract=contract)


def _filled(deal: Deal) -> list[Row]:
    rows = [row for row in deal.rows if row.expected.kind is ExpectedKind.TRUE_UP and row.issued != deal.mistaken]
    return rows if deal.contract.usage else []


def _spent(row: Row) -> Money:
    return Money.parse(dict(row.expected.explanation.numbers)["spent"])


def _dated(line: InvoiceLine, row: Row) -> InvoiceLine:
    true_up = line.description.startswith("True-up")
    days = (row.expected.period_first, row.expected.period_last)
    return replace(line, period_first=days[0], period_last=days[1]) if true_up else line


def _has_fixed_units(deal: Deal, row: Row) -> bool:
    price = deal.price(row)
    return price is not None and price.quantity is not None


def _first_after(deal: Deal, due: DueCredit) -> str:
    later = (one for one in clean(deal) if one.issued >= due.on and one.kind is InvoiceKind.INVOICE)
    return min(later, key=lambda one: (one.issued, one.number)).number
