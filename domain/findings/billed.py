"""What a line of an invoice bills: which product of the rate card, for which days, with which sign."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from domain.findings.arithmetic import place_of
from domain.findings.contract import BilledContract
from domain.findings.finding import Place
from domain.findings.matching import TRUE_UP_WORDS, named_product
from domain.invoices import Invoice, InvoiceKind, InvoiceLine, InvoiceStatus
from domain.money import Money
from domain.pricing.billing_periods import Span

_ONE_DAY = timedelta(days=1)
_LATE_FEE = re.compile(
    r"\b(?:late (?:payment )?(?:fee|charge|interest)|(?:default|overdue|arrears) interest|interest on (?:late|overdue)"
    r"|dunning|reminder fee|mahngeb\w+|verzugszins\w*)",
    re.IGNORECASE,
)
CREDIT_WORDS = re.compile(
    r"\b(?:service|sla|availability|uptime|performance)[\s-]+credits?\b|\brebate|\bbonus credit", re.IGNORECASE
)
_VOID = frozenset({InvoiceStatus.VOID, InvoiceStatus.DRAFT})


class Role(StrEnum):
    """Name what a line is."""

    PRODUCT = "product"
    CREDIT = "credit"
    TRUE_UP = "true-up"
    LATE_FEE = "late fee"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BilledLine:
    """Hold a line with its product, days and signed net amount; credit notes bill less than nothing.

    `days` is `None` where neither the line, the invoice nor the schedule tells; `inferred` where the
    schedule alone did, `reduced` where a discount that stands beside the line was taken off, `shared`
    where it was one for several products, so that a unit of its cents is anybody's.
    """

    invoice: Invoice
    line: InvoiceLine
    role: Role
    product: str
    days: Span | None
    amount: Money
    inferred: bool = False
    reduced: bool = False
    shared: bool = False

    @property
    def place(self) -> Place:
        """Return where it stands."""
        return place_of(self.invoice, self.line.id)

    @property
    def quantity(self) -> Decimal:
        """Return the units with the sign of the amount; one where none are printed."""
        units = abs(Decimal(1) if self.line.quantity is None else self.line.quantity)
        return -units if self.amount.amount < 0 else units


def counted(invoices: Iterable[Invoice]) -> list[Invoice]:
    """Return the invoices that count, in the order of their days; neither void nor drafts."""
    return sorted(
        (one for one in invoices if one.status not in _VOID), key=lambda one: (one.issued, one.number, one.id)
    )


def billed_line(contract: BilledContract, invoice: Invoice, line: InvoiceLine) -> BilledLine:
    """Return what one line bills, as far as the paper says."""
    product = named_product(contract, line.product, line.description)
    negative = invoice.kind is InvoiceKind.CREDIT_NOTE
    amount = line.amount * -1 if negative else line.amount
    role = _role(line, product, amount)
    return BilledLine(invoice, line, role, product or line.product or line.description, _days(invoice, line), amount)


def _role(line: InvoiceLine, product: str | None, amount: Money) -> Role:
    words = f"{line.product} {line.description}"
    if amount.amount < 0 and (product is None or CREDIT_WORDS.search(words)):
        return Role.CREDIT
    if product is not None:
        return Role.PRODUCT
    if _LATE_FEE.search(words):
        return Role.LATE_FEE
    return Role.TRUE_UP if TRUE_UP_WORDS.search(words) else Role.UNKNOWN


def _days(invoice: Invoice, line: InvoiceLine) -> Span | None:
    first, last = line.period_first, line.period_last
    if first is None and last is None:
        first, last = invoice.period_first, invoice.period_last
    if first is None or last is None or last < first:
        return None
    return Span(first, last + _ONE_DAY)
