"""Terms of a contract, each with the citation that proves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.money import Money
from domain.periods import Period


class TermField(StrEnum):
    """Name the terms that the handoff needs; the comment gives each canonical value form."""

    TITLE = "title"  # text
    CONTRACT_NUMBER = "contract_number"  # text
    AGREEMENT_DATE = "agreement_date"  # YYYY-MM-DD
    EFFECTIVE_DATE = "effective_date"  # YYYY-MM-DD
    EXPIRATION_DATE = "expiration_date"  # YYYY-MM-DD, last day of the term
    INITIAL_TERM = "initial_term"  # ISO period, P12M
    RENEWAL_TYPE = "renewal_type"  # auto | manual | none | evergreen | month_to_month
    RENEWAL_TERM = "renewal_term"  # ISO period
    NOTICE_PERIOD = "notice_period"  # ISO period
    NOTICE_UNIT = "notice_unit"  # calendar_day | business_day | week | month
    NOTICE_RULE = "notice_rule"  # dispatch | receipt
    TOTAL_VALUE = "total_value"  # 48000.00 USD, over the initial term
    ANNUAL_VALUE = "annual_value"  # 24000.00 USD
    RENEWAL_UPLIFT = "renewal_uplift"  # percent as text, 7 or 7.5
    BILLING_FREQUENCY = "billing_frequency"  # monthly | quarterly | annually | ...
    PAYMENT_DAYS = "payment_days"  # whole number of days
    GOVERNING_LAW = "governing_law"  # text
    UPTIME = "uptime"  # percent as text, 99.9
    SUPPORT = "support"  # text
    SPECIAL = "special"  # text; several per contract
    OBLIGATION = "obligation"  # text; several per contract


REPEATABLE = frozenset({TermField.SPECIAL, TermField.OBLIGATION})
EXPECTED = (
    TermField.EFFECTIVE_DATE,
    TermField.INITIAL_TERM,
    TermField.RENEWAL_TYPE,
    TermField.NOTICE_PERIOD,
    TermField.TOTAL_VALUE,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """Point to the words that prove a value.

    `page` starts at 1; `start` and `end` are character offsets into that page's text, so that
    `page.text[start:end] == quote` can be checked mechanically.
    """

    sha256: str
    page: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Term:
    """Hold one value in its canonical text form, with the words it was read from.

    `due` is only set for obligations that name a period or date (`P30D` counts from signature).
    """

    field: TermField
    value: str
    citation: Citation
    rule: str
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """Hold a contracting party; `role` is `customer`, `provider` or empty when unknown."""

    name: str
    role: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one purchased product as the paper lists it; amounts are per billing line."""

    product: str
    quantity: Decimal | None
    unit_price: Money | None
    total: Money | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Gap:
    """Say which value was not found and why nobody guessed it."""

    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold all that one reader took from one document; what it did not find is a gap."""

    terms: tuple[Term, ...] = ()
    parties: tuple[Party, ...] = ()
    lines: tuple[Line, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def get(self, name: TermField) -> Term | None:
        """Return the single term of that field, if it was found."""
        return next((term for term in self.terms if term.field is name), None)

    def all(self, name: TermField) -> tuple[Term, ...]:
        """Return every term of a repeatable field in reading order."""
        return tuple(term for term in self.terms if term.field is name)


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """Give typed access to canonical values; `None` always means unknown, never zero."""

    values: Mapping[TermField, str] = field(default_factory=dict)

    @classmethod
    def of(cls, terms: Iterable[Term]) -> ContractTerms:
        """Collect the single-valued terms."""
        return cls({t.field: t.value for t in terms if t.field not in REPEATABLE})

    def text(self, name: TermField) -> str | None:
        """Return the canonical text."""
        return self.values.get(name)

    def day(self, name: TermField) -> date | None:
        """Return a date field."""
        value = self.values.get(name)
        return date.fromisoformat(value) if value else None

    def period(self, name: TermField) -> Period | None:
        """Return a period field."""
        value = self.values.get(name)
        return Period.parse(value) if value else None

    def money(self, name: TermField) -> Money | None:
        """Return an amount field."""
        value = self.values.get(name)
        return Money.parse(value) if value else None

    @property
    def start(self) -> date | None:
        """Return the day the term is counted from."""
        return self.day(TermField.EFFECTIVE_DATE) or self.day(TermField.AGREEMENT_DATE)
