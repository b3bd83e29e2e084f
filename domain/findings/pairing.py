"""Which billed lines fill which slots: the same days first, then coarser and finer periods, then what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.findings.billed import BilledLine
from domain.findings.slots import Slot, overlapping
from domain.pricing.billing_periods import Span


class Fit(StrEnum):
    """Name how billed days lie to the agreed periods."""

    SAME = "same"  # the days of one slot, or of its parts
    COARSER = "coarser"  # several whole slots at once
    FINER = "finer"  # parts of one slot, which add up to it
    PART = "part"  # other days of one slot
    AGAIN = "again"  # days that were billed already
    OUTSIDE = "outside"  # days without any slot


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold lines and the slots that they fill; no slot where nothing was to be billed."""

    fit: Fit
    slots: tuple[Slot, ...]
    lines: tuple[BilledLine, ...]


def pairs(slots: Sequence[Slot], lines: Sequence[BilledLine]) -> list[Pair]:
    """Pair the slots of one product with its billed lines; each slot and each line comes once.

    A slot that nothing fills comes with no lines.
    """
    open_slots = list(slots)
    groups: defaultdict[Span, list[BilledLine]] = defaultdict(list)
    for line in lines:
        if line.days is not None:
            groups[line.days].append(line)
    found: list[Pair] = []
    for step in (_same, _coarser, _finer, _part):
        for pair in step(open_slots, groups):
            found.append(pair)
            for slot in pair.slots:
                open_slots.remove(slot)
            for line in pair.lines:
                groups.pop(line.days or pair.slots[0].days, None)
    found += [_rest(slots, days, group) for days, group in groups.items()]
    return found + [Pair(Fit.SAME, (slot,), ()) for slot in open_slots]


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _same(slots: Sequence[Slot], groups: dict[Span, list[BilledLine]]) -> Iterator[Pair]:
    for slot in list(slots):
        own = {slot.days, *(Span(part.period_first, _after(part.period_last)) for part in slot.parts)}
        lines = [line for days in own if days in groups for line in groups[days]]
        if lines:
            yield Pair(Fit.SAME, (slot,), _ordered(lines))


def _coarser(slots: Sequence[Slot], groups: dict[Span, list[BilledLine]]) -> Iterator[Pair]:
    for days, lines in list(groups.items()):
        within = [slot for slot in slots if days.start <= slot.days.start and slot.days.end <= days.end]
        if len(within) > 1 and within[0].days.start == days.start and sum(one.days.days for one in within) == days.days:
            yield Pair(Fit.COARSER, tuple(within), _ordered(lines))


def _finer(slots: Sequence[Slot], groups: dict[Span, list[BilledLine]]) -> Iterator[Pair]:
    for slot in list(slots):
        within = [days for days in groups if slot.days.start <= days.start and days.end <= slot.days.end]
        if len(within) > 1:
            yield Pair(Fit.FINER, (slot,), _ordered([line for days in within for line in groups[days]]))


def _part(slots: Sequence[Slot], groups: dict[Span, list[BilledLine]]) -> Iterator[Pair]:
    taken: list[Slot] = []
    for days, lines in list(groups.items()):
        near = [slot for slot in overlapping(slots, days) if slot not in taken and _mostly(slot.days, days)]
        if near:
            slot = max(near, key=lambda one: (one.days.start == days.start, _shared(one.days, days)))
            taken.append(slot)
            yield Pair(Fit.PART, (slot,), _ordered(lines))


def _rest(slots: Sequence[Slot], days: Span, lines: Sequence[BilledLine]) -> Pair:
    again = overlapping(slots, days)
    return Pair(Fit.AGAIN if again else Fit.OUTSIDE, again, _ordered(lines))


def _mostly(slot: Span, days: Span) -> bool:
    return slot.start == days.start or 2 * _shared(slot, days) >= max(days.days, slot.days)


def _shared(one: Span, other: Span) -> int:
    both = one.overlap(other.start, other.end)
    return both.days if both else 0


def _ordered(lines: Sequence[BilledLine]) -> tuple[BilledLine, ...]:
    return tuple(sorted(lines, key=lambda one: (one.invoice.issued, one.invoice.number, one.invoice.id, one.line.id)))
