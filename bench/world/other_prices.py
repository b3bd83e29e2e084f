"""The terms as somebody misread them: each gives another amount, and names the code of the mistake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from bench.world.deal import Deal, Row
from domain.findings.finding import Code
from domain.money import Money
from domain.periods import Period, Unit, add
from domain.pricing.agreement import Agreement
from domain.pricing.escalation import Escalation, rise_days, risen, rises
from domain.pricing.expected import expected_in
from domain.pricing.index_series import IndexMissing
from domain.pricing.proration import Convention
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Band, Model, Tariff, repriced

_OTHER_MODE = {Model.GRADUATED: Model.VOLUME, Model.VOLUME: Model.GRADUATED}


@dataclass(frozen=True, slots=True)
class Misread:
    """Hold terms that were misread; `code` of `None` is a price that is only too high or too low."""

    code: Code | None
    way: str
    terms: Agreement


def misread(deal: Deal, row: Row) -> Iterator[Misread]:
    """Yield the mistakes that a row's amount could come from."""
    price = deal.price(row)
    if price is not None:
        yield from _discounts(deal.terms, row)
        yield from _tiers(deal.terms, price)
        yield from _parts(deal.terms)
        yield from _rises(deal, row, price)
        yield from _times(deal.terms, row)


def amount_of(deal: Deal, row: Row, terms: Agreement) -> Money | None:
    """Return what a row would cost by other terms, `None` where they have no price for it."""
    try:
        found = expected_in(terms, row.product, row.expected.slot, deal.usage, known_at=deal.today)
    except IndexMissing:
        return None
    if not found:
        return None
    return sum((one.amount for one in found[1:]), start=found[0].amount)


def _discounts(terms: Agreement, row: Row) -> Iterator[Misread]:
    day = row.expected.period_first
    for index, one in enumerate(terms.discounts):
        rest = terms.discounts[:index] + terms.discounts[index + 1 :]
        if one.covers(row.product, day):
            yield Misread(Code.DISCOUNT_MISSING, "one discount left out", replace(terms, discounts=rest))
        else:
            longer = replace(terms, discounts=(*rest, replace(one, first=None, last=None)))
            yield Misread(Code.PROMO_ENDED, "a promotion outside its days", longer)
    if len(terms.discounts) > 1:
        yield Misread(Code.DISCOUNT_MISSING, "all discounts left out", replace(terms, discounts=()))
    if terms.discounts and terms.discounts[0].percent:
        twice = replace(terms.discounts[0], order=-1)
        yield Misread(None, "a discount twice", replace(terms, discounts=(twice, *terms.discounts)))


def _tiers(terms: Agreement, price: PriceLine) -> Iterator[Misread]:
    if price.tariff.model not in _OTHER_MODE:
        return
    other = replace(price.tariff, model=_OTHER_MODE[price.tariff.model])
    yield Misread(Code.TIER_MODE, "the other mode", _with_tariff(terms, price, other))
    for band in price.tariff.bands:
        one = Tariff(Model.VOLUME, bands=(Band(None, band.price),))
        yield Misread(Code.TIER_WRONG, "the price of another band", _with_tariff(terms, price, one))


def _parts(terms: Agreement) -> Iterator[Misread]:
    for convention in Convention:
        if convention is not terms.convention and (terms.schedule.every.months is not None or convention in _BY_DAYS):
            way = "a part charged in full" if convention is Convention.WHOLE else "another convention"
            yield Misread(Code.PRORATION, way, replace(terms, convention=convention))


_BY_DAYS = {Convention.ACTUAL, Convention.SECOND, Convention.WHOLE}


def _rises(deal: Deal, row: Row, price: PriceLine) -> Iterator[Misread]:
    terms, rule = deal.terms, deal.terms.escalation
    if rule is None or (rule.at_will and rise_days(rule, through=row.expected.period_first)):
        return  # after a first rise at will no rate within the cap is a mistake
    early = _early(deal, row, price, rule)
    if early is not None:
        yield Misread(Code.UPLIFT_EARLY, "the next rise already", early)
    if rule.at_will:
        return
    for way, other in _unbounded(rule):
        yield Misread(Code.UPLIFT_CAP, way, replace(terms, escalation=other))
    if rule.notice is not None:
        yield Misread(
            Code.UPLIFT_NOTICE, "a rise without notice", replace(terms, escalation=replace(rule, notice=None))
        )
    for way, other in _vintages(rule):
        yield Misread(Code.INDEX_VINTAGE, way, replace(terms, escalation=other))
    yield Misread(None, "a rise forgotten", replace(terms, escalation=None))


def _early(deal: Deal, row: Row, price: PriceLine, rule: Escalation) -> Agreement | None:
    """Return the terms with the price of the rise after the row's first day, `None` where none is known yet."""
    first, last = row.expected.period_first, add(row.expected.period_last, Period(13, Unit.MONTH))
    day = next((one for one in rise_days(rule, through=last) if one > first), None)
    if day is None or not price.rises or price.tariff.model is Model.PERCENTAGE:
        return None
    try:
        found = rises(rule, day=day, known_at=deal.today, after=price.first)
    except IndexMissing:
        return None
    if not found or not found[-1].valid:
        return None
    raised = repriced(price.tariff, partial(risen, escalation=rule, found=found))
    return replace(_with_tariff(deal.terms, price, raised), escalation=None)


def _unbounded(rule: Escalation) -> Iterator[tuple[str, Escalation]]:
    if rule.cap is not None:
        yield "the cap ignored", replace(rule, cap=None)
    if rule.total_cap is not None:
        yield "the cap of all rises ignored", replace(rule, total_cap=None)


def _vintages(rule: Escalation) -> Iterator[tuple[str, Escalation]]:
    if rule.index is None:
        return
    other = replace(rule.index, first_print=not rule.index.first_print)
    yield "another print of the index", replace(rule, index=other)
    yield "a revised index", replace(rule, index=replace(rule.index, revised=not rule.index.revised))
    for months in (-1, 1):
        index = replace(rule.index, lag_months=rule.index.lag_months + months)
        yield "another month of the index", replace(rule, index=index)


def _times(terms: Agreement, row: Row) -> Iterator[Misread]:
    own = [one for one in terms.prices if one.product == row.product]
    rest = tuple(one for one in terms.prices if one.product != row.product)
    for line in own[: len(own) if len(own) > 1 else 0]:
        if line.quantity == own[0].quantity == own[-1].quantity:
            always = replace(line, first=own[0].first, last=None)
            yield Misread(None, "the price of another time", replace(terms, prices=(*rest, always)))


def _with_tariff(terms: Agreement, price: PriceLine, tariff: Tariff) -> Agreement:
    prices = tuple(replace(one, tariff=tariff) if one is price else one for one in terms.prices)
    return replace(terms, prices=prices)


def more_units(deal: Deal, price: PriceLine, units: Decimal) -> Agreement:
    """Return the terms with so many units of a fixed quantity more."""
    changed = replace(price, quantity=(price.quantity or Decimal(0)) + units)
    return replace(deal.terms, prices=tuple(changed if one is price else one for one in deal.terms.prices))
