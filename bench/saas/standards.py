"""Published standard terms around a deal, read when a contract is made and never kept here.

Clauses that settle a graded value are left out, unless they settle it as the deal does; then
nothing else says it. Common Paper Cloud Service Agreement 2.1 and Bonterms Cloud Terms 1.0 are
published under CC BY 4.0.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from bench.cuad import SHARED
from bench.saas.deal import Cap, Deal
from domain.periods import Period, Unit

_FILES = {"common-paper": "common-paper/CSA.md", "bonterms": "bonterms/Cloud-Terms.md"}
_TAGS = re.compile(r"<[^>]*>|\*\*|^#.*$", re.MULTILINE)
_CLAUSE = {
    "common-paper": re.compile(r"^    (\d+)\. (.*(?:\n {8}.*)*)", re.MULTILINE),
    "bonterms": re.compile(r"^(\d+(?:\.\d+)?)\.+ (.*(?:\n+(?!\d+\.).+)*)", re.MULTILINE),
}
_HEADING = 60  # characters; what is shorter says nothing by itself
_SECTION = re.compile(r"^(\d+)\. ", re.MULTILINE)
_THIRTY_DAYS = Period(30, Unit.DAY)
# What speaks of renewal, uptime, ways to give notice or leaving at will would be a value of its own.
_LEFT_OUT = {"common-paper": {"5.1", "5.2", "12.9"}, "bonterms": {"7.2", "14.1", "14.2", "22.3", "23"}}


@dataclass(frozen=True, slots=True)
class Clause:
    """Hold one clause of published terms."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Settles:
    """Say which keys a clause settles, and when it does so as the deal does."""

    keys: tuple[str, ...]
    agrees: Callable[[Deal], bool]


def _cures_in_a_month(deal: Deal) -> bool:
    return deal.cause == _THIRTY_DAYS


def _pays_in_a_month(deal: Deal) -> bool:
    return deal.payment_days == 30 and deal.interest is not None and str(deal.interest[0]) == "1.5"


def _caps_at_a_year(deal: Deal) -> bool:
    return deal.cap == Cap(period=Period(12, Unit.MONTH))


def _has_cure(deal: Deal) -> bool:
    return deal.cause is not None


def _has_cap(deal: Deal) -> bool:
    return deal.cap is not None


_SETTLES: Mapping[str, Mapping[str, Settles]] = {
    "common-paper": {"5.3": Settles(("cause",), _cures_in_a_month), "8.1": Settles((), _has_cap)},
    "bonterms": {
        "8.3": Settles((), _has_cure),
        "12.1": Settles(("payment", "interest.monthly"), _pays_in_a_month),
        "14.3": Settles(("cause",), _cures_in_a_month),
        "16.1": Settles(("cap.fees",), _caps_at_a_year),
        "16.5": Settles(("cap.fees",), _caps_at_a_year),
    },
}


@dataclass(frozen=True, slots=True)
class Body:
    """Hold the clauses that follow a cover page, and the keys that they say by themselves."""

    clauses: tuple[Clause, ...] = ()
    says: frozenset[str] = frozenset()


def body(name: str, deal: Deal, chance: random.Random) -> Body:
    """Return clauses that fit the deal; none where the published terms are not at hand."""
    settles, clauses = _SETTLES.get(name, {}), _published(name)
    meant = {number for number, rule in settles.items() if rule.agrees(deal)}
    share = chance.uniform(0.25, 0.7)
    kept = [
        one
        for one in clauses
        if one.number not in _LEFT_OUT[name]
        and (one.number in meant if one.number in settles else chance.random() < share)
    ]
    says = frozenset(key for one in kept for key in (settles[one.number].keys if one.number in settles else ()))
    return Body(tuple(kept), says)


@cache
def _published(name: str) -> tuple[Clause, ...]:
    path = SHARED / "data/templates" / _FILES[name] if name else None
    if path is None or not path.exists():
        return ()
    text = _TAGS.sub("", path.read_text(encoding="utf-8"))
    if name == "bonterms":
        return tuple(Clause(one[1], _flat(one[2])) for one in _CLAUSE[name].finditer(text) if len(one[2]) > _HEADING)
    parts = _sections(text)
    return tuple(
        Clause(f"{number}.{one[1]}", _flat(one[2])) for number, part in parts for one in _CLAUSE[name].finditer(part)
    )


def _sections(text: str) -> list[tuple[str, str]]:
    parts = _SECTION.split(text)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _flat(text: str) -> str:
    return " ".join(text.split())
