"""A finding: what was billed, what the contract makes of it, and why they differ."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.findings.tolerance import EXACT, Tolerance
from domain.invoices import Direction
from domain.money import Money
from domain.terms import Citation

_ONE = Decimal(1)


class Code(StrEnum):
    """Name what is wrong; `delta` of a finding is what was billed minus what was expected."""

    ARITHMETIC = "ARITHMETIC"  # a line does not multiply out by its own figures
    TOTALS = "TOTALS"  # the invoice's sums do not add up
    NO_CONTRACT = "NO-CONTRACT"  # no contract in force is known for it
    ENTITY = "ENTITY"  # another legal entity than the contract's
    CURRENCY = "CURRENCY"  # another currency than the contract's; never converted
    DUPLICATE = "DUPLICATE"  # billed before, on the same or another invoice number
    EXPIRED = "EXPIRED"  # service outside the term
    SCOPE = "SCOPE"  # not on the rate card
    SETUP_REPEAT = "SETUP-REPEAT"  # a one-time fee again
    PERIOD_OVERLAP = "PERIOD-OVERLAP"  # days of service that were billed already
    FREQUENCY = "FREQUENCY"  # other billing periods than agreed
    PERIOD_GAP = "PERIOD-GAP"  # a period that a vendor has not billed yet
    AR_MISSING = "AR-MISSING"  # a period that we forgot to bill
    QTY_OVER = "QTY-OVER"  # more units than agreed or used
    QTY_UNUSED = "QTY-UNUSED"  # fewer units used than are paid for
    TIER_MODE = "TIER-MODE"  # graduated for volume, or the other way round
    TIER_WRONG = "TIER-WRONG"  # the price of another band
    DISCOUNT_MISSING = "DISCOUNT-MISSING"  # a discount left out
    PROMO_ENDED = "PROMO-ENDED"  # a discount given outside its days
    PRORATION = "PRORATION"  # another part of the period, or none
    UPLIFT_EARLY = "UPLIFT-EARLY"  # a price rise before its day
    UPLIFT_CAP = "UPLIFT-CAP"  # a price rise beyond its cap
    UPLIFT_NOTICE = "UPLIFT-NOTICE"  # a price rise without notice in time
    INDEX_VINTAGE = "INDEX-VINTAGE"  # another vintage or month of the index
    PRICE_OVER = "PRICE-OVER"  # more than agreed, for no known cause
    PRICE_UNDER = "PRICE-UNDER"  # a vendor bills less than agreed
    AR_UNDER = "AR-UNDER"  # we bill less than agreed
    COMMIT_DOUBLE = "COMMIT-DOUBLE"  # a minimum billed beside the spending that fills it
    TRUEUP_EARLY = "TRUEUP-EARLY"  # a true-up before its period ended
    CREDIT_MISSING = "CREDIT-MISSING"  # a credit due that no invoice shows
    REBATE_UNCLAIMED = "REBATE-UNCLAIMED"  # a rebate earned that nobody claimed
    TERM_NET = "TERM-NET"  # other days to pay than agreed
    LATEFEE_UNAGREED = "LATEFEE-UNAGREED"  # interest or dunning fees nobody agreed
    TAX = "TAX"  # another rate of tax than agreed
    DRIFT = "DRIFT"  # many small differences to one side


class Action(StrEnum):
    """Name what is to be done about it."""

    QUERY = "ask the issuer for a corrected invoice"
    DISPUTE = "dispute the difference and ask for a credit note"
    CREDIT = "credit the customer before they ask"
    BILL = "bill the difference"
    CLAIM = "claim the credit"
    MATCH = "name the contract, or stop the payment"
    CORRECT = "correct the invoice before it is paid"
    WATCH = "watch, no money is at stake yet"


@dataclass(frozen=True, slots=True)
class Place:
    """Name an invoice line; `line` of an empty text is the whole invoice."""

    source: str
    invoice: str
    number: str
    issued: date
    line: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one finding; amounts are net of tax except those of `TAX`, and in one currency.

    `first` and `last` are days of service. `place` is `None` where an invoice is missing.
    `also` are other causes that would give the same amount; they lower `confidence`, 0 to 1.
    """

    code: Code
    direction: Direction
    contract: str
    explanation: str
    place: Place | None = None
    product: str = ""
    first: date | None = None
    last: date | None = None
    expected: Money | None = None
    billed: Money | None = None
    tolerance: Tolerance = EXACT
    clauses: tuple[Citation, ...] = ()
    confidence: Decimal = _ONE
    also: tuple[Code, ...] = ()
    action: Action = Action.DISPUTE
    dispute_by: date | None = None

    @property
    def delta(self) -> Money | None:
        """Return what was billed less what was expected, `None` where one of them is no money."""
        if self.billed is None or self.expected is None or self.billed.currency != self.expected.currency:
            return None
        return self.billed - self.expected

    @property
    def at_stake(self) -> Money | None:
        """Return what we lose if nobody acts: overpaid to a vendor, or not billed to a customer."""
        delta = self.delta
        if delta is None:
            return None
        loss = delta.amount if self.direction is Direction.PAYABLE else -delta.amount
        return Money(max(loss, Decimal(0)), delta.currency)

    @property
    def fingerprint(self) -> str:
        """Return what stays the same over every night: the contract, the line, the days and the code."""
        place = self.place
        where = (place.source, place.invoice, place.line) if place else ("", "", "")
        days = (str(self.first or ""), str(self.last or ""))
        text = "\x1f".join([self.contract, self.product, *days, self.code, *where])
        return hashlib.sha256(text.encode()).hexdigest()[:24]
