"""By how much prices rise, by what index, within which bounds, and after what notice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import TermField
from extraction.facts.bounds import bound_of, kind_of
from extraction.facts.indexes import exact, indexes_in, without_names
from extraction.facts.rise_notice import is_told, rise_notice
from extraction.values import percents_in

T = TermField
Fact = tuple[TermField, str]

_FIELDS = {
    "cap": T.ESCALATION_CAP,
    "floor": T.ESCALATION_FLOOR,
    "margin": T.ESCALATION_MARGIN,
    "fixed": T.ESCALATION_PERCENT,
}
_SIZED = re.compile(r"%|cent\b|points?\b|[Ii]nd(?:ex|ices)|INDEX|\b[CR]PI\b|CPI-U|HICP|\bECI\b|\bPPI\b")
_LONGEST = 700  # characters
_PRICE = re.compile(
    r"\b(?:fees?|pric(?:e|es|ed|ing)|charges?|rates?|subscription|amounts?\s+payable|tariffs?|renewal|year\s+costs|remuneration)\b",
    re.IGNORECASE,
)
_COST = r"(?:fees?|prices?|pricing|charges?|rates?|tariffs?)"
_ITS = r"(?:(?:of|to|in|its|the|your|our|any|all|such|of\s+the|in\s+the)\s+)*(?:[\w-]+\s+)?"
_RISE = re.compile(
    r"\b(?:increas\w*|increment\w*|rais(?:e|es|ed|ing)|ris(?:e|es|ing)|uplift\w*|escalat\w*|index(?:ed|es|ation|ing|-linked)|step-?ups?|pass(?:es|ed)?\s+on|(?:put\s+)?on\s+top\s+of\s+the|up\s+on\s+the\s+(?:year|term)|value-secured|stepped\s+price|multiplied\s+by|(?:charges?|costs?|pays?)\s+[\d.,]+\s*(?:%|per\s?cent)\s+more|mirrors?|(?:is|are|be)\s+added\s+to|price[\s-]protected"
    r"|adjust\w*|higher|(?:go|goes|going|step|steps|put|puts|mark|marks|marked|push|move|moves)\s+up(?:wards?)?|upwards?|uprat\w+"
    r"|grow(?:s|th)?|climb\w*|stepped\s+up|more\s+than\s+before|adds?|renewal\s+shall\s+cost|inflation|tracks?|reflects?|(?:move|moves|moving|varied|revised)\s+(?:with|by)"
    rf"|{_COST}\s+(?:changes?|caps?|reviews?|revisions?|variations?|updates?|protect\w+)|{_COST}\s+(?:\w+\s+){{0,3}}?(?:changed?|amended|reviewed"
    rf"|updated|varied|protected|linked|tied)|(?:chang(?:e|es|ing)|var(?:y|ies|iation)|alter\w*|amend\w*|updat\w+|modif(?:y|ied|ication)|lifts?"
    rf"|new|adapts?|review\w*)\s+{_ITS}{_COST}|more\s+than\s+(?:the|in|for|during)\b|may\s+be\s+added"
    r"|revis(?:e|es|ed|ions?)|follows?|adapt(?:s|ed)?|renewal\s+(?:price|fee|pricing)\s+cap|price\s+protection|renewal\s+caps?"
    r"|stay\s+within|above\s+the\s+(?:[\w-]+\s+)?(?:price|fee|term|year|period)s?"
    r"|from\s+the\s+second\s+(?:contract\s+)?year|exceed\s+those|exceed\b[^.;]{0,80}\b(?:previous"
    r"|preceding|prior|expiring|then-current|current|last|initial)"
    r"|(?:preceding|previous|prior|expiring|then-current|last)\s+(?:term|year|period|price"
    r"|fees?)[^.;]{0,30}\splus|(?:linked|tied|pegged)\s+to|in(?:to)?\s+line\s+with)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:late|overdue|past\s+due|arrears|interest|liab\w+|insur\w+|royalt\w+|uptime|availab\w+|credits?"
    r"|damages|salar\w+|wages"
    r"|tax(?:es)?|VAT|discount\w*|rebate|promotion\w*|usage\s+exceeds|storage|shares?|units\s+of|voting"
    r"|headcount|audit\w*|interest\s+rates?|true-?up)\b",
    re.IGNORECASE,
)
_SOME_RISE = re.compile(
    r"\b(?:an|any|every|each|such|no|the)\s+(?:increase|rise)\b|\ba\s+[\d.,]+\s*(?:%|per\s?cent)\s+increase\b|(?:\A|\ball\s+|\bany\s+)increases\b",
    re.IGNORECASE,
)
_UP = re.compile(r"\b(?:rises?|pass(?:es|ed)?\s+on|increases?|uplift|go(?:es)?\s+up)\b", re.IGNORECASE)
_YEARLY = re.compile(r"\b(?:anniversar\w+|renewals?)\b", re.IGNORECASE)
_INDEXATION = re.compile(
    r"\b(?:year[\s-]*(?:over|on)[\s-]*year\s+(?:increase|change)|indexation|indexed|index-linked|uplift|escalat\w+|inflation\s+adjustment|(?:annual|annually|yearly|price|fee|index)\s+"
    r"(?:changes?|increases?|increments?|adjustments?|rises?))\b",
    re.IGNORECASE,
)


def escalation(text: str) -> list[Fact]:
    """Read one passage that speaks of rising prices; nothing where it speaks of something else as well."""
    if len(text) > _LONGEST or not (_SIZED.search(text) or is_told(text)):
        return []
    names = indexes_in(text)
    bare = without_names(text) if names else text
    if _OTHER.search(bare) or not _RISE.search(bare):
        return []
    if not ((names and _UP.search(bare)) or _PRICE.search(bare) or _INDEXATION.search(bare)):
        return _of_an_increase(bare) if _SOME_RISE.search(bare) else []
    named = [(T.ESCALATION_INDEX, exact(names))] if names else []
    return [*named, *_sizes(bare, indexed=bool(names)), *rise_notice(bare)]


def _of_an_increase(text: str) -> list[Fact]:
    """Read the bounds and the notice of `an increase` that the sentence before has named."""
    wanted = {T.ESCALATION_CAP, T.ESCALATION_PERCENT} if _YEARLY.search(text) else {T.ESCALATION_CAP}
    caps = [fact for fact in _sizes(text, indexed=False) if fact[0] in wanted]
    return [*caps, *rise_notice(text)]


def _sizes(text: str, *, indexed: bool) -> Iterator[Fact]:
    """Tell for each percentage what it is, by the nearest words before it or those right behind it."""
    begin, last, before = 0, "", ""
    for found in percents_in(text):
        kind = kind_of(text[begin : found.start], text[found.end :], last, indexed=indexed)
        if not kind and before == found.value:
            kind = bound_of(text[: found.start])
        if kind in _FIELDS:
            yield _FIELDS[kind], found.value
        begin, last, before = found.end, kind, found.value
