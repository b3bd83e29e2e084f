"""What two parties agreed on, before anybody wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.periods import Period
from domain.terms import Tier


@dataclass(frozen=True, slots=True)
class Company:
    """Hold a party as its paper names it."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """Hold how the term goes on: `auto`, `manual`, `none` or `month_to_month`."""

    kind: str
    length: Period | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Hold how non-renewal is told; `rule` is `receipt`, `dispatch` or unsaid."""

    period: Period
    business: bool = False
    party: str = "either"
    not_before: Period | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Hold how prices rise; percentages as numbers, each `None` where it is not agreed."""

    percent: Decimal | None = None
    index: str = ""
    margin: Decimal | None = None
    floor: Decimal | None = None
    cap: Decimal | None = None
    notice: Period | None = None


@dataclass(frozen=True, slots=True)
class Minimum:
    """Hold the least spend, the period it counts in, and how often a true-up is made."""

    amount: Decimal
    period: str
    true_up: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Hold the credit in percent for an uptime from `first` up to below `below`; `None` is open."""

    first: Decimal | None
    below: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Sla:
    """Hold the promise of availability and what its breach costs."""

    uptime: Decimal
    window: str
    steps: tuple[Step, ...] = ()
    credit_cap: Decimal | None = None
    claim: Period | None = None
    channel: str = ""
    chronic: tuple[int, int, bool] | None = None  # misses, months, in a row
    exclusions: bool = False


@dataclass(frozen=True, slots=True)
class Promotion:
    """Hold a discount that ends on a day."""

    percent: Decimal
    until: date


@dataclass(frozen=True, slots=True)
class Cap:
    """Hold the limit of liability: a sum, or so many times the fees of a period."""

    amount: Decimal | None = None
    times: int = 1
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one purchased line; `kind` is `seats`, `flat`, `once`, `tiers` or `ramp`."""

    kind: str
    product: str
    unit: str
    price: Decimal | None
    quantity: int | None = None
    starts: date | None = None
    ends: date | None = None
    tiers: tuple[Tier, ...] = ()


@dataclass(frozen=True, slots=True)
class Deal:
    """Hold the true values of one contract; empty, `None` or `()` where nothing was agreed."""

    provider: Company
    customer: Company
    number: str
    signed: date | None
    effective: date
    initial: Period
    expires: date | None
    renewal: Renewal | None
    notice: Notice | None
    methods: tuple[str, ...]
    convenience: tuple[str, Period] | None
    cause: Period | None
    currency: str
    billing: str
    payment_days: int
    interest: tuple[Decimal, str] | None
    discount_percent: Decimal | None
    discount_amount: Decimal | None
    promotion: Promotion | None
    escalation: Escalation | None
    minimum: Minimum | None
    sla: Sla | None
    cap: Cap | None
    insurance: tuple[tuple[str, Decimal], ...]
    law: str
    items: tuple[Item, ...]
    total: Decimal | None
