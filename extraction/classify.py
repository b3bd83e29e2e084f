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
            r"(?!\s+(?:at|for\s+any|its)|[^.]{0,30};[^.]{0,60}\bmay\s+(?:renew|extend|be)\b)",
            r"\b(?:no|without)\s+(?:(?:automatic|tacit)\s+|any\s+(?:right\s+of\s+)?)?renewal\b(?!\s+(?:notice|fee|option|price|right))",
            r"\brenewal\s*(?:[|:\t]|[ ]{3,})\s*(?:none|no\s+renewal)\b",
            r"\bis\s+not\s+renewable\b",
            rf"{_LABEL}(?:no|none|off|disabled){_ANSWERED}",
        ),
        "manual": _any(
            rf"\b(?:may|can|shall|will)\s+(?:only\s+)?be\s+{_RENEW}\s+(?:only\s+)?(?:by|upon|with)\s+"
            r"(?:the\s+)?(?:mutual\s+)?(?:prior\s+)?(?:written\s+)?(?:mutual\s+)?"
            r"(?:agreement|consent|approval)",
            rf"\b(?:may|can)\s+be\s+{_RENEW}\s+(?:[^.;]{{0,60}}\s)?only\s+by\s+(?:an?\s+)?(?:written|signed|mutual)\b",
            rf"\b(?:may|can)\s+be\s+{_RENEW}\s+by\s+an?\s+(?:written|signed)\s+(?:amendment|order|agreement)\b",
            r"\b(?:any|each|every)\s+renewal\s+(?:requires?|needs?|is\s+subject\s+to|shall\s+(?:require|be\s+subject\s+to))\s+(?:the\s+)?(?:prior\s+)?(?:mutual|written|express)\b",
            r"\brenewal\s*(?:[|:\t]|[ ]{3,})\s*(?:manual\b|(?:only\s+)?(?:by|upon|with)\s+(?:mutual\s+|the\s+)?(?:written|mutual|signed)\b)",
            r"\bmay\s+(?:renew|extend)\s+(?:the|this|it)\b[^.;]{0,40}\bby\s+(?:signing|executing|written|mutual)\b",
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
            r"\bauto-renews?\b(?!\s*[:|])",
            r"\bautomatic\s+renewal\s*:\s*(?:the|this|it)\s+[^.;]{0,60}\b(?:continues?|renews?|runs?)\b",
            r"\bautomatically\s+(?:followed|succeeded)\s+by\s+(?:a|another)\s+(?:further\s+)?(?:renewal|term)",
            r"\brenewal\s+(?:for|by)\s+[^.;]{0,60}\b(?:takes\s+place|occurs|happens|follows)\s+automatically",
            r"(?<!not\s)\b(?:shall|will)\s+(?:renew|extend|prolong)\s+itself\s+(?:for|by)\b",
            r"\bare\s+(?:renewed|extended)\s+(?:for|by)\s+[^.;]{0,60}\sautomatically\b",
            r"\brenewal\s*(?:[|:\t]|[ ]{3,})\s*automatic(?:ally)?\b",
            r"\bauto-?\s?renewal\s*(?:[|\t]|[ ]{3,})\s*yes\b",
            r"\(\s*automatic(?:ally)?\s+renew(?:al|ing|ed)\s*\)",
        ),
    },
)

NOTICE_RULES = Kinds(
    re.compile(r"recei|reaches|dispatch|mail|post|sent\b|deposited"),
    {
        "dispatch": _any(
            r"\bdate\s+of\s+(?:dispatch|mailing|posting|sending)\s+(?:of\s+(?:the|a)\s+notice\s+)?(?:decides|counts|prevails|is\s+decisive|controls)",
            r"\bcounts?\s+from\s+the\s+(?:date|day)\s+on\s+which\s+it\s+(?:was|is)\s+(?:sent|posted|mailed|dispatched)",
            r"\bin\s+time\s+if\s+(?:it\s+(?:was|is)\s+)?(?:sent|posted|mailed|dispatched)\b",
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
            r"\bdate\s+of\s+receipt\s+(?:decides|counts|prevails|is\s+decisive|controls)",
            r"\b(?:must|shall)\s+(?:actually\s+)?be\s+(?:actually\s+)?received\s+by\s+[^.;]{0,60}\b(?:at\s+least|no(?:t)?\s+(?:later|less|fewer)\s+than)",
            r"\bnotice\s+be\s+actually\s+received\b",
            r"\beffective\s+only\s+(?:if|when|once)\s+[^.;]{0,50}\breceived\b",
            r"\b(?:notice|letter)\b[^.;]{0,40}\breaches\s+[^.;]{0,40}\b(?:at\s+least|no(?:t)?\s+(?:later|less|fewer)\s+than)",
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
