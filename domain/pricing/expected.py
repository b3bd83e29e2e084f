"""The invoices that a contract leads us to expect, each amount with its clause, formula and numbers.

Exact from the list price to the last step: prices rise, quantities are charged, discounts come off, days are
prorated, and then the amount is rounded once, where the contract says. Pure; nothing here knows an invoice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from domain.minor_units import from_minor, payable, to_minor
from domain.pricing.agreement import Agreement, Expected, ExpectedKind, Explanation, RoundedPer, Usage
from domain.pricing.billing_periods import BillingPeriod, Span, Timing, billing_periods
from domain.pricing.commitments import Commitment, TrueUp, true_up
from domain.pricing.line_amounts import Draft, Metered, fixed, metered
from domain.pricing.parts import Part, commitment_periods, parts
from domain.pricing.proration import Convention, apportion, share
from domain.pricing.rate_card import in_force

_ONE_DAY = timedelta(days=1)


def expected_lines(
    agreement: Agreement, usage: Iterable[Usage] = (), *, through: date, known_at: date
) -> tuple[Expected, ...]:
    """Return every line that is billed on or before `through`, by the day of billing.

    Usage is billed after its period, whatever the schedule says of the rest; `unpriced` tells which of it has
    no price. `known_at` is the day whose index values count. Raises `ValueError` where the contract is
    ambiguous or prices stop below a quantity, `IndexMissing` for an index not yet published.
    """
    drafts = [
        *_once(agreement, through, known_at),
        *_recurring(agreement, through, known_at),
        *_metered(agreement, tuple(usage), through, known_at),
    ]
    lines = _settled(agreement, drafts)
    lines += [line for one in agreement.commitments for line in _true_ups(agreement, one, tuple(lines), through)]
    return tuple(sorted(lines, key=lambda line: (line.bill_on, line.product, line.period_first, line.kind)))


def expected_in(
    agreement: Agreement, product: str, slot: Span, usage: Iterable[Usage] = (), *, known_at: date
) -> tuple[Expected, ...]:
    """Return the lines of one product in one billing period, such as its price before and after a rise.

    Nothing where `slot` is no billing period of the agreement. Raises like `expected_lines`.
    """
    arrears = replace(agreement.schedule, timing=Timing.ARREARS)
    periods = billing_periods(arrears, agreement.first, agreement.end, through=slot.end)
    period = next((one for one in periods if one.billed == slot), None)
    if period is None:
        return ()
    period = replace(period, timing=agreement.schedule.timing)
    recurring = _recurring_in(agreement, product, period, known_at)
    metered_ = _metered_in(agreement, product, replace(period, timing=Timing.ARREARS), tuple(usage), known_at)
    return tuple(_settled(agreement, [*recurring, *metered_]))


def unpriced(agreement: Agreement, usage: Iterable[Usage]) -> tuple[Usage, ...]:
    """Return the usage on days outside the term or without a price by usage, which no expected line contains."""
    return tuple(one for one in usage if not _has_price(agreement, one))


def _has_price(agreement: Agreement, used: Usage) -> bool:
    line = in_force(agreement.prices, used.product, used.day)
    return line is not None and line.by_usage and _in_term(agreement, used.day)


def _in_term(agreement: Agreement, day: date) -> bool:
    return agreement.first <= day and (agreement.last is None or day <= agreement.last)


def _once(agreement: Agreement, through: date, known_at: date) -> list[Draft]:
    drafts = []
    for line in agreement.prices:
        if line.once and line.first <= through and _in_term(agreement, line.first):
            days = Span(line.first, line.first + _ONE_DAY)
            part = Part(line, days, BillingPeriod(days, days, Timing.ADVANCE), Fraction(1))
            drafts.append(fixed(agreement, ExpectedKind.ONCE, part, known_at=known_at))
    return drafts


def _recurring(agreement: Agreement, through: date, known_at: date) -> list[Draft]:
    products = dict.fromkeys(line.product for line in agreement.prices if not line.once and not line.by_usage)
    return [
        draft
        for period in billing_periods(agreement.schedule, agreement.first, agreement.end, through=through)
        for product in products
        for draft in _recurring_in(agreement, product, period, known_at)
    ]


def _recurring_in(agreement: Agreement, product: str, period: BillingPeriod, known_at: date) -> list[Draft]:
    return [
        fixed(agreement, ExpectedKind.RECURRING, part, known_at=known_at)
        for part in parts(agreement, product, period)
        if part.portion and not part.line.by_usage
    ]


def _metered(agreement: Agreement, usage: Sequence[Usage], through: date, known_at: date) -> list[Draft]:
    arrears = replace(agreement.schedule, timing=Timing.ARREARS)
    products = dict.fromkeys(line.product for line in agreement.prices if line.by_usage)
    return [
        draft
        for period in billing_periods(arrears, agreement.first, agreement.end, through=through)
        for product in products
        for draft in _metered_in(agreement, product, period, usage, known_at)
    ]


def _metered_in(
    agreement: Agreement, product: str, period: BillingPeriod, usage: Sequence[Usage], known_at: date
) -> list[Draft]:
    # Usage has its own days of service, so that no convention of proration moves its price.
    by_day = replace(agreement, convention=Convention.ACTUAL)
    own = [part for part in parts(by_day, product, period) if part.line.by_usage]
    return _metered_parts(agreement, own, usage, known_at) if own else []


def _metered_parts(agreement: Agreement, own: Sequence[Part], usage: Sequence[Usage], known_at: date) -> list[Draft]:
    drafts, before = list[Draft](), Decimal(0)
    quantities = [_quantity(part, usage) for part in own]
    total = sum(quantities, Decimal(0))
    for part, quantity in zip(own, quantities, strict=True):
        if quantity or (not total and part is own[0]):
            drafts.append(metered(agreement, part, Metered(quantity, before, total), known_at=known_at))
        before += quantity
    return [one for one in drafts if one.quantity or one.exact]


def _quantity(part: Part, usage: Sequence[Usage]) -> Decimal:
    own = (one for one in usage if one.product == part.line.product)
    return sum((one.quantity for one in own if part.days.start <= one.day < part.days.end), Decimal(0))


def _settled(agreement: Agreement, drafts: Sequence[Draft]) -> list[Expected]:
    """Round each line, or each invoice's total, whose lines then share it by the largest remainder."""
    currency, mode = agreement.currency, agreement.rounding.rounding
    if agreement.rounding.per is not RoundedPer.INVOICE:
        return [_expected(agreement, one, to_minor(payable(one.exact, currency, mode))) for one in drafts]
    lines: list[Expected] = []
    for _, group in groupby(sorted(drafts, key=lambda one: one.bill_on), key=lambda one: one.bill_on):
        invoice = list(group)
        exact = [one.exact for one in invoice]
        total = to_minor(payable(sum(exact, Fraction(0)), currency, mode))
        minors = apportion(total, exact) if any(exact) else (0,) * len(exact)
        lines += [_expected(agreement, one, minor) for one, minor in zip(invoice, minors, strict=True)]
    return lines


