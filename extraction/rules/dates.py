"""When the contract was made, when it starts and when it ends, where it says so itself."""

from __future__ import annotations

import re
from datetime import date

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.facts.lifetimes import last_days
from extraction.rules.passages import passages_at
from extraction.rules.spans import labelled_spans
from extraction.rules.tiers import first_that_finds
from extraction.rules.view import View, view
from extraction.values import Found
from extraction.values.numbers import WORDS

_PREAMBLE = 4000
_LETTERHEAD = 1500
_START = r"(?:effective|commencement|start(?:ing)?)\s+date"
_ANSWER = r"[\"')]*\s*(?:[:|-]\s*|(?:is|shall\s+be|will\s+be)\s+)?(?:as\s+of\s+)?\Z"
_BEGINS = r"(?:^|[\n\f.;]\s*|\d[.)]?\s+|\([a-z\d]{1,3}\)\s+)\s*(?:the\s+)?"

_MADE_LABEL = re.compile(
    _BEGINS + r"(?:(?:order\s+form|order|agreement|schedule|contract|document|execution|sign(?:ature|ing))\s+date"
    r"|date(?:\s+(?:signed|of\s+(?:(?:this|the|last)\s+)?(?:agreement|contract|order|signature|signing|execution)))?"
    r"|signed(?:\s+on)?|dated(?=\s*[:|]))" + _ANSWER,
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:made|entered|dated|executed|concluded|agreed)\b"
    r"(?:\s+(?:and|entered|into|executed|effective|as|of|on|this|the|is|upon|by|between|parties))*"
    r"[\s,]*\Z|\b(?:dated|(?<!effective\s)as\s+of|agreed\s+on)(?:\s+the)?[\s,]*\Z",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"\b(?:sign(?:ed|atures?)|executed|concluded|made|entered\s+into|accepted|done|bears\s+the\s+date)\b[^.;\n]{0,90}?(?:\bon|\bdate)(?:\s+the)?\s*\Z",
    re.IGNORECASE,
)
_THEN_SIGNED = re.compile(r",?\s+the\s+parties\s+(?:have\s+)?(?:conclud|enter|sign|execut|ma[dk]e)\w*\b", re.IGNORECASE)
_OTHER_PAPER = re.compile(
    r"\b(?:whereas|recitals?|certain|prior|previous|original|pursuant|prospectus|plan|amends?|amended"
    r"|assigned|lease|replaces?|supersed\w+|succeeds?|in\s+place\s+of|letter\s+of\s+intent|memorandum|non-?disclosure|master\s+agreement|(?:agreement|letter|notice|proposal)\s+(?:,\s+)?dated"
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
    rf"|,?\s*which\s+we\s+call\s+the\s+{_START}|(?:shall\s+be|is)\s+the\s+{_START})",
    re.IGNORECASE,
)
_DEFINES_BEFORE = re.compile(
    rf"{_START}[\"']?\)?\s*(?:of\s+this\s+(?:agreement|contract)\s+|hereof\s+)?"
    r"(?:(?:means|is|shall\s+be|shall\s+mean|will\s+be)\s*)?[:|]?\s*(?:as\s+of\s+)?\Z"
    rf"|{_BEGINS}(?:(?:contract|service|subscription|term|order)(?:\s+period)?\s+(?:start|begin|commence)\w*|(?:start|beginning|commencement)\s+of\s+(?:the\s+)?(?:contract|term|subscription|services)|inception(?:\s+date)?|commencement|(?:effective|valid|in\s+force)\s+(?:from|as\s+of)"
    rf"|date\s+of\s+(?:entry\s+into\s+force|commencement)|first\s+day\s+of\s+the\s+(?:subscription|(?:initial\s+)?term|contract)){_ANSWER}",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:(?:is|are|be|becomes?|made|made\s+and)\s+effective\s+(?:as\s+of|on|from|as\s+from)"
    r"|effective\s+as\s+of|(?:enters?|come|comes|entered)\s+into\s+(?:force|effect)\s+on"
    r"|takes?\s+effect\s+(?:as\s+of|on|from)|with\s+effect\s+from"
    r"|(?:agreement|term|subscription|contract|services)\s+(?:shall\s+|will\s+)?"
    r"(?:commences?|starts?|begins?|runs?)\s+(?:on|as\s+of|from))\s*\Z",
    re.IGNORECASE,
)

