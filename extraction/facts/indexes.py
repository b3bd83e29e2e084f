"""Price indexes under their names."""

from __future__ import annotations

import re

_INDEXES = {
    "HICP": r"\bHICP\b|\bharmoni[sz]ed\s+(?:index(?:es)?\s+of\s+consumer\s+prices?|consumer\s+prices?\s+index)",
    "CPI-U": r"\bCPI[\s-]?U\b|\b(?:consumer\s+prices?\s+index|CPI)\s*(?:\(CPI\)\s*)?,?"
    r"\s*(?:for|-)?\s*all\s+urban\s+consumers",
    "CPI": r"\bCPI\b(?![\s-]?W\b)|\bconsumer\s+prices?\s+(?:inflation\s+)?ind(?:ex|ices)(?!\s+for\s+urban\s+wage)|\bindex\s+of\s+consumer\s+prices",
    "RPI": r"\bRPI\b|\bretail\s+prices?\s+index",
    "ECI": r"\bECI\b|\bemployment\s+cost\s+index",
    "PPI": r"\bS?PPI\b|\bproducer\s+prices?\s+index|\bindex\s+of\s+producer\s+prices",
}
_INDEX = re.compile(
    "|".join(f"(?P<{name.replace('-', '_')}>{words})" for name, words in _INDEXES.items()), re.IGNORECASE
)
MARK = "#"


def indexes_in(text: str) -> list[str]:
    """Return the short names of the indexes that a text names, in reading order."""
    return [(match.lastgroup or "").replace("_", "-") for match in _INDEX.finditer(text)]


def without_names(text: str) -> str:
    """Put a mark for every index, since `Consumer Price Index` speaks of no price of this paper."""
    return _INDEX.sub(MARK, text)


def exact(names: list[str]) -> str:
    """Return the one index meant, as in `the CPI-U (the "CPI")`; the first where several are."""
    return next((name for name in names if name != "CPI"), names[0])
