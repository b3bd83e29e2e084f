"""What findings add up to, by code and currency; currencies are never added to each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.findings.finding import Code, Finding
from domain.money import Money

_ORDER = {code: place for place, code in enumerate(Code)}


@dataclass(frozen=True, slots=True)
class Total:
    """Hold the sums of all findings of one code in one currency, empty where they are about no money.

    An amount in another currency than what was billed is in no sum.
    """

    code: Code
    currency: str
    count: int
    expected: Decimal
    billed: Decimal
    delta: Decimal
    at_stake: Decimal


def currency_of(finding: Finding) -> str:
    """Return the currency that was billed, else the one that was expected."""
    money = finding.billed or finding.expected
    return money.currency if money else ""


def totals(findings: Iterable[Finding]) -> tuple[Total, ...]:
    """Return the sums, in the order of the codes."""
    groups: defaultdict[tuple[Code, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.code, currency_of(finding)].append(finding)
    ordered = sorted(groups.items(), key=lambda group: (_ORDER[group[0][0]], group[0][1]))
    return tuple(_total(code, currency, found) for (code, currency), found in ordered)


def _total(code: Code, currency: str, found: Sequence[Finding]) -> Total:
    return Total(
        code, currency, len(found), _sum((one.expected for one in found), currency),
        _sum((one.billed for one in found), currency), _sum((one.delta for one in found), currency),
        _sum((one.at_stake for one in found), currency),
    )  # fmt: skip


def _sum(amounts: Iterable[Money | None], currency: str) -> Decimal:
    return sum((one.amount for one in amounts if one is not None and one.currency == currency), Decimal(0))
