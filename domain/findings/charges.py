"""Charges beside the running prices: one-time fees, true-ups, credits that are due, late fees, what is on no rate card."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.findings.billed import BilledLine, Role
from domain.findings.contract import CreditKind, DueCredit
from domain.findings.finding import Code, Finding
from domain.findings.looks import Look, found
from domain.findings.pairing import Fit, Pair
from domain.findings.prices import Small, judged
from domain.findings.slots import Slot
from domain.invoices import Direction
from domain.pricing.agreement import ExpectedKind
from domain.pricing.commitments import Commitment
from domain.terms import Citation


@dataclass(frozen=True, slots=True)
class Filled:
    """Hold which slots somebody billed, whatever was wrong with it."""

    slots: frozenset[Slot]
    findings: tuple[Finding | Small, ...]


def once(look: Look, product: str, lines: Sequence[BilledLine]) -> Filled:
    """Judge the lines of a one-time fee: the first that is not credited is it, every other repeats it."""
    slots = [slot for slot in look.slots if slot.product == product and slot.kind is ExpectedKind.ONCE]
    standing = _uncredited(lines)
    findings: list[Finding | Small] = []
    for slot, line in zip(slots, standing, strict=False):
        findings += judged(look, Pair(Fit.SAME, (slot,), (line,)))
    for line in standing[len(slots) :]:
        words = f"{product} is due once and was billed with {standing[0].invoice.number} already"
        code = Code.SETUP_REPEAT if standing[0] is not line else Code.SCOPE
        findings.append(found(look, code, words, line=line, expected=look.zero, billed=line.amount))
    return Filled(frozenset(slots[: len(standing)]), tuple(findings))


def _uncredited(lines: Sequence[BilledLine]) -> list[BilledLine]:
    """Return the lines of more than nothing that no credit of the same amount takes back."""
    back = [-line.amount.amount for line in lines if line.amount.amount < 0]
    standing: list[BilledLine] = []
    for line in reversed([line for line in lines if line.amount.amount > 0]):
        if line.amount.amount in back:
            back.remove(line.amount.amount)
        else:
            standing.insert(0, line)
    return standing


def true_ups(look: Look, lines: Sequence[BilledLine]) -> Filled:
    """Judge the lines that fill up a minimum, each against the period that it names or that its amount is of.

    A line of another amount and without days is about the period that ended last before it.
    """
    slots = [slot for slot in look.slots if slot.kind is ExpectedKind.TRUE_UP]
    taken: set[Slot] = set()
    findings: list[Finding | Small] = []
    for line in sorted(lines, key=lambda one: not _exact(slots, one)):
        slot = _true_up_slot(slots, line, taken)
        if slot is None:
            findings.append(_no_true_up(look, line))
        elif slot in taken:
            words = f"the true-up of {slot.days.start} to {slot.days.end} was billed already"
            findings.append(found(look, Code.COMMIT_DOUBLE, words, line=line, expected=look.zero, billed=line.amount))
        else:
            findings += _true_up(look, slot, line)
            taken.add(slot)
    return Filled(frozenset(taken), tuple(findings))


def _true_up_slot(slots: Sequence[Slot], line: BilledLine, taken: Collection[Slot]) -> Slot | None:
    if line.days is not None:
        return next((slot for slot in slots if slot.days == line.days), None)
    exact, past = _exact(slots, line), _past(slots, line)
    free = [slot for slot in exact or past if slot not in taken]
    return max(free or exact or past, key=lambda slot: slot.days.end, default=None)


def _exact(slots: Sequence[Slot], line: BilledLine) -> list[Slot]:
    """Return the periods over by then that miss exactly the amount of a line."""
    return [slot for slot in _past(slots, line) if slot.amount == line.amount]


def _past(slots: Sequence[Slot], line: BilledLine) -> list[Slot]:
    return [slot for slot in slots if slot.bill_on <= line.invoice.issued]


def _true_up(look: Look, slot: Slot, line: BilledLine) -> Iterator[Finding | Small]:
    if line.invoice.issued < slot.days.end:
        yield _early(look, line, slot.clauses)
    elif not look.tolerance.passes(line.amount, slot.amount):
        over = line.amount.amount > slot.amount.amount
        code = Code.COMMIT_DOUBLE if over else Code.PRICE_UNDER
        words = f"{'more' if over else 'less'} than what was missing to the minimum: {slot.formula}"
        yield found(look, code, words, line=line, expected=slot.amount, billed=line.amount, clauses=slot.clauses)


def _no_true_up(look: Look, line: BilledLine) -> Finding:
    commitments = look.contract.agreement.commitments
    clauses = tuple(one.citation for one in commitments if one.citation)
    if not commitments:
        return found(look, Code.SCOPE, "no minimum is agreed", line=line, expected=look.zero, billed=line.amount)
    ends = line.days.end if line.days else None
    if ends is not None and ends > line.invoice.issued:
        return _early(look, line, clauses)
    words = f"the minimum of {_minimum(commitments)} was reached, nothing was missing"
    return found(look, Code.COMMIT_DOUBLE, words, line=line, expected=look.zero, billed=line.amount, clauses=clauses)


def _minimum(commitments: Sequence[Commitment]) -> str:
    return ", ".join(str(one.minimum) for one in commitments)


def _early(look: Look, line: BilledLine, clauses: tuple[Citation, ...]) -> Finding:
    words = f"a true-up is due at the end of its period, this one came on {line.invoice.issued}"
    return found(look, Code.TRUEUP_EARLY, words, line=line, expected=look.zero, billed=line.amount, clauses=clauses)


def others(look: Look) -> Iterator[Finding]:
    """Yield late fees that nobody agreed and lines that are on no rate card."""
    for line in look.lines:
        if line.role is Role.LATE_FEE and not look.contract.late_interest and line.amount.amount > 0:
            words = "no fee or interest for late payment is agreed"
            yield found(look, Code.LATEFEE_UNAGREED, words, line=line, expected=look.zero, billed=line.amount)
        elif line.role is Role.UNKNOWN and line.amount.amount > 0:
            words = f"“{line.line.description or line.line.product}” is not on the rate card"
            yield found(look, Code.SCOPE, words, line=line, expected=look.zero, billed=line.amount)


def due_credits(look: Look, disputed: Sequence[BilledLine] = ()) -> Iterator[Finding]:
    """Yield credits that no invoice shows, and rebates nobody claimed in time to claim them.

    A credit among the lines of `disputed` papers, such as those in another currency, waits for these.
    """
    waiting = [line for line in disputed if line.role is Role.CREDIT]
    shown = [line for line in look.lines if line.role is Role.CREDIT]
    for due in sorted(look.contract.credits, key=lambda one: one.on):
        if due.kind is CreditKind.REBATE and not due.claimed:
            yield from _unclaimed(look, due)
            continue
        match = next((line for line in shown if _shows(look, line, due)), None)
        if match is not None:
            shown.remove(match)
        elif any(line.invoice.issued >= due.on for line in waiting):
            continue
        elif (after := _first_after(look, due)) is not None:
            yield _missing(look, due, after, shown)


def _shows(look: Look, line: BilledLine, due: DueCredit) -> bool:
    given = line.amount * -1
    return line.invoice.issued >= due.on and look.tolerance.passes(given, due.amount)


def _first_after(look: Look, due: DueCredit) -> BilledLine | None:
    return next((line for line in look.lines if line.invoice.issued >= due.on and line.amount.amount > 0), None)


def _missing(look: Look, due: DueCredit, after: BilledLine, shown: list[BilledLine]) -> Finding:
    other = next((line for line in shown if line.invoice.issued >= due.on), None)
    if other is not None:
        shown.remove(other)
    given = other.amount if other is not None else look.zero
    words = f"{due.why}: a credit of {due.amount} was to be on the first invoice from {due.on}"
    place = (other or after).place
    return found(
        look, Code.CREDIT_MISSING, words, place=replace(place, line=place.line if other else ""),
        product=str(due.kind), expected=due.amount * -1, billed=given, clauses=(due.citation,) if due.citation else (),
        days=None,
    )  # fmt: skip


def _unclaimed(look: Look, due: DueCredit) -> Iterator[Finding]:
    if look.today < due.on or (due.claim_by is not None and look.today > due.claim_by):
        return
    until = f", to be claimed by {due.claim_by}" if due.claim_by else ""
    finding = found(
        look, Code.REBATE_UNCLAIMED, f"{due.why}: {due.amount} earned on {due.on}{until}", product=str(due.kind),
        expected=due.amount * -1, billed=look.zero, clauses=(due.citation,) if due.citation else (),
    )  # fmt: skip
    yield replace(finding, first=due.on, last=due.on, dispute_by=due.claim_by)


def unused(look: Look) -> Iterator[Finding]:
    """Yield the units that are paid for and not used, where somebody counts them; nothing is owed for them."""
    fixed = [slot for slot in look.slots if slot.kind is ExpectedKind.RECURRING and slot.days.end <= look.today]
    for slot in fixed:
        used = [
            one.quantity
            for one in look.contract.usage
            if one.product == slot.product and slot.days.start <= one.day < slot.days.end
        ]
        if used and max(used) < slot.quantity:
            words = f"{max(used)} of {slot.quantity} units were used at most"
            yield found(look, Code.QTY_UNUSED, words, product=slot.product, days=slot.days, clauses=slot.clauses)


def missing(look: Look, filled: frozenset[Slot], since: date) -> Iterator[Finding]:
    """Yield the slots that nobody billed although their day and the grace are over."""
    for slot in look.slots:
        late = slot.bill_on + timedelta(days=look.policy.grace_days) < look.today
        if slot in filled or not late or slot.bill_on < since or not slot.amount.amount:
            continue
        yield _gap(look, slot)


def _gap(look: Look, slot: Slot) -> Finding:
    code = Code.AR_MISSING if look.contract.direction is Direction.RECEIVABLE else Code.PERIOD_GAP
    words = f"was to be billed on {slot.bill_on}: {slot.formula}"
    return found(
        look, code, words, product=slot.product, days=slot.days, expected=slot.amount, billed=look.zero,
        clauses=slot.clauses,
    )  # fmt: skip