_ENDS_LABEL = re.compile(
    r"\b(?:end|expiry|expiration|termination)\s+date(?:\s+of\s+the\s+(?:subscription|term|contract|agreement))?\s*[:|]?\s*(?:is\s+)?\Z"
    rf"|{_BEGINS}(?:(?:contract|service|subscription|term|order)\s+(?:ends?|expiry|expiration)|(?:subscription|contract|term|agreement)'s\s+last\s+day|end\s+of\s+(?:the\s+)?(?:term|contract|subscription|agreement)|term:\s+(?:through|until)|expires|valid\s+until|date\s+of\s+expiry"
    rf"|last\s+day\s+of\s+(?:the\s+)?(?:initial\s+|subscription\s+)?(?:term|subscription|contract)){_ANSWER}",
    re.IGNORECASE,
)
_LAST_DAY = re.compile(
    r"\s+(?:is|shall\s+be)\s+the\s+last\s+day\s+of\s+(?:the|this)\s+(?:initial\s+)?(?:term|subscription|agreement|contract)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\b(?:(?:years?|months?)\s*,?\s+(?:through(?:\s+and\s+including)?|until|ending\s+on)"
    r"|(?:agreement|contract|order(?:\s+form)?|subscription|term|it|(?:initial|first|current|fixed)\s+period|services)\b(?!\s+of\s+(?!this))[^.;]{0,90}?"
    r"(?:\b(?:ends?|finish\w*|expires?|runs?\s+out|laps\w+|concludes?|cease\w*|terminates?)\b[^.;]{0,40}?\b(?:on|until|through)"
    r"|\b(?:runs?|continues?|valid|force|effect|provided|stand|concluded|up)\b[^.;]{0,40}?\b(?:until|through(?:\s+and\s+including)?|(?:up\s+)?to\s+and\s+including|up\s+to|(?<=runs\s)to)))\s*\Z",
    re.IGNORECASE,
)
_LINE, _CLAUSE = re.compile(r"[\n\f]"), re.compile(r"[.;]\s")
_OWN_NAME = re.compile(r"\bthis\s+(?:[\w-]+\s+){0,6}?(?:agreement|contract|order)\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:started\s+under|exclusiv\w*|warrant(?:y|ies)|options?|offers?|quot(?:e|es|ation)|proposal|pricing|evaluation|trial|pilot"
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
        lambda: [
            *_led(seen, field, "date.ends.label", _ENDS_LABEL, _of_the_whole(seen, _LINE)),
            *_followed(seen, field, "date.ends.last_day", _LAST_DAY),
            *_last_days(seen),
        ],
        lambda: _of_its_life(seen),
        lambda: _led(seen, field, "date.ends", _ENDS, _of_the_whole(seen, _CLAUSE)),
    )


def _of_its_life(seen: View) -> list[Term]:
    """Read the passages that say until when the contract runs."""
    terms: list[Term] = []
    for start, end in passages_at(seen.document, (found.start for found in seen.dates)):
        for found in last_days(seen.text[start:end]):
            narrow = (start + found.start, start + found.end)
            terms += seen.term(TermField.EXPIRATION_DATE, found.value, "date.ends.life", (start, end), narrow)
    return terms


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
        lambda: _led(seen, field, "date.made.signed", _SIGNED, _of_this_paper(seen, near))[:1],
        lambda: _led(seen, field, "date.made", _MADE, _of_this_paper(seen, near))[:1],
        lambda: _followed(seen, field, "date.made.then", _THEN_SIGNED, near)[:1],
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
        lambda: [
            *_followed(seen, field, "date.start.defined", _DEFINES_AFTER),
            *_led(seen, field, "date.start.label", _DEFINES_BEFORE),
        ],
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


def _followed(
    seen: View, field: TermField, rule: str, pattern: re.Pattern[str], among: list[Found[date]] | None = None
) -> list[Term]:
    """Return the dates that the given words directly follow."""
    terms: list[Term] = []
    for found in seen.dates if among is None else among:
        end = seen.after(found.end, pattern)
        if end is not None:
            span, narrow = (found.start, end), (found.start, found.end)
            terms += seen.term(field, found.value.isoformat(), rule, span, narrow)
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
