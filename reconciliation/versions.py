"""The price versions of a contract's product: how long which whole-number price holds, period by period.

The exact engine prices one period of each version. A period that a change cuts, a first or last one that is
shorter, and conventions by which whole periods differ, are priced one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np

from domain.currencies import digits_of
from domain.findings.contract import BilledContract
from domain.minor_units import payable, to_minor
from domain.pricing.agreement import Agreement, RoundedPer
from domain.pricing.billing_periods import BillingPeriod
from domain.pricing.escalation import rise_days
from domain.pricing.line_amounts import fixed_amount, usage_curve
from domain.pricing.parts import Part, parts
from domain.pricing.proration import Convention
from domain.pricing.rate_card import PriceLine, changes
from domain.pricing.tariffs import Model
from reconciliation.calendars import EPOCH, Calendar
from reconciliation.pieces import ABSENT, EXACT_ONLY, Price, by_quantity, constant

_ONE_DAY = timedelta(days=1)
_UNEVEN = frozenset({Convention.ACTUAL_30, Convention.ACTUAL_365})


@dataclass(frozen=True, slots=True)
class Run:
    """Hold consecutive billing periods of one price."""

    count: int
    price: Price


def exact_only(contract: BilledContract) -> bool:
    """Tell whether a contract needs the exact rules as a whole, for what its lines share or others report."""
    agreement = contract.agreement
    shared = agreement.rounding.per is RoundedPer.INVOICE or bool(agreement.commitments)
    shared = shared or (agreement.escalation is not None and agreement.escalation.at_will)
    return shared or bool(contract.usage) or bool(contract.credits)


def runs(contract: BilledContract, product: str, calendar: Calendar, *, known_at: date) -> list[Run]:
    """Return the prices of a product, in the order of the calendar's periods."""
    own = tuple(line for line in contract.agreement.prices if line.product == product)
    agreement = replace(contract.agreement, prices=own)
    count = len(calendar.periods)
    if exact_only(contract) or _tangled(agreement, own):
        return [Run(count, EXACT_ONLY)] if count else []
    if own[0].by_usage:
        agreement = replace(agreement, convention=Convention.ACTUAL)
    return [
        Run(stop - start, _price(agreement, product, calendar.periods[start], known_at))
        for start, stop in _stretches(agreement, product, calendar)
    ]


def _tangled(agreement: Agreement, own: Sequence[PriceLine]) -> bool:
    """Tell whether a product is billed in several ways, by an index, or once more than once."""
    escalation = agreement.escalation
    indexed = escalation is not None and escalation.index is not None and any(line.rises for line in own)
    ways = {(line.once, line.by_usage) for line in own}
    return indexed or len(ways) > 1 or (own[0].once and len(own) > 1)


def _stretches(agreement: Agreement, product: str, calendar: Calendar) -> Iterator[tuple[int, int]]:
    """Yield (first, one past the last) of the periods that cost the same."""
    cuts = np.array(sorted(day.toordinal() - EPOCH for day in _cuts(agreement, product, calendar)), dtype=np.int64)
    version = np.searchsorted(cuts, calendar.starts, side="right")
    even = calendar.whole & (np.searchsorted(cuts, calendar.ends, side="left") == version)
    if agreement.convention in _UNEVEN:
        even[:] = False
    same = even[1:] & even[:-1] & (version[1:] == version[:-1])
    begins = np.flatnonzero(np.concatenate(([True], ~same))) if len(version) else np.array([], dtype=np.int64)
    stops = np.append(begins[1:], len(version))
    yield from zip(begins.tolist(), stops.tolist(), strict=True)


def _cuts(agreement: Agreement, product: str, calendar: Calendar) -> set[date]:
    days = set(changes(agreement.prices, product))
    days |= {one.first for one in agreement.discounts if one.first}
    days |= {one.last + _ONE_DAY for one in agreement.discounts if one.last}
    if agreement.escalation is not None and calendar.periods:
        days |= set(rise_days(agreement.escalation, through=calendar.periods[-1].billed.end))
    return days


def _price(agreement: Agreement, product: str, period: BillingPeriod, known_at: date) -> Price:
    try:
        if agreement.prices[0].once:
            return _once(agreement, period, known_at)
        own = [part for part in parts(agreement, product, period) if part.portion]
        if not own:
            return ABSENT
        return _by_usage(agreement, own, known_at) if own[0].line.by_usage else _fixed(agreement, own, known_at)
    except (ValueError, ArithmeticError):
        return EXACT_ONLY


def _once(agreement: Agreement, period: BillingPeriod, known_at: date) -> Price:
    part = Part(agreement.prices[0], period.billed, period, Fraction(1))
    exact = fixed_amount(agreement, part, known_at=known_at)
    return constant(to_minor(payable(exact, agreement.currency, agreement.rounding.rounding)))


def _fixed(agreement: Agreement, own: Sequence[Part], known_at: date) -> Price:
    exact = [fixed_amount(agreement, part, known_at=known_at) for part in own]
    mode = agreement.rounding.rounding
    return constant(sum(to_minor(payable(one, agreement.currency, mode)) for one in exact))


def _by_usage(agreement: Agreement, own: Sequence[Part], known_at: date) -> Price:
    part, tariff = own[0], own[0].line.tariff
    uneven = tariff.model is Model.PACKAGE or any(one.amount is not None for one in agreement.discounts)
    if len(own) > 1 or part.days != part.period.billed or uneven:
        return EXACT_ONLY
    scale: int = 10 ** digits_of(agreement.currency)
    exact = usage_curve(agreement, part, known_at=known_at)
    ends = [band.upto for band in tariff.bands] or [None]
    return by_quantity(lambda quantity: exact(quantity) * scale, ends, agreement.rounding.rounding)
