"""Inputs that nobody knows: every reading is computed, the one that makes people act first counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import product

from domain.deadlines import LADDER, Deadlines, current_deadlines
from domain.periods import MonthEnd
from domain.renewal import Renewal


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Hold an input that is not known, and the term end and day to act of each reading of it."""

    input: str
    readings: tuple[tuple[str, date, date], ...]

    def display(self) -> str:
        """Say what is open and what hangs on it."""
        each = "; ".join(f"{name}: term ends {end}, act by {act_by}" for name, end, act_by in self.readings)
        return f"{self.input}: {each}. The earliest counts."


def careful_deadlines(
    renewal: Renewal, *, today: date, ladder: Sequence[int] = LADDER, since: date | None = None
) -> tuple[Deadlines, tuple[Ambiguity, ...]]:
    """Compute the deadlines of the reading that makes people act first, and what the others say."""
    unknown = _unknown(renewal)
    if not unknown:
        return current_deadlines(renewal, today=today, ladder=ladder, since=since), ()

    @cache
    def computed(chosen: tuple[int, ...]) -> Deadlines:
        settled = _settled(renewal, dict(zip(unknown, chosen, strict=True)))
        return current_deadlines(settled, today=today, ladder=ladder, since=since)

    every = [computed(chosen) for chosen in product(*(range(len(_UNKNOWNS[name])) for name in unknown))]
    return first_to_act(every, today), tuple(_differences(unknown, computed))


def first_to_act(found: Sequence[Deadlines], today: date) -> Deadlines:
    """Return the deadlines that make people act first.

    A reading under which all is over hides none under which something can still be done, nor one
    under which the term still runs.
    """
    return min(found, key=lambda one: (one.closes < today, one.term_end < today, one.act_by, one.term_end))


def meanings(renewal: Renewal) -> list[Renewal]:
    """Return a term under every reading of what it leaves open, the usual one first."""
    unknown = _unknown(renewal)
    every = product(*(range(len(_UNKNOWNS[name])) for name in unknown))
    return [_settled(renewal, dict(zip(unknown, chosen, strict=True))) for chosen in every]


def _differences(unknown: Sequence[str], computed: Callable[[tuple[int, ...]], Deadlines]) -> Iterator[Ambiguity]:
    """Yield each unknown whose readings lead to different days, the others being read as usual."""
    for place, name in enumerate(unknown):
        said = [
            (label, computed(tuple(number if one == place else 0 for one in range(len(unknown)))))
            for number, (label, _) in enumerate(_UNKNOWNS[name])
        ]
        if len({(one.term_end, one.act_by) for _, one in said}) > 1:
            yield Ambiguity(name, tuple((label, one.term_end, one.act_by) for label, one in said))


def _unknown(renewal: Renewal) -> list[str]:
    return [name for name in _UNKNOWNS if not _known(renewal, name)]


def _known(renewal: Renewal, name: str) -> bool:
    if name in _OF_NOTICE:
        return renewal.notice is None or getattr(renewal.notice, name) is not None
    return getattr(renewal, name) is not None or (name == "month_end" and not _may_miss_a_day(renewal))


def _may_miss_a_day(renewal: Renewal) -> bool:
    """Tell whether a month count can land on a day that a month does not have."""
    return max(renewal.anchor.day, renewal.expires.day + 1 if renewal.expires else 0) > _IN_EVERY_MONTH


def _settled(renewal: Renewal, chosen: Mapping[str, int]) -> Renewal:
    merged = {name: _UNKNOWNS[name][number][1] for name, number in chosen.items()}
    of_notice = {name: value for name, value in merged.items() if name in _OF_NOTICE}
    rest = {name: value for name, value in merged.items() if name not in _OF_NOTICE}
    if of_notice and renewal.notice:
        rest["notice"] = replace(renewal.notice, **of_notice)  # type: ignore[arg-type]
    return replace(renewal, **rest)  # type: ignore[arg-type]


_IN_EVERY_MONTH = 28
_OF_NOTICE = frozenset({"receipt", "clear_days"})
_UNKNOWNS: dict[str, tuple[tuple[str, object], ...]] = {
    "month_end": (("last day of the month", MonthEnd.CLAMP), ("first day of the next", MonthEnd.OVERFLOW)),
    "end_inclusive": (("last day included", True), ("last day not included", False)),
    "receipt": (("notice counts when received", True), ("notice counts when sent", False)),
    "clear_days": (("clear days", True), ("days counted simply", False)),
}
