"""When the contract was made, when it starts and when it ends, where it says so itself."""

from __future__ import annotations

import re
from datetime import date

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.rules.spans import labelled_spans
from extraction.rules.tiers import first_that_finds
from extraction.rules.view import View, view
from extraction.values import Found
from extraction.values.numbers import WORDS

_PREAMBLE = 4000
_LETTERHEAD = 1500
_START = r"(?:effective|commencement|start(?:ing)?)\s+date"

_MADE_LABEL = re.compile(
    r"(?:^|\n|\f)\s*(?:(?:(?:order\s+form|order|agreement|schedule|contract|document)\s+date|date"
    r"|signed|date\s+of\s+(?:this\s+)?agreement)\s*:?|dated\s*:)\s*\Z",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:made|entered|dated|executed|concluded|agreed)\b"
    r"(?:\s+(?:and|entered|into|executed|effective|as|of|on|this|the|is|upon|by|between|parties))*"
    r"[\s,]*\Z|\b(?:dated|(?<!effective\s)as\s+of|agreed\s+on)(?:\s+the)?[\s,]*\Z",
    re.IGNORECASE,
)
_OTHER_PAPER = re.compile(
    r"\b(?:whereas|recitals?|certain|prior|previous|original|pursuant|prospectus|plan|amends?|amended"
    r"|assigned|lease|master\s+agreement|(?:agreement|letter|notice|proposal)\s+(?:,\s+)?dated"
    r"|(?:to|of|under|with|in|by)\s+(?:that|the|an?)\s+(?:[\w-]+\s+){0,5}?(?:agreement|contract))\b"
    r"(?![^.;]{0,100}\bthis\b)",
    re.IGNORECASE,
)
_THIS_PAPER = re.compile(
    r"(?:\bthis\s+(?:(?!(?:to|of|under|in|by|with|changes|amends|that|the|certain|between)\b)[\w&-]+\s+){0,5}"
    r"(?:agreement|contract|order(?:\s+form)?|amendment|addendum|lease|license|letter)|(?:\A|\n)\s*(?-i:AGREEMENT))\b"
    r"(?=[^.;]{0,140}\Z)",
    re.IGNORECASE,
)
_IS_MADE = re.compile(r"\bis\s+(?:hereby\s+)?(?:made|entered|executed|dated|concluded|effective)\b", re.IGNORECASE)
_SIGNATURE = re.compile(r"\b(?:By|Name|Title)\s*:[^\n]*\s*\Z")
_ALONE_BEFORE = re.compile(r"(?:^|\n)\s*\Z")
_RUNS_ON = re.compile(r"\b(?:dated|of|on|the|from|until|through|before|by|to|and)[\s,]*\Z")
_ALONE_AFTER = re.compile(r"\s*(?:\n|\Z)")

_DEFINES_AFTER = re.compile(
    rf"\s*,?\s*(?:and\s+)?(?:\([^()\"']{{0,60}}[\"']{_START}[\"']"
    rf"|,?\s*which\s+we\s+call\s+the\s+{_START})",
    re.IGNORECASE,
)
_DEFINES_BEFORE = re.compile(
    rf"{_START}[\"']?\)?\s*(?:of\s+this\s+(?:agreement|contract)\s+)?"
    r"(?:(?:means|is|shall\s+be|shall\s+mean|will\s+be)\s*)?:?\s*(?:as\s+of\s+)?\Z",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:(?:is|are|be|becomes?|made|made\s+and)\s+effective\s+(?:as\s+of|on|from|as\s+from)"
    r"|effective\s+as\s+of|(?:enters?|come|comes|entered)\s+into\s+(?:force|effect)\s+on"
    r"|takes?\s+effect\s+(?:as\s+of|on|from)|with\s+effect\s+from"
    r"|(?:agreement|term|subscription|contract)\s+(?:shall\s+|will\s+)?"
    r"(?:commences?|starts?|begins?)\s+(?:on|as\s+of))\s*\Z",
    re.IGNORECASE,
)

