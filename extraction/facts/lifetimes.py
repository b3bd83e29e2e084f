"""Until when a contract runs, told in one sentence about its own life: a last day, a length, or no end at all."""

from __future__ import annotations

import re
from functools import lru_cache

from domain.periods import Unit
from extraction.values import Duration, Found, dates_in, durations_in
from extraction.values.anniversaries import anniversaries_in

_PAPER = r"(?:agreement|contract|lease|licen[cs]e|arrangement|engagement|appointment|employment|subscription|franchise|addendum|amendment|sow|joint\s+venture|cooperation|sponsorship|promotion|maintenance|order(?:\s+form)?)"
_OWN = rf"(?:(?:this|the|such|your|its|our|[A-Z]\w+['\u2019]s)\s+(?:[\w&-]+\s+){{0,4}}?{_PAPER}|this\s+(?-i:[A-Z]{{2,5}})|hereof|rights\s+granted\s+here(?:in|under))"
_SUBJECT = re.compile(
    rf"(?:\b(?:the|this|its|an?|initial)\s+(?:[\w-]+\s+){{0,2}}?(?:term|duration|validity|(?:initial|contract|service|fixed|first)\s+period)\b|\b{_OWN}\b|[\"\u201c*](?:[\w-]+\s+){{0,2}}?(?:term|period)[\"\u201d]"
    r"|\A\W*(?:[\w-]+\s+){0,2}?(?:terms?|duration|(?:initial|contract|service)\s+period)\b(?:\s+of\s+[\w\s]{1,20})?(?:\s*[:.-]|\s+(?:shall|means?|is|of)\b)|\A\W*it\s+shall\b)",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"\b(?:of|under|with|in|to|by|for|during|from|throughout|on|upon|terminates?|before|after|until|within|at|into|that|which|hereunder)\s+\Z",
    re.IGNORECASE,
)
_RUNS = re.compile(
    r"(?:\b(?:commenc(?:e|es|ing)|beg[ai]ns?|starts?|continues?|remains?|stays?|endur\w+|come\s+into|enters?\s+into|(?:be|is|are|becomes?)\b|expires?"
    r"|terminates?|ends?|runs?|lasts?|means?|extends?|concludes?|govern|made|effective|of|apply|has|have)\b|\s*:)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:unless|subject\s+to|without\s+prejudice|if\s+not|save\s+as|except\s+as|provided,?\s+that\s+it\s+is\s+not)\b[^;]{0,160}?,(?!\s*\d|\s*(?:or|and)\b)"
    r"|,?\s*\b(?:unless|subject\s+to|except\s+as)\b[^;,]{0,160}\Z|\([^()]*\)(?=[^()]*\b(?:through|until|for|to)\b)",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r";|\b(?:provided|(?:and|,)\s+thereafter\b|followed\s+by|after\s+which|whereupon|where(?:as)?\b|(?:and\s+|,\s*)?(?:shall|will|may)\s+(?:then\s+|be\s+|thereafter\s+)?(?:automatically\s+)?(?:be\s+)?(?:renew\w*|extended)"
    r"|(?:and\s+|with\s+)?(?:an\s+)?(?:automatic\w*|renew\w*|extended|extendable|extensions?\b))\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:notice|notif\w+|breach\w*|default\w*|liab\w+|confidential\w*|warrant(?:y|ies)\b|surviv\w+|insur(?:ance|e)\b|invoic\w*|pay(?:able|ments?)?|paid|escrow|non-?\s?compet\w*"
    r"|solicit\w*|retain\w*|records?|audit\w*|phase|trial|new|further|another|additional|successive|consecutive|pilot|each|every|during|within|if|upon(?!\s+(?:the\s+)?(?:effective|execution|signature|earlier|later|commence))|fees?|shares?|warrants?|option|exclusiv\w*|transition\w*|suspen\w+|defer\w*|grace|cure\w*"
    r"|price|minimum\s+(?:purchase|commitment)|deliver\w*|ship\w*|report\w*|after\s+(?:the\s+)?(?:expir|terminat)\w+|following\s+(?:the\s+)?(?:expir|terminat)\w+|(?:expiration|termination)\s+of\s+(?:this|the))\b",
    re.IGNORECASE,
)
_EVENT = r"(?:(?:up)?on|of|until)\s+the\s+(?:later|earlier|earliest|latest)(?:\s+(?:of|to\s+occur(?:\s+of)?))?(?:\s+the\s+following)?:?\s*(?:\(?\w{1,3}\)\s*)?(?:the\s+)?"
_TILL = re.compile(
    rf"(?:\b(?:until|till|through|thru|to|expir(?:e|es|ing)|end(?:s|ing)?|terminat(?:e|es|ing)|conclud(?:e|es|ing)|ceas(?:e|es)|later\s+than|up\s+to|last\s+day)\b[^.;,\d]{{0,36}}?|{_EVENT})\Z",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"(?:\b(?:for|of|be|is|lasts?|runs?|continue|extend|has|have|last|means|until|and)|[:\u2013-])\s+(?:(?:a|an|the|at\s+least|up\s+to|minimum|initial|fixed|first|primary|period|term|total|continuous|duration|of|and|for|on)\s+){0,8}(?:\(\w{1,3}\)\s*)?\Z"
    rf"|{_EVENT}\Z|\A\W*\Z|\b(?:on|until)\s+the\s+date\s+(?:that\s+is\s+)?\Z",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\)?['\u2019]?s?\s*(?:\([^)]*\)\s*)?,?\s*(?:period\s+|term\s+)?(?:from|after|following|commencing|beginning|starting|subsequent|thereafter|therefrom|as\s+of)\b",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(
    r"\)?['\u2019]?s?['\u2019]?\s*(?:(?:prior|advance|written|days)\s+)*(?:notice|before|prior|ahead|in\s+advance|after\s+(?:the\s+)?(?:expir|terminat|receipt|notice|deliver)\w*)",
    re.IGNORECASE,
)
_ENDLESS = re.compile(
    r"\b(?:indefinite(?:ly)?|perpetual(?:ly)?|(?:in|for)\s+perpetuity|unlimited\s+(?:period|term|time|duration)|no\s+fixed\s+(?:term|end))\b"
    r"|\b(?:until|unless\s+and\s+until|ends?\s+when|through)\s+(?:(?:it|this\s+\w+|such\s+time\s+as\s+(?:it|either\s+party|the\s+parties)|earlier|otherwise|sooner|is|are|the|any|its|their|expiration|or|expiry|completion|earlier|mutually)\s+){0,6}(?:terminat\w*|cancel\w*|either\s+party|one\s+of\s+the\s+parties|ended\s+by)\b"
    r"|\b(?:until|through|(?:ends?|ending|expires?|terminates?|terminate|end|expire)\s+(?:automatically\s+)?(?:(?:up)?on|with|if))\s+(?:(?:the|any|all|its|later|earlier|earliest|of|or|and|expiration|expiry|completion|occur|to|\(\w\)|[\w-]+['\u2019]s)\s+){0,8}(?:terminat\w*|expir\w+|complet\w+|closing|consummation|(?:[\w-]+\s+){0,4}ceases?)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:confidential\w*|surviv\w*|obligations?\s+(?:of|under|in)|indemnif\w+|promotion\s+period|non-?compet\w*|power\s+of\s+attorney)\b",
    re.IGNORECASE,
)
_REACH = 260
_LONGEST = 3000  # characters of a sentence
_ANNIVERSARY = re.compile(
    r"\b(?:until|on|upon|through|of|or|to)\s+(?:the\s+)?(?:day\s+(?:prior\s+to|before)\s+the\s+)?(?:\(?\w{1,3}\)\s*(?:the\s+)?)?\Z"
)


