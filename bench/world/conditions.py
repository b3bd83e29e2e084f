"""What changes prices over time: discounts, price rises with their index, minimum commitments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bench.world.rates import clause, cost
from domain.money import Money
from domain.periods import Period, Unit, add, subtract
from domain.pricing.commitments import Commitment
from domain.pricing.discounts import Basis, Discount
from domain.pricing.escalation import Escalation, Growth, Steps, rise_days
from domain.pricing.index_series import IndexRule, IndexSeries, Observation
from domain.pricing.rate_card import PriceLine

_YEAR, _HALF, _QUARTER, _MONTH = (
    Period(1, Unit.YEAR),
    Period(6, Unit.MONTH),
    Period(3, Unit.MONTH),
    Period(1, Unit.MONTH),
)
_SERIES_BEGINS = date(2022, 1, 1)
_MONTHS = 66


def discounts(
    chance: Random, currency: str, prices: Sequence[PriceLine], first: date, last: date
) -> tuple[Discount, ...]:
    """Draw none, one or two percentages, a promotion, or an amount off each period."""
    kind = chance.choice(("none", "none", "one", "stacked", "promotion", "late promotion", "amount"))
    agreed = Discount(percent=Decimal(chance.choice((5, 8, 10, 15))), citation=clause(6, "a discount"))
    middle = first + (last - first) * chance.randint(30, 60) // 100
    more = Decimal(chance.choice((3, 4, 7, 12)))
    match kind:
        case "none":
            return ()
        case "one":
            return (agreed,)
        case "stacked":
            return (
                agreed,
                Discount(percent=more, basis=chance.choice(tuple(Basis)), order=1, citation=clause(6, "more")),
            )
        case "promotion":
            return (agreed, Discount(percent=more, order=1, last=middle, citation=clause(6, "promotion")))
        case "late promotion":
            return (Discount(percent=more, first=middle, citation=clause(6, "promotion")),)
        case _:
            money = Money(cost(chance, currency, 5, 20), currency)
            return (Discount(amount=money, order=2, products=(prices[0].product,), citation=clause(6, "an amount")),)


def escalation(chance: Random, first: date, last: date) -> Escalation | None:
    """Draw how prices rise: not, by a fixed rate, or with an index; bounded and notified or not."""
    kind = chance.choice(("none", "fixed", "fixed", "index", "index"))
    if kind == "none":
        return None
    cap = chance.choice((None, Decimal(3), Decimal(4)))
    notice = chance.choice((None, None, Period(60, Unit.DAY)))
    rate, index = (Decimal(chance.randint(20, 90)) / 10, None) if kind == "fixed" else (None, _index(chance))
    base = Escalation(
        first, percent=rate, index=index, margin=Decimal(chance.choice((0, 1))) if index else Decimal(0),
        floor=chance.choice((None, Decimal(0))), cap=cap, every=chance.choice((_YEAR, _HALF)),
        total_cap=chance.choice((None, None, Decimal(7))), growth=chance.choice(tuple(Growth)),
        steps=chance.choice(tuple(Steps)), digits=chance.choice((None, 4)), citation=clause(7, "prices rise"),
    )  # fmt: skip
    if notice is None:
        return base
    given = {on: subtract(on, notice) + timedelta(days=chance.choice((-12, -1, 0, 9))) for on in _rises(base, last)}
    return Escalation(
        first, percent=rate, index=index, margin=base.margin, floor=base.floor, cap=cap, every=base.every,
        growth=base.growth, notice=notice, notices=given, citation=base.citation,
    )  # fmt: skip


def commitments(chance: Random, currency: str, prices: Sequence[PriceLine], every: Period) -> tuple[Commitment, ...]:
    """Draw a minimum for what is used, for card without use none."""
    metered = next((line.product for line in prices if line.by_usage), None)
    if metered is None or every.months is None or chance.random() < 0.5:
        return ()
    length = _YEAR if every == _YEAR else chance.choice((_QUARTER, _YEAR))
    months = length.months or 1
    minimum = Money(cost(chance, currency, 250, 900) * months, currency)
    return (Commitment(minimum, length, products=(metered,), citation=clause(8, "a minimum commitment")),)


def _rises(base: Escalation, last: date) -> tuple[date, ...]:
    return rise_days(base, through=add(last, _YEAR))


def _index(chance: Random) -> IndexRule:
    """Return a series whose months are published about two weeks later and revised once, two months after that."""
    rows: list[Observation] = []
    value = Decimal(100)
    for number in range(_MONTHS):
        month = add(_SERIES_BEGINS, _MONTH.times(number))
        value += Decimal(chance.randint(5, 65)) / 100
        out = add(month, _MONTH) + timedelta(days=chance.randint(12, 18))
        rows.append(Observation(month, value, out))
        if chance.random() < 0.6:
            rows.append(
                Observation(
                    month, value + Decimal(chance.choice((-20, -10, 10, 20))) / 100, add(out, Period(2, Unit.MONTH))
                )
            )
    return IndexRule(
        IndexSeries.of("HICP all items, 2022 = 100", rows), lag_months=chance.choice((2, 3)),
        first_print=chance.random() < 0.3, revised=chance.random() < 0.2,
    )  # fmt: skip
