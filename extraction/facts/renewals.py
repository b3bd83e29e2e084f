"""How often a contract renews at most, from when notice counts, and how notices travel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from domain.terms import TermField
from extraction.facts.numerals import NUMBER, number
from extraction.facts.sides import actors, mentioned, named
from extraction.values import Duration, Found, durations_in

Fact = tuple[TermField, str]

_WINDOW = 70
_RENEWAL = r"(?:renewals?|extensions?|renewal\s+(?:terms?|periods?)|(?:renewal\s+)?terms?|periods?)"
_ADJECTIVE = r"(?:(?:additional|successive|consecutive|further|automatic|such|renewal|extension|subsequent)\s+)"
_COUNTED = rf"(?:{_ADJECTIVE}{{0,2}}(?:times?\b|renewals?\b|extensions?\b|(?:renewal|extension)\s+(?:terms?|periods?)\b|(?<=additional )(?:terms?|periods?)\b)|periods?\b(?=[^.;]{{0,2}}\Z))"
_LIMITS = (
    re.compile(rf"\b(?P<count>once|twice|{NUMBER})\s+(?:\(\w+\)\s+)?{_COUNTED}", re.IGNORECASE),
    re.compile(
        rf"\b(?:renewals?|extensions?)\b[^.;]{{0,30}}?(?:limited\s+to|restricted\s+to|capped\s+at|exceed|is|are|[:|])\s*(?:max(?:imum)?\.?\s*)?(?P<count>{NUMBER})\b(?!\s*(?:[.,]\d|%|per))",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:renew\w*|extend\w*|roll\w*|prolong\w*)\s+(?:only\s+|more\s+than\s+)?(?P<count>once|twice)\b(?!\s+a\b)",
        re.IGNORECASE,
    ),
)
_FOR_SO_MANY = re.compile(
    rf"\b(?:renew\w*|extend\w*|prolong\w*)\b[^.;]{{0,50}}?\bfor\s+(?:up\s+to\s+|a\s+maximum\s+of\s+)?(?P<count>{NUMBER})\s+(?:additional|successive|consecutive|further|subsequent)\s+(?:\(?\w+\)?[\s-]+){{0,4}}?(?:terms|periods|renewals|years\s+each)\b",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\b(?:(?:no|not)\s+(?:be\s+\w+\s+)?more\s+than|no\s+more|max\w*|up\s+to|limit\w*|cap|number|at\s+most|exceed\w*|restrict\w*|capped|only|ends?|stops?|cease[sd]?|lapses?|no\s+(?:further\s+)?renewal)\b",
    re.IGNORECASE,
)
_RENEWS = re.compile(r"\b(?:renew\w*|extend\w*|extension\w*|prolong\w*)\b", re.IGNORECASE)
_UNITS = re.compile(r"\s*(?:\([\w-]+\)\s*)?[\s-]*(?:year|month|day|week)", re.IGNORECASE)
_EARLY = re.compile(
    r"\b(?:(?:not?|no)\s+(?:earlier|sooner|more)\s+than|(?:but|and)\s+(?:no|not)\s+more\s+than|not\s+(?:more|earlier)\s+than|not\s+exceeding|nor\s+(?:earlier|more)\s+than|at\s+most|maximum\s+of|not\s+before|at\s+the\s+earliest|earliest)\s*(?:the\s+)?\(?\Z",
    re.IGNORECASE,
)
_WINDOW_WORDS = re.compile(
    r"\b(?:between|from|window|opens?|(?:earlier|sooner|more)\s+than|at\s+(?:most|the\s+earliest))\b", re.IGNORECASE
)
_ANDS = re.compile(
    r"\)?'?\s*,?\s*(?:(?:before|prior\s+to)\b[^.;]{0,50}?)?\b(?:and|to|until|till|but|nor|or)\b\s*(?:(?:it\s+)?closes\s+|(?:not?\s+|nor\s+)?(?:later|less|fewer|more|earlier|sooner)\s+than\s+|at\s+(?:least|most)\s+)?\(?|\)?\s*-\s*",
    re.IGNORECASE,
)
_DAYS = ("day", "month", "week")
_BEFORE = re.compile(r"\b(?:before|prior\s+to|in\s+advance|ahead\s+of|preceding)\b", re.IGNORECASE)
_NOTICE = re.compile(
    r"\b(?:notic\w+|notif\w+|terminat\w*|non-?renew\w*|cancel\w*|opt(?:s|ing|ed)?[\s-]out|opt-out|inform\w*|tell\w*|told|know|say\s+so|writing|written|stop\w*"
    r"|declin\w*|refus\w*|object\w*|switch\w*|prevent\w*|avoid\w*|exclud\w*|deadline|say\s+no|letter|waive\w*|lapse)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"\b(?:between|from|than)\s+(?P<more>{NUMBER})\s+(?:and|to|but|or)\s+(?:(?:not?|no)\s+(?:less|fewer|later)\s+than\s+)?(?P<less>{NUMBER})(?=[\s-]+(?:calendar\s+)?(?P<unit>day|month|week)s?\b)",
    re.IGNORECASE,
)


def limits(text: str) -> Iterator[Fact]:
    """Read how many renewals there are at most."""
    if not _RENEWS.search(text):
        return
    patterns = (*_LIMITS, _FOR_SO_MANY) if _AT_MOST.search(text) else (_LIMITS[-1], _FOR_SO_MANY)
    values = {
        number(match["count"])
        for pattern in patterns
        for match in pattern.finditer(text)
        if not _UNITS.match(text, match.end("count"))
    }
    yield from ((TermField.RENEWAL_LIMIT, str(value)) for value in sorted(value for value in values if value))


def _are_a_window(text: str, one: Found[Duration], two: Found[Duration]) -> bool:
    """Tell whether two lengths are the ends of one stretch of time, such as `from 90 until 30 days before`."""
    same = one.value.period.unit is two.value.period.unit and one.value.period != two.value.period
    return same and bool(_WINDOW_WORDS.search(text[: two.start]) and _ANDS.fullmatch(text[one.end : two.start]))


def _longer(one: Found[Duration], two: Found[Duration]) -> str:
    return str(max(one, two, key=lambda item: item.value.period.count).value.period)


def earliest(text: str) -> Iterator[Fact]:
    """Read before which time a notice does not count: the longer end of a window before the term ends."""
    low = text.lower()
    if not any(unit in low for unit in _DAYS) or not (_BEFORE.search(text) and _NOTICE.search(text)):
        return
    found = [item for item in durations_in(text) if not item.value.business]
    early = {
        _longer(item, other)
        for item in found
        if _EARLY.search(text[: item.start])
        for other in found
        if other is not item and max(item.start - other.end, other.start - item.end) < _WINDOW
    }
    early |= {_longer(one, two) for one, two in pairwise(found) if _are_a_window(text, one, two)}
    taken = {item.start for item in found}
    for match in (match for match in _BARE.finditer(text) if match.start("more") not in taken):
        ends = [count for part in ("more", "less") if (count := number(match[part]))]
        early.add(f"P{max(ends)}{match['unit'][0].upper()}")
    yield from ((TermField.NOTICE_NOT_BEFORE, period) for period in sorted(early))


_AGAINST = re.compile(
    r"\b(?:non-?renew\w*|not\s+(?:to\s+)?(?:renew|extend)|renew\w*|extend\w*|extension|prolong\w*|roll(?:s|ed)?\s+(?:over|forward|on)|continu\w+|(?:to|against)\s+the\s+end\s+of\s+(?:a|the|any|each)\s+term)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:fees?|prices?|increase\w*|invoic\w*|remind\w*|breach\w*|convenience|insur\w+)\b", re.IGNORECASE
)


def party(text: str) -> Iterator[Fact]:
    """Read who may stop a renewal by notice; the actor stays a name where the words tell no side."""
    if (
        _AGAINST.search(text)
        and _NOTICE.search(text)
        and not _OTHER.search(text)
        and not _OTHER_NOTICE.search(text)
        and any(True for _ in durations_in(text))
    ):
        yield from ((TermField.NOTICE_PARTY, named(actor)) for actor in sorted(actors(text) or mentioned(text)))


_LEAST = re.compile(
    r"\b(?:at\s+least|(?:not?|no)\s+(?:less|fewer|later)\s+than|at\s+the\s+latest|by\s+giving|giving|given|with|upon|on|period(?:\s+for\s+[\w-]+)?\s+(?:is|of)"
    r"|in\s+writing|notice|non-renewal:|served|minimum\s+of|within|and|or|by)\s*(?:a\s+|an\s+)?\(?\Z",
    re.IGNORECASE,
)
_OTHER_NOTICE = re.compile(
    r"\b(?:polic(?:y|ies)|date\s+that\s+is|any\s+reason|without\s+cause|uncured|fails?\s+to|filing|assign\w*|whether\s+or\s+not\s+extended"
    r"|(?<!not\s)(?:desires?|wish(?:es)?|intent|choose|elects?|option)\s+(?:(?!not\b)[\w']+\s+){0,3}?to\s+(?:renew|extend))\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\)?\s*(?:or\s+more\s+)?(?:calendar\s+)?(?:['\u2019]s?\s*|\s+)?(?:(?:prior|advance|previous|written)\s+)*"
    r"(?:notice|before|prior|ahead|in\s+advance|preceding|to\s+the\s+end|beforehand)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\b(?:notice|deadline|non-?renewal|opt-out|cancellation)\b[^.;:|]{0,40}(?:[:|\t]|[ ]{3}|\n)\s*(?:at\s+least\s+)?\Z|\bnotice(?:\s+period)?\s+of\s+\Z",
    re.IGNORECASE,
)


def notice(text: str) -> list[Found[Duration]]:
    """Return how long before a renewal notice must be given; of a window its later end."""
    if not (_AGAINST.search(text) and _NOTICE.search(text)) or _OTHER.search(text) or _OTHER_NOTICE.search(text):
        return []
    found = [item for item in durations_in(text) if _is_ahead(text, item)]
    early = {value for _, value in earliest(text)}
    return [item for item in found if str(item.value.period) not in early or len(found) == 1]


def _is_ahead(text: str, item: Found[Duration]) -> bool:
    """Tell whether the length is counted back from the renewal."""
    if _AHEAD.match(text, item.end) or _LABELLED.search(text[: item.start]):
        return True
    return _leads_window(text, item) and bool(_LEAST.search(text[: item.start]) or _EARLY.search(text[: item.start]))


def _leads_window(text: str, item: Found[Duration]) -> bool:
    """Tell whether the other end of a window, and the words `before the end`, follow."""
    follows = re.match(r"\)?\s*,?\s*(?:and|but|to|or|until|nor)\b", text[item.end :], re.IGNORECASE)
    return bool(follows and _BEFORE.search(text[item.end : item.end + 130]))
