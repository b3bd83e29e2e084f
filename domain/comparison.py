"""Paper against deal: show every difference, overwrite none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from domain.deals import Deal
from domain.money import Money
from domain.terms import ContractTerms, Reading, TermField

_SUFFIXES = re.compile(
    r"\b(inc|incorporated|ltd|limited|llc|llp|gmbh|ag|sa|sas|bv|nv|plc|corp|corporation|co|company|oy|ab|as)\b"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold one disagreement between the signed paper and the deal, both sides as shown."""

    field: str
    paper: str
    deal: str


def compare(reading: Reading, deal: Deal) -> tuple[Difference, ...]:
    """List where paper and deal disagree; a side that is unknown is never a difference."""
    terms = ContractTerms.of(reading.terms)
    rows = [
        _money("amount", terms, deal.amount),
        _start(terms, deal),
        _term(terms, deal),
        _entity(reading, deal),
        *_products(reading, deal),
    ]
    return tuple(row for row in rows if row)


def _money(name: str, terms: ContractTerms, deal: Money | None) -> Difference | None:
    paper = [terms.money(TermField.TOTAL_VALUE), terms.money(TermField.ANNUAL_VALUE)]
    stated = [value for value in paper if value is not None]
    if not stated or deal is None or deal in stated:
        return None
    return Difference(name, stated[0].display(), deal.display())


def _term(terms: ContractTerms, deal: Deal) -> Difference | None:
    paper = terms.period(TermField.INITIAL_TERM)
    if paper is None or deal.term is None or paper == deal.term:
        return None
    if paper.months is not None and paper.months == deal.term.months:
        return None
    return Difference("term", paper.display(), deal.term.display())


def _entity(reading: Reading, deal: Deal) -> Difference | None:
    paper = next((party.name for party in reading.parties if party.role == "customer"), None)
    crm = deal.account.legal_name
    if not paper or not crm or normal_name(paper, keep_form=True) == normal_name(crm, keep_form=True):
        return None
    return Difference("legal entity", paper, crm)


def _products(reading: Reading, deal: Deal) -> list[Difference]:
    if not reading.lines or not deal.lines:
        return []
    paper = _quantities((line.product, line.quantity) for line in reading.lines)
    crm = _quantities((line.product, line.quantity) for line in deal.lines)
    rows = [Difference("product", paper[name][0], "–") for name in paper if name not in crm]
    rows += [Difference("product", "–", crm[name][0]) for name in crm if name not in paper]
    for name in (name for name in paper if name in crm):
        on_paper, in_crm = paper[name][1], crm[name][1]
        if on_paper is not None and in_crm is not None and on_paper != in_crm:
            rows.append(Difference(f"quantity of {paper[name][0]}", f"{on_paper:f}", f"{in_crm:f}"))
    return rows


def _quantities(lines: Iterable[tuple[str, Decimal | None]]) -> dict[str, tuple[str, Decimal | None]]:
    """Add up the quantities of a product that stands on several lines; one unknown makes all unknown."""
    found: dict[str, tuple[str, Decimal | None]] = {}
    for product, quantity in lines:
        name, before = found.get(product.casefold(), (product, Decimal(0)))
        found[product.casefold()] = (name, None if before is None or quantity is None else before + quantity)
    return found


def _start(terms: ContractTerms, deal: Deal) -> Difference | None:
    if terms.start is None or deal.start is None or terms.start == deal.start:
        return None
    return Difference("start", str(terms.start), str(deal.start))


def normal_name(name: str, *, keep_form: bool = False) -> str:
    """Reduce a company name for comparison; `keep_form` keeps its legal form."""
    plain = re.sub(r"[^\w\s]", "", name.casefold())
    return " ".join((plain if keep_form else _SUFFIXES.sub("", plain)).split())
