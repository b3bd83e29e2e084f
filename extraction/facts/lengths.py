"""How long a contract first runs, told by the words around a length of time."""

from __future__ import annotations

import re
from functools import lru_cache

from domain.periods import Unit
from extraction.values import Duration, Found, durations_in

_ASIDE = re.compile(
    r"\b(?:unless|subject\s+to|without\s+prejudice|if\s+not|save\s+as|except\s+as)\b[^,;]{0,120},", re.IGNORECASE
)
_BREAK = re.compile(
    r";|\b(?:unless|if|provided\s+that|thereafter|followed\s+by|save\s+(?:where|that)|after\s+which|then)\b",
    re.IGNORECASE,
)
_PAPER = r"\b(?:agreement|contract|order(?:\s+form)?|subscription|services?|engagement|parties|licen[cs]e)\b"
_RUNS = (
    r"\b(?:runs?|lasts?|valid|force|effect(?:ive)?|continu\w+|remain\w*|binding|bound|covers?|made|concluded|enter\w*"
    r"|expir\w+|ends?|provide[ds]?|ordered|sold|commenc\w+|begin\w*|starts?|duration|period|be\s+for|(?:is|are)\s+for)\b"
)
_NAMED = re.compile(
    r"\b(?:initial|first|minimum|fixed|base|committed|contract|subscription)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:term|period|duration|length|commitment|subscription)\b"
    r"|\b(?:duration|term)\b(?=[\s|:\"')-]*\Z)|\b(?:duration|validity)\s+of\s+(?:this|the|initial)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    rf"{_PAPER}[^.;]*{_RUNS}|{_RUNS}[^.;]*{_PAPER}|\bterm\b|\b(?:commit(?:s|ment|ted)?|subscribes?|takes?\s+out"
    r"|signs?\s+up|grants?\s+access)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[^.;\"]{0,60}\(?(?:the\s+)?[\"\u201c](?:initial|minimum|fixed|subscription)\s+(?:\w+\s+)?(?:term|period)\b"
    r"|\)?\W{0,3}(?:(?:shall|will|is|be|as|the|an?|from|this|of)\s+){0,5}(?:initial|minimum|first|fixed|committed|contract|subscription)\s+"
    r"(?:\w+\s+)?(?:term|period|duration)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:initial|minimum|fixed|committed)\s+\Z", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:renew\w*|rolls?|rolled|tacit\w*|automatic\w*|lengthen\w*|perpetuat\w*|exten[ds]\w*|extensions?|prolong\w*|success\w*|consecutive|additional|another|further|notice|notif\w+|cancel\w*"
    r"|cure\w*|remed\w+|breach\w*|default\w*|liab\w+|fees?|pric\w+|charges?|confidential\w*|warrant\w+|surviv\w+|insur\w+|credits?|invoic\w*|pay\w*"
    r"|paid|preceding|prior|before|previous|trial|pilot|evaluation|transition\w*|escrow|exclusiv\w*|compet\w+|solicit\w*|option\w*|retain\w*"
    r"|return\w*|back-?ups?|delet\w+|record\w*|audit\w*|disclos\w+|following\s+(?:the\s+)?(?:expir|terminat)\w+"
    r"|after\s+(?:the\s+)?(?:expir|terminat|end)\w*|terminat(?:ed|ion|ing)|least\s+\w+\s+(?:days|months)|anniversar\w*|force\s+majeure|suspen\w+"
    r"|new\s+(?:term|period)|each|every|within|during|whereas|delay\w*|(?:longer|longest|greater|later)\s+of|phase-?\s?out|hold|perform\w*|increase\w*|adjust\w*|uptime|availab\w+|months?\s+of|first\s+(?:\(?\d|one|two|three|six|twelve)\w*)\b",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(
    r"\)?['\u2019]?s?['\u2019]?\s*(?:period\s+)?(?:immediately\s+)?(?:\(?(?:or\s+more)\)?\s*)?(?:(?:prior|advance|written)\s+)*(?:notice|before|prior|ahead|in\s+advance"
    r"|renewal|extension|cure|grace|per\b|each\b|of\s+(?:receipt|notice|invoice|delivery)|after\s+(?:any\s+|its\s+)?(?:receipt|notice|delivery|expir\w*|terminat\w*|the\s+(?:end|expir\w*|terminat\w*))"
    r"|following\s+(?:any\s+|its\s+)?(?:receipt|notice|expir\w*|terminat\w*|the\s+(?:end|expir\w*|terminat\w*)))",
    re.IGNORECASE,
)
_REACH = 260
_SHORT = 140
_OUR_PAPER = re.compile(_PAPER + r"|\b(?:customer|client|subscriber)\b", re.IGNORECASE)


def named_lengths(text: str) -> list[Found[Duration]]:
    """Return the lengths that are called an initial term, a duration or the like."""
    return [found for found, lead in _candidates(text) if _is_named(text, found, lead)]


def lengths(text: str) -> list[Found[Duration]]:
    """Return the lengths for which a contract is said to run, whatever the words."""
    told = named_lengths(text) or [found for found, lead in _candidates(text) if _TOLD.search(lead)]
    return told or [found for found, _ in _candidates(text) if _speaks_of_nothing_else(text)]


def _speaks_of_nothing_else(text: str) -> bool:
    """Tell whether a short sentence about the contract holds no word of another matter at all."""
    return len(text) < _SHORT and bool(_OUR_PAPER.search(text)) and not _OTHER.search(text)


def _is_named(text: str, found: Found[Duration], lead: str) -> bool:
    return bool(_NAMED.search(lead) or _FIRST.search(lead) or _AFTER.match(text, found.end))


@lru_cache(maxsize=256)
def _candidates(text: str) -> tuple[tuple[Found[Duration], str], ...]:
    """Return the lengths whose own clause, which is beside each, speaks of no other matter."""
    return tuple((found, _lead(text, found)) for found in durations_in(text) if _may_be_one(text, found))


def _may_be_one(text: str, found: Found[Duration]) -> bool:
    if found.value.period.unit not in (Unit.MONTH, Unit.YEAR) or _NOT_OURS.match(text, found.end):
        return False
    lead = _lead(text, found)
    return bool(lead.strip() or _AFTER.match(text, found.end)) and not _OTHER.search(lead)


def _lead(text: str, found: Found[Duration]) -> str:
    """Return the words of the clause before a length, without asides such as `unless sooner terminated,`."""
    lead = _ASIDE.sub(" ", text[max(0, found.start - _REACH) : found.start])
    return _BREAK.split(lead)[-1]
