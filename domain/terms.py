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
    DOCUMENT_TYPE = "document_type"  # order_form | master_agreement | statement_of_work | amendment | renewal | ...
    CONTRACT_NUMBER = "contract_number"  # text
    AGREEMENT_DATE = "agreement_date"  # YYYY-MM-DD
    EFFECTIVE_DATE = "effective_date"  # YYYY-MM-DD
    EXPIRATION_DATE = "expiration_date"  # YYYY-MM-DD, last day of the term
    TERM_TYPE = "term_type"  # fixed | perpetual | until_terminated
    INITIAL_TERM = "initial_term"  # ISO period, P12M
    RENEWAL_TYPE = "renewal_type"  # auto | manual | none | evergreen | month_to_month
    RENEWAL_TERM = "renewal_term"  # ISO period
    RENEWAL_LIMIT = "renewal_limit"  # whole number of renewals
    NOTICE_PERIOD = "notice_period"  # ISO period
    NOTICE_UNIT = "notice_unit"  # calendar_day | business_day | week | month
    NOTICE_RULE = "notice_rule"  # dispatch | receipt
    NOTICE_PARTY = "notice_party"  # either | customer | provider
    NOTICE_METHOD = "notice_method"  # post | registered_post | courier | hand | email | fax | portal; several
    NOTICE_NOT_BEFORE = "notice_not_before"  # ISO period; a notice given earlier does not count
    TERMINATION_FOR_CONVENIENCE = "termination_for_convenience"  # who and ISO notice, either P30D; P0D when none
    TERMINATION_FOR_CAUSE = "termination_for_cause"  # ISO period to cure, P0D when none
    TOTAL_VALUE = "total_value"  # 48000.00 USD, over the initial term
    ANNUAL_VALUE = "annual_value"  # 24000.00 USD
    CURRENCY = "currency"  # ISO 4217
    BILLING_FREQUENCY = "billing_frequency"  # monthly | quarterly | annually | ...
    PAYMENT_DAYS = "payment_days"  # whole number of days
    LATE_INTEREST = "late_interest"  # percent and its period, 1.5 monthly | 8 annually
    DISCOUNT = "discount"  # percent or amount, 10 % | 500.00 USD; several per contract
    PROMOTION = "promotion"  # text of a discount that ends; several per contract
    ESCALATION_PERCENT = "escalation_percent"  # percent by which prices rise, 3 or 3.5
    ESCALATION_INDEX = "escalation_index"  # CPI-U | CPI | RPI | HICP | ECI | PPI
    ESCALATION_MARGIN = "escalation_margin"  # percentage points on top of the index
    ESCALATION_FLOOR = "escalation_floor"  # percent
    ESCALATION_CAP = "escalation_cap"  # percent by which prices rise at most, 7 or 7.5
    ESCALATION_NOTICE = "escalation_notice"  # ISO period before a rise
    MINIMUM_COMMITMENT = "minimum_commitment"  # 120000.00 USD
    MINIMUM_PERIOD = "minimum_period"  # monthly | quarterly | annually | term
    TRUE_UP = "true_up"  # monthly | quarterly | annually | term
    LIABILITY_CAP = "liability_cap"  # 1000000.00 USD | fees P12M | 2x fees P12M
    GOVERNING_LAW = "governing_law"  # text
    UPTIME = "uptime"  # percent as text, 99.9
    UPTIME_WINDOW = "uptime_window"  # month | quarter | year
    SERVICE_CREDIT = "service_credit"  # uptime from..below: percent, 99..99.9: 10; several per contract
    CREDIT_CAP = "credit_cap"  # percent of the fees of the window
    CLAIM_PERIOD = "claim_period"  # ISO period in which a credit must be claimed
    CLAIM_CHANNEL = "claim_channel"  # email | ticket | portal | notice
    CHRONIC_BREACH = "chronic_breach"  # misses and window that allow termination, 3 in P6M
    SLA_EXCLUSION = "sla_exclusion"  # text; several per contract
    SUPPORT = "support"  # text
    INSURANCE = "insurance"  # kind and least sum, general_liability 1000000.00 USD; several per contract
    AUDIT_RIGHT = "audit_right"  # text
    DATA_DUTY = "data_duty"  # text; several per contract
    SPECIAL = "special"  # text; several per contract
    OBLIGATION = "obligation"  # text; several per contract


