"""Who may end the contract without a reason, and how long a breach may be cured."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import TermField
from extraction.facts.sides import actors, named
from extraction.values import Duration, Found, durations_in

Fact = tuple[TermField, str]

_ENDS = r"(?:termina(?:t\w*|ble)|cancel\w*|end(?:s|ed|ing)?|leave|exit|withdraw\w*|rescind\w*|walk\s+away|give\s+up|quit|discontinu\w+|determine\s+this|bring\s+[\w\s]{1,30}\s+to\s+an\s+end)"
_END = re.compile(rf"\b{_ENDS}\b", re.IGNORECASE)
_FREELY = re.compile(
    r"\b(?:(?:for|of|at)\s+(?:\w+\s+)?convenience|ordinary\s+termination|(?:irrespective|regardless)\s+of\s+any\s+breach|even\s+without|justify\w*|whatever\s+the\s+reason|no\s+(?:grounds?|reasons?|cause)|without\s+stating|without\s+(?:\w+\s+)?(?:cause|reasons?)|no[\s-]+fault|for\s+(?:any|whatever)\s+(?:or\s+no\s+)?reason"
    r"|any\s+reason\s+(?:or\s+no\s+reason|whatsoever)|for\s+no\s+reason|(?:without|need\s+not|not\s+(?:have\s+to|be\s+(?:required|obliged)\s+to))\s+(?:giv\w+|stat\w+|show\w*|specify\w*|hav\w+)\s+(?:\w+\s+)?(?:reasons?|grounds?|cause)"
    r"|whether\s+or\s+not\s+(?:there\s+is\s+)?(?:cause|for\s+cause)|with\s+or\s+without\s+(?:cause|reason)|at\s+will|no\s+(?:reason|cause)\s+(?:is|need|being))\b",
    re.IGNORECASE,
)
_GRANTS = re.compile(
    rf"\b(?:may|can|could|suffices|prevents|right|rights|entitled|free|permitted|allowed|option|reserves?|terminable|able|belongs|shall|will|requires?|possible|by)\b[^.;]{{0,160}}?\b{_ENDS}\b"
    rf"|\b{_ENDS}\b[^.;]{{0,120}}\b(?:by|may|right|belongs|open|available|terminable|permitted|possible)\b",
    re.IGNORECASE,
)
_AT_PLEASURE = re.compile(
    r"\b(?:(?:at\s+)?any\s+time|whenever|(?:sole|absolute|own|free)\s+discretion)\b", re.IGNORECASE
)
_TELLING = ("day", "month", "week", "year", "convenience", "cause", "reason", "will")
_CONDITION = re.compile(
    r"\b(?:if|where|when\w*|unless|should|in\s+(?:the\s+)?(?:event|case)|renew\w*|exten[ds]\w*|expir\w+|end\s+of|anniversary|prior\s+to|before|until|such|section|article|clause"
    r"|increas\w+|chang\w+|only|death|dissol\w+|order|sow|statement\s+of\s+work|employ\w+|opt|after)\b",
    re.IGNORECASE,
)
_REGARDLESS = re.compile(r"\b(?:irrespective|regardless|independent\w*)\s+of\s+any\s+(?:breach|default)", re.IGNORECASE)
_AT_ONCE = re.compile(
    rf"\b(?:may|can|(?:right|entitled|free|permitted|option)\s+to)\s+(?:\w+,?\s+){{0,6}}?{_ENDS}\b", re.IGNORECASE
)
_AFTERWARDS = re.compile(
    r"\b(?:upon|after|following|on|of|in\s+case\s+of|in\s+the\s+event\s+of|regardless\s+of|until)\s+(?:the\s+|any\s+|such\s+|a\s+)?(?:effective\s+date\s+of\s+(?:the\s+)?)?(?:expiration\s+or\s+|early\s+)?termination\b(?!\s+for\s+convenience\s+by)"
    r"|\b(?:if|in\s+the\s+event|should|where|when|once)\b[^.;]{0,60}\bterminat(?:es|ed)\b|\bterminat\w*[^.;]{0,40}\bshall\s+(?:be\s+)?(?:pay|survive|not\s+affect)|\belects?\s+to\s+terminate\b|\bemployment\b",
    re.IGNORECASE,
)
_BREACH = re.compile(
    r"\b(?:breach\w*|default\w*|insolven\w*|bankrupt\w*|cure[sd]?|remed(?:y|ied|ies)|uncured|fail(?:s|ed|ure)?\b|service\s+level|uptime|availability|force\s+majeure|change\s+of\s+control)\b",
    re.IGNORECASE,
)
_NEVER = re.compile(
    rf"\bneither\s+party\b|\bno\s+(?:party|right)\b|\b(?:may|shall|can|will)\s+not\s+(?:be\s+)?{_ENDS}|\b(?:cannot|not)\s+(?:be\s+)?{_ENDS}\b|\bnot\s+{_ENDS}|\bnon-?\s?cancel",
    re.IGNORECASE,
)
_OF_NOTICE = re.compile(
    r"\)?['\u2019]?\s*(?:[\w-]+\s+){0,3}?(?:notice|notification|in\s+advance|beforehand)\b|\)?(?:['\u2019]s?)?\s*(?:[.;,]|\Z|before\b)",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"\bnoti(?:ce|fication|fy|fies|fying)\b", re.IGNORECASE)
_NOTICE_LEAD = re.compile(
    r"\bnotice\s+(?:period\s+)?(?:of|in\s+writing\s+of)\s+(?:at\s+least\s+|not\s+less\s+than\s+)?\Z|\bnotifying\b[^.;]{0,40}\Z",
    re.IGNORECASE,
)
_MATERIAL = re.compile(
    r"\b(?:breach\w*|default\w*|breaks?\s+(?:\w+\s+){1,3}(?:terms?|obligations?|duty)|violat\w+|non-?\s?performance|fails?\s+to\s+(?:perform|comply|fulfil\w*|observe))\b",
    re.IGNORECASE,
)
_CURE = re.compile(
    r"\b(?:cur(?:e|es|ed|ing|able)|remed(?:y|ied|ies|ying|iable)|uncured|unremedied|rectif\w+|correct(?:s|ed|ing)?|put\s+(?:\w+\s+)?right|without\s+(?:effect|result|success)|ma[dk]e\s+good|continu\w+|persist\w*|remains?|fix(?:es|ed)?|repair\w*|still|unresolved|resolved?|eliminat\w+|lasts?)\b",
    re.IGNORECASE,
)
_PAYMENT = re.compile(r"\b(?:pay(?:s|ment|ments|ing)?|paid|overdue|invoice\w*|non-?payment)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:confidential\w*|insolven\w*|bankrupt\w*|petition|receiver|liquidat\w*|data\s+breach|personal\s+data|service\s+credits?|defects?|warrant\w+|fully\s+cured\s+the|force\s+majeure)\b",
    re.IGNORECASE,
)
_CURED_WITHIN = re.compile(
    r"\b(?:within|inside|in|for|during|after|than|of|over|exceeding|least|by|has|have|had|gets?|upon|on|a|an|the|given|giving|gives?|allow\w*|so|reasonable|such|another|and|\(|further|additional|least|remain\w*|with|persists?|unremedied|uncured)\s*(?:the\s+|a\s+|an\s+)?(?:period\s+of\s+)?\(?\Z|:\s*\Z|\A\s*\Z",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"\)?['\u2019]?s?['\u2019]?\s*(?:cure\b|grace\b|to\s+(?:cure|remed|rectif|correct|put|fix|make)\w*|after\b|from\b|following\b|of\s+(?:notice|being|receipt|receiving)\b)",
    re.IGNORECASE,
)


def convenience(text: str) -> Iterator[Fact]:
    """Read who may leave at will, with the notice; the actor stays a name where the words tell no side."""
    low = text.lower()
    if not any(word in low for word in _TELLING) or not _END.search(text):
        return
    freely = bool(_FREELY.search(text))
    pleased = bool(_AT_PLEASURE.search(text)) or not _CONDITION.search(text)
    if not (freely or pleased) or not _GRANTS.search(text):
        return
    if _NEVER.search(text) or _BREACH.search(_REGARDLESS.sub("", text)) or _AFTERWARDS.search(text):
        return
    notices = {
        str(found.value.period) for found in durations_in(text) if not found.value.business and _is_notice(text, found)
    }
    if not notices and (not freely or any(True for _ in durations_in(text)) or not _AT_ONCE.search(text)):
        return
    for actor in actors(text):
        for period in notices or {"P0D"}:
            yield TermField.TERMINATION_FOR_CONVENIENCE, named(actor, period)


def _is_notice(text: str, found: Found[Duration]) -> bool:
    near = text[max(0, found.start - 60) : found.end + 60]
    return bool(
        _NOTICE.search(near) and (_OF_NOTICE.match(text, found.end) or _NOTICE_LEAD.search(text[: found.start]))
    )


def cause(text: str) -> Iterator[Fact]:
    """Read how long a material breach may be cured before the other party may leave."""
    if not (_END.search(text) and _MATERIAL.search(text) and _CURE.search(text)) or _OTHER.search(text):
        return
    periods = [found for found in durations_in(text) if not found.value.business and _to_cure(text, found)]
    general = [found for found in periods if not _PAYMENT.search(text[max(0, found.start - 70) : found.end + 40])]
    for value in sorted({str(found.value.period) for found in general}):
        yield TermField.TERMINATION_FOR_CAUSE, value


def _to_cure(text: str, found: Found[Duration]) -> bool:
    """Tell whether the period stands near the breach and its cure, and is led by such words."""
    near = text[max(0, found.start - 170) : found.end + 170]
    return bool(_CURE.search(near) and (_CURED_WITHIN.search(text[: found.start]) or _THEN.match(text, found.end)))
