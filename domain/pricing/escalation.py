"""Escalation: what a price of the first day becomes after k rises, each checked against floor, cap and notice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import count

from domain.minor_units import Rounding, rounded
from domain.periods import Period, Unit, add, subtract
from domain.pricing.index_series import IndexRule
from domain.pricing.tariffs import shown
from domain.terms import Citation

_YEAR = Period(1, Unit.YEAR)
_ONE_DAY = timedelta(days=1)


class Choice(StrEnum):
    """Name which rate counts where a contract has both a fixed one and an index."""

    LOWER = "lower"
    GREATER = "greater"


class Growth(StrEnum):
    """Name what a rise is taken of: the price before it, or always the first price."""

    COMPOUND = "compound"
    SIMPLE = "simple"


class Steps(StrEnum):
    """Name when an escalated price is rounded: once from the first price, or at every rise anew."""

    FROM_BASE = "from_base"
    ITERATED = "iterated"


@dataclass(frozen=True, slots=True)
class Escalation:
    """Hold how prices rise; every percentage is in percent, and one not stated does not bind.

    `margin` is added to the index; `floor` and `cap` bind each rise, `total_cap` all rises together.
    Rises come `every` period from `anchor`, beginning with number `first`. With `notice` a rise counts
    only where `notices` (day of the rise: day the notice was given) shows one in time. `digits` are the
    decimals of a risen price, `None` keeps it exact.

    With neither a percentage nor an index prices may rise by any rate up to `cap`; `taken` then holds the
    rate of the latest rise that a product is billed with from a day on, as an exact fraction.
    """

    anchor: date
    percent: Decimal | None = None
    index: IndexRule | None = None
    choice: Choice = Choice.LOWER
    margin: Decimal = Decimal(0)
    floor: Decimal | None = None
    cap: Decimal | None = None
    total_cap: Decimal | None = None
    growth: Growth = Growth.COMPOUND
    steps: Steps = Steps.FROM_BASE
    digits: int | None = None
    rounding: Rounding = Rounding.HALF_UP
    every: Period = _YEAR
    first: int = 1
    notice: Period | None = None
    notices: Mapping[date, date] = field(default_factory=dict)
    citation: Citation | None = None
    taken: Mapping[tuple[str, date], Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.at_will and self.cap is None:
            raise ValueError("an escalation has a percentage, an index, or at least a cap")
        if self.every.count < 1 or self.first < 1:
            raise ValueError("rises are counted from 1 and are some time apart")
        if self.floor is not None and self.cap is not None and self.floor > self.cap:
            message = f"a floor of {self.floor} % is above the cap of {self.cap} %"
            raise ValueError(message)

    @property
    def at_will(self) -> bool:
        """Tell whether only a cap is agreed, so that any rise up to it is right."""
        return self.percent is None and self.index is None


@dataclass(frozen=True, slots=True)
class Rise:
    """Hold one rise: the day, its rate as an exact fraction, whether it is valid, and why."""

    on: date
    rate: Fraction
    why: str
    valid: bool = True


def rise_days(escalation: Escalation, *, through: date) -> tuple[date, ...]:
    """Return the days on which prices may rise, up to and including `through`, each from the anchor."""
    return tuple(on for on, _ in _adjustments(escalation, through))


def rises(
    escalation: Escalation, *, day: date, known_at: date, after: date | None = None, product: str = ""
) -> tuple[Rise, ...]:
    """Return every rise up to a day of service, with what was known on `known_at`.

    A price agreed anew is a new base: only rises later than the day `after` count. `product` matters
    where rises are at will. Raises `IndexMissing`.
    """
    days = [(on, previous) for on, previous in _adjustments(escalation, day) if after is None or on > after]
    lasts = [*(on - _ONE_DAY for on, _ in days[1:]), day]
    return tuple(
        _rise(escalation, previous, on, known_at, _taken(escalation, product, on, last))
        for (on, previous), last in zip(days, lasts, strict=False)
    )


def _taken(escalation: Escalation, product: str, on: date, last: date) -> Fraction:
    """Return the rate of a rise at will that a product is billed with on the `last` day before the next rise."""
    own = [key for key in escalation.taken if key[0] == product and on <= key[1] <= last]
    return escalation.taken[max(own)] if own else Fraction(0)


def risen(price: Fraction, escalation: Escalation, found: tuple[Rise, ...]) -> Fraction:
    """Return the price after the rises, rounded as the contract says."""
    if escalation.steps is Steps.FROM_BASE or escalation.growth is Growth.SIMPLE:
        return _rounded(price * _factor(escalation, found), escalation) if found else price
    after = price
    for index, _ in enumerate(found):
        before = _factor(escalation, found[:index])
        after = _rounded(after * _factor(escalation, found[: index + 1]) / before, escalation)
    return after


def _adjustments(escalation: Escalation, through: date) -> Iterator[tuple[date, date]]:
    for number in count(escalation.first):
        on = add(escalation.anchor, escalation.every.times(number))
        if on > through:
            return
        yield on, add(escalation.anchor, escalation.every.times(number - 1))


def _rise(escalation: Escalation, previous: date, on: date, known_at: date, taken: Fraction) -> Rise:
    late = _without_notice(escalation, on)
    if late is not None:
        return Rise(on, Fraction(0), late, valid=False)
    if escalation.at_will:
        rate, why = taken, f"as billed, at most {escalation.cap} % is agreed"
    else:
        rate, why = _rate(escalation, previous, on, known_at)
    bound = rate
    if escalation.floor is not None and rate < Fraction(escalation.floor) / 100:
        bound, why = Fraction(escalation.floor) / 100, f"{why}, floor {escalation.floor} %"
    if escalation.cap is not None and rate > Fraction(escalation.cap) / 100:
        bound, why = Fraction(escalation.cap) / 100, f"{why}, cap {escalation.cap} %"
    return Rise(on, bound, why)


def _rate(escalation: Escalation, previous: date, on: date, known_at: date) -> tuple[Fraction, str]:
    fixed = None if escalation.percent is None else (Fraction(escalation.percent) / 100, f"{escalation.percent} %")
    if escalation.index is None:
        return fixed or (Fraction(0), "0 %")
    growth, formula = escalation.index.growth(previous, on, known_at=known_at)
    margin = f" + {escalation.margin} %" if escalation.margin else ""
    indexed = (growth + Fraction(escalation.margin) / 100, formula + margin)
    if fixed is None:
        return indexed
    return (min if escalation.choice is Choice.LOWER else max)(fixed, indexed, key=lambda pair: pair[0])


def _without_notice(escalation: Escalation, on: date) -> str | None:
    if escalation.notice is None:
        return None
    last, given = subtract(on, escalation.notice), escalation.notices.get(on)
    if given is None:
        return f"no notice of the rise, due by {last}"
    return f"notice of {given} after {last}" if given > last else None


def _factor(escalation: Escalation, found: tuple[Rise, ...]) -> Fraction:
    if escalation.growth is Growth.SIMPLE:
        factor = 1 + sum((rise.rate for rise in found), Fraction(0))
    else:
        factor = Fraction(1)
        for rise in found:
            factor *= 1 + rise.rate
    return factor if escalation.total_cap is None else min(factor, 1 + Fraction(escalation.total_cap) / 100)


def _rounded(price: Fraction, escalation: Escalation) -> Fraction:
    if escalation.digits is None:
        return price
    return Fraction(rounded(price, escalation.digits, escalation.rounding))


def described(found: tuple[Rise, ...]) -> tuple[str, ...]:
    """Write each rise on a line: the day, the rate and why."""
    return tuple(f"{rise.on}: {shown(rise.rate * 100)} % ({rise.why})" for rise in found)
