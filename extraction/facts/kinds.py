"""What kind of paper it is, and whether its term ends by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import TermField
from extraction.facts.lengths import lengths
from extraction.facts.lifetimes import endless, last_days, lifetimes
from extraction.values import dates_in

Fact = tuple[TermField, str]

_PAPERS = (
    ("amendment", r"amendment|addendum|change\s+order|variation\s+agreement|supplement(?:al)?\s+agreement"),
    ("renewal", r"renewal\s+(?:\w+\s+)?(?:order|agreement|form|letter)|renewal\Z"),
    ("statement_of_work", r"statement\s+of\s+work|\bsow\b|work\s+order|scope\s+of\s+work"),
    ("data_processing_agreement", r"data\s+(?:processing|protection)\s+(?:agreement|terms)|\bdpa\b"),
    ("service_level_agreement", r"service[\s-]+level\s+agreement|\bsla\b"),
    ("non_disclosure_agreement", r"non-?\s?disclosure|confidentiality\s+agreement|\bnda\b"),
    (
        "order_form",
        r"order(?:ing)?\s+(?:form|document|schedule|confirmation)|subscription\s+order|\border\b|quote|purchase\s+order|key\s+terms",
    ),
    ("lease", r"\blease\b"),
    (
        "master_agreement",
        r"master|subscription\s+(?:services?\s+)?agreement|(?:software\s+as\s+a\s+service|saas|cloud|hosting|hosted|platform|online\s+services?|services?|license|licen[cs]e|software|supply|framework)\b[^\n]*\b(?:agreement|contract|terms)|agreement\s+on\s+the\s+provision",
    ),
)
_PAPER = tuple((name, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for name, words in _PAPERS)
_TERM = r"(?:term|duration|period|agreement|contract|order(?:\s+form)?|subscription)"
_OTHER = re.compile(
    r"\b(?:renew\w*|extend\w*|extension|success\w*|additional|notice|notif\w+|terminat\w*|cure\w*|breach\w*|liab\w+|fees?|prices?|confidential\w*|warrant\w+|surviv\w+|insur\w+|credits?|invoic\w*|payment|thereafter|preceding|prior|before|after\s+the\s+end)\b[^.;]*\Z",
    re.IGNORECASE,
)
_REACH = 200
_EXPIRES = re.compile(
    r"(?:\b(?:term|agreement|contract|order|subscription|period)\b[^.;]{0,80}\b(?:ends?|expires?|terminates?|until|through|to)\b[^.;]{0,25}|\b(?:end|expiry|expiration|termination)\s+date\b[^.;]{0,20})\Z",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:agreement|contract|term|order|subscription|it)\b[^.;]{0,120}?\b(?:continues?|remains?|stays?|be|is|runs?|endures?|lasts?)\b[^.;]{0,60}?\buntil\s+(?:(?:it|this\s+agreement)\s+is\s+)?(?:terminated|cancell?ed|ended|either\s+party\s+(?:terminates|cancels|ends)|one\s+of)\b"
    r"|\bindefinite\s+(?:term|period|duration)\b|\bno\s+fixed\s+(?:term|end)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"until|indefinite|no\s+fixed", re.IGNORECASE)
_FOREVER = re.compile(
    r"\b(?:term|duration)\s+(?:of\s+(?:this|the)\s+(?:agreement|contract|order)\s+)?(?:is|shall\s+be|will\s+be)\s+perpetual\b"
    r"|\b(?:this|the)\s+(?:agreement|contract)\s+(?:is|shall\s+be|will\s+be|(?:shall|will)\s+(?:continue|remain)(?:\s+in\s+(?:full\s+)?(?:force|effect))?(?:\s+and\s+effect)?)\s+(?:perpetual(?:ly)?|in\s+perpetuity)\b",
    re.IGNORECASE,
)
_SUCH = re.compile(
    r"\b(?:confidential\w*|surviv\w*|obligations?\s+(?:of|under)\s+(?:this\s+)?(?:section|clause|article)|licen[cs]e)\b",
    re.IGNORECASE,
)


def paper(title: str) -> Iterator[Fact]:
    """Read what kind of paper a title names; the first kind that fits."""
    name = next((name for name, pattern in _PAPER if pattern.search(title)), None)
    if name:
        yield TermField.DOCUMENT_TYPE, name


def term_type(text: str) -> Iterator[Fact]:
    """Read whether the term has an end, has none, or lasts until somebody ends it."""
    if (
        lengths(text)
        or last_days(text)
        or lifetimes(text)
        or any(_ends_on(text[max(0, found.start - _REACH) : found.start]) for found in dates_in(text))
    ):
        yield TermField.TERM_TYPE, "fixed"
    elif endless(text):
        yield TermField.TERM_TYPE, "perpetual" if "perpet" in text.lower() else "until_terminated"
    elif "perpet" in text.lower() and not _SUCH.search(text) and _FOREVER.search(text):
        yield TermField.TERM_TYPE, "perpetual"
    elif _OPEN.search(text) and not _SUCH.search(text) and _UNTIL.search(text):
        yield TermField.TERM_TYPE, "until_terminated"


def _ends_on(lead: str) -> bool:
    return bool(_EXPIRES.search(lead)) and not _OTHER.search(lead)
