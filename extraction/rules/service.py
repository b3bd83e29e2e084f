"""What availability and support the contract promises, and which law it is under."""

from __future__ import annotations

import re
from decimal import Decimal

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.rules.sentences import opening, sentences
from extraction.rules.view import View, squash, view
from extraction.values import Found, places_in

_UPTIME_BEFORE = re.compile(r"\b(?:uptime|availab\w+|reachable)\b[^.;%]{0,110}\Z", re.IGNORECASE)
_UPTIME_AFTER = re.compile(r"\s+(?:of\s+the\s+time\b|(?:monthly\s+)?(?:uptime|availab\w+))", re.IGNORECASE)
_LOWEST = Decimal(90)
_ONLY_IF = re.compile(r"\b(?:if|when|whenever|where|should|once)\s+(?:[\w'-]+\s+){0,6}?\Z", re.IGNORECASE)
_SHORT_OF = re.compile(
    r"(?:\b(?:below|beneath|under|less\s+than|lower\s+than|between|up\s+to)|<|\d\s?%?\s*(?:-|to|and))\s*(?:=\s*)?"
    r"(?:[a-z-]+\s+per\s?cent\s*)?\(?\Z",
    re.IGNORECASE,
)
_NEVER = re.compile(r"\b(?:not|never|no)\b[^.;]{0,30}\Z", re.IGNORECASE)
_TIER = re.compile(
    r"\)?\s*(?:(?:uptime|availability)\s+)?(?:or\s+(?:less|lower|below)\b|(?:-|to|and)\s*\d)"
    r"|[ ]+(?:service\s+)?credits?\b|\s+of\s+(?:[\w']+\s+){0,4}fees?\b",
    re.IGNORECASE,
)

_SUPPORT = re.compile(r"\b(?:support|help\s+desk|assistance\s+service)\b", re.IGNORECASE)
_HOURS = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b|\b\d{1,2}[:.]\d\d\b|\btwenty-four\s+hours\b"
    r"|\b24\s?(?:/|x)\s?7\b|\baround\s+the\s+clock\b",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(r"\bis\s+(?:made|entered)\b|\bwhereas\b|\bby\s+and\s+between\b|\bhereinafter\b", re.IGNORECASE)
_LONGEST = 600

_LAW = re.compile(
    r"\b(?:governed|construed|interpreted|enforced|subject)\b[^.;]{0,120}?\b(?:by|under|with|to)\b"
    r"|\bgoverning\s+law\b|\blaws?\b[^.;]{0,60}\b(?:appl(?:y|ies)|governs?)\b|\bapplicable\s+law\b",
    re.IGNORECASE,
)
_WHOSE = re.compile(
    r"\blaws?\s+(?:and\s+\w+\s+)?(?:of|in(?:\s+force\s+in)?)\s+(?:the\s+)?(?:[\w']+\s+){0,4}?(?:of\s+)?"
    r"(?:the\s+)?\Z",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:^|\n)\s*governing\s+law\s*(?::?\s+|:\s*(?:the\s+)?(?:laws?\s+of\s+(?:the\s+)?)?"
    r"(?:(?:state|commonwealth|province)\s+of\s+)?)\Z",
    re.IGNORECASE,
)
_ITS_LAW = re.compile(r"\s+(?:state\s+)?laws?\b", re.IGNORECASE)
_FEDERAL = {"United States", "United States of America", "Canada"}
_OTHERS_GOVERNED = re.compile(
    r"\b(?:agreements?|contracts?|leases?|notes?|documents?|instruments?)\b,?\s+"
    r"(?:(?:that|which)\s+(?:is|are|shall\s+be)\s+)?(?:expressly\s+)?governed\b",
    re.IGNORECASE,
)
_FORMED = re.compile(
    r"\b(?:organi[sz]ed|incorporated|formed|existing|registered|established)\b[^.;]{0,60}"
    r"\b(?:under|by|pursuant\s+to)\s+(?:the\s+)?laws?\b[^.;]{0,60}\Z",
    re.IGNORECASE,
)
_THIS = re.compile(r"\bthis\s+(?:[\w-]+\s+){0,3}\Z", re.IGNORECASE)
_LAW_ITSELF = re.compile(r"\blaws?\Z", re.IGNORECASE)


