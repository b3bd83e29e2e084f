"""Which side the names of a contract stand for."""

from __future__ import annotations

import re
from functools import lru_cache

from domain.documents import Document
from domain.terms import Party
from extraction.facts.sides import actors, known
from extraction.rules.parties import read_parties
from extraction.rules.view import View, plain, view

_SHORT = re.compile(r"\"(?P<name>[A-Z][A-Za-z ]{1,40})\"")
_REACH = 300
_OPENING = 4000
_SHORT_NAMES = re.compile(r"\(?[^()\n]{0,40}\"(?:the\s+)?(?P<name>[A-Z][A-Za-z ]{1,40})\"")
_NEUTRAL = re.compile(
    r"company|corporation|contractor|operator|owner|partner|host|publisher|developer|distributor|manufacturer"
)


@lru_cache(maxsize=8)
def sides_of(document: Document) -> dict[str, str]:
    """Return the side of each name in lower case: that of the company, and the short one it is given in quotes."""
    seen = view(document)
    sides: dict[str, str] = {}
    for party in read_parties(document):
        if not party.role:
            continue
        sides[party.name.casefold()] = party.role
        short = _short(seen, party)
        if short:
            sides.setdefault(short, party.role)
    return _with_neutral(sides, seen)


def names_of(document: Document) -> frozenset[str]:
    """Return the words, in lower case, that the parties are called by, in full and for short."""
    seen, parties = view(document), read_parties(document)
    names = [*(party.name.casefold() for party in parties), *(_short(seen, party) for party in parties)]
    return frozenset(word.strip(",.") for name in names for word in name.split())


def _short(seen: View, party: Party) -> str:
    """Return the name that follows a company's in quotes, in lower case."""
    end = seen.starts[party.citation.page - 1] + party.citation.end
    short = _SHORT.search(plain(seen.text[end : end + _REACH]))
    return short["name"].casefold().removeprefix("the ").strip() if short else ""


def _with_neutral(sides: dict[str, str], seen: View) -> dict[str, str]:
    """Give a neutral short name such as `Company` the side that no other short name has."""
    names = {match["name"].casefold().strip() for match in _SHORT_NAMES.finditer(seen.text[:_OPENING])}
    told = {side for name in names for side in actors(f"{name} shall") if known(side)} & {"customer", "provider"}
    neutral = [name for name in names - sides.keys() if _NEUTRAL.fullmatch(name)]
    if len(told) == 1 and len(neutral) == 1:
        return {**sides, neutral[0]: "provider" if told == {"customer"} else "customer"}
    return sides


def side_of(actor: str, sides: dict[str, str]) -> str:
    """Return the side of an actor, also where only the first words of a company's name are used."""
    name = actor.casefold()
    if not actor or known(actor):
        return actor
    return sides.get(name) or next((side for full, side in sides.items() if full.startswith(f"{name} ")), actor)
