"""Recognise, in a few words, what kind of renewal or delivery they speak of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.values.windows import Found, near

_AROUND = 320


@dataclass(frozen=True, slots=True)
class Kinds:
    """Hold a pattern per kind, and the words without which none of them can match."""

    anchor: re.Pattern[str]
    patterns: dict[str, re.Pattern[str]]


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_OBJECT = r"(?:\s+be)?(?:\s+and\s+without\s+notice)?"
_RENEW = r"(?:renew(?:s|ed|al)?|extend(?:s|ed)?|prolong(?:s|ed)?)"
_LABEL = r"\bauto(?:matic(?:ally)?)?[\s-]*renew(?:al|s)?\s*:\s*"
_ANSWERED = r"\b(?=\s*(?:[.;,]|\n(?!\s*(?:yes\b|no\b|[^\w\s]))|\Z))"
_AGAIN = r"(?:successive|consecutive|additional|further|subsequent)"

RENEWALS = Kinds(
    re.compile(r"renew|exten|prolong|month\s+to|month-to|evergreen|indefinite"),
    {
        "none": _any(
            r"\b(?:shall|will|does|may)\s+not\s+(?:be\s+)?(?:automatically\s+)?renew(?:ed)?\b"
            r"(?!\s+(?:at|for\s+any|its))",
            r"\b(?:no|without)\s+(?:automatic|tacit)\s+renewal\b",
            r"\bis\s+not\s+renewable\b",
            rf"{_LABEL}(?:no|none|off|disabled){_ANSWERED}",
        ),
        "manual": _any(
            rf"\b(?:may|can|shall|will)\s+(?:only\s+)?be\s+{_RENEW}\s+(?:only\s+)?(?:by|upon|with)\s+"
            r"(?:the\s+)?(?:mutual\s+)?(?:prior\s+)?(?:written\s+)?(?:mutual\s+)?"
            r"(?:agreement|consent|approval)",
            rf"\b(?:may|can)\s+be\s+{_RENEW}\s+(?:[^.;]{{0,60}}\s)?(?:by|upon|with)\s+(?:the\s+)?"
            r"(?:mutual|written)\s+(?:written\s+)?(?:agreement|consent)",
        ),
        "month_to_month": _any(r"\bmonth[\s-]+to[\s-]+month\b", r"\bfrom\s+month\s+to\s+month\b"),
        "evergreen": _any(
            r"\b(?:shall|will)\s+(?:continue|remain)\s+(?:in\s+(?:full\s+)?(?:force|effect)"
            r"(?:\s+and\s+effect)?\s+)?(?:indefinitely|for\s+an\s+indefinite\s+(?:term|period))",
            r"\bevergreen\b",
        ),
        "auto": _any(
            rf"(?<!not\s)(?<!no\s)\b(?:automatically|tacitly){_OBJECT}\s+{_RENEW}\b",
            r"(?<!not\s)\b(?:renew|renews|extend|extends|renewed|extended)\s+(?:itself\s+)?automatically\b",
            rf"(?<!not\s)\b(?:shall|will|is|be)\s+(?:(?!not\b)\w+\s+)?(?:be\s+)?{_RENEW}\s+"
            rf"(?:automatically\s+|by\s+operation\s+of\s+this\s+clause\s+)?for\s+"
            rf"(?:(?:a|an|one|two|three)\s+)?(?:\(\d\)\s+)?(?:{_AGAIN}|periods\s+of)\b"
            r"[^.;]{0,250}?\b(?:unless|until)\b",
            rf"(?<!not\s)\b(?:is|be)\s+(?:(?!not\b)\w+\s+)?{_RENEW}\s+by\s+operation\s+of\s+this\s+clause\b",
            rf"(?<!not\s)\b(?:is|be)\s+(?:(?!not\b)\w+\s+)?{_RENEW}\s+(?:by|for)\s+[^.;:]{{0,60}}?\sautomatically\b",
            rf"{_LABEL}(?:yes|on|enabled){_ANSWERED}",
        ),
    },
)

NOTICE_RULES = Kinds(
    re.compile(r"recei|reaches|dispatch|mail|post|sent\b|deposited"),
    {
        "dispatch": _any(
            r"\bdate\s+of\s+(?:dispatch|mailing|posting)\s+(?:decides|counts|prevails)",
            r"\b(?:deemed|regarded\s+as|considered)\s+(?:to\s+(?:be|have\s+been)\s+)?"
            r"(?:given|made|served)\s+(?:when|on\s+the\s+day\s+(?:on\s+which\s+)?it\s+is)\s+"
            r"(?:sent|deposited|mailed|dispatched|posted)",
            r"\bvalid\s+even\s+if\s+(?:it\s+is\s+)?received\s+later",
        ),
        "receipt": _any(
            r"\b(?:effective|deemed\s+(?:given|received|effective|delivered|made)|deemed\s+to\s+"
            r"(?:be|have\s+been)\s+(?:given|received|delivered))\s+(?:only\s+)?(?:up)?on\s+"
            r"(?:actual\s+)?receipt",
            r"\btakes?\s+effect\s+(?:when|on\s+the\s+day)\s+(?:it\s+is\s+)?received",
            r"\bcounts?\s+(?:from|on)\s+the\s+(?:business\s+)?day\s+(?:it\s+reaches|(?:on\s+which\s+)?"
            r"it\s+is\s+received)",
            r"\bmust\s+have\s+been\s+received\b",
        ),
    },
)


def kinds_in(text: str, kinds: Kinds) -> list[Found[str]]:
    """Return every kind the text speaks of, with the words that say so."""
    found = [
        Found(name, match.start(), match.end())
        for start, end in near(text, kinds.anchor, before=_AROUND, after=_AROUND)
        for name, pattern in kinds.patterns.items()
        for match in pattern.finditer(text, start, end)
    ]
    return sorted(found, key=lambda item: item.start)
