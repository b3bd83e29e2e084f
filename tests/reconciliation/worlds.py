"""Small random worlds: contracts of every kind, the invoices they lead to, and what can go wrong with one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from domain.findings.contract import BilledContract, Policy
from domain.findings.tolerance import Joined, Tolerance
from domain.invoices import Charge, Direction, Invoice, InvoiceKind, InvoiceLine, InvoiceParty, InvoiceStatus
from domain.minor_units import Rounding
from domain.money import Money
from domain.periods import Period
from domain.pricing.agreement import Agreement, Expected, RoundedPer, RoundingPolicy, Usage
from domain.pricing.billing_periods import Lead, Schedule, Timing
from domain.pricing.commitments import Commitment
from domain.pricing.discounts import Basis, Discount
from domain.pricing.escalation import Escalation, Steps
from domain.pricing.expected import expected_lines
from domain.pricing.proration import Convention
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Band, Model, Tariff

D = Decimal
START = date(2025, 1, 1)
TODAY = date(2025, 12, 15)
OURS = InvoiceParty("Lumora Analytics GmbH")
MONTH = Period.parse("P1M")


@dataclass(frozen=True)
class World:
    """Contracts, invoices and the house's rules."""

    contracts: tuple[BilledContract, ...]
    invoices: tuple[Invoice, ...]
    policy: Policy

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        terms = [f"{one.number} {one.agreement} {one.tolerance}" for one in self.contracts]
        lines = [
            f"{paper.id} {paper.issued} {paper.kind} {paper.status} {line.id} {line.product} {line.amount} "
            f"{line.quantity} {line.period_first} {line.period_last}"
            for paper in self.invoices
            for line in paper.lines
        ]
        printer.text("\n".join(["", *terms, *lines]))

    @property
    def matched(self) -> dict[tuple[str, str], BilledContract]:
        by_number = {one.number: one for one in self.contracts}
        return {
            (one.source, one.id): by_number[one.contract_number]
            for one in self.invoices
            if one.contract_number in by_number
        }


cents = st.integers(0, 50_000).map(lambda value: D(value) / 100)
fine = st.integers(0, 10_000_000).map(lambda value: D(value) / 10_000)
days = st.integers(0, 330).map(lambda value: START + timedelta(days=value))
firsts = st.sampled_from([4, 7, 10]).map(lambda month: date(2025, month, 1))


@st.composite
def bands(draw: st.DrawFn) -> tuple[Band, ...]:
    ends = sorted(draw(st.sets(st.sampled_from([D(1), D(10), D("12.5"), D(50), D(200)]), min_size=1, max_size=3)))
    flats = draw(st.booleans())
    return tuple(
        Band(end, draw(fine), draw(cents) if flats else D(0))
        for end in (*ends, draw(st.sampled_from([None, None, D(5000)])))
    )


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    model = draw(st.sampled_from([*Model, Model.GRADUATED, Model.VOLUME, Model.PER_UNIT]))
    if model in {Model.GRADUATED, Model.VOLUME}:
        return Tariff(model, bands=draw(bands()))
    return Tariff(model, draw(fine), package=draw(st.sampled_from([D(1), D(10)])))


@st.composite
def products(draw: st.DrawFn, name: str, currency: str, *, hard: bool) -> list[PriceLine]:
    tariff = draw(tariffs())
    plain = tariff.model is Model.FLAT or (tariff.model is Model.PACKAGE and not hard)
    usage = not plain and draw(st.booleans())
    quantity = None if usage or tariff.model is Model.FLAT else D(draw(st.integers(1, 300)))
    per = draw(st.sampled_from([MONTH, None])) if hard and not usage else MONTH
    one = PriceLine(name, tariff, currency, START, None, quantity, per)
    if not draw(st.booleans()):
        return [one]
    change = draw(days if hard else firsts)
    price = draw(tariffs().filter(lambda other: other.model is tariff.model))
    return [one, replace(one, tariff=price, first=max(change, START + timedelta(days=1)))]


