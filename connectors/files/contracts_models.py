"""One contract of a file, as it is written; wire models that never leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field

from connectors.files.agreement_parts import (
    BillingPart,
    CommitmentPart,
    CreditPart,
    DiscountPart,
    PartyPart,
    PaymentPart,
    RoundingPart,
    TolerancePart,
    UsagePart,
)
from connectors.files.agreement_prices import PricePart
from connectors.files.agreement_rises import EscalationPart, SeriesOf
from connectors.files.contracts_series import Beside
from connectors.files.contracts_shape import Strict, at
from connectors.files.contracts_words import Day, Percent, Words, Zone, clause
from domain.findings.contract import UNNAMED, BilledContract
from domain.invoices import Direction
from domain.pricing.agreement import Agreement, Usage
from domain.pricing.proration import Convention
from domain.pricing.rate_card import PriceLine

_P = TypeVar("_P", bound=DiscountPart | CommitmentPart)


def _usage(value: Any) -> Any:
    return value if isinstance(value, list | str) else [value]


class ContractPart(Strict):
    """Read a whole contract; `usage` is a list, or the name of a CSV file beside this one."""

    number: Annotated[str, Field(min_length=1)]
    id: str = ""
    direction: Direction
    other: PartyPart
    ours: PartyPart | None = None
    names: Words = ()
    purchase_orders: Words = ()
    products: Annotated[dict[str, str], Field(default_factory=dict)]
    currency: str
    first: Day
    last: Day | None
    billing: BillingPart
    proration: Convention = Convention.ACTUAL
    rounding: RoundingPart = RoundingPart()
    zone: Zone | None = None
    payment: PaymentPart = PaymentPart()
    prices: tuple[PricePart, ...]
    discounts: tuple[DiscountPart, ...] = ()
    escalation: EscalationPart | None = None
    commitments: tuple[CommitmentPart, ...] = ()
    usage: Annotated[tuple[UsagePart, ...] | str, BeforeValidator(_usage)] = ()
    credits: tuple[CreditPart, ...] = ()
    tax_rate: Percent | None = None
    tolerance: TolerancePart | None = None

    def build(self, beside: Beside) -> BilledContract:
        """Return the contract. Raises `Misplaced` for parts that contradict, and `BadRows`."""
        agreement = self._agreement(beside.series)
        with at("tolerance"):
            tolerance = self.tolerance.build() if self.tolerance else None
        return BilledContract(
            self.id or self.number, self.number, self.direction, self.other.build(), agreement,
            self.ours.build() if self.ours else UNNAMED, self.names, self.purchase_orders, tuple(self._aliases()),
            tuple(self._used(beside)), tuple(self._credits()), self.tax_rate, self.payment.late_interest,
            self.payment.dispute, tolerance, clause(self.payment.clause),
        )  # fmt: skip

    def _agreement(self, series_of: SeriesOf) -> Agreement:
        with at("last"):
            if self.last is not None and self.last < self.first:
                message = f"is {self.last}, before the contract begins on {self.first}"
                raise ValueError(message)
        with at("billing"):
            schedule = self.billing.build()
        with at("escalation"):
            escalation = self.escalation.build(self.first, series_of) if self.escalation else None
        with at("currency"):
            plain = Agreement(self.currency, self.first, self.last, (), schedule)
        prices, discounts = tuple(self._prices()), tuple(self._parts("discounts", self.discounts))
        return Agreement(
            plain.currency, plain.first, plain.last, prices, schedule, self.proration, self.rounding.build(),
            tuple(part.build(self.currency) for part in discounts), escalation,
            tuple(part.build(self.currency) for part in self._parts("commitments", self.commitments)),
            self.payment.days, self.zone or plain.zone,
        )  # fmt: skip

    def _prices(self) -> Iterator[PriceLine]:
        begun = set[tuple[str, date]]()
        with at("prices"):
            if not self.prices:
                raise ValueError("are empty; a contract has at least one price")
        for place, part in enumerate(self.prices):
            with at("prices", place):
                line = part.build(self.currency, self.first, self.last)
                if (line.product, line.first) in begun:
                    message = f"is a second price of {line.product} from {line.first} on; give one of them its days"
                    raise ValueError(message)
            begun.add((line.product, line.first))
            yield line

    def _parts(self, name: str, parts: tuple[_P, ...]) -> Iterator[_P]:
        """Yield parts that are about products of the rate card. Raises `Misplaced`."""
        for place, part in enumerate(parts):
            with at(name, place):
                part.build(self.currency)
            for index, product in enumerate(part.products):
                with at(name, place, "products", index):
                    self._check(product)
            yield part

    def _aliases(self) -> Iterator[tuple[str, str]]:
        for words, product in self.products.items():
            with at("products", words):
                self._check(product)
            yield " ".join(words.casefold().split()), product

    def _used(self, beside: Beside) -> Iterator[Usage]:
        if isinstance(self.usage, str):
            with at("usage"):
                for where, used in beside.usage(self.usage):
                    self._check(used.product, f" ({where})")
                    yield used
            return
        for place, part in enumerate(self.usage):
            with at("usage", place, "product"):
                self._check(part.product)
            yield Usage(part.product, part.day, part.quantity)

    def _credits(self) -> Iterator[Any]:
        for place, part in enumerate(self.credits):
            with at("credits", place):
                yield part.build(self.currency)

    def _check(self, product: str, where: str = "") -> None:
        known = list(dict.fromkeys(part.product for part in self.prices))
        if product not in known:
            message = f"{product!r} is no product of the rate card{where}; it has {', '.join(known)}"
            raise ValueError(message)
