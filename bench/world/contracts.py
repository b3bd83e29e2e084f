"""Contracts drawn from a seed, both those we pay and those we are paid for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from bench.world.conditions import commitments, discounts, escalation
from bench.world.deal import Days, Deal, Named, Off, Style
from bench.world.rates import CURRENCIES, clause, rate_card
from domain.findings.contract import BilledContract, CreditKind, DueCredit
from domain.findings.tolerance import Tolerance
from domain.invoices import Direction, InvoiceParty
from domain.minor_units import Rounding
from domain.money import Money
from domain.periods import Period, Unit, add
from domain.pricing.agreement import Agreement, RoundedPer, RoundingPolicy, Usage
from domain.pricing.billing_periods import Lead, Schedule, Timing
from domain.pricing.expected import expected_lines
from domain.pricing.index_series import IndexMissing
from domain.pricing.proration import Convention
from domain.pricing.rate_card import PriceLine, in_force
from domain.pricing.tariffs import Model

_WEEK, _MONTH = Period(1, Unit.WEEK), Period(1, Unit.MONTH)
_EVERY = (_WEEK, _MONTH, _MONTH, _MONTH, Period(3, Unit.MONTH), Period(3, Unit.MONTH), Period(1, Unit.YEAR))
_BY_DAYS = (Convention.ACTUAL, Convention.SECOND, Convention.WHOLE, Convention.NONE)
_NAMES = ("Hollowmere", "Kestrel Works", "Norrland Data", "Vantor", "Brightwater", "Ostermann", "Quillon", "Tamarind")
_FORMS = ("GmbH", "Ltd", "Inc.", "B.V.", "SAS", "AB")
OURS = InvoiceParty("Lumora Analytics GmbH", tax_id="DE899999999")
_DAY = timedelta(days=1)


def deals(seed: int, count: int) -> Iterator[Deal]:
    """Draw contracts, each from its own number, so that more of them change none."""
    for number in range(count):
        yield _deal(Random(f"world {seed} contract {number}"), number)


def _deal(chance: Random, number: int) -> Deal:
    terms = _terms(chance)
    last = terms.last or terms.first
    today = add(terms.first, Period(chance.randint(7, 11), Unit.MONTH)) + timedelta(days=chance.randint(0, 40))
    if chance.random() < 0.4:
        today = last + timedelta(days=chance.randint(40, 70))
    usage = tuple(_usage(chance, terms.prices, terms.first, min(last, today)))
    terms = _known(terms, usage, today)
    contract = _contract(chance, number, terms, usage if chance.random() < 0.7 else ())
    deal = Deal(contract, usage, today, _style(chance, terms))
    return _with_credit(chance, deal)


def _known(terms: Agreement, usage: tuple[Usage, ...], today: date) -> Agreement:
    """Return the terms, without their index where an invoice would have needed it before it was published."""
    try:
        expected_lines(terms, usage, through=today, known_at=today)
    except IndexMissing:
        return replace(terms, escalation=None)
    return terms


def _terms(chance: Random) -> Agreement:
    currency, every = chance.choice(tuple(CURRENCIES)), chance.choice(_EVERY)
    first = date(2024, 1, 1) + timedelta(days=chance.randrange(500))
    months = chance.randint(5, 8) if every == _WEEK else chance.randint(13, 30)
    last = add(first, Period(months, Unit.MONTH)) - _DAY + timedelta(days=chance.choice((0, 0, 11)))
    prices = rate_card(chance, currency, every, first, last)
    return Agreement(
        currency, first, last, prices, _schedule(chance, every),
        convention=chance.choice(_BY_DAYS if every == _WEEK else tuple(Convention)),
        rounding=RoundingPolicy(chance.choice(tuple(Rounding)), chance.choice(tuple(RoundedPer))),
        discounts=discounts(chance, currency, prices, first, last), escalation=escalation(chance, first, last),
        commitments=commitments(chance, currency, prices, every),
        payment_days=chance.choice((None, 14, 30, 45)), zone=ZoneInfo(chance.choice(("UTC", "Europe/Berlin"))),
    )  # fmt: skip


def _schedule(chance: Random, every: Period) -> Schedule:
    anchor = None if every == _WEEK else chance.choice((None, 1, 15, 31))
    return Schedule(every, anchor, chance.choice(tuple(Timing)), chance.choice(tuple(Lead)))


def _usage(chance: Random, prices: Sequence[PriceLine], first: date, last: date) -> Iterator[Usage]:
    """Yield what was used every few days; percentages are of money and have decimals."""
    for product in dict.fromkeys(line.product for line in prices if line.by_usage):
        day = first
        while day <= last:
            line = in_force(prices, product, day)
            money = line is not None and line.tariff.model is Model.PERCENTAGE
            yield Usage(
                product,
                day,
                Decimal(chance.randint(100_000, 900_000)) / 100 if money else Decimal(chance.randint(4, 60)),
            )
            day += timedelta(days=chance.randint(2, 5))


def _contract(chance: Random, number: int, terms: Agreement, usage: tuple[Usage, ...]) -> BilledContract:
    name = f"{chance.choice(_NAMES)} {number} {chance.choice(_FORMS)}"
    tolerance = chance.choice(
        (None, None, Tolerance(Decimal("0.01"), Decimal(1)), Tolerance(Decimal("0.5"), Decimal("0.05")))
    )
    return BilledContract(
        f"c{number}", f"SO-2024-{number:04d}", chance.choice(tuple(Direction)),
        InvoiceParty(name, tax_id=f"DE8{number:08d}"), terms, ours=OURS, purchase_orders=(f"PO-77{number:04d}",),
        products=tuple((f"{line.product} (subscription)".casefold(), line.product) for line in terms.prices),
        usage=usage, tax_rate=chance.choice((None, Decimal(19), Decimal(20), Decimal(0))),
        late_interest=chance.random() < 0.2, tolerance=tolerance, payment_citation=clause(9, "payable within"),
    )  # fmt: skip


def _style(chance: Random, terms: Agreement) -> Style:
    percentages = all(one.percent is not None and not one.products for one in terms.discounts)
    off = chance.choice(tuple(Off)) if terms.discounts and percentages else Off.WITHIN
    return Style(
        chance.choice(tuple(Named)), chance.choice(tuple(Days)), off, lag=chance.choice((0, 0, 1, 3)),
        units=chance.random() < 0.7, together=chance.random() < 0.7, totals=chance.random() < 0.7,
        halved=chance.random() < 0.25, corrected=chance.random() < 0.25,
    )  # fmt: skip


def _with_credit(chance: Random, deal: Deal) -> Deal:
    """Return the deal with a credit that one of its later invoices owes, in one of three."""
    days = sorted({row.issued for row in deal.rows})
    if len(days) < 4 or chance.random() < 0.66:
        return deal
    day = chance.choice(days[2:])
    least = min(row.amount.amount for row in deal.rows if row.issued == day)
    kind = chance.choice(tuple(CreditKind))
    amount = Money((least / 10).quantize(deal.minor(1).amount), deal.terms.currency)
    if not amount.amount:
        return deal
    due = DueCredit(kind, amount, day - timedelta(days=1), "owed for the month before", citation=clause(10, "credits"))
    return replace(deal, contract=replace(deal.contract, credits=(due,)))
