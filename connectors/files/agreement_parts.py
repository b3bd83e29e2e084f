"""What a contract file says about parties, billing days, rounding, discounts, minimums, credits and tolerances."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from connectors.files.contracts_shape import Strict, at
from connectors.files.contracts_words import (
    Amount,
    ClausePart,
    Day,
    Exact,
    Length,
    Percent,
    Words,
    clause,
    same_currency,
)
from domain.findings.contract import CreditKind, DueCredit
from domain.findings.tolerance import Joined, Tolerance
from domain.invoices import InvoiceParty
from domain.minor_units import Rounding
from domain.pricing.agreement import RoundedPer, RoundingPolicy
from domain.pricing.billing_periods import Lead, Schedule, Timing
from domain.pricing.commitments import Commitment
from domain.pricing.discounts import Basis, Discount


class BillingPart(Strict):
    """Read how often, on which day and when is billed."""

    every: Length
    anchor_day: Annotated[int, Field(ge=1, le=31)] | None = None
    timing: Timing = Timing.ADVANCE
    lead: Lead = Lead.BACK

    def build(self) -> Schedule:
        """Return the schedule. Raises `ValueError`."""
        return Schedule(self.every, self.anchor_day, self.timing, self.lead)


class RoundingPart(Strict):
    """Read how and where amounts are rounded."""

    mode: Rounding = Rounding.HALF_UP
    per: RoundedPer = RoundedPer.LINE

    def build(self) -> RoundingPolicy:
        """Return the policy."""
        return RoundingPolicy(self.mode, self.per)


class DiscountPart(Strict):
    """Read a discount, either percent or an amount off a whole billing period."""

    percent: Percent | None = None
    amount: Amount | None = None
    basis: Basis = Basis.NET
    order: int = 0
    first: Day | None = None
    last: Day | None = None
    products: Words = ()
    clause: ClausePart | None = None

    def build(self, currency: str) -> Discount:
        """Return the discount. Raises `ValueError`."""
        if self.amount:
            with at("amount"):
                same_currency(self.amount, currency)
        return Discount(
            self.percent, self.amount, self.basis, self.order, self.first, self.last, self.products, clause(self.clause)
        )


class CommitmentPart(Strict):
    """Read a minimum; without `every` it is that of the whole term."""

    minimum: Amount
    every: Length | None = None
    products: Words = ()
    clause: ClausePart | None = None

    def build(self, currency: str) -> Commitment:
        """Return the commitment. Raises `ValueError`."""
        with at("minimum"):
            return Commitment(same_currency(self.minimum, currency), self.every, self.products, clause(self.clause))


class CreditPart(Strict):
    """Read a credit that an invoice on or after `due` has to show."""

    kind: CreditKind = CreditKind.SERVICE
    amount: Amount
    due: Day
    why: str
    claimed: bool = True
    claim_by: Day | None = None
    clause: ClausePart | None = None

    def build(self, currency: str) -> DueCredit:
        """Return the credit. Raises `ValueError`."""
        with at("amount"):
            amount = same_currency(self.amount, currency)
            if amount.amount <= 0:
                raise ValueError("is no credit; write it as a positive amount")
        return DueCredit(self.kind, amount, self.due, self.why, self.claimed, self.claim_by, clause(self.clause))


class TolerancePart(Strict):
    """Read a tolerance; what is left out is zero."""

    absolute: Exact = Decimal(0)
    percent: Percent = Decimal(0)
    joined: Joined = Joined.STRICTER

    def build(self) -> Tolerance:
        """Return the tolerance. Raises `ValueError`."""
        return Tolerance(self.absolute, self.percent, self.joined)


class PaymentPart(Strict):
    """Read when an invoice is due, whether late fees are agreed, and how long a difference may be disputed."""

    days: Annotated[int, Field(ge=0, le=3650)] | None = None
    late_interest: bool = False
    dispute: Length | None = None
    clause: ClausePart | None = None


class PartyPart(Strict):
    """Read the vendor, the customer, or us."""

    name: Annotated[str, Field(min_length=1)]
    id: str = ""
    tax_id: str = ""
    lei: str = ""
    country: str = ""

    def build(self) -> InvoiceParty:
        """Return the party."""
        return InvoiceParty(self.name, self.id, self.tax_id, self.lei, self.country)


class UsagePart(Strict):
    """Read what was used of a product on a day."""

    product: str
    day: Day
    quantity: Exact
