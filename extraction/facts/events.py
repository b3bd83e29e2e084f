"""On what event a task falls due, how often it recurs, and what follows if it is left undone."""

from __future__ import annotations

import re

_EVENTS = (
    (
        "termination or expiration",
        r"(?:(?:any|such)\s+)?(?:expir(?:ation|y)\s+(?:or|and)\s+(?:(?:earlier|any)\s+)?termination|termination\s+(?:or|and)\s+(?:any\s+)?expir(?:ation|y))",
    ),
    (
        "termination",
        r"(?:(?:any|such|early)\s+)?(?:termination|the\s+date\s+of\s+termination|cancellation|end\s+of\s+(?:this|the)\s+(?:agreement|contract|term|subscription))",
    ),
    ("expiration", r"(?:expir(?:ation|y)|the\s+expiration\s+date)"),
    (
        "request",
        r"(?:(?:a|an|any|such|each|written|reasonable|its|their|customer's|provider's|client's|supplier's|vendor's|subscriber's|receipt\s+of(?:\s+an?)?)\s+)*(?:requests?|demands?)",
    ),
    ("signature", r"(?:signature|signing|execution)"),
    ("notice", r"(?:(?:receipt\s+of|receiving)\s+)?(?:such\s+|a\s+|the\s+|written\s+)*notice"),
    ("delivery", r"(?:delivery|go-live|acceptance|installation|completion)"),
    ("incident", r"(?:becoming\s+aware|discover(?:y|ing)|learning|detect(?:ion|ing))"),
)
_TRIGGER = tuple(
    (
        name,
        re.compile(rf"\s*,?\s*(?:of|after|following|from|upon)\s+(?:the\s+|its\s+|their\s+)*{words}\b", re.IGNORECASE),
    )
    for name, words in _EVENTS
)
_UPON = tuple((name, re.compile(rf"\b(?:up)?on\s+(?:the\s+)?{words}\b", re.IGNORECASE)) for name, words in _EVENTS[:3])
_PERIOD_END = re.compile(
    r"\s*(?:of|after|following|from)\s+(?:the\s+)?(?P<end>(?:end|close|beginning|start)\s+of\s+(?:each|every|a|any)\s+(?:calendar\s+|contract\s+|fiscal\s+)?(?:month|quarter|year|half-year))\b",
    re.IGNORECASE,
)
_RHYTHMS = (
    (
        "semiannually",
        r"(?:twice\s+(?:a|per|each)\s+(?:calendar\s+|contract\s+)?year|semi-?annual(?:ly)?|half-?yearly|every\s+six\s+(?:\(6\)\s+)?months|(?:each|every)\s+half-?year)",
    ),
    ("monthly", r"(?:monthly|(?:each|every|per|once\s+a|of\s+a|once\s+in\s+each)\s+(?:calendar\s+)?month)"),
    (
        "quarterly",
        r"(?:quarterly|(?:each|every|per|once\s+a|of\s+a|once\s+in\s+each)\s+(?:calendar\s+|contract\s+)?quarter|every\s+three\s+(?:\(3\)\s+)?months)",
    ),
    (
        "annually",
        r"(?:annual(?:ly)?|yearly|(?:each|every|per|once\s+a|of\s+a|once\s+in\s+each)\s+(?:calendar\s+|contract\s+)?year|every\s+twelve\s+(?:\(12\)\s+)?months)",
    ),
)
_RHYTHM = tuple((name, re.compile(rf"\b{words}\b", re.IGNORECASE)) for name, words in _RHYTHMS)
_CONSEQUENCE = re.compile(
    r"(?:[,;]\s*|\b)(?P<what>(?:failing\s+which|otherwise|or\s+else|in\s+default\s+of\s+which|(?:if|should)\s+(?:it|he|they|\w+)\s+(?:fails?|does\s+not)\s+(?:to\s+)?do\s+so)[^.;]{4,200})",
    re.IGNORECASE,
)


def trigger_after(text: str, place: int) -> str:
    """Name the event that a period is counted from, empty where the words after it name none."""
    if match := _PERIOD_END.match(text, place):
        return " ".join(match["end"].split()).lower()
    return next((name for name, pattern in _TRIGGER if pattern.match(text, place)), "")


def trigger_upon(text: str) -> str:
    """Name the event of `upon termination`, empty where there is none."""
    return next((name for name, pattern in _UPON if pattern.search(text)), "")


def recurrence(text: str) -> str:
    """Name the rhythm, empty where there is none."""
    return next((name for name, pattern in _RHYTHM if pattern.search(text)), "")


def consequence(text: str) -> str:
    """Return what the sentence says will follow, as it is worded."""
    match = _CONSEQUENCE.search(text)
    return " ".join(match["what"].split()) if match else ""
