"""What availability is promised, and over which window it is measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from domain.terms import TermField
from extraction.facts.joints import joined
from extraction.facts.numerals import NUMBER
from extraction.values.bounds import Bound, Part, parts_in
from extraction.values.ladders import ladder_in

Fact = tuple[TermField, str]

_LOWEST = Decimal(90)
_NAME = (
    r"(?:availab\w+|up-?\s?time|up\s+and\s+running|reach(?:ab\w+|ed)|accessib\w+|operational|operable|running|on-?line|usable|usability"
    r"|functional|working|serviceable|in\s+(?:operation|service|working\s+order)|downtime|outages?"
    r"|(?:be|is|are|stays?|kept|keeps?|remains?)\s+(?:[\w-]+\s+){0,2}up)"
)
_OF_TIME = re.compile(
    r"\)?\s+of\s+(?:(?:all|the|each|every|any|total|scheduled|agreed)\s+)*(?:time|minutes|hours|seconds)\b|\)?\s+of\s+(?:each|every)\s+(?:month|quarter|year)\b(?!['\u2019]|\s+(?:fee|charge|price))",
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"\b{_NAME}\b", re.IGNORECASE)
_LEVEL = re.compile(r"\b(?:service\s+level|sla)\b", re.IGNORECASE)
_OTHER_LEVEL = re.compile(
    r"\b(?:respon\w+|resol\w+|restor\w+|tickets?|calls?|incidents?|durab\w+|satisfaction)\b", re.IGNORECASE
)
_LEAD = re.compile(r"(?:[^.;]|\.(?=\d)){0,190}\Z")
_TAIL = re.compile(r"(?:[^.;]|\.(?=\d)){0,130}")
_PAST = re.compile(r"\b(?:was|were|has\s+been|historic\w*|averaged|durab\w+)\b[^.;]*\Z", re.IGNORECASE)
_REMEDY = re.compile(r"\b(?:credits?|refund\w*|rebate\w*|deduct\w*|compensat\w*|terminat\w*)\b", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"\b(?:if|when|whenever|where|should|once)\s+(?:[\w'-]+\s+){0,8}?(?:availab\w+|up-?time|service\s+level)\b"
    r"(?![^.;]*\b(?:shall|will|must|guarantee\w*|warrants?|commits?)\b)(?:[^.;]|\.(?=\d))*\Z",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"\)?\s+of\s+(?:(?:all|the|our|your|its)\s+)*(?:users|customers|calls|requests|tickets|incidents|cases|orders|transactions|queries"
    r"|messages|respondents|employees)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:shall|will|must|may)\s+(?:not|never)\s+be\s+(?:down|unavailable|interrupted)\b[^.;]*\Z", re.IGNORECASE
)
_SHARE = re.compile(
    r"\)?\s*(?:service\s+)?credits?\b|\)?\s+of\s+(?:[\w']+\s+){0,4}fees?\b|\)?\s*(?:uptime\s+|availability\s+)?or\s+(?:less|lower|below)\b",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    r"(?:(?:/|\b(?:per|each|every|any|an?|one|the|calendar|given|full|billing|contract|respective|relevant|applicable|that))\s*"
    r"\b(?:(?:calendar|billing|full|contract|service|given|whole|complete)\s+)*(?P<noun>month|quarter|year)(?!ly|\w*\s+(?:fee|term|subscription)|-)"
    r"|\b(?P<adverb>monthly|quarterly|annual|annually|yearly)\b(?!\s+(?:[\w-]+\s+){0,2}?(?:fees?|charges?|subscription|credits?|hours))"
    r"|\bper\s+(?P<annum>annum)|\bmonth-?\s?by-?\s?month|\b(?P<basis>month|quarter|year)\s+(?:basis|period))\b",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(
    rf"\b(?P<adverb>monthly|quarterly|annual|yearly)\s+(?:system\s+|service\s+)?{_NAME}\b", re.IGNORECASE
)
_MEASURED = re.compile(
    r"\b(?:measur\w+|calculat\w+|comput\w+|determin\w+|assess\w+|averag\w+|monitor\w+)\b", re.IGNORECASE
)
_ALLOWED = re.compile(
    rf"{NUMBER}\s+(?:[a-z]+\s+)?(?:hours?|minutes?|days?|times)\)?\s+(?:\w+\s+){{0,3}}\Z|\bmaintenance\b[^,;.]{0, 40}\Z",
    re.IGNORECASE,
)
_NAMES = {"month": "month", "quarter": "quarter", "year": "year", "annu": "year"}


def availability(text: str) -> Iterator[Fact]:
    """Read the promised percentage and its window; not the bands of credits, nor what was once reached."""
    text = joined(text)
    promised = list(_promises(text))
    for part in promised:
        yield TermField.UPTIME, f"{part.value.normalize():f}"
    for name in _windows(text, promised):
        yield TermField.UPTIME_WINDOW, name


def _promises(text: str) -> Iterator[Part]:
    rungs, parts = ladder_in(text), parts_in(text)
    if not rungs and _is_scale(text, parts):
        return
    for part in parts:
        within = any(rung.start <= part.start < rung.end for rung in rungs)
        denied = part.bound is Bound.HIGH and not _DENIED.search(text[: part.start])
        plausible = _LOWEST < part.value <= 100 and not denied
        if plausible and not within and _is_promised(text, part):
            yield part


def _is_scale(text: str, parts: list[Part]) -> bool:
    """Tell that the percentages are steps of credits, even if they do not fit together."""
    levels = sum(_LOWEST <= part.value < 100 for part in parts)
    return levels > 1 and len(parts) - levels > 1 and _REMEDY.search(text) is not None


def _is_promised(text: str, part: Part) -> bool:
    lead = _LEAD.search(text[: part.start])
    tail = _TAIL.match(text, part.end)
    before, after = lead[0] if lead else "", tail[0] if tail else ""
    if _PAST.search(before) or _SUPPOSED.search(before) or _REMEDY.search(before) or _SHARE.match(after):
        return False
    if _OF_OTHERS.match(after):
        return False
    if _ABOUT.search(before) or _OF_TIME.match(after):
        return True
    named = _ABOUT.search(after)
    if named and not _OTHER_LEVEL.search(after[: named.start()]):
        return True
    return bool(_LEVEL.search(before) and not _OTHER_LEVEL.search(before + after))


def _windows(text: str, promised: list[Part]) -> set[str]:
    """Take the window next to the promise; without one, what says how availability is measured."""
    if promised:
        found = [match for match in _WINDOW.finditer(text) if not _ALLOWED.search(text[: match.start()])]
        place = promised[0].start
        near = sorted(found, key=lambda match: abs(match.start() - place))[:1]
        return {_name(match) for match in near}
    if match := _ADJECTIVE.search(text):
        return {_name(match)}
    if _ABOUT.search(text) and _MEASURED.search(text) and "%" not in text:
        return {_name(match) for match in _WINDOW.finditer(text) if not _ALLOWED.search(text[: match.start()])}
    return set()


def _name(match: re.Match[str]) -> str:
    word = next((word for word in match.groups() if word), "month").lower()
    return next(name for start, name in _NAMES.items() if word.startswith(start))
