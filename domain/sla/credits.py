"""Service credits: what is due for a window, exact until it becomes payable, and never above what binds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from domain.minor_units import Rounding, payable
from domain.money import Money
from domain.pricing.tariffs import shown
from domain.sla.measured import Measured, Verdict
from domain.sla.schemes import Steps, Tiers


@dataclass(frozen=True, slots=True)
class Credit:
    """Hold what a provider owes for one window; `claim_by` is the last day to ask for it.

    A credit that is `claimed` is expected on the next invoice.
    """

    contract_id: str
    service: str
    window_first: date
    window_last: date
    amount: Money
    claimed: bool
    claim_by: date | None
    explanation: str
    claimed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Hold how much credit a `month`, a `year` or a `term` may give, and how much of it was given before."""

    over: str
    amount: Money
    given: Money

    @property
    def left(self) -> Fraction:
        """Return what may still be given, never less than nothing."""
        return max(Fraction(0), Fraction((self.amount - self.given).amount))


@dataclass(frozen=True, slots=True)
class EarnBack:
    """Hold that a credit is lost where the next `windows` all reach a `target` in percent."""

    target: Decimal
    windows: int

    def earned(self, following: Sequence[Measured]) -> bool | None:
        """Tell whether the provider has earned a credit back; `None` while the windows are not over or in doubt."""
        return self.decided([one.verdict(self.target) for one in following])

    def decided(self, verdicts: Sequence[Verdict]) -> bool | None:
        """Tell the same by how the windows that follow compare with the target."""
        next_ones = verdicts[: self.windows]
        if Verdict.MISSED in next_ones:
            return False
        return True if next_ones.count(Verdict.MET) == self.windows else None


@dataclass(frozen=True, slots=True)
class Due:
    """Hold an amount with the rate in percent of the fee that it was taken from, and how."""

    rate: Fraction
    amount: Money
    why: tuple[str, ...]


def credit_due(
    measured: Measured,
    scheme: Tiers | Steps,
    *,
    fee: Money,
    ceilings: Iterable[Ceiling] = (),
    least: Money | None = None,
    rounding: Rounding = Rounding.HALF_UP,
) -> Due:
    """Compute what is certainly due for a window: its rate of the fee, cut by every ceiling, then rounded once.

    Doubtful time gives nothing. An amount below `least` is not paid. Raises `ValueError` where
    currencies mix.
    """
    rate, how = scheme.due(measured)
    listed = tuple(ceilings)
    exact, why = _capped(rate * Fraction(fee.amount) / 100, fee, listed)
    amount = payable(exact, fee.currency, rounding)
    if any(Fraction(amount.amount) > one.left for one in listed):  # a ceiling is not passed by rounding either
        amount = payable(exact, fee.currency, Rounding.DOWN)
    lines = [f"{how}.", f"{shown(rate)} % of {fee.display()} = {shown(rate * Fraction(fee.amount) / 100)}.", *why]
    if least is not None and amount.amount and (amount - least).amount < 0:
        return Due(rate, Money(Decimal(0), fee.currency), (*lines, f"Less than {least.display()} is not paid."))
    return Due(rate, amount, (*lines, f"Due: {amount.display()}."))


def _capped(exact: Fraction, fee: Money, ceilings: Iterable[Ceiling]) -> tuple[Fraction, list[str]]:
    why: list[str] = []
    for one in ceilings:
        if one.amount.currency != fee.currency:
            message = f"currencies never mix: {fee.currency} and {one.amount.currency}"
            raise ValueError(message)
        if one.left < exact:
            exact = one.left
            why.append(
                f"At most {one.amount.display()} a {one.over}, {one.given.display()} of it given: {shown(exact)} is left."
            )
    return exact, why
