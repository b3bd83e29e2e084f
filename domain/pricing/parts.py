"""Cut a billing period where a price changes, so that each day of service is charged at its own price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from domain.pricing.agreement import Agreement
from domain.pricing.billing_periods import BillingPeriod, Schedule, Span, Timing, billing_periods
from domain.pricing.commitments import Commitment
from domain.pricing.escalation import rise_days
from domain.pricing.proration import Convention, share
from domain.pricing.rate_card import PriceLine, changes, in_force

_UNCUT = frozenset({Convention.WHOLE, Convention.NONE})


@dataclass(frozen=True, slots=True)
class Part:
    """Hold days of one billing period with one price; `portion` is their part of the whole period's price."""

    line: PriceLine
    days: Span
    period: BillingPeriod
    portion: Fraction


def parts(agreement: Agreement, product: str, period: BillingPeriod) -> tuple[Part, ...]:
    """Return the parts of a period in which the product has a price, in order.

    The parts of an unbroken run add up exactly to what the convention says for the run: the last takes
    the rest. Where a part is charged like the whole or not at all, the price of its first day counts.
    """
    found: list[Part] = []
    for run in _runs(agreement, product, period):
        found += _shared(agreement, period, _merged(run) if agreement.convention in _UNCUT else run)
    return tuple(found)


def commitment_periods(agreement: Agreement, commitment: Commitment, *, through: date) -> tuple[tuple[Span, Span], ...]:
    """Return the days and the whole period of each minimum that ends by `through`, from the first day of the term.

    Raises `ValueError` for a minimum over a term without end.
    """
    if commitment.every is not None:
        schedule = Schedule(commitment.every, timing=Timing.ARREARS)
        periods = billing_periods(schedule, agreement.first, agreement.end, through=through)
        return tuple((period.billed, period.whole) for period in periods)
    if agreement.end is None:
        raise ValueError("a minimum over the whole term needs a term that ends")
    term = Span(agreement.first, agreement.end)
    return ((term, term),) if term.end <= through else ()


def _runs(agreement: Agreement, product: str, period: BillingPeriod) -> list[list[tuple[PriceLine, Span]]]:
    runs: list[list[tuple[PriceLine, Span]]] = []
    for start, end in pairwise(_cuts(agreement, product, period.billed)):
        line = in_force(agreement.prices, product, start)
        if line is None or line.once:
            continue
        if not runs or runs[-1][-1][1].end != start:
            runs.append([])
        runs[-1].append((line, Span(start, end)))
    return runs


def _cuts(agreement: Agreement, product: str, billed: Span) -> list[date]:
    days = set(changes(agreement.prices, product))
    for discount in agreement.discounts:
        days |= {discount.first} if discount.first else set()
        days |= {discount.last + timedelta(days=1)} if discount.last else set()
    if agreement.escalation is not None:
        days |= set(rise_days(agreement.escalation, through=billed.end))
    for commitment in agreement.commitments:
        if commitment.every is not None:
            days |= {span.end for span, _ in commitment_periods(agreement, commitment, through=billed.end)}
    return sorted({billed.start, billed.end, *(day for day in days if billed.start < day < billed.end)})


def _merged(run: Sequence[tuple[PriceLine, Span]]) -> list[tuple[PriceLine, Span]]:
    return [(run[0][0], Span(run[0][1].start, run[-1][1].end))]


def _shared(agreement: Agreement, period: BillingPeriod, run: Sequence[tuple[PriceLine, Span]]) -> list[Part]:
    rest = _portion(agreement, period, Span(run[0][1].start, run[-1][1].end))
    found: list[Part] = []
    for line, days in run[:-1]:
        portion = min(_portion(agreement, period, days), rest)
        found.append(Part(line, days, period, portion))
        rest -= portion
    return [*found, Part(*run[-1], period, rest)]


def _portion(agreement: Agreement, period: BillingPeriod, days: Span) -> Fraction:
    every = agreement.schedule.every
    return share(days, period.whole, every, agreement.convention, zone=agreement.zone)
