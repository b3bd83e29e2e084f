"""What was billed for a slot against what the contract makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.findings.allowances import shown
from domain.findings.arithmetic import HARMLESS, oddity
from domain.findings.billed import BilledLine
from domain.findings.causes import Case, Cause, cause_of
from domain.findings.finding import Code, Finding
from domain.findings.looks import Look, found, last_day
from domain.findings.pairing import Fit, Pair
from domain.findings.slots import Slot
from domain.findings.surplus import billed_again, separated, shared_cents
from domain.minor_units import Rounding, payable
from domain.money import Money
from domain.pricing.agreement import ExpectedKind
from domain.pricing.billing_periods import Span
from domain.pricing.escalation import rise_days


@dataclass(frozen=True, slots=True)
class Small:
    """Hold a difference within the tolerance, which counts only with its like."""

    line: BilledLine
    expected: Money
    billed: Money


def judged(look: Look, pair: Pair) -> Iterator[Finding | Small]:
    """Yield what is wrong with the lines of a pair, and differences too small to matter alone."""
    if pair.fit is Fit.OUTSIDE:
        yield from (_outside(look, line) for line in pair.lines)
    elif pair.fit is Fit.AGAIN:
        yield from (_again(look, pair, line) for line in pair.lines if line.amount.amount > 0)
    elif pair.lines:
        yield from _filled(look, pair)


def _filled(look: Look, pair: Pair) -> Iterator[Finding | Small]:
    expected = sum((slot.amount for slot in pair.slots[1:]), start=pair.slots[0].amount)
    kept, extra = separated(look, pair, expected)
    yield from billed_again(look, pair, kept, extra)
    billed, line = look.total(kept), kept[-1]
    if (share := _billed_share(pair, kept)) is not None:
        due = payable(Fraction(expected.amount) * share, expected.currency, Rounding.HALF_UP)
        yield _frequency(look, pair, line, due, billed)
    elif abs((billed - expected).amount) <= shared_cents(look, kept):
        return
    elif look.tolerance.passes(billed, expected):
        yield Small(line, expected, billed)
    else:
        yield _difference(look, pair, kept, expected, billed)


def _billed_share(pair: Pair, kept: Sequence[BilledLine]) -> Fraction | None:
    """Return the part of the pair's periods that other billing periods cover, `None` where these are the agreed ones."""
    if pair.fit is Fit.COARSER:
        return Fraction(1)
    spans = {line.days for line in kept if line.days is not None}
    slot = pair.slots[0]
    if pair.fit is Fit.SAME or any(span.end > slot.days.end or span.start < slot.days.start for span in spans):
        return None
    shortest = min(span.days for span in spans)
    count = round(slot.days.days / shortest)
    regular = count > 1 and all(abs(span.days * count - slot.days.days) <= 3 * count for span in spans)
    share = Fraction(min(len(spans), count), count)
    billed = sum((Fraction(line.amount.amount) for line in kept), Fraction(0))
    exact = Fraction(slot.amount.amount) * share
    return share if regular and (pair.fit is Fit.FINER or abs(billed - exact) <= 1) else None


def _frequency(look: Look, pair: Pair, line: BilledLine, expected: Money, billed: Money) -> Finding:
    agreed = look.contract.agreement.schedule.every.display()
    words = f"agreed is one invoice line per {agreed} ({_days(pair.slots[0].days)}), billed was {_days(line.days)}"
    span = Span(pair.slots[0].days.start, pair.slots[-1].days.end)
    return found(
        look, Code.FREQUENCY, words, line=line, days=span, expected=expected, billed=billed,
        clauses=pair.slots[0].clauses,
    )  # fmt: skip


def _difference(look: Look, pair: Pair, kept: Sequence[BilledLine], expected: Money, billed: Money) -> Finding:
    slot, line = pair.slots[0], next((one for one in kept if _is_wrong(one)), kept[-1])
    case = Case(look.contract.agreement, slot, billed, _quantity(slot, kept), look.usage, max(look.today, slot.bill_on))
    cause = cause_of(case) or _over_the_cap(look, slot, expected, billed) or _plain(expected, billed)
    words = f"{cause.words}. Agreed: {slot.formula}. Billed: {' + '.join(map(shown, kept))} = {billed}"
    return found(
        look, cause.code, words, line=line, days=slot.days, expected=expected, billed=billed, clauses=slot.clauses,
        tolerance=look.tolerance, also=cause.also,
    )  # fmt: skip


def _over_the_cap(look: Look, slot: Slot, expected: Money, billed: Money) -> Cause | None:
    """Return the cause where prices may rise at will and this one is above all that they may."""
    escalation = look.contract.agreement.escalation
    if escalation is None or not escalation.at_will or billed.amount <= expected.amount:
        return None
    last = last_day(slot.days)
    rising = {line.product for line in look.contract.agreement.prices if line.rises and line.first < last}
    if slot.product not in rising or not rise_days(escalation, through=last):
        return None
    return Cause(Code.UPLIFT_CAP, f"the price rose by more than the {escalation.cap} % that are allowed")


def _is_wrong(line: BilledLine) -> bool:
    """Tell whether a line is wrong by its own figures, which then is the cause."""
    found = oddity(line.line)
    return found is not None and found not in HARMLESS


def _plain(expected: Money, billed: Money) -> Cause:
    over = billed.amount > expected.amount
    return Cause(
        Code.PRICE_OVER if over else Code.PRICE_UNDER, f"the amount is {'above' if over else 'below'} the agreed one"
    )


def _quantity(slot: Slot, kept: Sequence[BilledLine]) -> Decimal:
    """Return the billed units: all of them for usage and for lines of the same days, else those of the last days."""
    if slot.kind is ExpectedKind.USAGE:
        return sum((line.quantity for line in kept), Decimal(0))
    last = max((line.days for line in kept if line.days), key=lambda days: days.start, default=slot.days)
    return sum((line.quantity for line in kept if line.days in (last, None)), Decimal(0))


def _outside(look: Look, line: BilledLine) -> Finding:
    agreement = look.contract.agreement
    days = line.days
    ended = days is not None and (
        days.start < agreement.first or (agreement.end is not None and days.end > agreement.end)
    )
    if ended:
        words = (
            f"the contract runs from {agreement.first} to {agreement.last or 'an open end'}, billed is {_days(days)}"
        )
    else:
        words = f"no price of {line.product} holds for {_days(days)}"
    code = Code.EXPIRED if ended else Code.SCOPE
    return found(look, code, words, line=line, expected=look.zero, billed=line.amount)


def _again(look: Look, pair: Pair, line: BilledLine) -> Finding:
    words = f"{_days(line.days)} overlaps {_days(pair.slots[0].days)}, which is billed already"
    return found(look, Code.PERIOD_OVERLAP, words, line=line, expected=look.zero, billed=line.amount)


def _days(days: Span | None) -> str:
    return "no stated days" if days is None else f"{days.start} to {last_day(days)}"
