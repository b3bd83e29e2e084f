"""What a person read in a contract about its service level, where no term holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from domain.money import Money
from domain.periods import Period
from domain.sla.claims import ClaimRule
from domain.sla.credits import EarnBack
from domain.sla.schemes import Steps
from domain.sla.window import WindowRule


@dataclass(frozen=True, slots=True)
class Stated:
    """Hold what a person read in a contract beside its terms; `None` means that it does not say so."""

    degraded: bool | None = None
    least: timedelta | None = None
    whole_minutes: bool | None = None
    shrinks: bool | None = None
    exact_is_met: bool | None = None
    notice: timedelta | None = None
    monthly: timedelta | None = None
    claim: ClaimRule | None = None
    steps: Steps | None = None
    year_cap: Decimal | None = None
    term_cap: Decimal | None = None
    least_credit: Money | None = None
    earn_back: EarnBack | None = None
    in_a_row: bool = False
    leave_within: Period | None = None
    windows: WindowRule | None = None
