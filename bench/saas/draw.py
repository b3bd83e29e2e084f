"""Draw deals at random; the same seed always gives the same deal."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from bench.saas.catalogue import ADDRESSES, ENDINGS, FIRST, LAWS, SECOND
from bench.saas.deal import Cap, Company, Deal, Escalation, Minimum, Notice, Promotion, Renewal
from bench.saas.draw_price import billed_total, items
from bench.saas.draw_service import sla
from domain.periods import Period, Unit, add

INDEXES = {"USD": ("CPI-U", "CPI", "ECI"), "GBP": ("CPI", "RPI"), "EUR": ("HICP", "CPI")}
_METHODS = ("post", "registered_post", "courier", "hand", "email")
_KINDS = ("general_liability", "professional_liability", "cyber_liability")


def deal(seed: int) -> Deal:
    """Return the deal of a seed."""
    rng = random.Random(seed)
    currency = rng.choices(("USD", "EUR", "GBP"), (45, 30, 25))[0]
    effective = date(rng.randint(2022, 2027), rng.randint(1, 12), rng.choice((1, 1, 1, 15, rng.randint(2, 28))))
    initial = _initial(rng)
    bought = items(rng, effective, initial, currency)
    made = Deal(
        provider=_company(rng, currency),
        customer=_company(rng, currency),
        number=_number(rng, effective),
        signed=effective - timedelta(days=rng.randint(1, 40)) if rng.random() < 0.4 else None,
        effective=effective,
        initial=initial,
        expires=add(effective, initial) - timedelta(days=1) if rng.random() < 0.3 else None,
        renewal=None,
        notice=None,
        methods=tuple(rng.sample(_METHODS, rng.choice((1, 2, 2, 3)))) if rng.random() < 0.55 else (),
        convenience=_convenience(rng),
        cause=Period(rng.choice((10, 14, 15, 20, 30, 30, 45, 60)), Unit.DAY) if rng.random() < 0.7 else None,
        currency=currency,
        billing=rng.choices(("monthly", "quarterly", "annually", "semiannually"), (30, 25, 38, 7))[0],
        payment_days=rng.choice((7, 10, 14, 15, 20, 21, 30, 30, 30, 45, 45, 60, 75, 90)),
        interest=_interest(rng),
        discount_percent=Decimal(rng.choice(("5", "7.5", "8", "10", "12", "15", "20")))
        if rng.random() < 0.25
        else None,
        discount_amount=Decimal(rng.randrange(250, 9000, 250)) if rng.random() < 0.12 else None,
        promotion=_promotion(rng, effective) if rng.random() < 0.15 else None,
        escalation=_escalation(rng, currency) if rng.random() < 0.65 else None,
        minimum=_minimum(rng) if rng.random() < 0.35 else None,
        sla=sla(rng) if rng.random() < 0.75 else None,
        cap=_cap(rng) if rng.random() < 0.65 else None,
        insurance=_insurance(rng) if rng.random() < 0.3 else (),
        law=rng.choice(LAWS[currency]),
        items=bought,
        total=billed_total(bought, initial) if rng.random() < 0.35 else None,
    )
    return _with_renewal(rng, made)


def _with_renewal(rng: random.Random, made: Deal) -> Deal:
    kind = rng.choices(("auto", "manual", "none", "month_to_month", ""), (66, 8, 8, 6, 12))[0]
    if not kind:
        return made
    length = Period(rng.choice((12, 12, 12, 24, 6, 36)), Unit.MONTH) if kind == "auto" else None
    limit = rng.choice((1, 2, 3, 4, 5)) if kind == "auto" and rng.random() < 0.15 else None
    notice = _notice(rng) if kind == "auto" else None
    return replace(made, renewal=Renewal(kind, length, limit), notice=notice)


def _notice(rng: random.Random) -> Notice:
    party = rng.choices(("either", "customer", "provider"), (75, 20, 5))[0]
    form = rng.choices(("plain", "window", "business", "months", "receipt", "dispatch"), (46, 14, 10, 14, 11, 5))[0]
    days = Period(rng.choice((30, 30, 45, 60, 60, 90, 120)), Unit.DAY)
    if form == "window":
        return Notice(days, party=party, not_before=Period(days.count + rng.choice((30, 60, 90)), Unit.DAY))
    if form == "business":
        return Notice(Period(rng.choice((10, 15, 20, 30, 45)), Unit.DAY), business=True, party=party)
    if form == "months":
        return Notice(Period(rng.choice((1, 2, 3, 6)), Unit.MONTH), party=party)
    return Notice(days, party=party, rule="" if form == "plain" else form)


def _initial(rng: random.Random) -> Period:
    return Period(rng.choices((12, 24, 36, 6, 18, 60), (42, 18, 26, 5, 5, 4))[0], Unit.MONTH)


def _company(rng: random.Random, currency: str) -> Company:
    name = f"{rng.choice(FIRST)} {rng.choice(SECOND)}{rng.choice(ENDINGS[currency])}"
    return Company(name, rng.choice(ADDRESSES[currency]))


def _number(rng: random.Random, effective: date) -> str:
    if rng.random() < 0.6:
        return ""
    forms = ("SO-{y}-{n:04d}", "Q-{n:05d}", "MSA-{n:04d}", "{y}/{n:03d}", "LC{n:06d}")
    return rng.choice(forms).format(y=effective.year, n=rng.randint(12, 986))


def _convenience(rng: random.Random) -> tuple[str, Period] | None:
    if rng.random() > 0.3:
        return None
    unit = Unit.MONTH if rng.random() < 0.2 else Unit.DAY
    count = rng.choice((1, 2, 3, 6)) if unit is Unit.MONTH else rng.choice((30, 30, 60, 90, 14))
    return rng.choices(("either", "customer", "provider"), (45, 45, 10))[0], Period(count, unit)


def _interest(rng: random.Random) -> tuple[Decimal, str] | None:
    if rng.random() > 0.55:
        return None
    if rng.random() < 0.55:
        return Decimal(rng.choice(("1", "1.5", "2", "0.75", "1.25"))), "monthly"
    return Decimal(rng.choice(("4", "5", "6", "8", "9", "10", "12", "18"))), "annually"


def _promotion(rng: random.Random, effective: date) -> Promotion:
    months = Period(rng.choice((3, 4, 6)), Unit.MONTH)
    return Promotion(Decimal(rng.choice((22, 25, 30, 35, 40, 50))), add(effective, months) - timedelta(days=1))


def _escalation(rng: random.Random, currency: str) -> Escalation:
    notice = Period(rng.choice((30, 45, 60, 90)), Unit.DAY) if rng.random() < 0.3 else None
    form = rng.choices(("fixed", "index", "margin", "cap", "collar", "limit"), (32, 8, 12, 18, 10, 20))[0]
    small = Decimal(rng.choice(("2", "2.5", "3", "3.5", "4", "5", "6", "7")))
    index = rng.choice(INDEXES[currency])
    made = {
        "fixed": Escalation(percent=small),
        "index": Escalation(index=index),
        "margin": Escalation(index=index, margin=Decimal(rng.choice(("1", "1.5", "2", "3")))),
        "cap": Escalation(index=index, cap=small + 1),
        "collar": Escalation(index=index, floor=Decimal(rng.choice(("1", "1.5", "2"))), cap=small + 2),
        "limit": Escalation(cap=small + 1),
    }[form]
    return replace(made, notice=notice)


def _minimum(rng: random.Random) -> Minimum:
    amount = Decimal(rng.choice((500, 1000, 2500, 5000, 12000, 24000, 36000, 50000, 75000, 120000, 250000)))
    period = rng.choices(("monthly", "quarterly", "annually", "term"), (20, 20, 45, 15))[0]
    return Minimum(amount, period, rng.choice(("quarterly", "annually")) if rng.random() < 0.4 else "")


def _cap(rng: random.Random) -> Cap:
    if rng.random() < 0.35:
        return Cap(amount=Decimal(rng.choice((50000, 100000, 250000, 500000, 1000000, 2000000, 5000000))))
    return Cap(times=rng.choice((1, 1, 1, 2, 3)), period=Period(rng.choice((12, 12, 12, 6, 24)), Unit.MONTH))


def _insurance(rng: random.Random) -> tuple[tuple[str, Decimal], ...]:
    kinds = rng.sample(_KINDS, rng.choice((1, 2, 2, 3)))
    return tuple((kind, Decimal(rng.choice((1, 2, 3, 5, 10)) * 1000000)) for kind in kinds)
