"""How long before the end of a term a notice must be given, and when it counts as given."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.periods import Unit
from domain.terms import Term, TermField
from extraction.classify import NOTICE_RULES, kinds_in
from extraction.facts.renewals import earliest
from extraction.facts.renewals import notice as told
from extraction.rules.passages import Span, passages_at
from extraction.rules.tiers import first_that_finds
from extraction.rules.view import View, squash, view
from extraction.values import Duration, Found
from extraction.values.windows import lowered

TO_GO_ON = "notice.to_go_on"  # the rule of notice without which a contract ends
_RENEWALS = ("renew", "extend", "prolong", "roll", "opt out", "extens", "end of a term", "end of the term")
_UNITS = {Unit.DAY: "calendar_day", Unit.WEEK: "week", Unit.MONTH: "month"}
_REACH = 700

_TERM_WORD = r"(?:term|period|extension|renewal|anniversary|agreement|contract)"
_BEFORE_END = re.compile(
    r"'?(?:\s+(?:written|advance|notice))*\s+(?:prior\s+to|before|in\s+advance\s+of|preceding)\s+"
    r"(?:(?:the|its|their|any|each)\s+)?(?:"
    r"(?:scheduled\s+|natural\s+)?(?:end|expir\w+|close|conclusion|termination)"
    r"(?:\s+date)?(?:\s+of|\s+or)\s+(?:(?!notice)[\w-]+\s+){0,8}?" + _TERM_WORD + r"s?\b"
    r"|(?:then[\s-]current|initial|current|renewal|applicable|relevant)\s+(?:[\w-]+\s+){0,3}"
    r"(?:expir\w+|ends?)\b"
    r"|(?:expiration|expiry|renewal|end)\s+date\b|(?:end|expiration)\s+hereof\b)",
    re.IGNORECASE,
)
_BESIDE = 200
_EXPIRY = re.compile(
    r"'?(?:\s+(?:written|advance|notice))*\s+(?:prior\s+to|before)\s+(?:(?:the|its)\s+)?expir(?:y|ation)(?=\s*[,.;])",
    re.IGNORECASE,
)
_UNLESS_ENDED = re.compile(r"\bunless\b[^.;]*\b(?:terminat|notice|notif|cancel)\w*", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:notice\s+(?:period\s+)?(?:of|for)\s+non-?renewal|non-?renewal\s+notice(?:\s+period)?)\s*:\s*"
    r"(?:(?:at\s+least|minimum(?:\s+of)?)\s+)?\Z",
    re.IGNORECASE,
)
_NOT_TO_RENEW = re.compile(
    r"'?(?:\s+(?:prior|advance|written))*\s+notice\s+(?:[^.;]{0,40}?\s)?"
    r"(?:of\s+(?:(?:its|their|the|an?|such)\s+)?(?:intent(?:ion)?|desire|election|decision|wish)\s+"
    r"not\s+to\s+(?:renew|extend)"
    r"|of\s+(?:(?:its|their)\s+)?non-?renewal|not\s+to\s+(?:renew|extend))\b",
    re.IGNORECASE,
)
_POLICY = re.compile(r"\b(?:insur\w*|polic(?:y|ies)|coverage|permits?|lease)\b", re.IGNORECASE)
_TALK = re.compile(r"\b(?:notice|notif\w+|terminat\w+|renew\w*|extend\w*|inform\w*)\b", re.IGNORECASE)
_ENDING = re.compile(r"\b(?:unless|notice|notif\w+|terminat\w+|wish\w*|elect\w*)\b", re.IGNORECASE)
_WISH = re.compile(
    r"\b(?:may|options?|elect\w*|choos\w*|wish\w*|desir\w*|intent\w*|agree)\b[^.;]{0,160}\b(?:renew\w*|exten(?:d\w*|sions?))\b|\brenewal\s+(?:notice|option)\b",
    re.IGNORECASE,
)
_TO_END = re.compile(
    r"\b(?:unless|not\s+(?:\w+\s+){0,2}?(?:renew|extend)\w*|non-?renew\w*|automatic\w*|terminat\w+|cancel\w*|does\s+not|not\s+wish)\b",
    re.IGNORECASE,
)
_NOTICE_PERIOD = re.compile(r"\bnotice\s+period\s+of\s*\Z", re.IGNORECASE)
_OF_NOTICE = re.compile(
    r"'?s?'?(?:\s+(?:prior|advance|written|before|in\s+advance))*\s+(?:notice|notification)\b"
    r"|'?\s+(?:in\s+advance|prior|beforehand)\b",
    re.IGNORECASE,
)
_FLOOR = re.compile(
    r"\b(?:at\s+least|not\s+less\s+than|no\s+less\s+than|(?:no|not)\s+later\s+than|no\s+fewer\s+than"
    r"|not\s+fewer\s+than|a\s+minimum\s+of|minimum|within|upon|on|with|of)\s*\Z",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\s+[\w() ]{1,30}\s+and\s*\Z", re.IGNORECASE)
_OTHER_MATTER = re.compile(
    r"\b(?:breach|cure|default|any\s+reason|(?:with|without)\s+cause|for\s+(?:cause|convenience)"
    r"|any\s+time)\b",
    re.IGNORECASE,
)
_NOTICE_WORD = re.compile(r"\b(?:notices?|letters?|it)\b", re.IGNORECASE)


def read_notice(document: Document) -> list[Term]:
    """Find the notice period, its unit and whether sending or receiving decides."""
    seen = view(document)
    period = first_that_finds(
        lambda: _in_a_window(seen),
        lambda: [*_before_the_end(seen), *_before_expiry(seen), *_not_to_renew(seen)],
        lambda: _in_a_passage(seen),
        lambda: _near_renewal(seen),
    )
    return [*period, *_rules(seen)]


def _in_a_window(seen: View) -> list[Term]:
    """Read the later end of `not more than 90 and not less than 60 days before the end`."""
    return [
        term
        for start, end in _passages_of_lengths(seen)
        if any(earliest(squash(seen.text[start:end])))
        for term in _told(seen, start, end, "notice.window")
    ]


def _in_a_passage(seen: View) -> list[Term]:
    """Read what a single passage says about stopping a renewal, where nothing plainer was found."""
    return [term for start, end in _passages_of_lengths(seen) for term in _told(seen, start, end, "notice.passage")]


def _passages_of_lengths(seen: View) -> list[Span]:
    """Return the passages that speak of renewal and hold a length of time."""
    spans = passages_at(seen.document, (found.start for found in seen.durations))
    low = lowered(seen.text)
    return [span for span in spans if any(low.find(word, *span) >= 0 for word in _RENEWALS)]


def _told(seen: View, start: int, end: int, rule: str) -> list[Term]:
    lengths = [Found(one.value, start + one.start, start + one.end) for one in told(seen.text[start:end])]
    return [term for one in lengths for term in _terms(seen, one, (start, end), rule)]


def _before_the_end(seen: View) -> list[Term]:
    """Read `sixty days before the end of the then-current term` where it speaks of notice."""
    terms: list[Term] = []
    for found in seen.durations:
        end = seen.after(found.end, _BEFORE_END)
        start = seen.before(found.start, _FLOOR, 40) or found.start
        if end is None or not _speaks_of_ending(seen, found.start):
            continue
        terms += _terms(
            seen, found, (start, end), TO_GO_ON if _wishes_to_go_on(seen, found.start) else "notice.before_end"
        )
    plain = [term for term in terms if term.rule != TO_GO_ON]
    return plain or terms


def _wishes_to_go_on(seen: View, position: int) -> bool:
    """Tell whether the notice is one of a wish to renew, without which the contract ends."""
    lead = seen.text[max(0, position - 300) : position].rpartition(". ")[2]
    return bool(_WISH.search(lead)) and not _TO_END.search(lead)


def _speaks_of_ending(seen: View, position: int) -> bool:
    lead = seen.text[max(0, position - 300) : position].rpartition(". ")[2]
    if _BETWEEN.search(lead):
        return False
    renews = any(
        found.value in ("auto", "manual") and found.start < position < found.end + _REACH for found in seen.renewals
    )
    return bool(_TALK.search(lead) and (_ENDING.search(lead) or renews))


def _before_expiry(seen: View) -> list[Term]:
    """Read `unless terminated two months before expiry` beside the words that it renews."""
    terms: list[Term] = []
    autos = [found.start for found in seen.renewals if found.value == "auto"]
    for found in seen.durations:
        lead = seen.text[max(0, found.start - 120) : found.start].rpartition(". ")[2]
        end = seen.after(found.end, _EXPIRY, 60)
        if end is not None and _UNLESS_ENDED.search(lead) and any(abs(place - end) < _BESIDE for place in autos):
            start = seen.before(found.start, _FLOOR, 40) or found.start
            terms += _terms(seen, found, (start, end), "notice.before_expiry")
    return terms


def _not_to_renew(seen: View) -> list[Term]:
    """Read notice that says itself that it is of non-renewal, wherever it stands."""
    terms: list[Term] = []
    for found in seen.durations:
        label = seen.before(found.start, _LABEL, 60)
        end = found.end if label is not None else seen.after(found.end, _NOT_TO_RENEW, 140)
        if end is None or _POLICY.search(seen.text, max(0, found.start - 160), end + 60):
            continue
        terms += _terms(seen, found, (found.start if label is None else label, end), "notice.not_to_renew")
    return terms


def _near_renewal(seen: View) -> list[Term]:
    """Read `thirty days' notice` in what follows a renewal clause."""
    terms: list[Term] = []
    places = [
        found.end for found in seen.renewals if found.value not in ("none", "manual") and not seen.labelled(found)
    ]
    for found in seen.durations:
        if not any(place < found.start < place + _REACH for place in places):
            continue
        named = seen.before(found.start, _NOTICE_PERIOD, 60)
        end = found.end if named is not None else seen.after(found.end, _OF_NOTICE, 60)
        if end is None or not _same_matter(seen, found.start, places):
            continue
        start = named or seen.before(found.start, _FLOOR, 40) or found.start
        terms += _terms(seen, found, (start, end), "notice.near_renewal")
    return terms


def _same_matter(seen: View, position: int, places: list[int]) -> bool:
    """Tell whether the words after the renewal clause still speak of ending by notice."""
    place = max(place for place in places if place < position)
    between = seen.text[place:position]
    return between.count(". ") <= 2 and not _OTHER_MATTER.search(between)


def _terms(seen: View, found: Found[Duration], span: tuple[int, int], rule: str) -> list[Term]:
    narrow = (found.start, found.end)
    unit = "business_day" if found.value.business else _UNITS.get(found.value.period.unit)
    period = seen.term(TermField.NOTICE_PERIOD, str(found.value.period), rule, span, narrow)
    return period + (seen.term(TermField.NOTICE_UNIT, unit, rule, span, narrow) if unit else [])


def _rules(seen: View) -> list[Term]:
    terms: list[Term] = []
    for found in kinds_in(seen.text, NOTICE_RULES):
        if _NOTICE_WORD.search(seen.text, max(0, found.start - 160), found.end):
            span = (found.start, found.end)
            terms += seen.term(TermField.NOTICE_RULE, found.value, f"notice.{found.value}", span)
    return terms
