"""What a percentage is to a rise: its size, its cap, its floor, or what comes on top of an index."""

from __future__ import annotations

import re

_MORE = (
    r"(?:exceed(?:s|ing)?|more\s+than|greater\s+than|above|in\s+excess\s+of|higher\s+than|beyond|over"
    r"|surpass\w*|(?:be\s+)?higher|(?:go|goes|going)\s+(?:above|past)|rise\s+above|larger\s+than)"
)
_LESS = r"(?:less\s+than|lower\s+than|fewer\s+than|below|under|smaller\s+than|fall\s+short\s+of)"
_NOT = re.compile(r"\b(?:not|never|no|nor|neither|without|cannot|may\s+only)\b", re.IGNORECASE)
_NEAR, _FAR, _TOUCHING = 90, 130, 4  # characters
_CUES = {
    "margin": r"\bplus\b|\+|\badditional\b|\bsurcharge\b|\bto\s+which\b|\bmargin\b|\bincreased\s+by\b(?=[^.;%]{0,12}\Z)"
    r"|\bfurther\b|\banother\b|\bextra\b|\bmark-?up\b|\btogether\s+with\b|\bexceeds?\b(?=[^.;%]{0,40}#[^.;%]{0,12}\bby\s*\(?\Z)"
    r"|\bon\s+top\b|\badding\b|\bsum\s+of\b(?=[^.;%]{0,40}#)",
    "cap": r"\bup\s+to\b|\bat\s+(?:the\s+)?(?:very\s+)?most\b|\bat\s+or\s+(?:below|under)\b|\bbounded\s+above\b|\band\s+above\s+by\b"
    rf"|\b{_LESS}\s+or\s+equal\b|\b(?:remain|stay|ke(?:ep|pt)|hold|held)s?\s+(?:\w+\s+){{0,4}}?(?:below|under)\b"
    r"|\bmax(?:imum|imal|ima)?\b\.?|\blimit(?:ed|s)?\b|\bcontain(?:ed|s)?\b|\bholds?\s+(?:\w+\s+){1,3}to\b|\bcap(?:ped|s)?\b|\bceiling\b|\b(?:restrict|confine)(?:d|ed|s|ion)?\b|\bwithin\b"
    r"|\b(?:lesser|lower|smaller|least|lowest)\s+of\b|\bupper\s+(?:limit|bound|end)\b|\b(?:ends?|stops?)\s+at\b|\btop(?:s|ping)\s+out\b|\bpeak\w*\b",
    "more": rf"\b{_MORE}\b",
    "less": rf"\b{_LESS}\b",
    "floor": r"\bat\s+(?:the\s+)?(?:very\s+)?least\b|\bmin(?:imum|imal|ima)?\b\.?|\bfloor\b|\bbounded\s+below\b|\bat\s+or\s+above\b"
    r"|\b(?:greater|higher|greatest|highest|larger|more)\s+of\b"
    r"|\bbetween\b|\brang(?:es?|ing)\s+(?:of|from)\b|\bcorridor\b|\bcollar(?:\s+of)?\b|\blower\s+(?:limit|bound|end)\b",
}
_CUE = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _CUES.items()), re.IGNORECASE)
_WHICHEVER = (
    r"[\s,)]*(?:per\s+(?:annum|year)\s*)?,?\s*\(?whichever\s+(?:\w+\s+){0,3}?(?:is|be|amount\s+is)\s+(?:the\s+)?"
)
_AS = r"\s*\)?\s*(?:in\s+any\s+(?:one\s+)?year\s+)?(?:(?:is|as|being|at|shall\s+be|will\s+be)\s+(?:the\s+|an?\s+)?)?(?:(?:annual|yearly|price|very|absolute)\s+)?"
_AFTER = {
    "cap": re.compile(
        rf"{_WHICHEVER}(?:lower|lesser|less|smaller|lowest)|{_AS}(?:cap|ceiling|maximum|max|most|outside|(?:upper\s+)?limit|highest\s+(?:increase|rise))\b"
        r"|\s*\)?\s*(?:or\s+less|only)\b|\s+the\s+(?:maximum|most|cap|ceiling)\b",
        re.IGNORECASE,
    ),
    "floor": re.compile(
        rf"{_WHICHEVER}(?:higher|greater|more|larger|highest)|{_AS}(?:floor|minimum|min|least|lower\s+limit|lower(?=\s+and\b))\b"
        r"|\s*\)?\s*or\s+more\b",
        re.IGNORECASE,
    ),
    "margin": re.compile(
        r"[\s,)]*(?:points?\s+)?(?:(?:above|over|on\s+top\s+of|in\s+addition\s+to|in\s+excess\s+of|more\s+than|plus)\b"
        r"[^.;%]{0,60}#|(?:is\s+)?(?:then\s+)?(?:added|on\s+top)\b|in\s+addition\b)",
        re.IGNORECASE,
    ),
}
_BARRED = re.compile(
    r"[^.;%]{0,70}\b(?:excluded|ruled\s+out|void|prohibited|barred|forbidden|ineffective|unenforceable|not\s+(?:permitted|allowed|effective"
    r"|binding|apply|valid)|requires?|needs?)\b",
    re.IGNORECASE,
)
_BY = re.compile(r"\Aexceeds?\b[^.;%]{0,70}\bby\s*\(?\Z", re.IGNORECASE)
_LOOSE = re.compile(r"over|above|below|under|beyond", re.IGNORECASE)
_LINKS = re.compile(r"\s*\)?(?:per\s+(?:annum|year)\s*)?(?:and|or|to|-|,\s*but)\s*(?:\w+\s+){0,3}\(?\Z", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(?:if|when|where|whenever|should|unless|to\s+the\s+extent)\b[^,;]*\Z", re.IGNORECASE)
_FIXED = re.compile(
    r"(?:\b(?:adds?|by|of|at|to|is|are|equals?|plus|be|with|apply|applies|a|an|fixed|annual(?:ly)?|yearly"
    r"|pre-agreed|additional|another|flat|exactly|following|equal\s+to|rate\s+of|\+)|[:|+(,]|increase"
    r"|uplift|escalat(?:or|ion)|indexation|rise|adjustment)\s*\(?\Z",
    re.IGNORECASE,
)
_HIGHER = re.compile(
    r"\s*\)?\s*(?:higher|more\s+than|more(?=\s*[.;,]|\s*\Z)|above|over|(?:is|are)\s+(?:then\s+)?(?:added|put\s+on\s+top)|up\s+on|(?:(?:annual|yearly|price|fee)\s+){0,2}(?:increase|uplift|step-?up"
    r"|escalat\w+|rise|adjustment)|an?\s+year|each|every|per|annually|yearly|upon|on)\b",
    re.IGNORECASE,
)


_IF = re.compile(
    r"\b(?:if|where|should|when)\b[^.;]{0,80}?\b(?:is|be|falls?|rises?|are)\s+"
    r"(?:(?P<more>more|higher|greater|above|over)|(?P<less>less|lower|below|under))\b",
    re.IGNORECASE,
)


_WITHIN = re.compile(r"\bwithin\s+(?:a\s+(?:range|band|corridor)\s+(?:of|from)\s+)?\Z", re.IGNORECASE)
_PAIR = re.compile(r"\s*(?:and|to|-)\s*\d[\d.,]*\s*(?:%|per\s?cent)", re.IGNORECASE)


def kind_of(before: str, after: str, last: str, *, indexed: bool) -> str:
    """Return `cap`, `floor`, `margin`, `fixed` or nothing.

    `before` runs from the percentage in front, whose kind is `last`; indexes stand as `#`.
    """
    for kind, words in _AFTER.items():
        if words.match(after) and (kind != "margin" or indexed):
            return kind
    if last == "floor" and _LINKS.fullmatch(before):
        return "cap"  # "between 2 % and 5 %"
    if _WITHIN.search(before) and _PAIR.match(after):
        return "floor"
    cues = [cue for cue in _CUE.finditer(before) if _counts(cue, before, indexed=indexed)]
    if cues:
        return _cued(cues[-1], before, after)
    if indexed or last or _SUPPOSED.search(before) or not (_FIXED.search(before) or _HIGHER.match(after)):
        return ""
    return "fixed"


def _counts(cue: re.Match[str], before: str, *, indexed: bool) -> bool:
    """Leave out `plus` where nothing is indexed, and the `over` of `year over year`."""
    if cue.lastgroup == "margin":
        return indexed
    return not _LOOSE.fullmatch(cue[0]) or len(before) - cue.end() <= _TOUCHING


def _cued(cue: re.Match[str], before: str, after: str) -> str:
    """Name the kind of a cue that is near; `more than` is a cap only where it is denied."""
    kind = cue.lastgroup or ""
    if len(before) - cue.end() > _NEAR:
        return ""
    if kind in {"more", "less"}:
        denied = _NOT.search(before[max(0, cue.start() - _FAR) : cue.end()]) or (
            kind == "more" and _BARRED.match(after)
        )
        if not denied and _BY.search(before[cue.start() :]):
            return "fixed"
        return {"more": "cap", "less": "floor"}[kind] if denied else ""
    return kind


def bound_of(before: str) -> str:
    """Return what a percentage is that is named twice: `is lower than 2 %, they rise by 2 %` sets a floor."""
    supposed = _IF.search(before)
    return {"more": "cap", "less": "floor"}.get(supposed.lastgroup or "", "") if supposed else ""
