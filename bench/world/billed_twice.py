"""Things billed twice: the same paper, another number, nearly the same amount."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from bench.world.deal import Days, Deal, Row
from bench.world.extra_papers import any_row, extra, later
from bench.world.papers import clean, totalled
from bench.world.truth import Case, Truth, case, number_of
from bench.world.written import line_id
from domain.findings.finding import Code
from domain.invoices import Invoice
from domain.minor_units import from_minor, to_minor


def twice(chance: Random, deal: Deal) -> Case | None:
    """Plant an invoice again, from another source."""
    papers = [one for one in clean(deal) if _plain(one)]
    if not papers:
        return None
    again = replace(chance.choice(papers), source="mail")
    truth = Truth(Code.DUPLICATE, deal.contract.id, again.number)
    return case(deal, Code.DUPLICATE, "the same paper", [*clean(deal), replace(again, id=f"{again.id}-2")], truth)


def renumbered(chance: Random, deal: Deal) -> Case | None:
    """Plant a line again some days later, on an invoice with another number."""
    row = any_row(chance, deal)
    most = 0 if row is None else min((deal.today - row.issued).days, row.expected.slot.days // 3, 40)
    if row is None or most < 1:
        return None
    source = next(one for one in clean(deal) if one.number == number_of(clean(deal), deal, row))
    own = tuple(line for line in source.lines if line.id.rstrip("abd") == line_id(deal, deal.rows, row))
    if source.charges:
        return None
    again = totalled(deal, later(replace(source, lines=own), chance.randint(1, most), f"{source.number}-2"))
    if deal.style.days is Days.NONE and _nearer_to_another(deal, row, again):
        return None
    truth = Truth(
        Code.DUPLICATE, deal.contract.id, again.number, product=row.product, expected=deal.minor(0), billed=row.amount
    )
    return case(deal, Code.DUPLICATE, "another number", [*clean(deal), again], truth)


def nearly_twice(chance: Random, deal: Deal) -> Case | None:
    """Plant a line again under another number, with nearly its amount."""
    row = any_row(chance, deal)
    if row is None or (deal.today - row.issued).days < 2:
        return None
    share = Fraction(chance.choice((985, 990, 995, 1005, 1010)), 1000)
    amount = from_minor(int(to_minor(row.amount) * share), row.amount.currency)
    if amount == row.amount:
        return None
    paper = extra(deal, row, "N-1", row.expected.period_first, row.expected.period_last, row.amount)
    line = replace(paper.lines[0], amount=amount, unit_price=None)
    paper = totalled(deal, later(replace(paper, lines=(line,)), 2, "N-1"))
    truth = Truth(Code.DUPLICATE, deal.contract.id, "N-1", frozenset({line.id, ""}))
    return replace(case(deal, Code.DUPLICATE, "nearly", [*clean(deal), paper], truth), key="DUPLICATE, nearly")


def _nearer_to_another(deal: Deal, row: Row, again: Invoice) -> bool:
    """Tell whether a paper without days may as well be the next period's."""
    past = again.issued - row.expected.bill_on
    days = [one.expected.bill_on for one in deal.rows if one.product == row.product]
    return any(day > row.expected.bill_on and day - again.issued <= past for day in days)


def _plain(paper: Invoice) -> bool:
    """Tell whether a paper is no part of a mistake that was made good."""
    return not paper.corrects and not paper.number.endswith("-X")