def last_days(text: str) -> list[Found[str]]:
    """Return the days on which a sentence says that the contract ends, as ISO dates."""
    clause = _clause(text)
    return [
        Found(one.value.isoformat(), one.start, one.end)
        for one in dates_in(clause)
        if _about(clause, one.start) and _TILL.search(clause, max(0, one.start - _REACH), one.start)
    ]


def lifetimes(text: str) -> list[Found[Duration]]:
    """Return the lengths for which a sentence says that the contract runs; `the fifth anniversary` is five years."""
    clause = _clause(text)
    years = [
        Found(Duration(one.value), one.start, one.end)
        for one in anniversaries_in(clause)
        if _ANNIVERSARY.search(clause, max(0, one.start - _REACH), one.start) and _about(clause, one.start)
    ]
    return [*(one for one in durations_in(clause) if _runs_so_long(clause, one)), *years]


def _runs_so_long(clause: str, found: Found[Duration]) -> bool:
    """Tell whether a length is that of the contract's life: months or years, led or followed by such words."""
    if found.value.business or found.value.period.unit not in (Unit.MONTH, Unit.YEAR):
        return False
    if _NOT_OURS.match(clause, found.end):
        return False
    told = _FOR.search(clause, max(0, found.start - _REACH), found.start) or _FROM.match(clause, found.end)
    return bool(told) and _about(clause, found.start)


def endless(text: str) -> list[Found[str]]:
    """Return the words by which a sentence says that the contract runs on until somebody ends it."""
    clause = _clause(text)
    if last_days(text) or lifetimes(text) or _PART.search(clause):
        return []
    return [
        Found(match[0], match.start(), match.end())
        for match in _ENDLESS.finditer(clause)
        if _about(clause, match.start())
    ]


@lru_cache(maxsize=512)
def _clause(text: str) -> str:
    """Blank asides such as `unless sooner terminated,`, and leave out all that follows the first term."""
    if len(text) > _LONGEST:
        return ""
    clause = _ASIDE.sub(lambda match: " " * len(match[0]), text)
    end = next(
        (match.start() for match in _BREAK.finditer(clause) if _subject(clause[: match.start()]) is not None), len(text)
    )
    return clause[:end]


def _about(clause: str, position: int) -> bool:
    """Tell whether the words before a place speak of the life of this contract and of nothing else."""
    lead = clause[max(0, position - _REACH) : position]
    subject = _subject(lead)
    return subject is not None and bool(_RUNS.search(lead, subject - 1)) and not _OTHER.search(lead)


def _subject(lead: str) -> int | None:
    """Return where the words end by which the contract, or its term, is the subject of the sentence."""
    for match in _SUBJECT.finditer(lead):
        if not _NO_SUBJECT.search(lead[max(0, match.start() - 20) : match.start()]):
            return match.end()
    return None
