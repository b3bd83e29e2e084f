"""What a reconciliation of files found: tables for people, every field for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli import output
from domain.currencies import digits_of, is_currency
from domain.findings.audit import Audit
from domain.findings.contract import BilledContract
from domain.findings.finding import Finding, Place
from domain.findings.totals import Total, totals
from domain.invoices import InvoiceProblem
from domain.money import Money
from domain.terms import Citation

_TOTALS = ("code", "currency", "count", "expected", "billed", "delta", "at_stake")


def as_data(
    audited: Audit, contracts: Mapping[str, BilledContract], problems: Sequence[InvoiceProblem]
) -> dict[str, Any]:
    """Return the report as JSON: amounts are texts, days are ISO 8601, what is not known is null."""
    return {
        "totals": [_total(one) for one in totals(audited.findings)],
        "findings": [_finding(one, contracts) for one in audited.findings],
        "matches": [
            {**_place(one.place), "contract": one.contract, "by": one.by, "confidence": f"{one.confidence:f}"}
            for one in sorted(audited.matches, key=lambda one: _key(one.place))
        ],
        "proposals": [
            {
                **_place(one.place), "contract": one.contract, "score": f"{one.score:f}", "second": f"{one.second:f}",
                "why": one.why,
            }
            for one in audited.proposals
        ],
        "problems": [{"where": one.where, "what": one.what, "fix": one.fix} for one in problems],
    }  # fmt: skip


def show(audited: Audit, contracts: Mapping[str, BilledContract]) -> None:
    """Print the totals, then each finding with its amounts, its clause and what to do."""
    if not audited.findings:
        output.say("Nothing differs from the contracts.")
        return
    output.table("By code and currency", _TOTALS, [_total(one) for one in totals(audited.findings)])
    rows = [(_where(one, contracts), _amounts(one), _why(one)) for one in audited.findings]
    texts("Findings", ("where", "amounts", "why, and what to do"), rows)


def texts(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of texts as they are; what strangers wrote never styles the terminal."""
    shown = Table(title=title, title_justify="left", header_style="bold", show_lines=True)
    for column in columns:
        shown.add_column(column, no_wrap=column == "amounts")
    for row in rows:
        shown.add_row(*map(Text, row))
    Console().print(shown)


def amount_text(money: Money | None) -> str:
    """Write an amount with the digits of its currency, and with more where it has more."""
    return f"{_digits(money.amount, money.currency)} {money.currency}" if money else ""


def _digits(amount: Decimal, currency: str) -> str:
    digits = digits_of(currency) if is_currency(currency) else 2
    rounded = round(amount, digits)
    return f"{rounded if rounded == amount else amount:f}"


def _total(one: Total) -> dict[str, Any]:
    sums = {name: getattr(one, name) for name in _TOTALS[3:]}
    shown = {name: _digits(value, one.currency) for name, value in sums.items()}
    return {"code": one.code.value, "currency": one.currency or None, "count": one.count, **shown}


def _where(one: Finding, contracts: Mapping[str, BilledContract]) -> str:
    place = one.place
    line = f" line {place.line}" if place and place.line else ""
    return "\n".join(filter(None, [one.code.value, _number(one, contracts), f"{place.number}{line}" if place else ""]))


def _amounts(one: Finding) -> str:
    named = (("expected", one.expected), ("billed", one.billed), ("delta", one.delta))
    return "\n".join(f"{name:<8} {amount_text(money)}" for name, money in named if money is not None)


def _why(one: Finding) -> str:
    days = f" {one.first} to {one.last}" if one.first and one.last else ""
    by = f", by {one.dispute_by}" if one.dispute_by else ""
    clauses = (f"page {clause.page}: “{clause.quote}”" for clause in one.clauses)
    return "\n".join(filter(None, [f"{one.product}{days}".strip(), one.explanation, *clauses, f"→ {one.action}{by}"]))


def _finding(one: Finding, contracts: Mapping[str, BilledContract]) -> dict[str, Any]:
    return {
        "fingerprint": one.fingerprint,
        "code": one.code.value,
        "direction": one.direction.value,
        "contract": one.contract or None,
        "contract_number": _number(one, contracts) or None,
        **(_place(one.place) if one.place else dict.fromkeys(("source", "invoice", "number", "issued", "line"))),
        "product": one.product or None,
        "first": one.first,
        "last": one.last,
        **{name: _money(getattr(one, name)) for name in ("expected", "billed", "delta", "at_stake")},
        "tolerance": str(one.tolerance),
        "confidence": f"{one.confidence:f}",
        "also": [code.value for code in one.also],
        "action": one.action.value,
        "dispute_by": one.dispute_by,
        "explanation": one.explanation,
        "clauses": [_clause(clause) for clause in one.clauses],
    }


def _number(one: Finding, contracts: Mapping[str, BilledContract]) -> str:
    return contracts[one.contract].number if one.contract in contracts else one.contract


def _place(place: Place) -> dict[str, Any]:
    return {
        "source": place.source, "invoice": place.invoice, "number": place.number, "issued": place.issued,
        "line": place.line or None,
    }  # fmt: skip


def _key(place: Place) -> tuple[str, str, str]:
    return str(place.issued), place.number, place.invoice


def _money(money: Money | None) -> dict[str, str] | None:
    return {"amount": _digits(money.amount, money.currency), "currency": money.currency} if money else None


def _clause(one: Citation) -> dict[str, Any]:
    return {"sha256": one.sha256, "page": one.page, "start": one.start, "end": one.end, "quote": one.quote}
