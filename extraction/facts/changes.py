"""Where an amendment says what it replaces in its parent, and with what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extraction.values.windows import near

_BEFORE, _AFTER = 320, 620  # characters around the verb
_DONE = "amended|deleted|replaced|restated|modified|changed|varied|revised|removed|struck|revoked|superseded|added|inserted|substituted"
_VERB = re.compile(rf"(?:hereby|is|are|be)\s+(?:{_DONE})|\breferences?\s+to|\bis\s+to\s+read")
_CLAUSE = (
    r"(?P<clause>(?:sub-?section|section|clause|sub-?clause|article|paragraph|schedule|exhibit|appendix|annex|attachment|recital)s?\s+"
    r"[\dA-Z][\w.]*(?:\([\w]{1,4}\))*(?:(?<!\.)|(?<=\w))"
    r"(?:\s*\([A-Z][^()\n]{2,60}\))?)"
)
_OF = r"(?:\s*,?\s+(?:of|to|in|under)\s+(?:the\s+|this\s+)?[^.;:\"]{2,90}?)?"
_IS = r"\s*,?\s+(?:(?:is|are|shall\s+be|will\s+be|be)\s+)?(?:hereby\s+)?"
_QUOTE = r"\"(?P<{}>[^\"]{{1,500}})\""
_WORDS = r"(?:the\s+)?(?:words?|phrases?|figures?|number|sum|amounts?|date|text|reference\s+to|term|percentage|period)?\s*(?:of\s+)?"
_INSTEAD = r"(?:\s+(?:in\s+(?:its|their)\s+(?:place|stead)|in\s+(?:lieu|place)\s+thereof|therefor|instead))?"
_OLD_NEW = re.compile(
    rf"{_CLAUSE}{_OF}{_IS}(?:amended|modified|changed|varied|revised)\s+(?:by|so\s+as\s+to|to)\s+(?:the\s+)?"
    rf"(?:replac\w+|substitut\w+|delet\w+|strik\w+|remov\w+)(?:\s+of)?\s+{_WORDS}{_QUOTE.format('old')}[^\".;]{{0,60}}?"
    rf"\s*,?\s+(?:with|by|and)\s+(?:(?:replac|substitut|insert|add)\w+\s+)?(?:it\s+|them\s+|therefor\s+|in\s+(?:its|lieu)\s+(?:place|thereof)\s+)?(?:with\s+|by\s+)?{_WORDS}{_QUOTE.format('new')}",
    re.IGNORECASE,
)
_IN_CLAUSE = re.compile(
    rf"\bin\s+{_CLAUSE}{_OF}\s*,?\s+{_WORDS}{_QUOTE.format('old')}\s+(?:(?:is|are|shall\s+be|will\s+be)\s+)?(?:hereby\s+)?"
    rf"(?:replaced|substituted|changed|deleted\s+and\s+replaced|amended)\s+(?:with|by|to(?:\s+read)?)\s+{_WORDS}{_QUOTE.format('new')}",
    re.IGNORECASE,
)
_NEW_FOR_OLD = re.compile(
    rf"{_CLAUSE}{_OF}{_IS}(?:amended|modified|changed|varied)\s+by\s+(?:substitut|insert)\w+\s+{_WORDS}{_QUOTE.format('new')}\s+(?:for|in\s+(?:place|lieu)\s+of)\s+{_WORDS}{_QUOTE.format('old')}",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    rf"\b(?:the|each|every|all|any)\s+references?\s+to\s+{_WORDS}{_QUOTE.format('old')}(?:\s+(?:in|contained\s+in)\s+{_CLAUSE}{_OF})?"
    rf"\s+(?:is|are|shall|will)\s+(?:hereby\s+)?(?:be\s+)?(?:hereby\s+)?(?:changed|replaced|amended|read|deemed|construed)\s+(?:to(?:\s+(?:be|read|refer\s+to))?|with|by|as)\s+(?:a\s+)?(?:references?\s+to\s+)?{_WORDS}{_QUOTE.format('new')}",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    rf"{_CLAUSE}{_OF}{_IS}(?:deleted\s+(?:in\s+its\s+entirety\s+)?and\s+(?:replaced|substituted)|replaced|amended\s+and\s+restated|restated|amended|superseded)"
    r"(?:\s+in\s+(?:its|their)\s+entirety)?\s*,?\s*(?:(?:and\s+)?(?:replaced\s+)?(?:to\s+read|so\s+(?:as\s+to\s+read|that\s+it\s+reads)|with|by|as)\s*)?"
    r"(?:(?:in\s+its\s+entirety|the\s+following(?:\s+(?:text|wording|clause|section|paragraph|language))?|as\s+follows|(?:and\s+)?shall\s+read)\s*)+:\s*",
    re.IGNORECASE,
)
_ADDED = re.compile(
    rf"\b(?:a\s+new|the\s+following(?:\s+new)?|an\s+additional)\s+{_CLAUSE}\s*,?\s*(?:(?:is|are|shall\s+be)\s+)?(?:hereby\s+)?(?:added|inserted|included)[^.;:\"]{{0,120}}?(?:as\s+follows|the\s+following|to\s+read)?\s*:\s*",
    re.IGNORECASE,
)
_GONE = re.compile(
    rf"{_CLAUSE}{_OF}{_IS}(?:deleted|removed|struck|revoked)(?:\s+in\s+(?:its|their)\s+entirety)?(?=\s*(?:[.;]|\Z|and\s+(?:shall|is|has)\b))",
    re.IGNORECASE,
)
_MENTIONED = re.compile(r"\b(?:under|in|to|of|with|by|per|and|or)\s+\Z", re.IGNORECASE)
_QUOTED = re.compile(r"\"(?P<new>.{1,3000}?)\"(?=\s*(?:[.;,]?\s*(?:\n|\f|\Z)|[.;]\s))", re.DOTALL)
_PLAIN = re.compile(r"(?P<new>(?:(?!\n\s*\n|\f|\n\s*\(?\d{1,2}[.)]\s).){1,2000})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold where a change stands, and the spans of its clause, its old and its new words; `None` where untold."""

    span: tuple[int, int]
    clause: tuple[int, int] | None
    old: tuple[int, int] | None
    new: tuple[int, int] | None


