"""What was planted, and where it must be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from bench.world.deal import POLICY, Deal, Row
from bench.world.papers import written
from bench.world.written import line_id
from domain.findings.contract import BilledContract, Policy
from domain.findings.finding import Code, Finding
from domain.invoices import Invoice
from domain.money import Money


@dataclass(frozen=True, slots=True)
class Truth:
    """Hold one fault: its code, its invoice and line, and the amounts where they follow from it.

    `also` are other codes that explain the very same amount: each of them is right. No `number` means
    that no invoice shows it, no `lines` that any line of it may be named, `papers` are other invoices
    that may be named as well.
    """

    code: Code
    contract: str
    number: str = ""
    lines: frozenset[str] = frozenset()
    product: str = ""
    expected: Money | None = None
    billed: Money | None = None
    also: frozenset[Code] = frozenset()
    papers: frozenset[str] = frozenset()

    def is_told_by(self, finding: Finding) -> bool:
        """Tell whether a finding says just this."""
        place = finding.place
        return (
            finding.code in {self.code, *self.also}
            and finding.contract == self.contract
            and (place.number if place else "") in {self.number, *self.papers}
            and (not self.lines or (place is not None and place.line in self.lines))
            and (not self.product or finding.product == self.product)
            and self._amounts(finding)
        )

    def _amounts(self, finding: Finding) -> bool:
        if self.expected is None or self.billed is None:
            return True
        return finding.delta is not None and finding.delta.amount == (self.billed - self.expected).amount


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one contract with its papers and what is wrong with them; `way` says how it was planted."""

    key: str
    way: str
    deal: Deal
    contract: BilledContract
    invoices: tuple[Invoice, ...]
    truths: tuple[Truth, ...] = ()
    policy: Policy = POLICY


# Which rise was taken is read off rounded amounts: what is said of it is likely and not certain.
AT_WILL = "rises at will"
Plant = Callable[[Random, Deal], Case | None]


def case(
    deal: Deal, code: Code, way: str, papers: Sequence[Invoice], *truths: Truth, contract: BilledContract | None = None
) -> Case:
    """Return a case of one code."""
    return Case(code.value, way, deal, contract or deal.contract, tuple(papers), truths)


def number_of(papers: Sequence[Invoice], deal: Deal, row: Row) -> str:
    """Return the number of the invoice that a row was written on."""
    initials = "".join(word[0] for word in row.product.split())
    return next(
        one.number
        for one in papers
        if one.issued == row.issued and (deal.style.together or one.number.endswith(f"-{initials}"))
    )


def on_row(
    deal: Deal, rows: Sequence[Row], row: Row, code: Code, *others: Code, was: Money
) -> tuple[list[Invoice], Truth]:
    """Write rows, and tell that one of them is not as it was."""
    papers = written(deal, rows)
    number = line_id(deal, rows, row)
    lines = frozenset({number, f"{number}a", f"{number}b", f"{number}d"})
    truth = Truth(
        code, deal.contract.id, number_of(papers, deal, row), lines, row.product, was, row.amount, frozenset(others)
    )
    return papers, truth


def swapped(rows: Sequence[Row], old: Row, *new: Row) -> list[Row]:
    """Return the rows with one replaced."""
    index = next(index for index, row in enumerate(rows) if row is old)
    return [*rows[:index], *new, *rows[index + 1 :]]
