"""Which lines of a slot fill it, and which bill it once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.findings.billed import BilledLine
from domain.findings.finding import Code, Finding
from domain.findings.looks import Look, found
from domain.findings.pairing import Pair
from domain.minor_units import from_minor
from domain.money import Money
from domain.pricing.agreement import RoundedPer
from domain.pricing.billing_periods import Span

_SAME = Decimal(1), Decimal(1)
_NEARLY = Decimal("0.9"), Decimal("1.1")
_SURE, _LIKELY = Decimal(1), Decimal("0.9")


def separated(look: Look, pair: Pair, expected: Money) -> tuple[list[BilledLine], list[BilledLine]]:
    """Return the lines that fill the slot and those that bill it once more, later ones first to go."""
    lines = list(pair.lines)
    if len(lines) < 2 or _passes(look, look.total(lines), expected):
        return lines, []
    kept: list[BilledLine] = []
    extra: list[BilledLine] = []
    for line in lines:
        same = any(_like(line, other, _SAME) for other in kept)
        elsewhere = all(line.invoice is not other.invoice for other in kept)
        filled = bool(kept) and _reaches(look, kept, expected)
        full, again = filled and (same or elsewhere), same and elsewhere
        over = (look.total(kept) + line.amount).amount > expected.amount
        surplus = line.amount.amount > 0 and (full or (again and over)) and not _fills_more(kept, line)
        (extra if surplus else kept).append(line)
    return kept, extra


def _reaches(look: Look, kept: Sequence[BilledLine], expected: Money) -> bool:
    """Tell whether lines bill all that was expected, within the tolerance and the cents of shared discounts."""
    missing = expected - look.total(kept)
    return missing.amount <= max(look.tolerance.limit(expected.amount), shared_cents(look, kept))


def shared_cents(look: Look, kept: Sequence[BilledLine]) -> Decimal:
    """Return how far lines may be off because nobody says which of them has the last cents of a shared amount.

    Those of a shared discount are counted by the lines. Where an invoice is rounded as a whole and rises are
    read off its lines, each of them may have one more.
    """
    agreement = look.contract.agreement
    read_off = agreement.escalation is not None and agreement.escalation.at_will
    each = int(read_off and agreement.rounding.per is RoundedPer.INVOICE)
    return from_minor(sum(line.shared + each for line in kept), look.zero.currency).amount


def _fills_more(kept: Sequence[BilledLine], line: BilledLine) -> bool:
    """Tell whether a line bills days of the pair that no line before it does."""
    if line.days is None or not kept:
        return False
    return all(other.days is not None and not _shares(line.days, other.days) for other in kept)


def _shares(one: Span, other: Span) -> bool:
    return one.overlap(other.start, other.end) is not None


def _passes(look: Look, billed: Money, expected: Money) -> bool:
    return billed == expected or look.tolerance.passes(billed, expected)


def _like(line: BilledLine, other: BilledLine, bounds: tuple[Decimal, Decimal]) -> bool:
    low, high = bounds
    return low * other.amount.amount <= line.amount.amount <= high * other.amount.amount


def billed_again(look: Look, pair: Pair, kept: Sequence[BilledLine], extra: Sequence[BilledLine]) -> Iterator[Finding]:
    """Yield a finding for each paper that bills the slot once more."""
    for paper in dict.fromkeys(line.place.invoice for line in extra):
        yield _extra(look, pair, [line for line in extra if line.place.invoice == paper], kept)


def _extra(look: Look, pair: Pair, lines: Sequence[BilledLine], kept: Sequence[BilledLine]) -> Finding:
    """Return the finding for the lines of one paper that bill the slot once more."""
    billed = look.total(lines)
    same = _billed_before(look, billed, kept, _SAME)
    near = same or _billed_before(look, billed, kept, _NEARLY)
    first, line = near or kept[0], lines[-1]
    words = f"{line.product} for these days was billed with {first.invoice.number} of {first.invoice.issued} already"
    return found(
        look, Code.DUPLICATE if near else Code.PERIOD_OVERLAP, words, line=line, expected=look.zero, billed=billed,
        clauses=pair.slots[0].clauses, confidence=_SURE if same else _LIKELY,
    )  # fmt: skip


def _billed_before(
    look: Look, billed: Money, kept: Sequence[BilledLine], bounds: tuple[Decimal, Decimal]
) -> BilledLine | None:
    """Return what billed as much before: a single line, or all lines of one paper."""
    for line in kept:
        paper = look.total([other for other in kept if other.invoice is line.invoice])
        if any(bounds[0] * one.amount <= billed.amount <= bounds[1] * one.amount for one in (line.amount, paper)):
            return line
    return None
