"""The lines of an invoice: cut in two, with or without days and units, discounts within or beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from bench.world.deal import Days, Deal, Off, Row
from domain.currencies import digits_of
from domain.invoices import InvoiceLine
from domain.minor_units import Rounding, payable, rounded
from domain.money import Money
from domain.pricing.agreement import ExpectedKind
from domain.pricing.billing_periods import Timing, billing_periods
from domain.pricing.tariffs import Model

_COUNTED = frozenset({Model.PER_UNIT, Model.GRADUATED, Model.VOLUME, Model.PACKAGE, Model.PERCENTAGE})


def lines_of(deal: Deal, rows: Sequence[Row], *, document: bool) -> Iterator[InvoiceLine]:
    """Yield the lines of one invoice; with `document` its discounts stand on the document."""
    for number, row in enumerate(rows, 1):
        apart = shown_apart(deal, row) and (document or deal.style.off is Off.LINE)
        whole = _line(deal, row, str(number), row.gross if apart and row.gross else row.amount)
        yield from _halves(whole) if deal.style.halved and _divides(whole) else (whole,)
        if apart and not document and row.gross and row.gross != row.amount:
            words = f"Discount {row.product}"
            yield replace(
                whole, id=f"{number}d", description=words, amount=row.amount - row.gross, quantity=None, unit_price=None
            )


def shown_apart(deal: Deal, row: Row) -> bool:
    """Tell whether a row's discounts may stand beside its amount."""
    return row.gross is not None and deal.style.off is not Off.WITHIN


def line_id(deal: Deal, rows: Sequence[Row], row: Row) -> str:
    """Return the number that a row's line has on its invoice."""
    same = [one for one in rows if one.issued == row.issued and (deal.style.together or one.product == row.product)]
    return str(1 + next(index for index, one in enumerate(same) if one is row))


def unambiguous(deal: Deal, row: Row) -> bool:
    """Tell whether a reader knows the days of service from the day of the invoice."""
    if row.expected.kind is ExpectedKind.ONCE:
        return True
    own = [one for one in deal.rows if one.product == row.product]
    alone = sum(one.expected.slot == row.expected.slot for one in own) == 1
    return alone and not _begun_between(deal, row) and row.expected.period_first == row.expected.slot.start


def _begun_between(deal: Deal, row: Row) -> bool:
    """Tell whether another period was to be billed between the row's day of billing and its invoice."""
    timing = Timing.ARREARS if row.expected.kind is ExpectedKind.USAGE else deal.terms.schedule.timing
    schedule = replace(deal.terms.schedule, timing=timing)
    periods = billing_periods(schedule, deal.terms.first, deal.terms.end, through=row.issued)
    return any(row.expected.bill_on < one.bill_on for one in periods)


def _line(deal: Deal, row: Row, number: str, money: Money) -> InvoiceLine:
    silent = deal.style.days is Days.NONE and unambiguous(deal, row)
    first, last = row.expected.period_first, row.expected.period_last
    true_up = row.expected.kind is ExpectedKind.TRUE_UP
    return InvoiceLine(
        number, "True-up of the minimum commitment" if true_up else _words(deal, row), money,
        quantity=row.quantity if deal.model(row) in _COUNTED and not true_up else Decimal(1),
        unit_price=_unit_price(deal, row, Fraction(money.amount)), tax_rate=deal.contract.tax_rate,
        period_first=None if silent else first, period_last=None if silent else last,
    )  # fmt: skip


def _words(deal: Deal, row: Row) -> str:
    return row.product if deal.style.together else f"{row.product} (subscription)"


def _unit_price(deal: Deal, row: Row, amount: Fraction) -> Decimal | None:
    """Return the price of a unit as printed: rounded to the currency's decimals and two more."""
    if not deal.style.units or deal.model(row) is not Model.PER_UNIT or row.expected.kind is ExpectedKind.TRUE_UP:
        return None
    digits = digits_of(deal.terms.currency) + 2
    return rounded(amount / Fraction(row.quantity), digits, Rounding.HALF_UP)


def _divides(line: InvoiceLine) -> bool:
    return line.quantity is not None and line.quantity >= 2 and line.unit_price is not None


def _halves(line: InvoiceLine) -> Iterator[InvoiceLine]:
    """Yield two lines whose units and amounts add up to one."""
    units = line.quantity or Decimal(2)
    part = units // 3 or Decimal(1)
    share = Fraction(line.amount.amount) * Fraction(part) / Fraction(units)
    amount = payable(share, line.amount.currency, Rounding.HALF_UP)
    yield replace(line, id=f"{line.id}a", quantity=part, amount=amount)
    yield replace(line, id=f"{line.id}b", quantity=units - part, amount=line.amount - amount)
