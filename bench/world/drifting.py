"""Many differences within the tolerance: to one side they add up, to both sides they are nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from random import Random

from bench.world.deal import POLICY, Deal, Row
from bench.world.papers import written
from bench.world.truth import Case, Truth, case
from domain.findings.finding import Code
from domain.findings.tolerance import Tolerance
from domain.money import Money


def drifting(chance: Random, deal: Deal) -> Case | None:
    """Plant many small differences; some to one side, some to both."""
    products = sorted({row.product for row in deal.single})
    product = chance.choice(products) if products else ""
    rows = [row for row in deal.single if row.amount.amount > 10 and row.product == product]
    if len(rows) < 2 * POLICY.drift_lines:
        return None
    one_side = chance.random() < 0.6
    units = max(2, int(POLICY.drift_amount / deal.minor(1).amount / POLICY.drift_lines) + 2)
    off = {id(row): deal.minor(units if one_side or index % 2 else -units) for index, row in enumerate(_even(rows))}
    loose = Tolerance(deal.minor(units + 1).amount, Decimal(100))
    changed = [
        replace(row, amount=row.amount + off[id(row)], gross=None) if id(row) in off else row for row in deal.rows
    ]
    contract = replace(deal.contract, tolerance=loose)
    total = sum(off.values(), Money(Decimal(0), deal.terms.currency))
    truth = Truth(Code.DRIFT, contract.id, product=product, expected=deal.minor(0), billed=total)
    papers = written(replace(deal, contract=contract), changed)
    way = "one side" if one_side else "both sides"
    return case(deal, Code.DRIFT, way, papers, *((truth,) if one_side else ()), contract=contract)


def _even(rows: Iterable[Row]) -> list[Row]:
    """Return an even number of rows, so that differences to both sides cancel."""
    found = list(rows)
    return found[: len(found) // 2 * 2]