REPEATABLE = frozenset(
    {
        TermField.NOTICE_METHOD,
        TermField.DISCOUNT,
        TermField.PROMOTION,
        TermField.SERVICE_CREDIT,
        TermField.SLA_EXCLUSION,
        TermField.INSURANCE,
        TermField.DATA_DUTY,
        TermField.SPECIAL,
        TermField.OBLIGATION,
    }
)
EXPECTED = (
    TermField.EFFECTIVE_DATE,
    TermField.INITIAL_TERM,
    TermField.RENEWAL_TYPE,
    TermField.NOTICE_PERIOD,
    TermField.TOTAL_VALUE,
)
# What a paper of a kind must say where that differs; an amendment leaves the rest to its parent.
_EXPECTED_OF: Mapping[str, tuple[TermField, ...]] = {
    "amendment": (TermField.EFFECTIVE_DATE,),
    "addendum": (TermField.EFFECTIVE_DATE,),
    "dpa": (TermField.EFFECTIVE_DATE,),
    "master_agreement": EXPECTED[:-1],
    "nda": (TermField.EFFECTIVE_DATE, TermField.INITIAL_TERM),
    "sla": (TermField.UPTIME,),
    "statement_of_work": (TermField.EFFECTIVE_DATE, TermField.TOTAL_VALUE),
}


def expected(kind: str | None) -> tuple[TermField, ...]:
    """Return the fields without which a paper of this kind waits for a person."""
    return _EXPECTED_OF.get(kind or "", EXPECTED)


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


class Standing(StrEnum):
    """Name how far a value may be trusted before a person looked at it."""

    CONFIDENT = "confident"
    NEEDS_REVIEW = "needs review"
    ONE_READER = "one reader"


@dataclass(frozen=True, slots=True)
class Rival:
    """Hold what the other reader says instead."""

    value: str
    citation: Citation
    reader: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Hold who owes an obligation to whom, and when; what the paper does not say is empty.

    `obligor` and `beneficiary` are `customer`, `provider` or a name; `due` is a day or a period
    (`P30D` counts from the start of the term, or from the `trigger` where one is named);
    `recurrence` is `monthly`, `quarterly`, `semiannually` or `annually`.
    """

    obligor: str = ""
    beneficiary: str = ""
    due: str = ""
    trigger: str = ""
    recurrence: str = ""
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """Hold one value in its canonical text form, with the words it was read from.

    `confidence` is the calibrated probability that the value is right, where it is known;
    `rivals` are what other readers say instead; `duty` is only set for obligations.
    """

    field: TermField
    value: str
    citation: Citation
    rule: str
    duty: Duty | None = None
    standing: Standing = Standing.ONE_READER
    confidence: float | None = None
    readers: tuple[str, ...] = ("rules",)
    rivals: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """Hold a contracting party; `role` is `customer`, `provider` or empty when unknown."""

    name: str
    role: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Tier:
    """Hold the unit price from the `first` unit to the `last`; `None` means no end."""

    first: Decimal
    last: Decimal | None
    unit_price: Money


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one purchased product as the paper lists it; amounts are per billing line.

    `unit` is what the price is for, such as `user per month`. A line of a ramp has the days from
    `starts` to `ends`; `tiers` are the prices of volume steps, lowest first.
    """

    product: str
    quantity: Decimal | None
    unit_price: Money | None
    total: Money | None
    citation: Citation
    unit: str = ""
    starts: date | None = None
    ends: date | None = None
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """Hold a passage of one of the categories of contract review, and how likely it is one."""

    category: str
    citation: Citation
    confidence: float


@dataclass(frozen=True, slots=True)
class Change:
    """Hold what an amendment does to one clause of its parent; `old` is empty where it is not told."""

    clause: str
    old: str
    new: str
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
    clauses: tuple[Clause, ...] = ()
    changes: tuple[Change, ...] = ()

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
