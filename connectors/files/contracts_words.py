"""How a contract file writes money, numbers, days and lengths of time; each error says what is allowed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field

from connectors.files.contracts_shape import Strict
from domain.currencies import digits_of
from domain.minor_units import to_minor
from domain.money import Money
from domain.periods import Period
from domain.pricing.billing_periods import FREQUENCIES, frequency
from domain.terms import Citation

ONCE = "once"
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,12})?")  # Decimal computes with 28 digits
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")


def exact(value: Any) -> Decimal:
    """Read a number as it is written. Raises `ValueError`."""
    text = value.strip() if isinstance(value, str) else ""
    if not _NUMBER.fullmatch(text):
        raise ValueError("is no number of at most 15 digits and 12 decimals; write it as 1234.56")
    return Decimal(text)


def day(value: Any) -> date:
    """Read a day. Raises `ValueError`."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"is no day: {error}") from error
    raise ValueError("is no day; write it as 2026-12-31")


def month(value: Any) -> date:
    """Read a month, or the month of a day, as its first day. Raises `ValueError`."""
    text = value.strip() if isinstance(value, str) else ""
    return day(f"{text}-01").replace(day=1) if _MONTH.fullmatch(text) else day(value).replace(day=1)


def _percent(value: Any) -> Decimal:
    return exact(value.strip().removesuffix("%").strip() if isinstance(value, str) else value)


def _price(value: Any) -> Money:
    number, _, currency = value.strip().partition(" ") if isinstance(value, str) else ("", "", "")
    if not _NUMBER.fullmatch(number) or not currency:
        raise ValueError("is no amount of money; write it with its currency, as 48.00 EUR")
    digits_of(currency)
    return Money(Decimal(number), currency)


def _amount(value: Any) -> Money:
    money = _price(value)
    to_minor(money)
    return money


def _length(value: Any) -> Period:
    try:
        return frequency(value.strip() if isinstance(value, str) else "")
    except ValueError as error:
        raise ValueError(f"is no length of time; write P1M, P30D or P1Y, or {', '.join(FREQUENCIES)}") from error


def _per(value: Any) -> Period | str:
    return ONCE if value == ONCE else _length(value)


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError) as error:
        raise ValueError("is no time zone; write for example Europe/Berlin") from error


def _list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Exact = Annotated[Decimal, BeforeValidator(exact)]
Percent = Annotated[Decimal, BeforeValidator(_percent)]
Price = Annotated[Money, BeforeValidator(_price)]
Amount = Annotated[Money, BeforeValidator(_amount)]
Day = Annotated[date, BeforeValidator(day)]
Month = Annotated[date, BeforeValidator(month)]
Length = Annotated[Period, BeforeValidator(_length)]
Per = Annotated[Period | str, BeforeValidator(_per)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Words = Annotated[tuple[str, ...], BeforeValidator(_list)]
Count = Annotated[int, Field(ge=0)]


class ClausePart(Strict):
    """Read the words of the paper; without `sha256` they are quoted and cannot be verified."""

    quote: str
    page: Annotated[int, Field(ge=1)] = 1
    sha256: str = ""
    start: Count = 0
    end: Count | None = None

    def build(self) -> Citation:
        """Return the citation."""
        end = self.start + len(self.quote) if self.end is None else self.end
        return Citation(self.sha256, self.page, self.start, end, self.quote)


def clause(part: ClausePart | None) -> Citation | None:
    """Return the citation of a part that may have one."""
    return part.build() if part else None


def same_currency(money: Money, currency: str) -> Money:
    """Return the amount. Raises `ValueError` where the contract is in another currency."""
    if money.currency != currency:
        message = f"is in {money.currency}, the contract in {currency}; currencies never mix"
        raise ValueError(message)
    return money