@st.composite
def discounts(draw: st.DrawFn, currency: str, *, hard: bool) -> tuple[Discount, ...]:
    found = []
    for order in range(draw(st.integers(0, 2))):
        first = draw(st.none() | (days if hard else firsts))
        base = Discount(
            percent=D(draw(st.integers(0, 400))) / 10, basis=draw(st.sampled_from(Basis)), order=order, first=first
        )
        if hard and draw(st.booleans()):
            base = replace(base, percent=None, amount=Money(D(draw(st.integers(0, 500))), currency))
        found.append(base)
    return tuple(found)


@st.composite
def agreements(draw: st.DrawFn, *, hard: bool) -> Agreement:
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    names = ["Seats", "Storage", "Support"][: draw(st.integers(1, 3))]
    prices = [line for name in names for line in draw(products(name, currency, hard=hard))]
    every = draw(
        st.sampled_from([MONTH, Period.parse("P3M"), Period.parse("P2W")] if hard else [MONTH, Period.parse("P3M")])
    )
    anchor = draw(st.sampled_from([None, 1, 15, 31])) if hard and every.months else None
    timing = draw(st.sampled_from(Timing))
    rounding = draw(st.sampled_from(Rounding))
    per = draw(st.sampled_from(RoundedPer if hard else [RoundedPer.LINE, RoundedPer.UNIT]))
    at_will = hard and draw(st.booleans())
    rate = draw(st.integers(0, 90).map(lambda value: D(value) / 10))
    escalation = Escalation(
        date(2025, 1, 1), None if at_will else rate, cap=rate if at_will else None, every=Period.parse("P6M"),
        digits=draw(st.sampled_from([None, 2, 4])), steps=draw(st.sampled_from(Steps)),
    )  # fmt: skip
    return Agreement(
        currency, START, draw(st.sampled_from([None, date(2025, 10, 31), date(2026, 6, 12)])), tuple(prices),
        Schedule(every, anchor, timing, draw(st.sampled_from(Lead))),
        draw(st.sampled_from(Convention)) if hard and every.months else Convention.ACTUAL, RoundingPolicy(rounding, per),
        draw(discounts(currency, hard=hard)), draw(st.none() | st.just(escalation)),
        (Commitment(Money(D(900), currency), MONTH),) if hard and draw(st.integers(0, 5)) == 0 else (),
    )  # fmt: skip


@st.composite
def contracts(draw: st.DrawFn, number: int, *, hard: bool) -> BilledContract:
    tolerance = Tolerance(
        draw(st.sampled_from([D(0), D("0.02"), D(5)])), draw(st.sampled_from([D(0), D("0.1"), D(3)])),
        draw(st.sampled_from(Joined)),
    )  # fmt: skip
    vendor = InvoiceParty(f"Vendor {'ABCD'[number]} GmbH", tax_id=f"DE81111111{number}")
    agreement = draw(agreements(hard=hard))
    return BilledContract(f"c{number}", f"SO-{number}", Direction.PAYABLE, vendor, agreement, tolerance=tolerance)


@st.composite
def worlds(draw: st.DrawFn, *, hard: bool = True) -> World:
    """Contracts with the invoices that they lead to, nothing wrong with them."""
    found = tuple(draw(contracts(number, hard=hard)) for number in range(draw(st.integers(1, 2))))
    invoices = tuple(invoice for one in found for invoice in draw(clean_invoices(one)))
    return World(found, invoices, Policy(drift_lines=draw(st.sampled_from([2, 3, 6])), drift_amount=D("0.05")))


@st.composite
def clean_invoices(draw: st.DrawFn, contract: BilledContract) -> list[Invoice]:
    agreement = contract.agreement
    metered = dict.fromkeys(line.product for line in agreement.prices if line.by_usage)
    months = [START.replace(month=month) for month in range(1, 12)]
    units = st.integers(1, 400_000).map(lambda value: D(value) / 1000)
    usage = tuple(Usage(product, day, draw(units)) for product in metered for day in months)
    try:
        lines = expected_lines(agreement, usage, through=TODAY, known_at=TODAY)
    except ValueError:
        return []
    by_day: dict[date, list[Expected]] = {}
    for line in lines:
        by_day.setdefault(line.bill_on, []).append(line)
    return [_invoice(contract, day, own) for day, own in by_day.items()]


