"""A price as straight pieces in whole numbers: `per` times milli-units plus `base`, in parts of a minor unit.

What an exact price gives at two quantities of a band decides its line there, so that nothing of the exact
rules is written a second time. A quantity or amount whose product could leave 64 bits is outside `largest`
or `limit`; integers without end price it then, one line at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from domain.minor_units import Rounding

OPEN = 2**62
_ROOM = 2**61
_MILLI = 1000

Curve = Callable[[Decimal], Fraction]


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold a line up to and including `upto` milli-units."""

    upto: int
    per: int
    base: int


@dataclass(frozen=True, slots=True)
class Price:
    """Hold what a slot costs: `pieces` in 1/`unit` of a minor unit, for at least `smallest` milli-units.

    `needed` tells whether an invoice must show the slot even if nothing was used.
    """

    pieces: tuple[Piece, ...]
    unit: int
    smallest: int
    rounding: Rounding
    needed: bool

    @property
    def top(self) -> int:
        """Return the most milli-units that have a price."""
        return self.pieces[-1].upto

    @property
    def limit(self) -> int:
        """Return the largest amount in minor units whose comparison stays within 64 bits."""
        return _ROOM // self.unit

    @property
    def largest(self) -> int:
        """Return the most milli-units whose price stays within 64 bits, -1 where not even its parts do."""
        most, base = max(abs(one.per) for one in self.pieces), max(abs(one.base) for one in self.pieces)
        if max(self.unit, most, base) >= _ROOM:
            return -1
        return min(self.top, (_ROOM - base) // most) if most else self.top

    def minor(self, quantity: int) -> int:
        """Return the rounded price of milli-units up to `top`, in minor units of any size."""
        piece = next(one for one in self.pieces if quantity <= one.upto)
        count, left = divmod(piece.per * quantity + piece.base, self.unit)
        match self.rounding:
            case Rounding.HALF_UP:
                return count + (2 * left >= self.unit)
            case Rounding.HALF_EVEN:
                return count + (2 * left > self.unit or (2 * left == self.unit and count % 2 == 1))
            case Rounding.DOWN:
                return count

    @property
    def off(self) -> tuple[int, int]:
        """Return the least and the most that an exact amount is off its rounded one, without halves of `HALF_EVEN`."""
        match self.rounding:
            case Rounding.HALF_UP:
                return -(self.unit // 2), (self.unit - 1) // 2
            case Rounding.HALF_EVEN:
                return -((self.unit - 1) // 2), (self.unit - 1) // 2
            case Rounding.DOWN:
                return 0, self.unit - 1


_NEVER = (Piece(0, 0, 0),)
ABSENT = Price(_NEVER, 1, 1, Rounding.DOWN, needed=False)
EXACT_ONLY = Price(_NEVER, 1, 1, Rounding.DOWN, needed=True)


def constant(minor: int) -> Price:
    """Return an amount that the quantity does not move; `EXACT_ONLY` for one too large or below zero."""
    if not 0 <= minor < _ROOM:
        return EXACT_ONLY
    return Price((Piece(OPEN, 0, minor),), 1, -1, Rounding.DOWN, needed=minor != 0)


def by_quantity(curve: Curve, ends: Sequence[Decimal | None], rounding: Rounding) -> Price:
    """Return a price by bands that end with `ends`, `None` for no end; `curve` gives exact minor units.

    `EXACT_ONLY` where whole numbers cannot hold it.
    """
    lines = _lines(curve, ends)
    if not lines or any(per < 0 for _, per, _ in lines):
        return EXACT_ONLY
    unit = lcm(*(part.denominator for _, per, base in lines for part in (per, base)))
    pieces = tuple(Piece(upto, _counted(per, unit), _counted(base, unit)) for upto, per, base in lines)
    return Price(pieces, unit, 0 if pieces[0].base else 1, rounding, needed=pieces[0].base != 0)


def _counted(value: Fraction, unit: int) -> int:
    """Return an exact value in parts of 1/`unit`, a multiple of its denominator."""
    return value.numerator * (unit // value.denominator)


def _lines(curve: Curve, ends: Sequence[Decimal | None]) -> list[tuple[int, Fraction, Fraction]]:
    """Return (upto, per milli-unit, base) of every band; nothing where a band is finer than milli-units or empty."""
    lines, low = list[tuple[int, Fraction, Fraction]](), Decimal(0)
    for end in ends:
        high = low + 2 if end is None else end
        upto = OPEN if end is None else int(high * _MILLI)
        if high <= low or (end is not None and upto != high * _MILLI) or upto > OPEN:
            return []
        middle = (low + high) / 2
        at_middle, at_high = curve(middle), curve(high)
        per = (at_high - at_middle) / (Fraction(high - middle) * _MILLI)
        lines.append((upto, per, at_high - per * int(high * _MILLI)))
        low = high
    return lines
