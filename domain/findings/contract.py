"""A contract as reconciliation needs it: whose it is, how its invoices are recognised, and its money terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.findings.tolerance import EXACT, Tolerance
from domain.invoices import Direction, InvoiceParty
from domain.money import Money
from domain.periods import Period
from domain.pricing.agreement import Agreement, Usage
from domain.terms import Citation

UNNAMED = InvoiceParty("")


class CreditKind(StrEnum):
    """Name where a credit comes from."""

    SERVICE = "service credit"
    REBATE = "rebate"


@dataclass(frozen=True, slots=True)
class DueCredit:
    """Hold a credit that the first invoice issued on or after `on` should show; `amount` is positive.

    A rebate that nobody claimed is a finding of its own as long as `claim_by` has not passed.
    """

    kind: CreditKind
    amount: Money
    on: date
    why: str
    claimed: bool = True
    claim_by: date | None = None
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class BilledContract:
    """Hold one contract's identity and money terms.

    `other` is the vendor of a payable contract and the customer of a receivable one; `names` are
    other spellings of it. `products` maps words that invoices use, case-folded, to products of the
    rate card. `tax_rate` is in percent, `late_interest` whether late fees are agreed, `dispute` how
    long after the invoice's day a difference may be disputed.
    """

    id: str
    number: str
    direction: Direction
    other: InvoiceParty
    agreement: Agreement
    ours: InvoiceParty = UNNAMED
    names: tuple[str, ...] = ()
    purchase_orders: tuple[str, ...] = ()
    products: tuple[tuple[str, str], ...] = ()
    usage: tuple[Usage, ...] = ()
    credits: tuple[DueCredit, ...] = ()
    tax_rate: Decimal | None = None
    late_interest: bool = False
    dispute: Period | None = None
    tolerance: Tolerance | None = None
    payment_citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Hold the house's rules of reconciliation; a contract's own tolerance goes first.

    `grace_days` is how long after its day an invoice may come; a drift is at least `drift_lines`
    differences to one side that add up to `drift_amount` in major units.
    """

    tolerance: Tolerance = EXACT
    grace_days: int = 10
    dispute: Period | None = None
    drift_lines: int = 6
    drift_amount: Decimal = Decimal("0.05")

    def tolerance_of(self, contract: BilledContract) -> Tolerance:
        """Return the tolerance for a contract's amounts."""
        return contract.tolerance or self.tolerance
