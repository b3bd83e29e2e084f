"""A contract's money terms as its papers say them: what is not said is an assumption or a reason not to check.

The papers of a family are read for each stretch of days between two changes, so that a price holds for
its own days of service. Nothing is guessed that would decide over money: without a billing frequency or a
time that a price is for there is no expected invoice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from domain.findings.contract import BilledContract
from domain.invoices import Direction, InvoiceParty
from domain.money import Money
from domain.periods import Period, Unit
from domain.pricing.agreement import Agreement
from domain.pricing.billing_periods import FREQUENCIES, Schedule, frequency
from domain.pricing.commitments import Commitment
from domain.pricing.escalation import Escalation
from domain.pricing.rate_card import PriceLine, price_line, price_period
from domain.pricing.tariffs import Model, Tariff
from domain.terms import ContractTerms, Line, Reading, TermField

_ONE_DAY = timedelta(days=1)
_YEAR = Period(1, Unit.YEAR)
_UPFRONT = "upfront"
_ONCE = ("one-time", "one-off", "once", "set-up", "setup")
_RENEWAL = re.compile(r"\b(?:renew\w*|exten(?:d\w*|sions?)|prolong\w*)\b", re.IGNORECASE)
_YEARLY = re.compile(
    r"\b(?:annual(?:ly)?|(?:each|every|per|any|once\s+a)\s+(?:\w+\s+)?year|anniversar\w+|p\.a)\b", re.IGNORECASE
)
# Work that is done once; charged by the year only where the paper's own sums say so.
_WORK = (*_ONCE, "onboarding", "implementation", "training", "migration", "installation", "consult", "workshop")


@dataclass(frozen=True, slots=True)
class Papers:
    """Hold what a contract says over time: `stretches` are (first day, reading), oldest first, the last one open.

    `last` is the last day of the running term, `None` where it has no end.
    """

    id: str
    direction: Direction
    other: InvoiceParty
    stretches: tuple[tuple[date, Reading], ...]
    last: date | None


@dataclass(frozen=True, slots=True)
class FromPapers:
    """Hold the contract, or why there is none, and what was assumed."""

    contract: BilledContract | None
    number: str = ""
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def from_papers(papers: Papers) -> FromPapers:
    """Return the money terms of a contract, or each thing that its papers leave open."""
    terms = ContractTerms.of(papers.stretches[-1][1].terms)
    prices, missing = _prices(papers)
    start, every = terms.start, terms.text(TermField.BILLING_FREQUENCY)
    missing += [] if start else ["no day on which the contract begins"]
    missing += [] if every else ["no billing frequency"]
    missing += [] if prices else ["no prices"]
    number = terms.text(TermField.CONTRACT_NUMBER) or ""
    if missing or start is None or every is None:
        return FromPapers(None, number, missing=tuple(dict.fromkeys(missing)))
    try:
        return _built(papers, terms, prices, start, _every(every, terms))
    except ValueError as error:
        return FromPapers(None, number, missing=(str(error),))


def _every(text: str, terms: ContractTerms) -> Period:
    """Return the length of a billing period; all at once is one of the whole initial term. Raises `ValueError`."""
    initial = terms.period(TermField.INITIAL_TERM)
    return initial if text == _UPFRONT and initial is not None else frequency(text)


def _built(papers: Papers, terms: ContractTerms, prices: Sequence[PriceLine], start: date, every: Period) -> FromPapers:
    reading = papers.stretches[-1][1]
    days = terms.text(TermField.PAYMENT_DAYS)
    escalation, assumed = _escalation(papers, terms, start)
    agreement = Agreement(
        prices[0].currency, start, papers.last, tuple(prices), Schedule(every), escalation=escalation,
        commitments=tuple(_commitments(reading, terms)), payment_days=int(days) if days else None,
    )  # fmt: skip
    cited = reading.get(TermField.PAYMENT_DAYS)
    contract = BilledContract(
        papers.id, terms.text(TermField.CONTRACT_NUMBER) or "", papers.direction, papers.other, agreement,
        late_interest=reading.get(TermField.LATE_INTEREST) is not None, payment_citation=cited.citation if cited else None,
    )  # fmt: skip
    discounted = ["the prices of the lines are net of the discounts"] if reading.all(TermField.DISCOUNT) else []
    return FromPapers(contract, contract.number, ("each period is billed on its first day", *discounted, *assumed))


def _prices(papers: Papers) -> tuple[list[PriceLine], list[str]]:
    found: list[PriceLine] = []
    missing: list[str] = []
    ends = [begin - _ONE_DAY for begin, _ in papers.stretches[1:]] + [papers.last]
    for (begin, reading), last in zip(papers.stretches, ends, strict=True):
        for line in reading.lines:
            try:
                found.append(_price(reading, line, begin, last))
            except ValueError as error:
                missing.append(f"{line.product}: {error}")
    return list(_joined(found)), missing


def _price(reading: Reading, line: Line, begin: date, last: date | None) -> PriceLine:
    price = price_line(line, first=begin, last=last)
    if price.by_usage:
        return price
    units = _product(line)
    if units is not None and line.total is not None and units != line.total:
        # A total that its own units do not give has a discount in it.
        price = replace(price, tariff=Tariff(Model.FLAT, line.total.amount), quantity=None)
    if price.per is None:
        price = replace(price, per=_time_of(reading, line))
    return price


def _product(line: Line) -> Money | None:
    if line.quantity is None or line.unit_price is None:
        return None
    return line.unit_price * line.quantity


def _names(line: Line, words: Sequence[str]) -> bool:
    return any(word in f"{line.unit} {line.product}".casefold() for word in words)


def _time_of(reading: Reading, line: Line) -> Period | None:
    """Return the time that an unmarked price is for: what makes the lines add up to the stated value.

    `None` is once. Raises `ValueError` where nothing adds up.
    """
    named = price_period(line.unit)
    if named is not None or _names(line, _ONCE):
        return named
    terms = ContractTerms.of(reading.terms)
    stated = (
        (terms.money(TermField.ANNUAL_VALUE), _YEAR),
        (terms.money(TermField.TOTAL_VALUE), terms.period(TermField.INITIAL_TERM)),
    )
    for words in (_WORK, _ONCE):
        whole = _sum([one for one in reading.lines if not _names(one, words)])
        for value, period in stated:
            if whole is not None and value == whole and period is not None:
                return None if _names(line, words) else period
    message = "nothing says for what time its price is"
    raise ValueError(message)


def _sum(lines: Sequence[Line]) -> Money | None:
    known = [amount for one in lines if (amount := one.total or _product(one)) is not None]
    return sum(known[1:], start=known[0]) if known and len({one.currency for one in known}) == 1 else None


def _joined(prices: Sequence[PriceLine]) -> Iterator[PriceLine]:
    """Yield the prices, one line where the same price goes on after a change of something else."""
    open_ones: dict[str, PriceLine] = {}
    for price in prices:
        before = open_ones.get(price.product)
        if (
            before is not None
            and before.end == price.first
            and replace(before, first=price.first, last=price.last) == price
        ):
            open_ones[price.product] = replace(before, last=price.last)
            continue
        if before is not None:
            yield before
        open_ones[price.product] = price
    yield from open_ones.values()


def _escalation(papers: Papers, terms: ContractTerms, start: date) -> tuple[Escalation | None, list[str]]:
    """Return how prices rise; where only a cap can be checked, any rise up to it is right."""
    reading = papers.stretches[-1][1]
    percent, cap = terms.text(TermField.ESCALATION_PERCENT), terms.text(TermField.ESCALATION_CAP)
    index, floor = terms.text(TermField.ESCALATION_INDEX), terms.text(TermField.ESCALATION_FLOOR)
    notice, ours = terms.period(TermField.ESCALATION_NOTICE), papers.direction is Direction.RECEIVABLE
    unknown = [f"no price rises: the values of {index} are in no contract file"] if index else []
    if percent is None and cap is None:
        return None, unknown
    cited = reading.get(TermField.ESCALATION_PERCENT if percent else TermField.ESCALATION_CAP)
    renewed = terms.period(TermField.INITIAL_TERM) if cited and _on_renewal(cited.citation.quote) else None
    found = Escalation(
        start, every=renewed or _YEAR, percent=Decimal(percent) if percent else None, cap=Decimal(cap) if cap else None,
        floor=Decimal(floor) if floor else None, notice=None if ours else notice,
        citation=cited.citation if cited else None,
    )  # fmt: skip
    assumed = ["notice of each price rise was given"] if ours and notice else []
    capped = f"a rise of up to {cap} % is taken as it is billed"
    if percent is None:
        assumed = [f"the values of {index} are in no contract file: {capped}" if index else capped, *assumed]
    return found, assumed


def _on_renewal(quote: str) -> bool:
    """Tell whether a rise is one that comes with a renewal, and not every year as well."""
    return bool(_RENEWAL.search(quote)) and not _YEARLY.search(quote)


def _commitments(reading: Reading, terms: ContractTerms) -> Iterator[Commitment]:
    minimum, every = terms.money(TermField.MINIMUM_COMMITMENT), terms.text(TermField.MINIMUM_PERIOD)
    cited = reading.get(TermField.MINIMUM_COMMITMENT)
    if minimum is not None:
        yield Commitment(minimum, FREQUENCIES.get(every or ""), citation=cited.citation if cited else None)
