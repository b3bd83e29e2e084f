"""How long before a rise the customer hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.periods import Unit
from domain.terms import TermField
from extraction.values import Duration, Found, durations_in

Fact = tuple[TermField, str]

_MOST_MONTHS = 9  # what is longer is a term of the contract, not a warning
_TOLD = re.compile(
    r"\b(?:notif\w+|notices?|announc\w+|inform\w*|advis\w+|communicat\w+|tell\w*|told|warn\w*|publish\w*|say\s+so|letter"
    r"|writ(?:e|ing|es)|lead\s+time|made\s+known|let\s+\w+\s+know|disclos\w+|hear\w*|sent?|email\w*|e-mail\w*|in\s+advance"
    r"|beforehand|learns?|given|alert\w*|known)\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"\b(?:day|week|month)s?\b", re.IGNORECASE)
_WARNED = re.compile(
    r"['\u2019)]*\s*(?:s['\u2019]?\s+)?(?:(?:of|prior|advance|previous|written|advanced|formal|or\s+more|in|at\s+least)\s+){0,5}"
    r"(?:notice|notification|warning|in\s+advance|advance|before|prior|beforehand|ahead|earlier|(?:must|shall|has\s+to|have\s+to)\s+(?:lie|pass|elapse)|previously|to\s+go|to\s+prepare)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\)?\s*(?:(?:have|has)\s+(?:passed|elapsed|gone\s+by|run)\s+)?(?:after|following|from|of|since)\s+(?:[\w']+\s+){0,6}?(?:noti\w+|announce\w*|informed|told|publication|letter)\b",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:effective|effect|appl(?:y|ies)|binding|binds?|force|earlier|sooner|before|until|due|operative|charged)\b",
    re.IGNORECASE,
)
_WARNING_OF = re.compile(
    r"\b(?:notices?|notification|warning|lead\s+time|announc\w+|inform\w*|notif\w+|letter)\b[^.;]{0,60}\Z",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"\b(?:each|every|previous|preceding|last|past|first|initial|any|during|per|over|term\s+of|within|than\s+once\s+in|lasts?\s+for)"
    r"\s+(?:the\s+|an?\s+)?(?:last\s+|preceding\s+)?\(?\Z",
    re.IGNORECASE,
)
_LEAVING = re.compile(
    r"\b(?:terminat\w+|cancel\w*|non-renew\w*|not\s+to\s+renew|withdraw\w*|object\w*|opt\s+out|reject\w*|renew\s+for)\b",
    re.IGNORECASE,
)


def is_told(text: str) -> bool:
    """Tell whether anybody is told of anything some time ahead."""
    return bool(_LENGTH.search(text) and _TOLD.search(text))


def rise_notice(text: str) -> Iterator[Fact]:
    """Find how long before a rise the customer hears of it."""
    if not is_told(text):
        return
    for found in durations_in(text):
        period = found.value.period
        short = period.unit in {Unit.DAY, Unit.WEEK} or (period.unit is Unit.MONTH and period.count <= _MOST_MONTHS)
        if short and not found.value.business and _is_warning(text, found):
            yield TermField.ESCALATION_NOTICE, str(period)


def _is_warning(text: str, found: Found[Duration]) -> bool:
    before, after = text[: found.start], text[found.end :]
    if _LEAVING.search(before[-140:]):
        return False
    if _WARNED.match(after):
        return not re.search(r"\bwithin\s*\Z", before, re.IGNORECASE)
    if _LASTING.search(before):
        return False
    return bool((_SINCE.match(after) and _STARTS.search(before)) or _WARNING_OF.search(before))
