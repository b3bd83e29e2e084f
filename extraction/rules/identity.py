"""What the document calls itself: its title and its number."""

from __future__ import annotations

import re

from domain.documents import Document
from domain.terms import Term, TermField
from extraction.rules.tiers import first_that_finds
from extraction.rules.view import View, squash, view

_TOP = 2500
_TITLE_LINES = 14
_KIND = re.compile(
    r"\b(?:agreement|contract|order|schedule|amendment|addendum|letter|lease|license)\b",
    re.IGNORECASE,
)
_LAST_WORD = re.compile(r"(?:and\s+)?(?:[\w-]+\s+)?(?:agreement|contract|order)", re.IGNORECASE)
_TITLE = re.compile(r"[A-Z][^.:]{2,89}(?:No\.\s?\d+)?", re.DOTALL)
_NOT_A_TITLE = re.compile(
    r"\b(?:exhibit|this|between|hereby|dated|page|confidential|shall|is|was|article|section|not"
    r"|pursuant|commission|whereas|execution|version|copy|draft|number|accordingly|witnesseth)\b"
    r"|[,;]\Z|(?:\b[A-Z]\s){4}",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:(?:agreement|contract|order(?:\s+form)?|document|schedule|our|file|subscription)\s+"
    r"(?:no\.?|number|id|reference(?:\s+number)?|ref\.?|#)|(?:\A|(?<=[\n|.;])\s*)(?:reference|ref\.?)(?:\s+(?:no\.?|number))?|subscription\s+order|reference\s+number"
    r"|under\s+(?:the\s+)?number|refer\s+to\s+this\s+\w+\s+as|quote|carries\s+the\s+number"
    r"|reference\s+(?:for|of)\s+this\s+\w+(?=\s+is)|is\s+the\s+agreement\s+\()\s*(?:is\s+)?[:|]?\s*"
    r"(?P<number>(?=[A-Z0-9/-]{0,12}\d)(?:[A-Z0-9]{1,12}(?:[-/][A-Z0-9]{1,12}){1,5}|[A-Z]{1,4}\d{4,10}))(?![\w-])",
    re.IGNORECASE,
)
_DOCUMENT_NUMBER = re.compile(
    r"\bdocument\s+no\.\s*(?P<number>[A-Z0-9]{2,12}(?:[-/][A-Z0-9]{1,12}){1,5})", re.IGNORECASE
)


def read_identity(document: Document) -> list[Term]:
    """Find the title near the top and the contract's own number."""
    seen = view(document)
    return [*_title(seen), *first_that_finds(lambda: _number(seen))]


def renews_another(seen: View) -> bool:
    """Tell whether the paper is itself the renewal of another, as its title says."""
    return any("renewal" in title.value.casefold() for title in _title(seen))


def _title(seen: View) -> list[Term]:
    """Take the first line near the top that names a kind of contract, or two lines that do."""
    lines = [m.span() for m in re.finditer(r"[^\n\f]*[^\s][^\n\f]*", seen.text[:_TOP])][:_TITLE_LINES]
    for index, (start, end) in enumerate(lines):
        follows = lines[index + 1] if index + 1 < len(lines) else (end, end)
        wraps = _LAST_WORD.fullmatch(seen.text[slice(*follows)].strip())
        for last in (follows[1], end) if wraps else (end,):
            text = squash(seen.text[start:last])
            citation = seen.cite(start, last)
            if citation and _is_title(text):
                return [Term(TermField.TITLE, squash(citation.quote), citation, "identity.title")]
    return []


def _is_title(text: str) -> bool:
    named = _KIND.search(text) and _TITLE.fullmatch(text)
    return bool(named) and not _NOT_A_TITLE.search(text)


def _number(seen: View) -> list[Term]:
    terms: list[Term] = []
    for pattern in (_NUMBER, _DOCUMENT_NUMBER):
        for match in pattern.finditer(seen.text, 0, min(_TOP, len(seen.text))):
            span, narrow = match.span(), match.span("number")
            value = match["number"]
            terms += seen.term(TermField.CONTRACT_NUMBER, value, "identity.number", span, narrow)
    return terms
