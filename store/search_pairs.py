"""Frequent words that stand side by side, indexed as one: a phrase of them is found without reading every page.

A phrase of frequent words stands on few of the pages that hold all of them; which, only the places
of the words tell. Pairs of them narrow that down (common grams, as Manning, Raghavan and Schütze,
"Introduction to Information Retrieval", 2.4.3, describe). A phrase with a rarer word needs no help.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from domain.searching import words

FREQUENT = frozenset(
    words(
        "a all an and any are as at be been but by each for from has have if in into is it its may no nor not of on or "
        "other shall such that the their then there these this those to under upon was were which will with within "
        "act affiliate agreement amount applicable appendix article business case claim clause client company condition "
        "confidential confidentiality contract customer damage data date day default disclosing document due effect "
        "effective event exhibit expiration expiry extent fee following force form further governing hereby herein "
        "hereof hereto hereunder information insurance intellectual interest invoice law least liability license "
        "licensee licensor limitation limited liable loss majeure material month moral name notice obligation order "
        "parties party pay payable payment performance period person price prior product property protection provide "
        "provided provider provision purchase purpose reason reasonable receiving regard renewal representation "
        "request respect right rights schedule section seller services sign software sole standard state statement "
        "subject support system tax term terminate termination terms third time use user value vendor warranty work "
        "writing written year der die das des dem den und oder von vom zu zum zur im mit nach vertrag vertrages partei "
        "parteien kunde anbieter frist kündigung laufzeit le la les des du de et ou un une par pour contrat client "
        "prestataire partie parties résiliation préavis el los las del y o por para contrato cliente"
    )
)


def pairs(found: Sequence[str]) -> set[str]:
    """Return the pairs of frequent words that stand side by side; no word begins as they do."""
    return {_pair(one, other) for one, other in pairwise(found) if one in FREQUENT and other in FREQUENT}


def asked(term: Iterable[str], *, prefix: bool) -> list[str]:
    """Return the pairs that a page with a phrase must have; the last word may go on after a prefix."""
    known = list(term)
    return sorted(pairs(known[:-1] if prefix else known))


def _pair(one: str, other: str) -> str:
    return f"+{one}+{other}"
