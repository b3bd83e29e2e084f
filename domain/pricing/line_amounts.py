"""One part of a billing period as an exact amount: rise, charge, discount, prorate; rounded by whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial

from domain.currencies import digits_of
from domain.minor_units import rounded
from domain.periods import Period
from domain.pricing.agreement import Agreement, ExpectedKind, Explanation, RoundedPer
from domain.pricing.billing_periods import Span
from domain.pricing.discounts import Discount, Discounted, discounted, per_unit
from domain.pricing.escalation import Rise, described, risen, rises
from domain.pricing.parts import Part
from domain.pricing.proration import shown_share
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Charge, Model, Tariff, charge, repriced, shown
from domain.terms import Citation

_SINGLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold a line whose amount is still exact."""

    kind: ExpectedKind
    product: str
    days: Span
    bill_on: date
    quantity: Decimal
    exact: Fraction
    explanation: Explanation
    slot: Span


@dataclass(frozen=True, slots=True)
class Metered:
    """Hold the usage of a part: its own, what came before in the period, and that of the whole period."""

    quantity: Decimal
    before: Decimal
    total: Decimal


def fixed(agreement: Agreement, kind: ExpectedKind, part: Part, *, known_at: date) -> Draft:
    """Return what the contract fixes for a part. Raises like `expected_lines`."""
    priced = _price(agreement, part, known_at)
    held = _held(agreement, part, priced)
    share = _shown(agreement, part)
    steps = [*_times(held.factor), *held.net.steps, *([] if part.portion == 1 else [f"× {share}"])]
    exact = held.net.amount * part.portion
    explanation = _explained(held.gross.formula, steps, held.quantity, priced, exact)
    return _draft(kind, part, held.quantity, exact, explanation)


def fixed_amount(agreement: Agreement, part: Part, *, known_at: date) -> Fraction:
    """Return what `fixed` gives for a part, without its explanation. Raises like `expected_lines`."""
    return _held(agreement, part, _price(agreement, part, known_at)).net.amount * part.portion


def metered(agreement: Agreement, part: Part, used: Metered, *, known_at: date) -> Draft:
    """Return what usage costs in a part; the days divide only amounts off the period. Raises like `expected_lines`."""
    priced = _price(agreement, part, known_at)
    gross, net = _used(agreement, part, priced, used)
    explanation = _explained(gross.formula, net.steps, used.quantity, priced, net.amount)
    if used.before:
        explanation = Explanation(
            explanation.formula, (*explanation.numbers, ("units before", str(used.before))), explanation.clauses
        )
    return _draft(ExpectedKind.USAGE, part, used.quantity, net.amount, explanation)


def usage_curve(agreement: Agreement, part: Part, *, known_at: date) -> Callable[[Decimal], Fraction]:
    """Return what any quantity costs that is all of its period's usage, like `metered` and without its explanation."""
    priced = _price(agreement, part, known_at)

    def exact(quantity: Decimal) -> Fraction:
        return _used(agreement, part, priced, Metered(quantity, Decimal(0), quantity))[1].amount

    return exact


def time_factor(every: Period, per: Period) -> Fraction:
    """Return how often the time of a price fits a billing period. Raises `ValueError` for months against days."""
    if every.months is not None and per.months is not None:
        return Fraction(every.months, per.months)
    if every.unit is per.unit:
        return Fraction(every.count, per.count)
    message = f"a price per {per.display()} does not divide into billing periods of {every.display()}"
    raise ValueError(message)


@dataclass(frozen=True, slots=True)
class _Priced:
    tariff: Tariff
    left: Sequence[Discount]
    rises: tuple[Rise, ...]
    clauses: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    quantity: Decimal
    gross: Charge
    factor: Fraction
    net: Discounted


def _held(agreement: Agreement, part: Part, priced: _Priced) -> _Held:
    """Price the quantity that the contract fixes for a whole period."""
    line = part.line
    quantity = Decimal(1) if line.quantity is None else line.quantity
    gross = charge(priced.tariff, quantity)
    factor = time_factor(agreement.schedule.every, line.per) if line.per else _SINGLE
    return _Held(quantity, gross, factor, discounted(gross.amount * factor, priced.left, agreement.currency))


def _used(agreement: Agreement, part: Part, priced: _Priced, used: Metered) -> tuple[Charge, Discounted]:
    gross = charge(priced.tariff, used.quantity, before=used.before, total=used.total)
    return gross, discounted(gross.amount, priced.left, agreement.currency, portion=part.portion)


def _price(agreement: Agreement, part: Part, known_at: date) -> _Priced:
    line, day = part.line, part.days.start
    own = [one for one in agreement.discounts if one.covers(line.product, day)]
    found = _rises(agreement, line, day, known_at)
    tariff, left = _unit_prices(agreement, _escalated(agreement, line.tariff, found), own)
    cited = [line.citation, *(one.citation for one in own)]
    if found and agreement.escalation is not None:
        cited.append(agreement.escalation.citation)
    return _Priced(tariff, left, found, tuple(one for one in cited if one is not None))


def _rises(agreement: Agreement, line: PriceLine, day: date, known_at: date) -> tuple[Rise, ...]:
    if agreement.escalation is None or not line.rises or line.tariff.model is Model.PERCENTAGE:
        return ()
    return rises(agreement.escalation, day=day, known_at=known_at, after=line.first, product=line.product)


def _escalated(agreement: Agreement, tariff: Tariff, found: tuple[Rise, ...]) -> Tariff:
    if agreement.escalation is None or not found:
        return tariff
    return repriced(tariff, partial(risen, escalation=agreement.escalation, found=found))


def _unit_prices(agreement: Agreement, tariff: Tariff, own: Sequence[Discount]) -> tuple[Tariff, Sequence[Discount]]:
    """Return the tariff at net unit prices and the discounts left for the line, where units are rounded."""
    if agreement.rounding.per is not RoundedPer.UNIT or tariff.model is Model.PERCENTAGE:
        return tariff, own
    units, left = per_unit(own)
    return repriced(tariff, partial(_net_unit, agreement, units)), left


def _net_unit(agreement: Agreement, units: Sequence[Discount], price: Fraction) -> Fraction:
    net = discounted(price, units, agreement.currency).amount
    return Fraction(rounded(net, digits_of(agreement.currency), agreement.rounding.rounding))


def _shown(agreement: Agreement, part: Part) -> str:
    text = shown_share(
        part.days, part.period.whole, agreement.schedule.every, agreement.convention, zone=agreement.zone
    )
    # The last part of a run takes the rest, which need not be its own count of days.
    return text if Fraction(text) == part.portion else str(part.portion)


def _times(factor: Fraction) -> list[str]:
    return [] if factor == 1 else [f"× {factor}"]


def _explained(gross: str, steps: Sequence[str], quantity: Decimal, priced: _Priced, exact: Fraction) -> Explanation:
    formula = " ".join([f"({gross})" if steps else gross, *steps, "=", shown(exact)])
    raised = tuple(("price rise", text) for text in described(priced.rises))
    return Explanation(formula, (("quantity", str(quantity)), *raised, ("exact", shown(exact))), priced.clauses)


def _draft(kind: ExpectedKind, part: Part, quantity: Decimal, exact: Fraction, explanation: Explanation) -> Draft:
    return Draft(
        kind, part.line.product, part.days, part.period.bill_on, quantity, exact, explanation, part.period.billed
    )
