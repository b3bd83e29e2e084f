"""The columns of the Excel work list: what each holds, how wide it is, and how its cells look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.findings.finding import Finding
from domain.findings.status import Status
from domain.findings.totals import currency_of
from domain.money import Money

SHEET, TABLE = "Discrepancies", "Discrepancies"
Cell = str | Decimal | date | None


class Look(StrEnum):
    """Name how a cell is written."""

    TEXT = "text"
    DAY = "day"
    MONEY = "money"
    DELTA = "delta"
    STAKE = "stake"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Column:
    """Hold a header, the width in characters, how its cells look, and whether people see it."""

    header: str
    width: int
    look: Look = Look.TEXT
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Hold a finding with the number and other party of its contract, and how far it is."""

    finding: Finding
    number: str = ""
    party: str = ""
    status: Status = Status.DETECTED
    note: str = ""


COLUMNS = (
    Column("status", 13), Column("note", 30), Column("code", 18), Column("contract", 16), Column("party", 24),
    Column("direction", 11), Column("invoice", 18), Column("issued", 11, Look.DAY), Column("line", 6),
    Column("product", 22), Column("first", 11, Look.DAY), Column("last", 11, Look.DAY), Column("currency", 9),
    Column("expected", 14, Look.MONEY), Column("billed", 14, Look.MONEY), Column("delta", 14, Look.DELTA),
    Column("at stake", 14, Look.STAKE), Column("confidence", 11, Look.SHARE), Column("action", 34),
    Column("dispute by", 11, Look.DAY), Column("page", 6), Column("clause", 44), Column("explanation", 70),
    Column("fingerprint", 26), Column("was", 12, hidden=True),
)  # fmt: skip
HEADERS = tuple(column.header for column in COLUMNS)


def cells_of(item: Item) -> dict[str, Cell]:
    """Return the cells of one finding; amounts that cannot be compared with what was billed are left out."""
    one, currency = item.finding, currency_of(item.finding)
    place = one.place
    return {
        "status": item.status.value, "note": item.note, "code": one.code.value, "contract": item.number or one.contract,
        "party": item.party, "direction": one.direction.value, "invoice": place.number if place else "",
        "issued": place.issued if place else None, "line": place.line if place else "", "product": one.product,
        "first": one.first, "last": one.last, "currency": currency, "expected": _amount(one.expected, currency),
        "billed": _amount(one.billed, currency), "delta": _amount(one.delta, currency),
        "at stake": _amount(one.at_stake, currency), "confidence": one.confidence, "action": one.action.value,
        "dispute by": one.dispute_by, "page": ", ".join(dict.fromkeys(str(clause.page) for clause in one.clauses)),
        "clause": "\n".join(clause.quote for clause in one.clauses), "explanation": one.explanation,
        "fingerprint": one.fingerprint, "was": item.status.value,
    }  # fmt: skip


def _amount(money: Money | None, currency: str) -> Decimal | None:
    return money.amount if money is not None and money.currency == currency else None
