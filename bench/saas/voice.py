"""How one drafter writes lengths, percentages, sums and days; drawn once for each contract."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bench.saas.gold import plain
from bench.saas.numbers import decimal_words, words
from domain.periods import Period, Unit

_SINGULAR = {Unit.DAY: "day", Unit.WEEK: "week", Unit.MONTH: "month", Unit.YEAR: "year"}
_PREFIXES = {
    "USD": ("$", "$", "US$", "US$ ", "USD ", "USD"),
    "EUR": ("€", "€", "€ ", "EUR ", "EUR "),
    "GBP": ("£", "£", "£", "GBP ", "GBP"),
}


@dataclass(frozen=True, slots=True)
class Length:
    """Hold a length of time as a noun, before a noun, and in the possessive."""

    noun: str
    adj: str
    s: str
    n: str

    def __str__(self) -> str:
        return self.noun


@dataclass(frozen=True, slots=True)
class Roles:
    """Hold what the parties are called; `the` is written before both where the drafter does so."""

    customer: str
    provider: str
    the: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """Write values in one manner; `chance` decides where the manner leaves a choice."""

    chance: random.Random
    roles: Roles
    numbers: str  # both | digits | words | reverse
    percents: str  # sign | spaced | word | both | british
    days: str  # us | uk | ordinal | iso | dots
    prefix: str
    continental: bool
    round_sums: bool

    @classmethod
    def drawn(cls, chance: random.Random, roles: Roles, currency: str) -> Voice:
        """Draw the manner of one contract."""
        return cls(
            chance,
            roles,
            chance.choices(("both", "digits", "words", "reverse"), (42, 40, 12, 6))[0],
            chance.choices(("sign", "spaced", "word", "both", "british"), (52, 8, 12, 16, 12))[0],
            _day_manner(chance, currency),
            chance.choice(_PREFIXES[currency]),
            currency == "EUR" and chance.random() < 0.4,
            chance.random() < 0.5,
        )

    def length(self, period: Period, *, business: bool = False) -> Length:
        """Write a length of time; twelve months may become a year."""
        count, unit = period.count, period.unit
        if unit is Unit.MONTH and count % 12 == 0 and self.chance.random() < 0.4:
            count, unit = count // 12, Unit.YEAR
        name = _SINGULAR[unit]
        if business:
            name = self.chance.choice(("business day", "Business Day", "working day"))
        many = name if count == 1 else f"{name}s"
        number = self.count(count)
        before = f"{number} {name}" if "(" in number else f"{number}-{name}"
        return Length(f"{number} {many}", before, f"{number} {many}{self._apostrophe(count)}", str(count))

    def count(self, number: int) -> str:
        """Write a whole number."""
        spelled = words(number)
        forms = {"both": f"{spelled} ({number})", "reverse": f"{number} ({spelled})", "words": spelled}
        return forms.get(self.numbers, str(number))

    def percent(self, number: Decimal) -> str:
        """Write a percentage, with a comma on the continent."""
        digits = self._comma(plain(number))
        forms = {
            "spaced": f"{digits} %",
            "word": f"{digits} percent",
            "both": f"{decimal_words(number)} percent ({digits}%)",
            "british": f"{digits} per cent",
        }
        return forms.get(self.percents, f"{digits}%")

    def tight(self, number: Decimal) -> str:
        """Write a percentage as tables do."""
        return f"{self._comma(plain(number))}%"

    def money(self, amount: Decimal) -> str:
        """Write a sum; parts of a cent keep their digits."""
        whole = amount == amount.to_integral_value()
        digits = f"{amount:,.0f}" if whole and self.round_sums and not self.continental else f"{amount:,.2f}"
        if amount != round(amount, 2):
            digits = plain(amount)
        if self.continental:
            digits = digits.translate(str.maketrans(",.", ".,"))
        return f"{self.prefix}{digits}"

    def quantity(self, number: int | Decimal) -> str:
        """Write a quantity with its thousands apart."""
        return f"{number:,}".replace(",", "." if self.continental else ",")

    def day(self, day: date) -> str:
        """Write a calendar day that can be read in one way only."""
        writers: dict[str, Callable[[date], str]] = {"us": _us, "uk": _uk, "ordinal": _ordinal, "dots": _dots}
        return writers.get(self.days, date.isoformat)(day)

    def customer(self) -> str:
        """Name the customer within a sentence."""
        return f"{self.roles.the}{self.roles.customer}"

    def provider(self) -> str:
        """Name the provider within a sentence."""
        return f"{self.roles.the}{self.roles.provider}"

    def _comma(self, digits: str) -> str:
        return digits.replace(".", ",") if self.continental else digits

    def _apostrophe(self, count: int) -> str:
        return "'s" if count == 1 else self.chance.choice(("'", "’"))


def _day_manner(chance: random.Random, currency: str) -> str:
    if currency == "USD":
        return chance.choices(("us", "ordinal", "iso"), (80, 12, 8))[0]
    return chance.choices(("uk", "iso", "dots" if currency == "EUR" else "uk", "ordinal"), (65, 12, 15, 8))[0]


def _us(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def _uk(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _dots(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _ordinal(day: date) -> str:
    ending = "th" if 11 <= day.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    return f"{day.day}{ending} day of {day:%B}, {day.year}"
