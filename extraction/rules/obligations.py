"""Promises with a deadline or a rhythm that somebody must keep after signature."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date
from typing import TypeVar

from domain.documents import Document
from domain.terms import Duty, Term, TermField
from extraction.facts.events import consequence, recurrence, trigger_after, trigger_upon
from extraction.facts.sides import obliged, other_side
from extraction.rules.sentences import opening, sentences
from extraction.rules.sides import side_of, sides_of
from extraction.rules.view import View, plain, squash, view
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


_HANDS_OVER = re.compile(
    r"\b(?:shall|will|must|undertakes?\s+to|agrees?\s+to)\s+(?:(?:also|promptly|immediately|then|at\s+its\s+(?:own\s+)?(?:expense|cost)|,?\s*within\s+[\w() -]{1,40}(?:of|after|following)\s+[\w' -]{1,40},?)\s+)*"
    r"(?:return|destroy|delete|erase|refund|transfer|hand\s+over|deliver|provide|send|submit|furnish|certify|remove|make\s+[\w ]{0,30}available|export|supply|disclose|report|notify|inform|appoint|replace|reimburse|repay)\b",
    re.IGNORECASE,
)
_OTHER_MATTER = re.compile(
    r"\b(?:breach\w*|cure[sd]?|default\w*|renew\w*|credits?|claims?|disput\w*|indemnif\w*|litigation|insolven\w*|uptime|availability|injunct\w*|no\s+(?:obligation|liability))\b",
    re.IGNORECASE,
)


def read_obligations(document: Document) -> list[Term]:
    """Find whole sentences that set a party a task with a date, a period, an event or a rhythm."""
    seen, sides = view(document), sides_of(document)
    found = [_obligation(seen, *opening(seen.text, span)) for span in sentences(seen)]
    return [replace(term, duty=_complete(term, sides)) for terms in found for term in terms]


def _complete(term: Term, sides: dict[str, str]) -> Duty:
    """Say who owes it to whom, how often, and what follows if it is left undone, as far as the sentence tells."""
    text = plain(term.value)
    who = side_of(obliged(text), sides)
    duty = term.duty or Duty()
    whom = other_side(who, text)
    return replace(duty, obligor=who, beneficiary=whom, recurrence=recurrence(text), consequence=consequence(text))


def _obligation(seen: View, start: int, end: int) -> list[Term]:
    text = seen.text[start:end]
    dates, periods = _inside(seen.dates, start, end), _inside(seen.durations, start, end)
    if not dates and not periods and "pon " not in text and not _RHYTHM.search(text):
        return []
    if len(text) > _LONGEST or not text.rstrip().endswith((".", ";")):
        return []
    if not _DUTY.search(text):
        return []
    duty, why = (None, "") if _NOT_A_TASK.search(text) else _due(seen, text, dates, periods)
    if duty is None:
        duty, why = _on_event(seen, text, periods), "event"
    value = squash(seen.document.text[start:end])
    return seen.term(TermField.OBLIGATION, value, f"obligation.{why}", (start, end), duty=duty) if duty else []


def _on_event(seen: View, text: str, periods: list[Found[Duration]]) -> Duty | None:
    """Read `within 30 days of termination` and `upon request` where somebody hands over, deletes or refunds."""
    if not _HANDS_OVER.search(text) or _OTHER_MATTER.search(text):
        return None
    for span in periods:
        event = trigger_after(seen.text, span.end)
        if event and seen.before(span.start, _WITHIN, 40) is not None:
            return Duty(due="" if span.value.business else str(span.value.period), trigger=event)
    event = "" if periods else trigger_upon(text)  # what is due on request alone has no day to watch
    return Duty(trigger=event) if event else None


def _due(seen: View, text: str, dates: list[Found[date]], periods: list[Found[Duration]]) -> tuple[Duty | None, str]:
    """Return when it is due and which words say so; business days have no canonical form."""
    for found in dates:
        if seen.before(found.start, _BY, 40) is not None:
            return Duty(due=found.value.isoformat()), "date"
    for span in periods:
        within = seen.before(span.start, _WITHIN, 40) is not None
        if within and seen.after(span.end, _ANCHOR, 120) is not None:
            return Duty(due="" if span.value.business else str(span.value.period)), "period"
    if _RHYTHM.search(text) and _ACTION.search(text):
        return Duty(), "rhythm"
    return None, ""


def _inside(found: list[Found[Value]], start: int, end: int) -> list[Found[Value]]:
    first = bisect_left(found, start, key=lambda item: item.start)
    last = bisect_left(found, end, key=lambda item: item.start)
    return found[first:last]