def _invoice(contract: BilledContract, day: date, own: list[Expected]) -> Invoice:
    number = f"{contract.number}-{day:%Y%m%d}"
    return Invoice(
        "files", number, number, InvoiceKind.INVOICE, InvoiceStatus.OPEN, contract.direction,
        contract.agreement.currency, day, contract.other, OURS,
        tuple(
            InvoiceLine(str(index), one.product, one.amount, one.quantity, period_first=one.period_first,
                        period_last=one.period_last, product=one.product)
            for index, one in enumerate(own)
        ),
        contract_number=contract.number,
    )  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn) -> World:
    """A world in which up to four things went wrong; half of them have ordinary contracts only."""
    world = draw(worlds(hard=draw(st.booleans())))
    invoices = list(world.invoices)
    for _ in range(draw(st.integers(0, 4))):
        if invoices:
            at = draw(st.integers(0, len(invoices) - 1))
            invoices[at : at + 1] = draw(st.sampled_from(MISTAKES))(draw, invoices[at])
    return replace(world, invoices=tuple(invoices))


def _line(draw: st.DrawFn, paper: Invoice, **changes: object) -> Invoice:
    if not paper.lines:
        return paper
    at = draw(st.integers(0, len(paper.lines) - 1))
    line = replace(paper.lines[at], **changes)
    return replace(paper, lines=(*paper.lines[:at], line, *paper.lines[at + 1 :]))


def _amount(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    off = D(draw(st.sampled_from([-500, -2, -1, 1, 2, 3, 500]))) / 100
    if paper.currency == "JPY":
        off *= 100
    return [
        replace(
            paper,
            lines=tuple(
                replace(one, amount=Money(one.amount.amount + off, one.amount.currency)) for one in paper.lines
            ),
        )
    ]


def _quantity(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    return [_line(draw, paper, quantity=draw(st.sampled_from([None, D(0), D(7), D("3.0001"), D(2_000_000), D(-1)])))]


def _moved(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    first = draw(st.none() | days)
    length = draw(st.sampled_from([0, 13, 27, 29, 30, 89]))
    return [_line(draw, paper, period_first=first, period_last=first + timedelta(days=length) if first else None)]


def _again(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    later = paper.issued + timedelta(days=draw(st.sampled_from([0, 9])))
    return [
        paper,
        replace(paper, id=f"{paper.id}-again", issued=later, number=draw(st.sampled_from([paper.number, "R-77"]))),
    ]


def _other_paper(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    """The same number, total and day, but other days of service."""
    moved = tuple(replace(one, period_first=date(2025, 5, 1), period_last=date(2025, 5, 31)) for one in paper.lines)
    return [paper, replace(paper, id=f"{paper.id}-other", lines=moved)]


def _dropped(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    return []


def _part(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    return [replace(paper, lines=paper.lines[1:])]


def _currency(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    return [
        replace(
            paper,
            currency="USD",
            lines=tuple(replace(one, amount=Money(one.amount.amount, "USD")) for one in paper.lines),
        )
    ]


def _unknown(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    return [_line(draw, paper, product="Nobody ordered this", description="Nobody ordered this")]


def _no_contract(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    return [replace(paper, contract_number="SO-404", seller=InvoiceParty("Stranger Ltd"))]


def _credit(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    return [paper, replace(paper, id=f"{paper.id}-credit", kind=InvoiceKind.CREDIT_NOTE, corrects=paper.number)]


def _reduced(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    """A discount beside the lines, or a charge on the document."""
    off = Money(D(-3), paper.currency)
    extra = InvoiceLine("99", "Discount", off)
    return [
        draw(
            st.sampled_from(
                [replace(paper, charges=(Charge("Handling", off * -1),)), replace(paper, lines=(*paper.lines, extra))]
            )
        )
    ]


def _void(draw: st.DrawFn, paper: Invoice) -> list[Invoice]:
    return [replace(paper, status=InvoiceStatus.VOID)]


MISTAKES = [
    _amount, _amount, _quantity, _moved, _moved, _again, _other_paper, _dropped, _part, _currency, _unknown,
    _no_contract, _credit, _void, _reduced,
]  # fmt: skip
