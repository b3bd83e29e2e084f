"""An invoice as somebody else wrote it: read once, exactly, and never corrected on the way in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.money import Money

# Sources cut their times to seconds and may show a change late.
_OVERLAP = timedelta(seconds=2)


class InvoiceKind(StrEnum):
    """Name what the paper is; a credit note's amounts are positive and mean money back.

    A correction (UNTDID 1001 code 384) changes the invoice that `Invoice.corrects` names.
    """

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    CORRECTION = "correction"


class InvoiceStatus(StrEnum):
    """Name where the invoice stands at its source."""

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    """Say who pays: we pay a payable (AP), a customer pays a receivable (AR)."""

    PAYABLE = "payable"
    RECEIVABLE = "receivable"


@dataclass(frozen=True, slots=True)
class InvoiceParty:
    """Hold the seller or buyer as printed; empty text means that the source does not say."""

    name: str
    id: str = ""
    tax_id: str = ""
    lei: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """Hold one line; `unit_price` may be finer than the currency's minor unit.

    `amount` is the line's net amount as printed, never recomputed: without tax, after `discount`
    and `surcharge`. `unit_price` is for `price_base` units and already after the difference to
    `list_price`. The period is the service period with both days included.
    """

    id: str
    description: str
    amount: Money
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    price_base: Decimal | None = None
    list_price: Decimal | None = None
    product: str = ""
    period_first: date | None = None
    period_last: date | None = None
    discount: Money | None = None
    surcharge: Money | None = None
    tax: Money | None = None
    tax_rate: Decimal | None = None
    order_line: str = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """Hold an allowance (negative) or charge (positive) on the whole document."""

    reason: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Invoice:
    """Hold one invoice or credit note in one currency.

    `id` is the source's own and stable over changes; `corrects` names the invoice that a credit
    note or correction belongs to; `sha256` is of the raw bytes it was read from. `lines_net` is
    the sum of the lines as printed, `net` the total without tax after the charges, `rounding`
    what was added to `total` to make it payable: none is recomputed, so they may disagree.
    """

    source: str
    id: str
    number: str
    kind: InvoiceKind
    status: InvoiceStatus
    direction: Direction
    currency: str
    issued: date
    seller: InvoiceParty
    buyer: InvoiceParty
    lines: tuple[InvoiceLine, ...] = ()
    charges: tuple[Charge, ...] = ()
    lines_net: Money | None = None
    net: Money | None = None
    tax: Money | None = None
    total: Money | None = None
    rounding: Money | None = None
    paid: Money | None = None
    self_billed: bool = False
    due: date | None = None
    period_first: date | None = None
    period_last: date | None = None
    payment_terms: str = ""
    purchase_order: str = ""
    contract_number: str = ""
    corrects: str = ""
    updated: datetime | None = None
    sha256: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceProblem:
    """Hold one document or row that could not be read: where, what is wrong, and what to do."""

    where: str
    what: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """Hold one step of an incremental read; resume after it with `cursor`.

    `removed` are ids of invoices that the source has deleted and says nothing more about; `originals`
    are the bytes that the invoices were read from, found by their `sha256`.
    """

    invoices: tuple[Invoice, ...]
    cursor: str
    problems: tuple[InvoiceProblem, ...] = field(default=())
    removed: tuple[str, ...] = ()
    originals: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """Hold which invoice was read, as it was after which change."""

    id: str
    changed: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """Hold how far a list in the order of its changes was read.

    `at` is the time of the newest state, `seen` are fingerprints of those shortly before it. The
    next read begins at `since`, a little earlier; `knows` tells what of it was read already.
    """

    at: datetime | None = None
    seen: tuple[str, ...] = ()

    @property
    def since(self) -> datetime | None:
        """Return when the next read begins; `None` is the beginning."""
        return None if self.at is None else self.at - _OVERLAP

    def knows(self, state: State) -> bool:
        """Tell whether this state was read already."""
        return _fingerprint(state) in self.seen

    def after(self, states: Iterable[State]) -> Mark:
        """Return the mark once these states are stored too."""
        read = list(states)
        at = max([state.changed for state in read] + ([self.at] if self.at else []), default=None)
        if at is None:
            return self
        begin = _milliseconds(at - _OVERLAP)
        seen = dict.fromkeys([*self.seen, *(_fingerprint(state) for state in read)])
        return Mark(at, tuple(one for one in seen if int(one.partition("-")[0]) >= begin))

    def dump(self) -> dict[str, object]:
        """Return the mark as JSON."""
        return {"at": self.at.isoformat() if self.at else None, "seen": list(self.seen)}

    @classmethod
    def load(cls, body: Mapping[str, object]) -> Mark:
        """Read what `dump` wrote. Raises `ValueError`, `KeyError` or `TypeError`."""
        at, seen = body["at"], body["seen"]
        if not isinstance(seen, list) or not (at is None or isinstance(at, str)):
            raise TypeError("not a mark")
        return cls(datetime.fromisoformat(at).astimezone(UTC) if at else None, tuple(str(item) for item in seen))


def _fingerprint(state: State) -> str:
    digest = hashlib.sha256(f"{state.id}@{state.changed.astimezone(UTC).isoformat()}".encode()).hexdigest()
    return f"{_milliseconds(state.changed)}-{digest[:12]}"


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
