"""Why a billed amount differs: the single mistake that, made on purpose, gives exactly that amount.

Each candidate changes one thing of the agreement and prices the slot again. What reproduces the
billed amount to the minor unit is the cause; of several the first counts and the others are named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from domain.findings.finding import Code
from domain.findings.slots import Slot
from domain.minor_units import from_minor
from domain.money import Money
from domain.pricing.agreement import Agreement, ExpectedKind, Usage
from domain.pricing.escalation import Escalation, Rise, rise_days, risen, rises
from domain.pricing.expected import expected_in, expected_lines
from domain.pricing.index_series import IndexRule
from domain.pricing.proration import Convention
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Model, Tariff, repriced, shown

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cause:
    """Hold the mistake that explains an amount, and others that explain it too."""

    code: Code
    words: str
    also: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """Hold what was billed for a slot: the amount, the units, and the usage that the slot was priced with."""

    agreement: Agreement
    slot: Slot
    billed: Money
    quantity: Decimal
    usage: tuple[Usage, ...]
    known_at: date


@dataclass(frozen=True, slots=True)
class _Try:
    code: Code
    words: str
    agreement: Agreement
    usage: tuple[Usage, ...] | None = None


def cause_of(case: Case) -> Cause | None:
    """Return the mistake that gives the billed amount, `None` where no single one does."""
    found = [one for one in _tries(case) if _explains(case, one)]
    if not found:
        return None
    others = dict.fromkeys(one.code for one in found if one.code is not found[0].code)
    return Cause(found[0].code, found[0].words, tuple(others))


def _explains(case: Case, one: _Try) -> bool:
    amount = _priced(case, one.agreement, case.usage if one.usage is None else one.usage)
    slack = from_minor(len(case.slot.parts) - 1, case.billed.currency).amount
    return amount is not None and abs((amount - case.billed).amount) <= slack


def _priced(case: Case, agreement: Agreement, usage: tuple[Usage, ...]) -> Money | None:
    """Return what the slot costs under a changed agreement, `None` where it has no price there."""
    product, slot = case.slot.product, case.slot
    try:
        if slot.kind is ExpectedKind.ONCE:
            lines = expected_lines(agreement, through=slot.bill_on, known_at=case.known_at)
        else:
            lines = expected_in(agreement, product, slot.days, usage, known_at=case.known_at)
    except (ValueError, OverflowError):
        return None
    own = [one.amount for one in lines if one.product == product and one.slot == slot.days]
    return sum(own[1:], start=own[0]) if own else None


def _tries(case: Case) -> Iterator[_Try]:
    agreement = _only(case.agreement, case.slot.product)
    for source in (_quantities, _discounts, _promotions, _escalations, _tiers, _shares, _old_prices):
        yield from source(replace(case, agreement=agreement))


def _only(agreement: Agreement, product: str) -> Agreement:
    return replace(agreement, prices=tuple(line for line in agreement.prices if line.product == product))


def _quantities(case: Case) -> Iterator[_Try]:
    units, agreed = case.quantity, case.slot.quantity
    if units == agreed or units <= 0:
        return
    words = f"{units} units instead of {agreed}"
    code = Code.QTY_OVER if units > agreed else _by_sign(case)
    if case.slot.kind is ExpectedKind.USAGE:
        yield _Try(code, words, case.agreement, _scaled(case, units))
    else:
        yield _Try(code, words, _with_lines(case.agreement, lambda line: replace(line, quantity=units)))


def _scaled(case: Case, units: Decimal) -> tuple[Usage, ...]:
    own = [one for one in case.usage if one.product != case.slot.product or not _within(case.slot, one.day)]
    return (*own, Usage(case.slot.product, case.slot.days.start, units))


def _within(slot: Slot, day: date) -> bool:
    return slot.days.start <= day < slot.days.end


def _discounts(case: Case) -> Iterator[_Try]:
    own = case.agreement.discounts
    if own:
        yield _Try(Code.DISCOUNT_MISSING, "no discount was taken off", replace(case.agreement, discounts=()))
    for index, one in enumerate(own if len(own) > 1 else ()):
        left = (*own[:index], *own[index + 1 :])
        name = f"{one.percent} %" if one.percent is not None else str(one.amount)
        yield _Try(
            Code.DISCOUNT_MISSING, f"the discount of {name} was left out", replace(case.agreement, discounts=left)
        )


def _promotions(case: Case) -> Iterator[_Try]:
    limited = [one for one in case.agreement.discounts if one.first or one.last]
    for one in limited:
        longer = tuple(
            replace(other, first=None, last=None) if other is one else other for other in case.agreement.discounts
        )
        days = f"{one.first or 'the beginning'} to {one.last or 'the end'}"
        words = f"the discount of {one.percent or one.amount} was given outside its days, {days}"
        yield _Try(Code.PROMO_ENDED, words, replace(case.agreement, discounts=longer))


def _escalations(case: Case) -> Iterator[_Try]:
    escalation = case.agreement.escalation
    if escalation is None:
        return
    if escalation.notice is not None:
        yield _escalated(case, Code.UPLIFT_NOTICE, "the price rose without notice in time", notice=None)
    if escalation.at_will:
        # After a first rise an early one is within the cap of that one or beyond it.
        yield from () if rise_days(escalation, through=case.slot.days.start) else _early(case, escalation)
        return
    for caps in _caps(escalation):
        yield _escalated(case, Code.UPLIFT_CAP, "the price rose beyond its cap", **dict.fromkeys(caps))
    yield from _early(case, escalation)
    if escalation.index is not None:
        yield from _vintages(case, escalation.index)
    yield _Try(_by_sign(case), "the price rise was forgotten", replace(case.agreement, escalation=None))
    yield from _late(case, escalation)


def _caps(escalation: Escalation) -> Iterator[tuple[str, ...]]:
    """Yield which caps may have been overlooked: all of them, or one of two."""
    stated = tuple(name for name in ("cap", "total_cap") if getattr(escalation, name) is not None)
    if stated:
        yield stated
    yield from ((name,) for name in stated if len(stated) > 1)


def _escalated(case: Case, code: Code, words: str, **changes: object) -> _Try:
    escalation = replace(case.agreement.escalation, **changes)  # type: ignore[type-var]
    return _Try(code, words, replace(case.agreement, escalation=escalation))


def _early(case: Case, escalation: Escalation) -> Iterator[_Try]:
    """Yield the price after the next rise, which began too early, and that of a rise within the period for all of it."""
    coming = [
        day for day in rise_days(escalation, through=_year_after(case.slot.days.end)) if day > case.slot.days.start
    ]
    for day in coming[:1]:
        noticed = replace(escalation, notices={**escalation.notices, day: date.min})
        agreement = _risen(case, noticed, day)
        if agreement is not None:
            yield _Try(Code.UPLIFT_EARLY, f"the price rise of {day} was taken before its day", agreement)


def _late(case: Case, escalation: Escalation) -> Iterator[_Try]:
    past = rise_days(escalation, through=case.slot.days.start)
    if len(past) > 1:
        agreement = _risen(case, escalation, past[-1] - _ONE_DAY)
        if agreement is not None:
            yield _Try(_by_sign(case), f"the price rise of {past[-1]} was forgotten", agreement)


def _risen(case: Case, escalation: Escalation, day: date) -> Agreement | None:
    """Return the agreement with every price as of a day, and no rises any more."""

    def changed(line: PriceLine) -> PriceLine:
        found: tuple[Rise, ...] = ()
        if line.rises and line.tariff.model is not Model.PERCENTAGE:
            found = rises(escalation, day=day, known_at=case.known_at, after=line.first, product=line.product)
        return replace(
            line, tariff=repriced(line.tariff, partial(risen, escalation=escalation, found=found)), rises=False
        )

    try:
        return replace(_with_lines(case.agreement, changed), escalation=None)
    except ValueError:
        return None


def _vintages(case: Case, rule: IndexRule) -> Iterator[_Try]:
    words = "another value of the index was used"
    for other in (
        replace(rule, first_print=not rule.first_print),
        replace(rule, revised=not rule.revised),
        *(replace(rule, lag_months=lag) for lag in (rule.lag_months - 1, rule.lag_months + 1) if lag >= 0),
        *([replace(rule, base_month=None)] if rule.base_month else []),
    ):
        yield _escalated(case, Code.INDEX_VINTAGE, words, index=other)


def _tiers(case: Case) -> Iterator[_Try]:
    for mode, other in ((Model.GRADUATED, Model.VOLUME), (Model.VOLUME, Model.GRADUATED)):
        if any(line.tariff.model is mode for line in case.agreement.prices):
            changed = _with_tariffs(case.agreement, partial(_moded, mode=mode, other=other))
            yield _Try(Code.TIER_MODE, f"tiers were priced as {other} instead of {mode}", changed)
    banded = next((line.tariff for line in case.agreement.prices if line.tariff.bands), None)
    for band in banded.bands if banded else ():
        words = f"all units were charged at {shown(band.price)}, the price of another band"
        single = partial(_single, price=Tariff(Model.PER_UNIT, band.price))
        yield _Try(Code.TIER_WRONG, words, _with_tariffs(case.agreement, single))


def _single(tariff: Tariff, *, price: Tariff) -> Tariff:
    return price if tariff.bands else tariff


def _moded(tariff: Tariff, *, mode: Model, other: Model) -> Tariff:
    return replace(tariff, model=other) if tariff.model is mode else tariff


def _shares(case: Case) -> Iterator[_Try]:
    for other in Convention:
        if other is not case.agreement.convention:
            words = f"days were prorated as {other} instead of {case.agreement.convention}"
            yield _Try(Code.PRORATION, words, replace(case.agreement, convention=other))


def _old_prices(case: Case) -> Iterator[_Try]:
    lines = case.agreement.prices
    for line in lines if len(lines) > 1 else ():
        days = f"from {line.first}" + (f" to {line.last}" if line.last else "")
        code = _by_sign(case)
        only = replace(line, first=case.agreement.first, last=None)
        yield _Try(code, f"the price of another time was charged, that {days}", replace(case.agreement, prices=(only,)))


def _by_sign(case: Case) -> Code:
    return Code.PRICE_OVER if case.billed.amount > case.slot.amount.amount else Code.PRICE_UNDER


def _with_lines(agreement: Agreement, change: Callable[[PriceLine], PriceLine]) -> Agreement:
    return replace(agreement, prices=tuple(change(line) for line in agreement.prices))


def _with_tariffs(agreement: Agreement, change: Callable[[Tariff], Tariff]) -> Agreement:
    return _with_lines(agreement, lambda line: replace(line, tariff=change(line.tariff)))


def _year_after(day: date) -> date:
    return day + timedelta(days=366)
