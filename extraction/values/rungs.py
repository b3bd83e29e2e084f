"""One step of a ladder of credits, and ladders whose edges stand in columns of their own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from extraction.values.bounds import Bound, Part

LOWEST_BAND, WHOLE = Decimal(80), Decimal(100)


@dataclass(frozen=True, slots=True)
class Rung:
    """Hold one step: from `low` inclusive to below `high` so many `percent` are due."""

    low: Decimal | None
    high: Decimal | None
    percent: Decimal
    start: int
    end: int

    def __str__(self) -> str:
        return f"{_plain(self.low)}..{_plain(self.high)}: {_plain(self.percent)}"


def column_rungs(parts: list[Part]) -> list[Rung]:
    """Return the rungs of three plain columns, both edges and the share, where each row meets the next."""
    best: list[Rung] = []
    for first in range(len(parts) - 4):
        run: list[Rung] = []
        for place in range(first, len(parts) - 1, 3):
            rung = _of_columns(parts[place : place + 3], run)
            if rung is None or (run and run[-1].percent >= rung.percent):
                break
            run.append(rung)
        best = run if len(run) > max(1, len(best)) else best
    return best


def _of_columns(row: list[Part], above: list[Rung]) -> Rung | None:
    """Read one row; the last may leave its lower edge empty."""
    share = row[1].value
    if (
        above
        and row[0].value == above[-1].low
        and share > above[-1].percent
        and (share < LOWEST_BAND or share == WHOLE)
    ):
        return Rung(None, row[0].value, share, row[0].start, row[1].end)
    low, high = sorted(row[:2], key=lambda part: part.value)
    plain = len(row) == 3 and all(part.bound is Bound.NONE for part in row) and low.value < high.value
    if not plain or high.value < LOWEST_BAND or (above and above[-1].low != high.value):
        return None
    return Rung(low.value or None, high.value, row[2].value, row[0].start, row[2].end)


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
