"""The rate card of a contract file; a ramp is several prices of one product, one after the other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from connectors.files.contracts_shape import Strict, at
from connectors.files.contracts_words import ONCE, ClausePart, Day, Exact, Per, Percent, Price, clause, same_currency
from domain.money import Money
from domain.periods import Period
from domain.pricing.rate_card import PriceLine
from domain.pricing.tariffs import Band, Model, Tariff

_BANDED = frozenset({Model.GRADUATED, Model.VOLUME})


class BandPart(Strict):
    """Read one band; `upto` of the last one may be `null`."""

    upto: Exact | None
    price: Price
    flat: Price | None = None

    def build(self, currency: str) -> Band:
        """Return the band. Raises `ValueError` for another currency."""
        with at("price"):
            price = same_currency(self.price, currency)
        with at("flat"):
            flat = same_currency(self.flat, currency).amount if self.flat else Decimal(0)
        return Band(self.upto, price.amount, flat)


class PricePart(Strict):
    """Read one price of one product; without `quantity` usage decides."""

    product: str
    model: Model = Model.PER_UNIT
    price: Price | None = None
    percent: Percent | None = None
    bands: tuple[BandPart, ...] = ()
    package: Exact = Decimal(1)
    quantity: Exact | None = None
    per: Per | None = None
    first: Day | None = None
    last: Day | None = None
    rises: bool = True
    clause: ClausePart | None = None

    def build(self, currency: str, first: date, last: date | None) -> PriceLine:
        """Return the price, for the days of the term where it states none. Raises `ValueError`."""
        if self.per is None and (self.quantity is not None or self.model is Model.FLAT):
            raise ValueError("has a fixed amount and no `per`; write per: P1M, or per: once for a single charge")
        return PriceLine(
            self.product, self._tariff(currency), currency, self.first or first, self.last or last, self.quantity,
            self.per if isinstance(self.per, Period) else None, self.rises, clause(self.clause),
        )  # fmt: skip

    def _tariff(self, currency: str) -> Tariff:
        self._check_parts()
        bands = []
        for place, band in enumerate(self.bands):
            with at("bands", place):
                bands.append(band.build(currency))
        with at("price"):
            price = same_currency(self.price or Money(Decimal(0), currency), currency).amount
        return Tariff(self.model, self.percent if self.percent is not None else price, tuple(bands), self.package)

    def _check_parts(self) -> None:
        given = {"price": self.price is not None, "percent": self.percent is not None, "bands": bool(self.bands)}
        needed = "bands" if self.model in _BANDED else "percent" if self.model is Model.PERCENTAGE else "price"
        if [name for name, there in given.items() if there] != [needed]:
            message = (
                f"is a price of the model {self.model}, which needs `{needed}` and nothing else of {', '.join(given)}"
            )
            raise ValueError(message)
        if self.per == ONCE and self.quantity is None and self.model is not Model.FLAT:
            raise ValueError("is charged once; say its `quantity`")
