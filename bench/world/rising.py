"""Rises that a contract allows up to a cap: the seller takes what it likes, and once more than it may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

from bench.world.deal import Deal, Row
from bench.world.other_prices import amount_of
from bench.world.papers import clean
from bench.world.rates import clause
from bench.world.truth import AT_WILL, Case, on_row, swapped
from bench.world.wrong_prices import by_sign, explained
from domain.findings.contract import BilledContract
from domain.findings.finding import Code
from domain.minor_units import Rounding, payable
from domain.money import Money
from domain.periods import Period, Unit
from domain.pricing.escalation import Escalation, Growth, Steps, rise_days

_EVERY = (Period(1, Unit.YEAR), Period(6, Unit.MONTH))
Taken = Mapping[tuple[str, date], Fraction]


def rises_taken(chance: Random, deal: Deal) -> Case | None:
    """Return a contract whose seller raised prices within the cap, on whose invoices nothing is wrong."""
    raised = _raised(chance, deal)
    return (
        None if raised is None else Case(AT_WILL, "rises within a cap", raised, _signed(raised), tuple(clean(raised)))
    )


def above_the_cap(chance: Random, deal: Deal) -> Case | None:
    """Plant one amount after a rise that is more than the cap allows."""
    raised = _raised(chance, deal)
    row = None if raised is None else _drawn(chance, raised.single, raised)
    if raised is None or row is None:
        return None
    rule = _rule(raised)
    most, more = Fraction(rule.cap or 0) / 100, Fraction(chance.randint(20, 90), 1000)
    limit, over = _at(raised, row, most), _at(raised, row, most + more)
    if limit is None or over is None or over.amount <= limit.amount or not raised.visible(over, limit):
        return None
    known = _was_billed(raised, row)
    if not known and any(row.product in one.products for one in raised.terms.commitments):
        return None  # nobody can tell what the year's minimum lacks
    right = row.amount if known else limit
    return _planted(raised, row, over, right, Code.UPLIFT_CAP, "a rise above its cap")


def below_every_rise(chance: Random, deal: Deal) -> Case | None:
    """Plant one amount below the price without its latest rise, where the rise was billed before."""
    raised = _raised(chance, deal)
    seen = () if raised is None else [row for row in raised.single if _was_billed(raised, row)]
    row = None if raised is None else _drawn(chance, seen, raised)
    least = None if raised is None or row is None else _at(raised, row, Fraction(0))
    if raised is None or row is None or least is None:
        return None
    share = Fraction(chance.randint(871, 960), 1000)
    amount = payable(Fraction(least.amount) * share, raised.terms.currency, Rounding.HALF_UP)
    if not raised.visible(amount, least) or explained(raised, row, amount):
        return None
    return _planted(raised, row, amount, row.amount, by_sign(raised, amount, row.amount), "less than before a rise")


def _planted(raised: Deal, row: Row, amount: Money, right: Money, code: Code, way: str) -> Case:
    new = replace(row, amount=amount, gross=None)
    others = explained(raised, row, amount) - {code}
    papers, truth = on_row(raised, swapped(raised.rows, row, new), new, code, *others, was=right)
    # The rates before are read off rounded amounts, so that what is right is known to the cent by nobody.
    truth = replace(truth, expected=None)
    return Case(AT_WILL, way, raised, _signed(raised), tuple(papers), (truth,))


def _raised(chance: Random, deal: Deal) -> Deal | None:
    """Return the deal with rises at will, each product with its own rates; `None` where none comes in its days."""
    products = dict.fromkeys(line.product for line in deal.terms.prices if line.rises and not line.once)
    steps = chance.choice(tuple(Steps))
    rule = Escalation(
        deal.terms.first, cap=Decimal(chance.choice((3, 5, 8))), every=chance.choice(_EVERY),
        growth=chance.choice(tuple(Growth)), steps=steps, digits=chance.choice((None, 4)),
        # A price rounded at every rise may pass a cap of all of them by its own rounding.
        total_cap=chance.choice((None, None, Decimal(9))) if steps is Steps.FROM_BASE else None,
        citation=clause(7, "prices may rise by up to"),
    )  # fmt: skip
    days = rise_days(rule, through=min(deal.today, deal.terms.last or deal.today))
    rates = range(0, int(rule.cap or 0) * 10 + 1, 5)
    taken = {(product, day): Fraction(chance.choice(rates), 1000) for product in products for day in days}
    if not taken:
        return None
    terms = replace(deal.terms, escalation=replace(rule, taken=taken))
    return replace(deal, contract=replace(deal.contract, agreement=terms))


def _signed(raised: Deal) -> BilledContract:
    """Return the contract as it was signed: nobody tells us which rises the seller took."""
    bare = replace(raised.terms, escalation=replace(_rule(raised), taken={}))
    return replace(raised.contract, agreement=bare)


def _drawn(chance: Random, rows: Sequence[Row], raised: Deal) -> Row | None:
    """Draw a row of a product that has risen before the first day of the row's period."""
    after = [row for row in rows if (price := raised.price(row)) and price.rises and _latest(raised, row) > price.first]
    return chance.choice(after) if after else None


def _was_billed(raised: Deal, row: Row) -> bool:
    """Tell whether the same price, with its latest rise, was billed for an earlier period."""
    first = row.expected.period_first
    return any(
        other.product == row.product
        and _latest(raised, row) <= other.expected.period_first < first
        and raised.price(other) == raised.price(row)
        for other in raised.running
    )


def _at(raised: Deal, row: Row, rate: Fraction) -> Money | None:
    """Return what a row costs where its latest rise had another rate."""
    rule = _rule(raised)
    taken: Taken = {**rule.taken, (row.product, _latest(raised, row)): rate}
    cap = max(rule.cap or Decimal(0), Decimal(1000))
    return amount_of(raised, row, replace(raised.terms, escalation=replace(rule, taken=taken, cap=cap)))


def _latest(raised: Deal, row: Row) -> date:
    days = rise_days(_rule(raised), through=row.expected.period_first)
    return days[-1] if days else date.min


def _rule(raised: Deal) -> Escalation:
    if raised.terms.escalation is None:
        raise ValueError("a deal with rises at will has an escalation")
    return raised.terms.escalation
