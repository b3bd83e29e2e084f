"""How often something happens, in the words of contracts."""

from __future__ import annotations

import re

_OF_TIME = (
    r"(?:(?:calendar|contract|subscription|billing|licen[cs]e|service|full|fiscal|financial|successive"
    r"|such|given|particular|consecutive)\s+)?"
)
_EVERY = r"(?:per|each|every|any|a|an|in\s+a|in\s+any|one|/)\s*" + _OF_TIME
_WORDS = {
    "monthly": rf"monthly|{_EVERY}(?:one-)?month\b|(?:calendar|contract)\s+month|month\s+by\s+month"
    r"|every\s+(?:one|1)\s+month",
    "quarterly": rf"quarterly|{_EVERY}quarter(?:ly\s+period)?\b|(?:calendar|contract)\s+quarter"
    r"|(?:every|each)\s+(?:three|3)(?:\s+\(3\))?[\s-]months?|(?:three|3)-month(?:ly)?",
    "semiannually": r"semi-?\s?annual(?:ly)?|half[\s-]?year(?:ly)?|twice\s+(?:a|per|each|every)\s+year"
    r"|bi-?annual(?:ly)?"
    rf"|{_EVERY}six-month|(?:every|each)\s+(?:six|6)(?:\s+\(6\))?[\s-]months?"
    r"|(?:six|6)[\s-]month(?:ly|s)?(?:\s+periods?)?",
    "annually": r"(?<!semi-)(?<!semi )(?<!semi)(?<!bi-)(?<!bi)(?:annual(?:ly)?|annuali[sz]ed)\b"
    r"|(?<!half-)(?<!half )yearly"
    rf"|{_EVERY}(?:year|annum)\b|(?:calendar|contract|subscription)\s+year|p\.\s?a\b"
    r"|(?:on\s+)?(?:each|every)\s+anniversary"
    r"|(?:every|each)\s+(?:twelve|12)(?:\s+\(12\))?[\s-]months?|(?:twelve|12)[\s-]month(?:ly|s)?(?:\s+periods?)?",
}
_RHYTHM = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items()) + ")", re.IGNORECASE
)


def rhythms_in(text: str) -> list[tuple[str, int, int]]:
    """Return every rhythm of a text with its place."""
    return [(match.lastgroup or "", match.start(), match.end()) for match in _RHYTHM.finditer(text)]
