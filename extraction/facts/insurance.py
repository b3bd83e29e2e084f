"""Which insurance a party must keep, and for how much at least."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from domain.terms import TermField
from extraction.values import money_in

Fact = tuple[TermField, str]

_KINDS = {
    "general_liability": r"(?:commercial|comprehensive|public)(?:\s+(?:and\s+products?|general))?\s+liability|general\s+(?:commercial\s+)?(?:third[\s-]party\s+)?liability|third[\s-]party\s+liability|\bCGL\b",
    "professional_liability": r"professional\s+(?:liability|indemnity)(?:\s*(?:/|and|\()\s*(?:errors?\s+(?:and|&)\s+omissions?|E\s?&\s?O)\)?)?|(?:technology\s+|tech\s+)?errors?\s+(?:and|&)\s+omissions?|E\s?&\s?O\b|professional\s+risks?",
    "cyber_liability": r"cyber(?:[\s-]?(?:security|risk|and\s+privacy))?(?:\s+liability)?|network\s+security(?:\s+and\s+privacy)?|privacy\s+liability|data\s+breach\s+(?:liability|insurance)",
    "workers_compensation": r"work(?:er|men)'?s?'?\s+compensation",
    "employers_liability": r"employers?'?s?'?\s+liability",
    "auto_liability": r"(?:business\s+|commercial\s+)?auto(?:mobile)?(?:\s+liability)?\s+(?:insurance|liability|coverage)",
    "umbrella": r"umbrella|excess\s+liability",
    "product_liability": r"products?\s+liability",
    "property": r"property\s+insurance",
}
_KIND = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _KINDS.items()), re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:insur\w+|polic(?:y|ies)|coverage|cover)\b", re.IGNORECASE)
_DEDUCT = re.compile(r"\b(?:deductible|retention|excess\s+of\s+no\s+more)\b[^.;,]*\Z", re.IGNORECASE)
_SPLIT = re.compile(r"[.;]\s|,?\s+and\s+[a-z]+\s+(?=\Z)")
_LED = re.compile(r"\b(?:of|in|for|with)\s+(?:\w+\s+){0,2}\Z", re.IGNORECASE)


def insurance(text: str) -> Iterator[Fact]:
    """Read each kind with the first sum behind it, or the one right before it: `$2,000,000 of cyber insurance`."""
    if not _ABOUT.search(text):
        return
    kinds = list(_KIND.finditer(text))
    sums = [found for found in money_in(text) if not _DEDUCT.search(text[: found.start])]
    leading = bool(
        kinds and sums and sums[0].start < kinds[0].start() and _LED.search(text[sums[0].end : kinds[0].start()] or " ")
    )
    for kind, limit in pairwise([*(match.start() for match in kinds), len(text)]):
        match = next(match for match in kinds if match.start() == kind)
        if leading:
            near = [found for found in sums if found.end <= kind and kind - found.end < 40]
            limit_sum = near[-1] if near else None
        else:
            limit_sum = next((found for found in sums if match.end() <= found.start < limit), None)
        if limit_sum is not None:
            yield TermField.INSURANCE, f"{match.lastgroup} {limit_sum.value}"
