"""What sales knows about a deal, each fact with where it came from and how old it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.money import Money
from domain.periods import Period


class Stage(StrEnum):
    """Name the only three stages a handoff needs to tell apart."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Role(StrEnum):
    """Name what a contact is to the purchase."""

    SIGNER = "signer"
    DAY_TO_DAY = "day_to_day"
    ECONOMIC_BUYER = "economic_buyer"
    CHAMPION = "champion"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Contact:
    """Hold a person at the customer and the roles the source gives them."""

    name: str
    email: str
    title: str = ""
    roles: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Hold the customer as the CRM knows it; empty text means unknown."""

    id: str
    legal_name: str
    name: str = ""
    industry: str = ""
    size: str = ""
    tier: str = ""
    region: str = ""
    country: str = ""
    timezone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class DealLine:
    """Hold one product of the deal."""

    product: str
    quantity: Decimal | None = None
    unit_price: Money | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Hold one answer with its source and the day it was last touched."""

    value: str
    source: str
    updated: date | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Hold what somebody promised to the customer before signature."""

    text: str
    who: str = ""
    when: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """Hold one opportunity as read from a CRM; `facts` are keyed by brief field name."""

    id: str
    name: str
    stage: Stage
    account: Account
    type: str = ""
    url: str = ""
    rep_name: str = ""
    rep_email: str = ""
    amount: Money | None = None
    term: Period | None = None
    start: date | None = None
    contacts: tuple[Contact, ...] = ()
    lines: tuple[DealLine, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()
