"""The letter about one invoice: to a vendor what is too much, to our own finance what we did not bill."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain.findings.contract import BilledContract
from domain.findings.finding import Action, Finding, Place
from domain.invoices import Direction
from domain.money import Money

FINANCE = "Finance"
_ANSWER = timedelta(days=14)
_CREDITED = frozenset({Action.DISPUTE, Action.CLAIM})
_CORRECTED = frozenset({Action.QUERY, Action.CORRECT})


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold a letter as plain text; a person reads it before it is sent."""

    subject: str
    body: str
    to_party: str


def draft(findings: Sequence[Finding], contract: BilledContract, *, today: date) -> Draft:
    """Write the letter about the findings of one invoice, or of none where it is missing.

    Raises `ValueError` for findings of several invoices or contracts, and where a vendor is asked for nothing.
    """
    places = {(one.place.source, one.place.invoice) if one.place else None for one in findings}
    if len(places) != 1 or any(one.contract != contract.id for one in findings):
        raise ValueError("a letter is about the findings of one invoice and one contract")
    return (
        _to_vendor(findings, contract, today) if contract.direction is Direction.PAYABLE else _memo(findings, contract)
    )


def _to_vendor(findings: Sequence[Finding], contract: BilledContract, today: date) -> Draft:
    asked = [one for one in findings if one.action in _CREDITED | _CORRECTED]
    if not asked:
        raise ValueError("there is nothing to ask the vendor for")
    paper = _paper(asked[0].place)
    reply_by = min([today + _ANSWER, *(one.dispute_by for one in asked if one.dispute_by and one.dispute_by > today)])
    body = [
        "Dear Sir or Madam,", "",
        f"we have checked {paper} against our contract {contract.number} and found the following.", "",
        *_numbered(asked),
        *_wishes(asked), "",
        f"Please reply by {reply_by}. Until then we regard the amounts named above as disputed; all others are not.", "",
        "Kind regards", contract.ours.name or "Accounts payable",
    ]  # fmt: skip
    return Draft(
        f"{_capital(paper)}, contract {contract.number}: request for correction", "\n".join(body), contract.other.name
    )


def _wishes(asked: Sequence[Finding]) -> Iterator[str]:
    money = [one.at_stake for one in asked if one.action in _CREDITED and one.at_stake and one.at_stake.amount > 0]
    if money:
        yield f"Please send us a credit note over {_sum(money).display()}, net of tax."
    if any(one.action in _CORRECTED for one in asked):
        numbers = [str(number) for number, one in enumerate(asked, 1) if one.action in _CORRECTED]
        yield f"Please send us a corrected invoice as to {'points' if len(numbers) > 1 else 'point'} {', '.join(numbers)}."


def _memo(findings: Sequence[Finding], contract: BilledContract) -> Draft:
    lost = [one.at_stake for one in findings if one.at_stake and one.at_stake.amount > 0]
    over = [one.delta for one in findings if one.delta and one.delta.amount > 0]
    paper = _paper(findings[0].place)
    dates = [one.dispute_by for one in findings if one.dispute_by]
    body = [
        f"{_capital(paper)} to {contract.other.name} differs from contract {contract.number}.", "",
        *_numbered(findings),
        *([f"To bill: {_sum(lost).display()}, net of tax."] if lost else []),
        *([f"To credit: {_sum(over).display()}, net of tax, before the customer asks."] if over else []),
        *([f"To be done by {min(dates)}."] if dates else []),
    ]  # fmt: skip
    amount = f"{_sum(lost).display()} not billed" if lost else "billed other than agreed"
    return Draft(f"{contract.other.name}, {paper}: {amount}", "\n".join(body), FINANCE)


def _numbered(findings: Sequence[Finding]) -> Iterator[str]:
    for number, one in enumerate(findings, 1):
        line = f", line {one.place.line}" if one.place and one.place.line else ""
        days = f", {one.first} to {one.last}" if one.first and one.last else ""
        yield f"{number}. {one.product or 'The invoice as a whole'}{line}{days}"
        if one.billed is not None and one.expected is not None:
            yield f"   Billed {one.billed.display()}, agreed {one.expected.display()}{_difference(one.delta)}."
        yield from (f"   {text}" for text in one.explanation.splitlines())
        yield from (f"   Contract, page {clause.page}: “{clause.quote}”" for clause in one.clauses)
        yield ""


def _difference(delta: Money | None) -> str:
    return f", difference {delta.display()}" if delta is not None else ""


def _sum(amounts: Sequence[Money]) -> Money:
    return sum(amounts, start=Money(Decimal(0), amounts[0].currency))


def _paper(place: Place | None) -> str:
    return f"invoice {place.number} of {place.issued}" if place else "the missing invoice"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