def read_service(document: Document) -> list[Term]:
    """Find the promised uptime, the support hours and the governing law."""
    seen = view(document)
    return [*_uptime(seen), *_support(seen), *_governing_law(seen)]


def _uptime(seen: View) -> list[Term]:
    terms: list[Term] = []
    for found in seen.percents:
        if not _LOWEST < Decimal(found.value) <= 100:
            continue
        start = seen.before(found.start, _UPTIME_BEFORE)
        end = seen.after(found.end, _UPTIME_AFTER)
        if (start is None and end is None) or _is_a_tier(seen, found, start):
            continue
        span = (start or found.start, end or found.end)
        narrow = (found.start, found.end)
        terms += seen.term(TermField.UPTIME, found.value, "service.uptime", span, narrow)
    return terms


def _is_a_tier(seen: View, found: Found[str], start: int | None) -> bool:
    """Tell whether the percentage is what a credit is due for, or the credit, and not what is promised."""
    lead = seen.text[max(0, found.start - 60) : found.start]
    short = _SHORT_OF.search(lead)
    if short and not _NEVER.search(lead[: short.start()]):
        return True
    supposed = start is not None and seen.before(start, _ONLY_IF, 80) is not None
    return supposed or seen.after(found.end, _TIER, 80) is not None


def _support(seen: View) -> list[Term]:
    """Take the first whole sentence that speaks of support and names hours."""
    for span in sentences(seen):
        start, end = opening(seen.text, span)
        text = seen.text[start:end]
        if len(text) < _LONGEST and not _PREAMBLE.search(text) and _SUPPORT.search(text) and _HOURS.search(text):
            citation = seen.cite(start, end)
            if citation:
                value = squash(citation.quote)
                return [Term(TermField.SUPPORT, value, citation, "service.support")]
    return []


def _governing_law(seen: View) -> list[Term]:
    """Take every place whose law is said to govern this contract; two of them are a contradiction."""
    terms: list[Term] = []
    for start, end in sentences(seen):
        text = seen.text[start:end]
        if ("aw" in text or "AW" in text) and _LAW.search(text):
            terms += [term for law in _laws(seen, start, end) for term in _law(seen, *law)]
    return terms


def _laws(seen: View, start: int, end: int) -> list[tuple[Found[str], int]]:
    """Return the places that lend their law, each with the place in the text where its clause may begin."""
    laws: list[tuple[Found[str], int]] = []
    floor = start
    for found in places_in(seen.text[start:end]):
        place = Found(found.value, start + found.start, start + found.end)
        if not _lends_its_law(seen, place):
            continue
        if not _of_another_contract(seen.text[floor : place.start]):
            laws.append((place, floor))
        floor = place.end
    states = [law for law in laws if law[0].value not in _FEDERAL]
    beside = any(other.value not in _FEDERAL for other in places_in(seen.text[floor : floor + 120]))
    return states or ([] if beside else laws)  # "the United States and the State of Texas" means Texas


def _lends_its_law(seen: View, place: Found[str]) -> bool:
    return (
        seen.before(place.start, _WHOSE, 80) is not None
        or seen.before(place.start, _LABEL, 60) is not None
        or seen.after(place.end, _ITS_LAW, 20) is not None
        or bool(_LAW_ITSELF.search(seen.text[place.start : place.end]))
    )


def _of_another_contract(clause: str) -> bool:
    """Tell whether the law is that of `agreements governed by`, or of a company `formed under`, and not of this one."""
    if _FORMED.search(clause):
        return True
    match = _OTHERS_GOVERNED.search(clause)
    return bool(match) and not _THIS.search(clause[: match.start()] if match else "")


def _law(seen: View, place: Found[str], floor: int) -> list[Term]:
    lead = seen.before(place.start, _WHOSE, 80)
    tail = seen.after(place.end, _ITS_LAW, 20) or place.end
    match = _LAW.search(seen.text, floor, tail)
    narrow = (place.start if lead is None else lead, tail)
    wide = (min(narrow[0], match.start() if match else place.start), tail)
    return seen.term(TermField.GOVERNING_LAW, place.value, "law.governs", wide, narrow)
