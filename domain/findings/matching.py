"""Which contract an invoice belongs to: its number, its order, who sent it; a likeness only proposes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.comparison import normal_name
from domain.findings.arithmetic import place_of
from domain.findings.contract import BilledContract
from domain.findings.finding import Place
from domain.invoices import Direction, Invoice, InvoiceParty

TRUE_UP_WORDS = re.compile(
    r"\b(?:true[\s-]?up|minimum (?:commitment|spend|fee|charge)|shortfall|commitment fee)", re.IGNORECASE
)
_LIKE = Decimal("0.6")
_MARGIN = Decimal("0.1")
BY_A_PERSON = "a person's match"
_SURE, _LIKELY = Decimal(1), Decimal("0.9")


@dataclass(frozen=True, slots=True)
class Match:
    """Hold the contract of an invoice, and by which key it was recognised."""

    place: Place
    contract: str
    by: str
    confidence: Decimal


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold a contract that a person may confirm; `score` and that of the `second` best are 0 to 1."""

    place: Place
    contract: str
    score: Decimal
    second: Decimal
    why: str


def party_of(invoice: Invoice) -> InvoiceParty:
    """Return the other party: the seller of what we pay, the buyer of what we are paid."""
    return invoice.seller if invoice.direction is Direction.PAYABLE else invoice.buyer


def memory_key(invoice: Invoice) -> str:
    """Return the key under which a person's match is remembered: who it is and what the paper refers to."""
    party = party_of(invoice)
    who = plain(party.tax_id) or plain(party.lei) or normal_name(party.name)
    return "|".join([invoice.direction, who, plain(invoice.contract_number or invoice.purchase_order)])


def plain(number: str) -> str:
    """Return a number without the signs that people write differently."""
    return re.sub(r"[^0-9a-z]", "", number.casefold())


class Contracts:
    """Find contracts by the keys that invoices carry."""

    def __init__(self, contracts: Sequence[BilledContract], remembered: Mapping[str, str] | None = None) -> None:
        self._by_id = {one.id: one for one in contracts}
        self._remembered = dict(remembered or {})
        self._by_number = _index(contracts, lambda one: [plain(one.number)])
        self._by_order = _index(contracts, lambda one: [plain(order) for order in one.purchase_orders])
        self._by_tax = _index(contracts, lambda one: [plain(one.other.tax_id), plain(one.other.lei)])
        self._by_name = _index(contracts, lambda one: [normal_name(name) for name in (one.other.name, *one.names)])

    def get(self, contract: str) -> BilledContract | None:
        """Return the contract of an id."""
        return self._by_id.get(contract)

    def match(self, invoice: Invoice) -> Match | None:
        """Return the contract that the strongest key names, `None` where every key names none or several."""
        party, place = party_of(invoice), place_of(invoice)
        remembered = self._by_id.get(self._remembered.get(memory_key(invoice), ""))
        if remembered is not None and remembered.direction is invoice.direction:
            return Match(place, remembered.id, BY_A_PERSON, _SURE)
        for by, keys, index, confidence in (
            ("contract number", [invoice.contract_number], self._by_number, _SURE),
            ("purchase order", [invoice.purchase_order], self._by_order, _SURE),
            ("tax id", [party.tax_id, party.lei], self._by_tax, _LIKELY),
        ):
            found = self._of(index, invoice, map(plain, keys))
            one = _only(found if confidence == _SURE else _carried(found, invoice))
            if one is not None:
                return Match(place, one.id, by, confidence)
        named = _only(_carried(self._of(self._by_name, invoice, [normal_name(party.name)]), invoice))
        return None if named is None else Match(place, named.id, "name and amount", _LIKELY)

    def propose(self, invoice: Invoice) -> tuple[Proposal, ...]:
        """Return the contracts whose party is called alike, best first; nobody pays on a likeness."""
        name = normal_name(party_of(invoice).name)
        same = [one for one in self._by_id.values() if one.direction is invoice.direction]
        scores = sorted(((_alike(name, one), one.id) for one in same), reverse=True)
        best = [(score, one) for score, one in scores if score >= _LIKE][:3]
        place = place_of(invoice)
        return tuple(
            Proposal(place, one, score, _second(scores, one), _why(score - _second(scores, one))) for score, one in best
        )

    def _of(
        self, index: Mapping[str, list[BilledContract]], invoice: Invoice, keys: Iterable[str]
    ) -> list[BilledContract]:
        found = {one.id: one for key in keys if key for one in index.get(key, ())}
        same = [one for one in found.values() if one.direction is invoice.direction]
        return [one for one in same if _in_force(one, _day(invoice))] or same


def _index(
    contracts: Iterable[BilledContract], keys: Callable[[BilledContract], Iterable[str]]
) -> dict[str, list[BilledContract]]:
    index: defaultdict[str, list[BilledContract]] = defaultdict(list)
    for contract in contracts:
        for key in dict.fromkeys(keys(contract)):
            if key:
                index[key].append(contract)
    return dict(index)


def _only(found: Sequence[BilledContract]) -> BilledContract | None:
    return found[0] if len(found) == 1 else None


def _carried(found: Sequence[BilledContract], invoice: Invoice) -> list[BilledContract]:
    """Return the contracts that a line of the invoice belongs to: on their rate card, or filling up their minimum."""
    return [one for one in found if any(_carries(one, line.product, line.description) for line in invoice.lines)]


def _carries(contract: BilledContract, product: str, description: str) -> bool:
    fills_up = bool(contract.agreement.commitments) and TRUE_UP_WORDS.search(f"{product} {description}") is not None
    return fills_up or named_product(contract, product, description) is not None


def named_product(contract: BilledContract, product: str, description: str) -> str | None:
    """Return the product of the rate card that a line names, by its code, an agreed word or its description."""
    known = {" ".join(line.product.casefold().split()): line.product for line in contract.agreement.prices}
    known |= dict(contract.products)
    for text in (product, description):
        if (found := known.get(" ".join(text.casefold().split()))) is not None:
            return found
    low = f" {' '.join(re.sub(r'[^0-9a-z]+', ' ', description.casefold()).split())} "
    within = {known[key] for key in known if f" {' '.join(re.sub(r'[^0-9a-z]+', ' ', key).split())} " in low}
    longest = sorted(within, key=len, reverse=True)
    nested = [one for one in longest[1:] if one.casefold() not in longest[0].casefold()] if longest else []
    return longest[0] if longest and not nested else None


def _day(invoice: Invoice) -> date:
    days = [line.period_first for line in invoice.lines if line.period_first]
    return invoice.period_first or min(days, default=invoice.issued)


def _in_force(contract: BilledContract, day: date) -> bool:
    last = contract.agreement.last
    return contract.agreement.first <= day and (last is None or day <= last)


def _alike(name: str, contract: BilledContract) -> Decimal:
    return max(
        (_likeness(name, normal_name(other)) for other in (contract.other.name, *contract.names)), default=Decimal(0)
    )


def _likeness(one: str, other: str) -> Decimal:
    """Return the share of three-letter sequences that two names have in common, 0 to 1."""
    left, right = _grams(one), _grams(other)
    return Decimal(2 * len(left & right)) / (len(left) + len(right)) if left and right else Decimal(0)


def _grams(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[index : index + 3] for index in range(len(padded) - 2)) if text else frozenset()


def _second(scores: Sequence[tuple[Decimal, str]], contract: str) -> Decimal:
    return next((score for score, one in scores if one != contract), Decimal(0))


def _why(margin: Decimal) -> str:
    return "the name is alike" if margin >= _MARGIN else "the name is alike, and so is another contract's"
