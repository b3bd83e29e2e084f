"""How long before a rise the customer hears of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import TermField
from extraction.values import durations_in

Fact = tuple[TermField, str]

_DUE = (
    r"(?:at\s+least|at\s+a\s+minimum|not\s+less\s+than|no\s+less\s+than|no(?:t)?\s+(?:later|fewer)\s+than"
    r"|a\s+minimum\s+of|minimum)"
)
_NOTICE_AFTER = re.compile(
    r"['\u2019]?\s*s?['\u2019]?\s*(?:of\s+)?(?:(?:prior|advance|previous|written|advanced|formal"
    r"|or\s+more)\s+){0,4}(?:notice|notification|warning)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"\)?\s*(?:in\s+advance|before|prior\s+to|beforehand|ahead|earlier|previously)\b", re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:notif\w+|notice|announc\w+|inform\w*|advis\w+|communicat\w+|tell\w*|warn\w*|publish\w*)\b", re.IGNORECASE
)
_LENGTH = re.compile(r"\b(?:day|week|month)s?\b", re.IGNORECASE)
_NOT_BEFORE = re.compile(
    r"\b(?:not|no|never)\s+(?:\w+\s+){0,4}?(?:earlier|sooner|before|until"
    r"|less)\s+(?:than\s+)?(?:at\s+least\s+)?\Z|\b(?:effective|effect|effective|apply"
    r"|applies)\s+(?:only\s+|until\s+)?(?:at\s+least\s+)?\Z",
    re.IGNORECASE,
)
_NOTICE_OF = re.compile(
    rf"\b(?:notice|lead\s+time)(?:\s+period)?(?:\s+of\s+[^.;:|]{1, 40}(?=\s*[:|]))?(?:\s+(?:of|is"
    rf"|shall\s+be)|\s*[:|])\s+(?:{_DUE}\s+)?\(?\Z",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\)?\s*(?:after|following|from)\s+(?:[\w']+\s+){0,6}?(?:notice|notification|announcement|notified|informed)\b",
    re.IGNORECASE,
)
_LEAVING = re.compile(
    r"\b(?:terminat\w+|cancel\w*|non-renew\w*|not\s+to\s+renew|withdraw\w*|object\w*)\b", re.IGNORECASE
)


def is_told(text: str) -> bool:
    """Tell whether anybody is told of anything some time ahead."""
    return bool(_TOLD.search(text) or "warning" in text) and bool(_LENGTH.search(text))


def rise_notice(text: str) -> Iterator[Fact]:
    """Find how long before a rise the customer hears of it."""
    for found in durations_in(text):
        before, after = text[: found.start], text[found.end :]
        if _LEAVING.search(before[-70:]) or found.value.business:
            continue
        ahead = _AHEAD.match(after) and _TOLD.search(text)
        since = _SINCE.match(after) and _NOT_BEFORE.search(before)
        if _NOTICE_AFTER.match(after) or _NOTICE_OF.search(before) or ahead or since:
            yield TermField.ESCALATION_NOTICE, str(found.value.period)
