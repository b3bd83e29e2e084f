"""Faults of time: never, too early, too late, too long, too short."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random

from bench.world.deal import POLICY, Deal, Row
from bench.world.extra_papers import any_row, extra, is_fixed, later
from bench.world.papers import clean, credited, written
from bench.world.truth import Case, Truth, case, swapped
from domain.findings.finding import Code
from domain.invoices import Invoice
from domain.minor_units import from_minor, to_minor
from domain.pricing.billing_periods import Span
from domain.pricing.proration import apportion

_DAY = timedelta(days=1)


def after_the_term(chance: Random, deal: Deal) -> Case | None:
    """Plant a period after the last day of the term, or before its first."""
    row, last = any_row(chance, deal, fixed=True), deal.terms.last
    if row is None or last is None:
        return None
    after = chance.random() < 0.5 and deal.today > last + _DAY
    first = last + _DAY if after else deal.terms.first - timedelta(days=30)
    issued = deal.today if after else row.issued
    paper = extra(deal, row, "E-1", first, first + timedelta(days=26), row.amount)
    paper = later(paper, (issued - paper.issued).days, "E-1")
    truth = Truth(Code.EXPIRED, deal.contract.id, "E-1", frozenset({"1"}), row.product, deal.minor(0), row.amount)
    return case(deal, Code.EXPIRED, "after" if after else "before", [*clean(deal), paper], truth)


def days_again(chance: Random, deal: Deal) -> Case | None:
    """Plant a line whose days were billed already, as parts of two periods or of one."""
    pairs = [(a, b) for a, b in pairwise(deal.single) if _follow(a, b)]
    if not pairs:
        return None
    one, other = chance.choice(pairs)
    middle = one.expected.period_first + (one.expected.period_last - one.expected.period_first) // 2
    across = chance.random() < 0.5
    last = other.expected.period_first + (middle - one.expected.period_first) if across else middle
    last = min(last, other.expected.period_last - _DAY)
    amount = from_minor(to_minor(one.amount) * 11 // 20, one.amount.currency)
    if not amount.amount or middle <= one.expected.period_first or middle >= one.expected.period_last:
        return None
    first = middle if across else one.expected.period_first
    paper = extra(deal, other, "O-1", first, last, amount)
    truth = Truth(Code.PERIOD_OVERLAP, deal.contract.id, "O-1", frozenset({"1"}), one.product, deal.minor(0), amount)
    return case(deal, Code.PERIOD_OVERLAP, "two periods" if across else "a part", [*clean(deal), paper], truth)


def never_billed(chance: Random, deal: Deal) -> Case | None:
    """Leave out a line whose time has come."""
    begin = min((row.issued for row in deal.rows), default=deal.today)
    late = deal.today - timedelta(days=POLICY.grace_days + 1)
    rows = [row for row in deal.single if row.issued > begin <= row.expected.bill_on <= late]
    if not rows:
        return None
    row = chance.choice(rows)
    code = Code.PERIOD_GAP if deal.payable else Code.AR_MISSING
    truth = Truth(code, deal.contract.id, "", frozenset(), row.product, row.amount, deal.minor(0))
    rest = swapped(deal.rows, row)
    if all(begin != one.issued for one in rest):
        return None
    return case(deal, code, "left out", written(deal, rest), truth)


def longer_periods(chance: Random, deal: Deal) -> Case | None:
    """Bill two or three periods at once, each at its right price."""
    runs = [run for count in (2, 3) for run in _runs(deal, count)]
    if not runs:
        return None
    run = chance.choice(runs)
    total = sum((row.amount for row in run[1:]), run[0].amount)
    rest = [row for row in deal.rows if all(row is not one for one in run)]
    first, last = run[0].expected.period_first, run[-1].expected.period_last
    paper = _with_credits(deal, rest, extra(deal, run[0], "L-1", first, last, total))
    truth = Truth(Code.FREQUENCY, deal.contract.id, "L-1", frozenset({"1"}), run[0].product, total, total)
    return case(deal, Code.FREQUENCY, "longer", [*written(deal, rest), paper], truth)


def _with_credits(deal: Deal, rest: Sequence[Row], paper: Invoice) -> Invoice:
    """Show on a paper the credits that are due when no other paper is left for them."""
    for due in deal.contract.credits:
        if not any(row.issued >= due.on for row in rest):
            paper = credited(deal, [paper], due)[0]
    return paper


def shorter_periods(chance: Random, deal: Deal) -> Case | None:
    """Bill one period in three parts of its days, which add up to its right price."""
    rows = [row for row in deal.single if is_fixed(row) and row.expected.slot.days >= 80 and not _alone(deal, row)]
    if not rows:
        return None
    row = chance.choice(rows)
    days = _thirds(row.expected.slot)
    minors = apportion(to_minor(row.amount), [Fraction(one.days) for one in days])
    papers = [
        extra(deal, row, f"M-{number}", span.start, span.end - _DAY, from_minor(minor, row.amount.currency))
        for number, (span, minor) in enumerate(zip(days, minors, strict=True), 1)
    ]
    truth = Truth(
        Code.FREQUENCY, deal.contract.id, "M-1", frozenset(), row.product, row.amount, row.amount,
        papers=frozenset({"M-2", "M-3"}),
    )  # fmt: skip
    rest = swapped(deal.rows, row)
    return case(deal, Code.FREQUENCY, "shorter", [*written(deal, rest), *papers], truth)


def _alone(deal: Deal, row: Row) -> bool:
    """Tell whether a credit that is due would lose its paper with the row."""
    beside = [one for one in deal.rows if one is not row and one.expected.bill_on == row.expected.bill_on]
    return bool(deal.contract.credits) and not beside


def _follow(one: Row, other: Row) -> bool:
    return (
        is_fixed(one)
        and one.product == other.product
        and one.expected.period_last + _DAY == other.expected.period_first
        and one.expected.slot.days >= 7
        and other.expected.slot.days >= 7
    )


def _runs(deal: Deal, count: int) -> Sequence[Sequence[Row]]:
    products = dict.fromkeys(row.product for row in deal.single if is_fixed(row))
    found = []
    for product in products:
        own = [row for row in deal.single if row.product == product]
        for index in range(len(own) - count + 1):
            run = own[index : index + count]
            if all(_follow(a, b) for a, b in pairwise(run)):
                found.append(run)
    return found


def _thirds(slot: Span) -> list[Span]:
    step = timedelta(days=slot.days // 3)
    one, two = slot.start + step, slot.start + step * 2
    return [Span(slot.start, one), Span(one, two), Span(two, slot.end)]
