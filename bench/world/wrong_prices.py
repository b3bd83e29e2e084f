"""Wrong amounts on single lines: the terms misread, other units, or no reason at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from bench.world.deal import Deal, Row
from bench.world.other_prices import Misread, amount_of, misread, more_units
from bench.world.truth import Case, case, on_row, swapped
from domain.findings.finding import Code
from domain.minor_units import Rounding, payable
from domain.money import Money
from domain.pricing.agreement import ExpectedKind, RoundedPer, Usage

_TRIED = 14


def price_cases(chance: Random, deal: Deal) -> Iterator[Case]:
    """Yield one case for each way in which the terms of this contract can be misread."""
    rows = list(deal.single)
    chance.shuffle(rows)
    seen: set[tuple[Code | None, str]] = set()
    for row in rows[:_TRIED]:
        for one in misread(deal, row):
            amount = None if (one.code, one.way) in seen else amount_of(deal, row, one.terms)
            if amount is not None and deal.visible(amount, row.amount):
                seen.add((one.code, one.way))
                yield _planted(deal, row, one, amount)


def random_price(chance: Random, deal: Deal) -> Case | None:
    """Plant an amount that nothing explains, too high or too low."""
    row = chance.choice(deal.single) if deal.single else None
    if row is None:
        return None
    share = Fraction(chance.choice((*range(871, 990), *range(1011, 1240))), 1000)
    amount = payable(Fraction(row.amount.amount) * share, deal.terms.currency, Rounding.HALF_UP)
    if not deal.visible(amount, row.amount) or explained(deal, row, amount):
        return None
    return _changed(deal, row, amount, by_sign(deal, amount, row.amount), "a price from nowhere")


def wrong_units(chance: Random, deal: Deal) -> Case | None:
    """Plant more units, or fewer, than were agreed or used, and charge for them."""
    rows = [row for row in deal.single if _has_units(deal, row)]
    row = chance.choice(rows) if rows else None
    price = None if row is None else deal.price(row)
    if row is None or price is None:
        return None
    units = Decimal(chance.choice((-3, -2, 2, 5, 11)))
    if price.by_usage:
        told = replace(deal, usage=(*deal.usage, Usage(row.product, row.expected.period_first, units)))
        amount = amount_of(told, row, deal.terms)
    else:
        amount = amount_of(deal, row, more_units(deal, price, units))
    if amount is None or row.quantity + units <= 0 or not deal.visible(amount, row.amount):
        return None
    code = Code.QTY_OVER if units > 0 else by_sign(deal, amount, row.amount)
    return _changed(deal, row, amount, code, "other units", quantity=row.quantity + units)


def explained(deal: Deal, row: Row, amount: Money) -> frozenset[Code]:
    """Return the codes that lead to an amount."""
    found = {
        one.code or by_sign(deal, amount, row.amount)
        for one in misread(deal, row)
        if _equal(deal, amount_of(deal, row, one.terms), amount)
    }
    return frozenset(found)


def _equal(deal: Deal, one: Money | None, other: Money) -> bool:
    """Tell whether two amounts are the same, up to the unit that the other lines of an invoice may have taken."""
    slack = deal.minor(int(deal.terms.rounding.per is RoundedPer.INVOICE)).amount
    return one is not None and abs((one - other).amount) <= slack


def by_sign(deal: Deal, billed: Money, expected: Money) -> Code:
    """Return the code of a difference without a cause."""
    if billed.amount > expected.amount:
        return Code.PRICE_OVER
    return Code.PRICE_UNDER if deal.payable else Code.AR_UNDER


def _has_units(deal: Deal, row: Row) -> bool:
    price = deal.price(row)
    counted = row.expected.kind is not ExpectedKind.USAGE or bool(deal.contract.usage)
    return price is not None and counted and (price.by_usage or price.quantity is not None)


def _planted(deal: Deal, row: Row, one: Misread, amount: Money) -> Case:
    code = one.code or by_sign(deal, amount, row.amount)
    return _changed(deal, row, amount, code, one.way)


def _changed(deal: Deal, row: Row, amount: Money, code: Code, way: str, quantity: Decimal | None = None) -> Case:
    others = explained(deal, row, amount) - {code}
    new = replace(row, amount=amount, quantity=quantity or row.quantity, gross=None)
    papers, truth = on_row(deal, swapped(deal.rows, row, new), new, code, *others, was=row.amount)
    return case(deal, code, way, papers, truth)
