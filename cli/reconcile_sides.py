"""Who pays an invoice out of a file that does not say it: the contracts know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from domain.comparison import normal_name
from domain.findings.contract import BilledContract
from domain.findings.matching import plain
from domain.invoices import Direction, Invoice, InvoiceParty


class Sides:
    """Find the side of an invoice by its contract number, its order, then its parties.

    What they do not tell is the side of all contracts, or payable where they are on both.
    """

    def __init__(self, contracts: Sequence[BilledContract]) -> None:
        self._numbers: defaultdict[str, set[Direction]] = defaultdict(set)
        self._sellers: defaultdict[str, set[Direction]] = defaultdict(set)
        self._buyers: defaultdict[str, set[Direction]] = defaultdict(set)
        for one in contracts:
            for number in (one.number, *one.purchase_orders):
                self._numbers[plain(number)].add(one.direction)
            payable = one.direction is Direction.PAYABLE
            theirs, ours = (self._sellers, self._buyers) if payable else (self._buyers, self._sellers)
            for name in {*_names(one.other), *map(normal_name, one.names)}:
                theirs[name].add(one.direction)
            for name in _names(one.ours):
                ours[name].add(one.direction)
        sides = {one.direction for one in contracts}
        self._default = sides.pop() if len(sides) == 1 else Direction.PAYABLE

    def turned(self, invoice: Invoice) -> Invoice:
        """Return the invoice with its side."""
        return replace(invoice, direction=self._side(invoice))

    def _side(self, invoice: Invoice) -> Direction:
        parties = [self._sellers.get(name, set()) for name in _names(invoice.seller)]
        parties += [self._buyers.get(name, set()) for name in _names(invoice.buyer)]
        for found in (
            self._numbers.get(plain(invoice.contract_number), set()),
            self._numbers.get(plain(invoice.purchase_order), set()),
            set[Direction]().union(*parties),
        ):
            if len(found) == 1:
                return next(iter(found))
        return self._default


def _names(party: InvoiceParty) -> set[str]:
    return {plain(party.tax_id), plain(party.lei), normal_name(party.name)} - {""}
