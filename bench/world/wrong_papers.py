"""Faults of a whole invoice: its own sums, whose it is, its currency, its day of payment, its tax."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from bench.world.deal import Deal
from bench.world.papers import clean, totalled
from bench.world.truth import Case, Truth, case
from domain.findings.finding import Code
from domain.invoices import Invoice, InvoiceKind, InvoiceLine, InvoiceParty
from domain.money import Money


def slip(chance: Random, deal: Deal) -> Case | None:
    """Plant an amount, or a number of units, that does not multiply out."""
    places = [
        (one, line)
        for one in _papers(deal)
        for line in one.lines
        if not one.charges and line.unit_price is not None and line.quantity is not None and line.amount.amount > 0
    ]
    if not places:
        return None
    paper, line = chance.choice(places)
    amount = chance.random() < 0.5 or _counts_itself(deal)
    if amount:
        wrong = replace(line, amount=Money(line.amount.amount * 10, line.amount.currency))
    else:
        wrong = replace(line, quantity=(line.quantity or Decimal(1)) * 3)
    lines = tuple(wrong if one is line else one for one in paper.lines)
    truth = Truth(Code.ARITHMETIC, deal.contract.id, paper.number, frozenset({line.id}))
    changed = totalled(deal, replace(paper, lines=lines))
    return case(deal, Code.ARITHMETIC, "amount" if amount else "units", _with(deal, paper, changed), truth)


def wrong_sums(chance: Random, deal: Deal) -> Case | None:
    """Plant a total that is not the sum of its parts."""
    papers = [one for one in _papers(deal) if one.net and one.total and one.lines_net]
    if not papers:
        return None
    paper, more = chance.choice(papers), deal.minor(chance.choice((1, 7, 900)))
    field = chance.choice(("lines_net", "net", "total"))
    amount = {"lines_net": paper.lines_net, "net": paper.net, "total": paper.total}[field] or more
    changed = replace(paper, **{field: amount + more})
    truth = Truth(Code.TOTALS, deal.contract.id, paper.number, expected=amount, billed=amount + more)
    truth = truth if field == "total" else replace(truth, expected=None)
    return case(deal, Code.TOTALS, field, _with(deal, paper, changed), truth)


def stranger(chance: Random, deal: Deal) -> Case | None:
    """Plant an invoice of somebody with whom we have no contract."""
    papers = _papers(deal)
    if not papers:
        return None
    like, named = chance.choice(papers), chance.random() < 0.5
    lines = (InvoiceLine("1", "Consulting in spring", deal.minor(70_000)),)
    nobody, ours = InvoiceParty("Nobody & Sons Ltd", tax_id="GB111222333"), like.buyer if deal.payable else like.seller
    paper = replace(
        like, id="S-1", number="S-1", lines=lines, charges=(), contract_number="X-9911" if named else "",
        purchase_order="", seller=nobody if deal.payable else ours, buyer=ours if deal.payable else nobody,
        lines_net=None, net=None, tax=None, total=None,
    )  # fmt: skip
    truth = Truth(Code.NO_CONTRACT, "", "S-1", expected=deal.minor(0), billed=deal.minor(70_000))
    return case(deal, Code.NO_CONTRACT, "unknown number" if named else "no number", [*clean(deal), paper], truth)


def other_company(chance: Random, deal: Deal) -> Case | None:
    """Plant an invoice of another legal entity that names our contract."""
    papers = [one for one in _papers(deal) if one.contract_number or one.purchase_order]
    if not papers:
        return None
    paper = chance.choice(papers)
    other = InvoiceParty("Grauwacke Holding SE", tax_id="DE822222222")
    changed = replace(paper, seller=other) if deal.payable else replace(paper, buyer=other)
    truth = Truth(Code.ENTITY, deal.contract.id, paper.number)
    return case(deal, Code.ENTITY, "another company", _with(deal, paper, changed), truth)


def other_currency(chance: Random, deal: Deal) -> Case | None:
    """Plant an invoice in another currency."""
    papers = [one for one in _papers(deal) if one.contract_number or one.purchase_order]
    if not papers:
        return None
    paper = chance.choice(papers)
    code = "CHF" if deal.minor(1).minor_digits == 2 else "IQD" if deal.minor(1).minor_digits else "KRW"
    lines = tuple(replace(line, amount=Money(line.amount.amount, code)) for line in paper.lines)
    charges = tuple(replace(one, amount=Money(one.amount.amount, code)) for one in paper.charges)
    changed = totalled(deal, replace(paper, currency=code, lines=lines, charges=charges))
    truth = Truth(Code.CURRENCY, deal.contract.id, paper.number)
    return case(deal, Code.CURRENCY, "another currency", _with(deal, paper, changed), truth)


def other_days_to_pay(chance: Random, deal: Deal) -> Case | None:
    """Plant a day of payment that was not agreed: sooner where we pay, later where we are paid."""
    papers = [one for one in _papers(deal) if one.due]
    if not papers:
        return None
    paper, days = chance.choice(papers), chance.randint(1, 10)
    due = (paper.due or paper.issued) + timedelta(days=-days if deal.payable else days)
    truth = Truth(Code.TERM_NET, deal.contract.id, paper.number)
    way = "sooner" if deal.payable else "later"
    return case(deal, Code.TERM_NET, way, _with(deal, paper, replace(paper, due=due)), truth)


def other_tax(chance: Random, deal: Deal) -> Case | None:
    """Plant another rate of tax on a whole invoice."""
    rate, papers = deal.contract.tax_rate, _papers(deal)
    if rate is None or not papers:
        return None
    paper, other = chance.choice(papers), chance.choice([one for one in (0, 7, 19, 21) if one != rate])
    lines = tuple(replace(line, tax_rate=Decimal(other)) for line in paper.lines)
    changed = totalled(deal, replace(paper, lines=lines))
    truth = Truth(Code.TAX, deal.contract.id, paper.number)
    return case(deal, Code.TAX, "another rate", _with(deal, paper, changed), truth)


def late_fee(chance: Random, deal: Deal) -> Case | None:
    """Plant a fee for paying late; where it was agreed, nothing is wrong with it."""
    papers = _papers(deal)
    if not papers:
        return None
    words = chance.choice(("Late payment fee", "Dunning fee", "Default interest", "Mahngebühr"))
    paper = chance.choice(papers)
    line = InvoiceLine("F", words, deal.minor(4000), tax_rate=deal.contract.tax_rate)
    changed = totalled(deal, replace(paper, lines=(*paper.lines, line)))
    truth = Truth(
        Code.LATEFEE_UNAGREED, deal.contract.id, paper.number, frozenset({"F"}), "", deal.minor(0), line.amount
    )
    truths = () if deal.contract.late_interest else (truth,)
    return case(deal, Code.LATEFEE_UNAGREED, words, _with(deal, paper, changed), *truths)


def other_product(chance: Random, deal: Deal) -> Case | None:
    """Plant a line that is on no rate card."""
    papers = _papers(deal)
    if not papers:
        return None
    paper = chance.choice(papers)
    words = chance.choice(("Priority onboarding", "Premium support", "Travel costs", "Training day"))
    line = InvoiceLine("P", words, deal.minor(7500), Decimal(1), tax_rate=deal.contract.tax_rate)
    changed = totalled(deal, replace(paper, lines=(*paper.lines, line)))
    truth = Truth(Code.SCOPE, deal.contract.id, paper.number, frozenset({"P"}), "", deal.minor(0), line.amount)
    return case(deal, Code.SCOPE, words, _with(deal, paper, changed), truth)


def _papers(deal: Deal) -> list[Invoice]:
    """Return the clean invoices of which a fault may be planted on one."""
    return [one for one in clean(deal) if one.issued != deal.mistaken and _ordinary(one)]


def _counts_itself(deal: Deal) -> bool:
    """Tell whether only the invoices know the usage that fills a minimum, so that a wrong one moves its true-up."""
    return bool(deal.terms.commitments) and not deal.contract.usage


def _ordinary(one: Invoice) -> bool:
    return one.kind is InvoiceKind.INVOICE and not one.number.endswith("-X")


def _with(deal: Deal, old: Invoice, new: Invoice) -> list[Invoice]:
    return [new if one.id == old.id else one for one in clean(deal)]
