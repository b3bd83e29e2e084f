"""Promises with a deadline or a rhythm that somebody must keep after signature."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date
from typing import TypeVar

from domain.documents import Document
from domain.terms import Duty, Term, TermField
from extraction.rules.sentences import opening, sentences
from extraction.rules.view import View, squash, view
from extraction.values import Duration, Found

_LONGEST = 600
Value = TypeVar("Value")
_DUTY = re.compile(r"\b(?:shall|will|must|undertakes?\s+to|agrees?\s+to)\b(?!\s+not\b)", re.IGNORECASE)
_WITHIN = re.compile(r"\b(?:within|no\s+later\s+than|not\s+later\s+than)\s*\Z", re.IGNORECASE)
_ANCHOR = re.compile(
    r"\s+(?:of|after|following|from)\s+(?:the\s+|its\s+)?(?:"
    r"(?:subscription\s+|renewal\s+)?(?:effective|commencement|start|signature|signing)\s+date"
    r"|(?:start|signature|signing|execution|commencement|date)\s+of\s+(?:this|the)\s+"
    r"(?:agreement|contract|order|letter)|signature|signing|execution)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|on\s+or\s+before|no\s+later\s+than|not\s+later\s+than)(?:\s+the)?\s*\Z", re.IGNORECASE)
_RHYTHM = re.compile(
    r"\b(?:every|each|once\s+(?:in\s+each|a|per))\s+(?:calendar\s+)?(?:month|quarter|year)\b"
    r"|\b(?:monthly|quarterly|annual|yearly)\s+(?:business\s+)?(?:report|review|meeting)s?\b",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"\b(?:shall|will|must)\s+(?:hold|meet|send|submit|provide|deliver|report|review|prepare)\b",
    re.IGNORECASE,
)
_NOT_A_TASK = re.compile(
    r"\b(?:invoic\w*|renews?|renewed|notice\s+of|terminat\w*|uptime|per\s?cent|term\s+of\s+this|credits?\b"
    r"|governed|remain\s+in\s+force)\b|%",
    re.IGNORECASE,
)


def read_obligations(document: Document) -> list[Term]:
    """Find whole sentences that set a party a task with a date, a period or a rhythm."""
    seen = view(document)
    terms: list[Term] = []
    for span in sentences(seen):
        terms += _obligation(seen, *opening(seen.text, span))
    return terms


def _obligation(seen: View, start: int, end: int) -> list[Term]:
    text = seen.text[start:end]
    dates, periods = _inside(seen.dates, start, end), _inside(seen.durations, start, end)
    if not dates and not periods and not _RHYTHM.search(text):
        return []
    if len(text) > _LONGEST or not text.rstrip().endswith((".", ";")):
        return []
    if not _DUTY.search(text) or _NOT_A_TASK.search(text):
        return []
    due, why = _due(seen, text, dates, periods)
    if not why:
        return []
    value = squash(seen.document.text[start:end])
    return seen.term(TermField.OBLIGATION, value, f"obligation.{why}", (start, end), duty=Duty(due=due or ""))


def _due(seen: View, text: str, dates: list[Found[date]], periods: list[Found[Duration]]) -> tuple[str | None, str]:
    """Return when it is due and which words say so; business days have no canonical form."""
    for found in dates:
        if seen.before(found.start, _BY, 40) is not None:
            return found.value.isoformat(), "date"
    for span in periods:
        within = seen.before(span.start, _WITHIN, 40) is not None
        if within and seen.after(span.end, _ANCHOR, 120) is not None:
            return (None if span.value.business else str(span.value.period)), "period"
    if _RHYTHM.search(text) and _ACTION.search(text):
        return None, "rhythm"
    return None, ""


def _inside(found: list[Found[Value]], start: int, end: int) -> list[Found[Value]]:
    first = bisect_left(found, start, key=lambda item: item.start)
    last = bisect_left(found, end, key=lambda item: item.start)
    return found[first:last]