def _expected(agreement: Agreement, one: Draft, minor: int) -> Expected:
    amount = from_minor(minor, agreement.currency)
    formula = f"{one.explanation.formula}; {agreement.rounding}: {amount}"
    explanation = replace(one.explanation, formula=formula)
    last, due = one.days.end - _ONE_DAY, _due(agreement, one.bill_on)
    return Expected(
        one.kind, one.product, one.days.start, last, one.bill_on, due, one.quantity, amount, explanation, one.slot
    )


def _due(agreement: Agreement, bill_on: date) -> date | None:
    return None if agreement.payment_days is None else bill_on + timedelta(days=agreement.payment_days)


def _true_ups(agreement: Agreement, one: Commitment, lines: Sequence[Expected], through: date) -> list[Expected]:
    found = []
    for days, whole in commitment_periods(agreement, one, through=through):
        bill_on = _complete(agreement, days)
        spent = [line.amount for line in lines if one.counts(line.product) and _starts_in(line, days)]
        portion = share(days, whole, one.every, agreement.convention, zone=agreement.zone) if one.every else Fraction(1)
        result = true_up(one, days, spent, share=portion, rounding=agreement.rounding.rounding)
        if result.shortfall.amount and bill_on <= through:
            found.append(_true_up_line(agreement, one, result, portion, bill_on))
    return found


def _complete(agreement: Agreement, days: Span) -> date:
    """Return the day on which all that counts towards a minimum is billed, usage too."""
    arrears = replace(agreement.schedule, timing=Timing.ARREARS)
    first = billing_periods(arrears, agreement.first, agreement.end, through=days.end)
    if first and first[-1].billed.end == days.end:
        return days.end
    later = billing_periods(replace(arrears, timing=Timing.ADVANCE), agreement.first, agreement.end, through=days.end)
    return max(period.billed.end for period in later if period.billed.start < days.end)


def _starts_in(line: Expected, days: Span) -> bool:
    return days.start <= line.period_first < days.end


def _true_up_line(agreement: Agreement, one: Commitment, result: TrueUp, portion: Fraction, bill_on: date) -> Expected:
    days, name = result.period, ", ".join(one.products) or "minimum commitment"
    formula = f"max(0, {one.minimum.amount} × {portion} = {result.due} − {result.spent}); {result.shortfall}"
    numbers = (("minimum", str(result.due)), ("spent", str(result.spent)))
    explanation = Explanation(formula, numbers, (one.citation,) if one.citation else ())
    return Expected(
        ExpectedKind.TRUE_UP, name, days.start, days.end - _ONE_DAY, bill_on, _due(agreement, bill_on),
        Decimal(1), result.shortfall, explanation, days,
    )  # fmt: skip