_ENDS_LABEL = re.compile(r"\b(?:end|expiry|expiration|termination)\s+date\s*:?\s*(?:is\s+)?\Z", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:(?:years?|months?)\s*,?\s+|(?:this\s+(?:[\w-]+\s+){0,3}(?:agreement|contract)|term|force"
    r"|effect)\b(?!\s+of\s+(?!this))[^.;]{0,70}\b)"
    r"(?:through(?:\s+and\s+including)?|until|expires?\s+on|expire\s+on|ends?\s+on|ending\s+on"
    r"|terminates?\s+on)\s*\Z",
    re.IGNORECASE,
)
_LINE, _CLAUSE = re.compile(r"[\n\f]"), re.compile(r"[.;]\s")
_OWN_NAME = re.compile(r"\bthis\s+(?:[\w-]+\s+){0,6}?(?:agreement|contract|order)\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:exclusiv\w*|warrant(?:y|ies)|options?|offers?|quot(?:e|es|ation)|proposal|pricing|evaluation|trial|pilot"
    r"|lock-?up|standstill|non-?compet\w*|promotion\w*|discount\w*|escrow|insurance|transition|first\s+refusal"
    r"|patents?)\b"
    rf"|\bterm\s+of\s+(?!(?:agreement|contract|(?:this|the)\s+(?:[\w-]+\s+){{0,4}}?"
    rf"(?:agreement|contract|order|subscription|license))\b"
    rf"|\(?\d|an?\b|{WORDS}\b|[\s,]*(?:shall|will|is|ends?|expires?)\b)",
    re.IGNORECASE,
)


def read_dates(document: Document) -> list[Term]:
    """Find the agreement date, the effective date and the last day of the term."""
    seen = view(document)
    return [
        *_agreement(seen),
        *_effective(seen),
        *_expiration(seen),
    ]


def _expiration(seen: View) -> list[Term]:
    field = TermField.EXPIRATION_DATE
    return first_that_finds(
        lambda: [*_led(seen, field, "date.ends.label", _ENDS_LABEL, _of_the_whole(seen, _LINE)), *_last_days(seen)],
        lambda: _led(seen, field, "date.ends", _ENDS, _of_the_whole(seen, _CLAUSE)),
    )


def _of_the_whole(seen: View, begins: re.Pattern[str]) -> list[Found[date]]:
    """Leave out the dates on which an exclusivity, an offer or another part of the deal ends."""
    whole = []
    for found in seen.dates:
        lead = begins.split(seen.text[max(0, found.start - 240) : found.start])[-1]
        if not _PART.search(_OWN_NAME.sub("this agreement", lead)):
            whole.append(found)
    return whole


def _last_days(seen: View) -> list[Term]:
    return [
        term
        for start, _, last in labelled_spans(seen)
        for term in seen.term(TermField.EXPIRATION_DATE, last.value.isoformat(), "date.ends.span", (start, last.end))
    ]


def _agreement(seen: View) -> list[Term]:
    field = TermField.AGREEMENT_DATE
    near = [found for found in seen.dates if found.start < _PREAMBLE]
    return first_that_finds(
        lambda: _led(seen, field, "date.made.label", _MADE_LABEL, near)[:1],
        lambda: _led(seen, field, "date.made", _MADE, _of_this_paper(seen, near))[:1],
        lambda: _letterhead(seen, near),
    )


def _of_this_paper(seen: View, near: list[Found[date]]) -> list[Found[date]]:
    """Leave out the dates of other papers that the opening refers to."""
    return [found for found in near if _speaks_of_itself(seen.text[max(0, found.start - 200) : found.start])]


def _speaks_of_itself(lead: str) -> bool:
    """Tell whether the paper named last before a date is this one, or none is named."""
    this = max((match.end() for match in _THIS_PAPER.finditer(lead)), default=None)
    others = [match for match in _OTHER_PAPER.finditer(lead) if this is None or match.start() >= this]
    if not others:
        return True
    return this is not None and bool(_IS_MADE.search(lead, others[-1].end()))


def _effective(seen: View) -> list[Term]:
    field = TermField.EFFECTIVE_DATE
    return first_that_finds(
        lambda: [*_defined(seen), *_led(seen, field, "date.start.label", _DEFINES_BEFORE)],
        lambda: _led(seen, field, "date.start", _STARTS),
    )


def _led(
    seen: View,
    field: TermField,
    rule: str,
    pattern: re.Pattern[str],
    among: list[Found[date]] | None = None,
) -> list[Term]:
    """Return the dates that directly follow the given words."""
    terms: list[Term] = []
    for found in seen.dates if among is None else among:
        start = seen.before(found.start, pattern)
        if start is not None and not seen.before(start, _SIGNATURE, 90):
            value, narrow = found.value.isoformat(), (found.start, found.end)
            terms += seen.term(field, value, rule, (start, found.end), narrow)
    return terms


def _defined(seen: View) -> list[Term]:
    terms: list[Term] = []
    for found in seen.dates:
        end = seen.after(found.end, _DEFINES_AFTER)
        if end is not None:
            value, narrow = found.value.isoformat(), (found.start, found.end)
            span = (found.start, end)
            terms += seen.term(TermField.EFFECTIVE_DATE, value, "date.start.defined", span, narrow)
    return terms


def _letterhead(seen: View, near: list[Found[date]]) -> list[Term]:
    for found in near:
        runs_on = seen.before(found.start, _RUNS_ON) is not None
        alone = seen.before(found.start, _ALONE_BEFORE) is not None and not runs_on
        if found.start < _LETTERHEAD and alone and seen.after(found.end, _ALONE_AFTER) is not None:
            span = (found.start, found.end)
            value = found.value.isoformat()
            return seen.term(TermField.AGREEMENT_DATE, value, "date.made.letterhead", span)
    return []
