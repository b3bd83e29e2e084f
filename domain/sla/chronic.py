"""Chronic breach: how often a target may be missed before the customer may leave, and until when it may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.periods import Period, add, subtract
from domain.sla.measured import Verdict
from domain.sla.window import Window

_ONE_DAY = timedelta(days=1)
_FORM = re.compile(r"(\d+) in (P\d+[DWMY])")


@dataclass(frozen=True, slots=True)
class Chronic:
    """Hold that `misses` windows missed within `span` give a right to terminate, `open_for` so long.

    `in_a_row` wants them one after the other; `open_for` of `None` is a right without a stated end.
    """

    misses: int
    span: Period
    in_a_row: bool = False
    open_for: Period | None = None

    def __post_init__(self) -> None:
        if self.misses < 1:
            raise ValueError("a chronic breach is at least one miss")

    @classmethod
    def parse(cls, text: str, *, in_a_row: bool = False, open_for: Period | None = None) -> Chronic:
        """Read the canonical `3 in P6M`. Raises `ValueError`."""
        match = _FORM.fullmatch(text)
        if match is None:
            message = f"not a chronic breach: {text!r} (write for example 3 in P6M)"
            raise ValueError(message)
        return cls(int(match[1]), Period.parse(match[2]), in_a_row, open_for)


@dataclass(frozen=True, slots=True)
class Right:
    """Hold a right to terminate: the windows that give it, its first day, and its last if there is one."""

    missed: tuple[Window, ...]
    since: date
    until: date | None
    why: str

    def is_open(self, today: date) -> bool:
        """Tell whether it may be used on a day."""
        return self.since <= today and (self.until is None or today <= self.until)


def right_to_leave(rule: Chronic, judged: Sequence[tuple[Window, Verdict]]) -> Right | None:
    """Return the latest right to terminate that windows give; a window in doubt is no miss.

    Another miss while the count still holds renews the right.
    """
    found = list(_rights(rule, _apart(sorted(judged, key=lambda pair: pair[0].days.end))))
    return found[-1] if found else None


def _apart(judged: Iterable[tuple[Window, Verdict]]) -> list[tuple[Window, Verdict]]:
    """Leave out rolling windows that overlap a missed one before them: one outage is one miss."""
    kept: list[tuple[Window, Verdict]] = []
    free: date | None = None
    for window, verdict in judged:
        if free is None or window.first >= free:
            kept.append((window, verdict))
            free = window.days.end if verdict is Verdict.MISSED else free
    return kept


def _rights(rule: Chronic, judged: Sequence[tuple[Window, Verdict]]) -> Iterator[Right]:
    for place, (window, verdict) in enumerate(judged):
        if verdict is Verdict.MISSED:
            missed = _row(judged[: place + 1]) if rule.in_a_row else _within(rule, judged[: place + 1])
            if len(missed) >= rule.misses:
                yield _right(rule, window, missed)


def _within(rule: Chronic, judged: Sequence[tuple[Window, Verdict]]) -> tuple[Window, ...]:
    """Take the misses whose whole window lies in the span that ends with the last one."""
    from_ = subtract(judged[-1][0].whole.end, rule.span)
    return tuple(window for window, verdict in judged if verdict is Verdict.MISSED and window.whole.start >= from_)


def _row(judged: Sequence[tuple[Window, Verdict]]) -> tuple[Window, ...]:
    row: list[Window] = []
    for window, verdict in reversed(judged):
        if verdict is not Verdict.MISSED or (row and window.days.end != row[-1].days.start):
            break
        row.append(window)
    return tuple(reversed(row))


def _right(rule: Chronic, window: Window, missed: tuple[Window, ...]) -> Right:
    since = window.last + _ONE_DAY
    until = add(window.last, rule.open_for) if rule.open_for else None
    how = "in a row" if rule.in_a_row else f"within {rule.span.display()}"
    end = f"until {until}" if until else "the contract names no last day"
    why = f"{len(missed)} misses {how}, {rule.misses} are enough: {', '.join(map(str, missed))}; open since {since}, {end}."
    return Right(missed, since, until, why)
