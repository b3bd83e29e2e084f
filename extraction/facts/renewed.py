"""For how long a contract goes on after its term, told in one sentence, whoever decides it."""

from __future__ import annotations

import re

from domain.periods import Period, Unit
from extraction.values import Found, durations_in
from extraction.values.rhythms import rhythms_in

_GOES_ON = re.compile(
    r"\b(?:renew(?!al\s+(?:notice|fee|date|price))\w*|exten(?:d(?!ed\s+(?:warrant|term\b))\w*|sions?)|prolong\w*|roll\w*\s+over|continu\w+|thereafter|succe(?:ed|ssor)\w*|reconduct\w*|option)\b",
    re.IGNORECASE,
)
_RUNS_ON = re.compile(r"\A(?:continu\w*|thereafter|option)\Z", re.IGNORECASE)
_MORE = re.compile(
    r"\b(?:thereafter|automatic\w*|additional|further|another|successive|consecutive|subsequent|(?:following|after|end\s+of|expir\w+\s+of)\s+(?:the\s+|such\s+|this\s+|that\s+)?(?:initial\s+|original\s+)?(?:term|period|agreement))\b",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\b(?:for|of|by|to|an?|one|each|every|up\s+to|successive|additional|further|another|subsequent|consecutive|succeeding|automatic|renewal|extension|new|more|is|on|from|equal\s+to|tacitly|automatically|renew(?:ing|ed|s)?|(?:terms?|periods?|basis))\s*(?:\(?\w+\)?\s*[)-]?\s*)?\(?\s*\Z",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\b(?:unless|provided|save|at\s+least|not?\s+less|no\s+later|fewer|upon\s+notice|notice|notif\w+|prior|until|before|within|if|preceding|elapse|expir\w*|warrant\w*|pay\w*|cure)\b|;|[.]\s+[A-Z]",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\)?['\u2019]?s?['\u2019]?\s*(?:\w+\s+){0,2}(?:notice|before|prior|ahead|in\s+advance|from\s+(?:receipt|the\s+date\s+of\s+(?:receipt|notice)))\b|\)?\s*(?:fee|basis\s+points|budget|report|minimum|revenue|sales|increase)",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:agreement|contract|term|licen[cs]e|addendum|lease|order|subscription|engagement|appointment|franchise|maintenance|services|initial\s+period|it)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:insur\w+|polic(?:y|ies)|warranty|confidential\w*|escrow|copyright|patents?|deliver\w*|delay\w*|ship\w*|payment|invoice|force\s+majeure|cure|due\s+date|letter\s+of\s+credit|domain|employ\w+|exclusivity|deadline|time\s+(?:for|to)|transition|lock-?up|surviv\w*|throughout)\b",
    re.IGNORECASE,
)
_UNITS = (Unit.MONTH, Unit.YEAR)
_REACH = 190


def renewed_for(text: str) -> list[Found[Period]]:
    """Return the length of each term by which a sentence says that the contract may or shall go on."""
    if not _OURS.search(text):
        return []
    lengths = [
        Found(one.value.period, one.start, one.end) for one in durations_in(text) if one.value.period.unit in _UNITS
    ]
    return [one for one in (*lengths, *rhythms_in(text)) if _is_of_renewal(text, one)]


def _is_of_renewal(text: str, found: Found[Period]) -> bool:
    """Tell whether only words of renewal lead to a length, and no notice is counted by it."""
    lead = text[max(0, found.start - _REACH) : found.start]
    words = list(_GOES_ON.finditer(lead))
    if not words or _AHEAD.match(text, found.end) or _OTHER.search(lead):
        return False
    if all(_RUNS_ON.match(word[0]) for word in words) and not _MORE.search(lead):
        return False  # what merely continues is the first term
    return bool(_FOR.search(lead)) and not _STOP.search(lead, words[-1].end())
