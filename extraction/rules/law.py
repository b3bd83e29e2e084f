"""Which law the contract is under."""

from __future__ import annotations

import re
from collections.abc import Callable

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.rules.sentences import sentences_about
from extraction.rules.tiers import first_that_finds
from extraction.rules.view import View, view
from extraction.values import Found, places_in

_ANCHOR = re.compile(r"\blaws?\b")
_LAW = re.compile(
    r"\b(?:disputes?|controvers(?:y|ies)|this\s+(?:agreement|contract|order))\b[^.;]{0,90}\b(?:decided|determined|resolved|settled|adjudicated|made|concluded)\b"
    r"[^.;]{0,60}\b(?:under|with|according|by)\b|"
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
    r"(?:^|[\n\f]|\d[.)]?[ ]+|\)\s)[^\S\n]*(?:(?:governing|applicable|choice\s+of|contract|proper)\s+laws?|(?:\w+\s+and\s+)?laws?)"
    r"(?:\s+(?:and\s+\w+|(?:of|governing)\s+(?:the|this)\s+\w+))?[^\S\n]*(?:[|:-]|is\b|[ \t\n])\s*"
    r"(?:the\s+)?(?:laws?\s+of\s+(?:the\s+)?)?(?:(?:state|commonwealth|province)\s+of\s+)?\Z",
    re.IGNORECASE,
)
_CHOSEN = re.compile(
    r"\b(?:cho(?:ose|sen|ice)|agreed|determined|proper|applicable|submit\w*|follows?|govern\w*|settled|subject|interpret\w*|constru\w+"
    r"|enforce[sd]?|appl(?:y|ies|ication)|courts?|legal\s+basis|this\s+(?:agreement|contract|order))\b|(?:^|\n)[^\n]{0,30}\blaws?(?:\s+(?:of|governing)\s+\w+\s+\w+)?(?:\s*[|:-]|\t|[ ]{3}|\n)",
    re.IGNORECASE,
)
_OTHER_MATTER = re.compile(
    r"\b(?:compl(?:y|ies|iance)|organi[sz]ed|incorporat\w*|formed|existing|permitted|required|violat\w*|tax\w*|securities|statut\w*"
    r"|corporation|partnership|bankruptcy|secured|privacy|data\s+protection|export|(?:other|prior|master)\s+agreement)\b",
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


def read_law(document: Document) -> list[Term]:
    """Find the governing law."""
    return _governing_law(view(document))


def _governing_law(seen: View) -> list[Term]:
    """Take every place whose law is said to govern this contract; two of them are a contradiction."""
    return first_that_finds(
        lambda: _told(seen, lambda sentence: bool(_LAW.search(sentence))),
        lambda: _told(seen, lambda sentence: bool(_CHOSEN.search(sentence)) and not _OTHER_MATTER.search(sentence)),
    )


def _told(seen: View, about: Callable[[str], bool]) -> list[Term]:
    terms: list[Term] = []
    for start, end in sentences_about(seen, _ANCHOR):
        if about(seen.text[start:end]):
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
