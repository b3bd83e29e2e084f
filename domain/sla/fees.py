"""The fee that a service credit is a part of, and the ceilings that bind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from domain.minor_units import Rounding, payable
from domain.money import Money
from domain.pricing.proration import Convention, share
from domain.sla.credits import Ceiling
from domain.sla.promise import Promise
from domain.sla.window import Window
from domain.terms import ContractTerms, TermField

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Fees:
    """Hold what a contract costs a year and over its term, `None` where it does not say so, and how it is known."""

    year: Money
    term: Money | None
    why: str

    def of(self, window: Window, promise: Promise) -> Money:
        """Return the fee of a window's subscribed days: its months of the year, by real days where it is partial."""
        period = promise.windows.period
        months = period.months
        whole = Fraction(months, _MONTHS) if months else Fraction(window.whole.days, 365)
        part = share(window.days, window.whole, period, Convention.ACTUAL)
        return payable(Fraction(self.year.amount) * whole * part, self.year.currency, Rounding.HALF_UP)

    def ceilings(self, promise: Promise, window: Window, *, in_year: Money, in_term: Money) -> Iterator[Ceiling]:
        """Yield what binds a window's credit, with what was given before it in its year and in the term."""
        nothing = in_term * 0
        if promise.window_cap is not None:
            yield Ceiling("window", _part(self.of(window, promise), promise.window_cap), nothing)
        if promise.year_cap is not None:
            yield Ceiling("year", _part(self.year, promise.year_cap), in_year)
        if promise.term_cap is not None and self.term is not None:
            yield Ceiling("term", _part(self.term, promise.term_cap), in_term)


def fees_of(terms: ContractTerms) -> Fees | None:
    """Return the fees of a contract by its annual value, else by its total value over the initial term."""
    annual, total = terms.money(TermField.ANNUAL_VALUE), terms.money(TermField.TOTAL_VALUE)
    term = terms.period(TermField.INITIAL_TERM)
    months = term.months if term else None
    if annual is not None:
        return Fees(annual, total, f"Fees are an even part of the annual value of {annual.display()}.")
    if total is None or not months:
        return None
    year = payable(Fraction(total.amount) * _MONTHS / months, total.currency, Rounding.HALF_UP)
    return Fees(year, total, f"Fees are an even part of {total.display()} over {months} months.")


def _part(amount: Money, percent: Decimal) -> Money:
    exact = Fraction(amount.amount) * Fraction(percent) / 100
    return payable(exact, amount.currency, Rounding.DOWN)
