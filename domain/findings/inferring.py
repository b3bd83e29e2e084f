"""The days of service of lines that do not say them: from the schedule, and from the day of their invoice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from domain.findings.billed import BilledLine, Role
from domain.findings.slots import Slot
from domain.pricing.billing_periods import Span

_NOTHING = timedelta(0)
_NEAR = 3  # slots that the first invoice may be for


def inferred(lines: Iterable[BilledLine], slots: Sequence[Slot]) -> Iterator[BilledLine]:
    """Yield the lines in their order, those without days with those of the slot they were most likely billed for.

    The line nearest to a slot's day of billing has it. Another line takes a slot in between that nobody
    billed, else it bills its nearest slot again. What a credit note takes back, and what splits a line of
    the same paper, is about the same days.
    """
    known = list(lines)
    given = _Given()
    days: dict[int, Span] = {}
    for line in known:
        if line.days is not None:
            given.note(line, line.days)
    for product in dict.fromkeys(line.product for line in known if _is_unknown(line)):
        own = [slot for slot in slots if slot.product == product]
        billed = [line for line in known if line.role is Role.PRODUCT and line.product == product]
        days |= _product_days(given, own, billed) if own else {}
    for line in known:
        yield replace(line, days=days[id(line)], inferred=True) if id(line) in days else line


def _is_unknown(line: BilledLine) -> bool:
    return line.role is Role.PRODUCT and line.days is None


@dataclass(slots=True)
class _Given:
    """Hold which days are billed already, and those of each product on each paper."""

    taken: defaultdict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    papers: dict[tuple[str, str], Span] = field(default_factory=dict)

    def note(self, line: BilledLine, days: Span) -> None:
        self.taken[line.product].append(days)
        self.papers.setdefault((line.invoice.number, line.product), days)

    def is_free(self, slot: Slot) -> bool:
        return not any(days.overlap(slot.days.start, slot.days.end) for days in self.taken[slot.product])


def _product_days(given: _Given, own: Sequence[Slot], billed: Sequence[BilledLine]) -> dict[int, Span]:
    unknown = [line for line in billed if _is_unknown(line)]
    ahead = _ahead(own, [line.invoice.issued for line in billed])

    def off(line: BilledLine) -> tuple[bool, timedelta]:
        later = line.amount.amount < 0 or bool(line.invoice.corrects)
        return later, _off(own, line.invoice.issued + ahead)

    days: dict[int, Span] = {}
    for line in sorted(unknown, key=off):
        days[id(line)] = _days(given, own, line, line.invoice.issued + ahead)
        given.note(line, days[id(line)])
    return days


def _days(given: _Given, own: Sequence[Slot], line: BilledLine, day: date) -> Span:
    before = given.papers.get((_paper(line), line.product))
    if before is not None and (line.amount.amount < 0 or all(line.amount != slot.amount for slot in own)):
        return before
    nearest = sorted(own, key=lambda slot: (_distance(slot, day), slot.bill_on))
    if given.is_free(nearest[0]):
        return nearest[0].days
    first = min(days.start for days in given.taken[line.product])
    paper = before is not None
    between = [
        slot for slot in nearest if given.is_free(slot) and slot.days.start > first and (paper or slot.bill_on <= day)
    ]
    return between[0].days if between else nearest[0].days


def _ahead(own: Sequence[Slot], issued: Sequence[date]) -> timedelta:
    """Return by how many days this product is always billed ahead: what its first invoice says, if the others agree.

    Less than nothing is late. The first invoice may be nearer to the second slot, where a short first
    period comes before it; the others tell.
    """
    begin = min(issued)
    near = sorted(own, key=lambda slot: _distance(slot, begin))[:_NEAR]
    said = [_NOTHING, *(slot.bill_on - begin for slot in near)]
    return min(said, key=lambda ahead: (sum((_off(own, day + ahead) for day in issued), _NOTHING), abs(ahead)))


def _off(own: Sequence[Slot], day: date) -> timedelta:
    return min(_distance(slot, day) for slot in own)


def _distance(slot: Slot, day: date) -> timedelta:
    return abs(day - slot.bill_on)


def _paper(line: BilledLine) -> str:
    return line.invoice.corrects or line.invoice.number
