"""What a source measured of one window, exactly, and how it compares with what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from domain.minor_units import Rounding, rounded
from domain.outages import Outage
from domain.sla.window import Window

_DIGITS = 4


class Counted(StrEnum):
    """Name what a measurement counts."""

    MINUTES = "minutes"
    TICKETS = "tickets"


class Verdict(StrEnum):
    """Name how a window ended; `UNDECIDED` where time of which nobody can tell makes the difference."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Measured:
    """Hold one source's exact count; what was lost lies between `down` and `down + doubtful`.

    Availability counts minutes, support counts tickets. `promised` is what is left of the window without
    exclusions, where those shrink it. `lowest` and `highest` are shares of 1: what is doubtful taken as
    lost, and as kept.
    """

    window: Window
    source: str
    total: Fraction
    promised: Fraction
    excluded: Fraction
    down: Fraction
    doubtful: Fraction
    lowest: Fraction
    highest: Fraction
    outages: tuple[Outage, ...] = ()
    why: tuple[str, ...] = ()
    counted: Counted = Counted.MINUTES

    def verdict(self, target: Decimal, *, exact_is_met: bool = True) -> Verdict:
        """Compare with a target in percent, never rounded first."""
        return compared(self.lowest, self.highest, target, exact_is_met=exact_is_met)


def compared(lowest: Fraction, highest: Fraction, target: Decimal, *, exact_is_met: bool = True) -> Verdict:
    """Compare the bounds of a share of 1 with a target in percent, never rounded first."""
    goal = Fraction(target) / 100
    if lowest > goal or (exact_is_met and lowest == goal):
        return Verdict.MET
    missed = highest < goal or (not exact_is_met and highest == goal)
    return Verdict.MISSED if missed else Verdict.UNDECIDED


def percent(share: Fraction) -> str:
    """Write a share of 1 as a percentage with four decimals, for people only."""
    return f"{rounded(share * 100, _DIGITS, Rounding.HALF_UP):f} %"


def in_minutes(value: Fraction) -> str:
    """Write minutes, to the hundredth where they are not whole."""
    return f"{rounded(value, 0 if value.denominator == 1 else 2, Rounding.HALF_UP):f} min"


def amount(value: Fraction, counted: Counted) -> str:
    """Write what was counted with its unit."""
    if counted is Counted.MINUTES:
        return in_minutes(value)
    return f"{value} ticket{'' if value == 1 else 's'}"