def changes_in(text: str) -> list[Passage]:
    """Return every change in reading order; of two that overlap the one that tells more."""
    stretches = list(near(text, _VERB, before=_BEFORE, after=_AFTER))
    found = [one for read in (_worded, _rewritten, _deleted) for span in stretches for one in read(text, *span)]
    kept: list[Passage] = []
    for one in found:
        if not any(one.span[0] < other.span[1] and other.span[0] < one.span[1] for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.span)


def _worded(text: str, start: int, end: int) -> Iterator[Passage]:
    for pattern in (_OLD_NEW, _IN_CLAUSE, _NEW_FOR_OLD, _REFERENCE):
        for match in pattern.finditer(text, start, end):
            clause = match.span("clause") if match["clause"] else None
            yield Passage(match.span(), clause, match.span("old"), match.span("new"))


def _rewritten(text: str, start: int, end: int) -> Iterator[Passage]:
    for match in (match for pattern in (_WHOLE, _ADDED) for match in pattern.finditer(text, start, end)):
        new = _QUOTED.match(text, match.end()) or _PLAIN.match(text, match.end())
        if new and not _is_mentioned(text, match):
            yield Passage((match.start(), new.end()), match.span("clause"), None, new.span("new"))


def _deleted(text: str, start: int, end: int) -> Iterator[Passage]:
    for match in _GONE.finditer(text, start, end):
        if not _is_mentioned(text, match):
            yield Passage(match.span(), match.span("clause"), None, None)


def _is_mentioned(text: str, match: re.Match[str]) -> bool:
    """Tell whether the clause only stands beside what is deleted, as in `data under Section 4 is deleted`."""
    return bool(_MENTIONED.search(text[max(0, match.start() - 20) : match.start()]))
