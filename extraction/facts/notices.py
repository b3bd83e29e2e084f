"""How a notice may travel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import TermField

Fact = tuple[TermField, str]

_METHODS = {
    "registered_post": r"(?:registered|certified|recorded)(?:\s+(?:or|and|/)\s+(?:registered|certified|recorded))?[\s,-]+(?:(?!post|mail|letter)\w+[\s,-]+){0,2}?(?:post|mail|letter|delivery|airmail)",
    "courier": r"courier|(?:overnight|express)\s+(?:delivery|mail|carrier|service)|federal\s+express|fedex|\bups\b|\bdhl\b",
    "hand": r"by\s+hand|\bhand(?:\s+delivery)?\b(?!\s*book)|hand-?deliver\w*|personal(?:ly)?\s+(?:deliver\w*|serv\w+)|delivered\s+(?:personally|in\s+person)|in\s+person|personal\s+service",
    "email": r"e-?mails?\b|electronic\s+mail",
    "fax": r"fax|facsimile|telefax|telecop\w+",
    "portal": r"\bportal\b|admin(?:istration)?\s+console|customer\s+account\s+page|through\s+the\s+platform",
    "post": r"(?:first[\s-]class|ordinary|regular|prepaid|pre-paid|standard|u\.?s\.?|united\s+states|postage|priority|second[\s-]class)[\s,-]+(?:\w+[\s,-]+){0,3}?(?:post|mail)\b|(?:by|via)\s+(?:post|mail|letter)\b|\bairmail\b|(?<!\w\s)(?<=[,;:]\s)(?:post|mail)\b",
}
_CARRIERS = (
    "mail", "courier", "hand", "post", "fax", "facsimile", "telecop", "deliver", "portal", "express", "person",
    "platform", "console", "letter", "dhl", "ups",
)  # fmt: skip
_METHOD = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _METHODS.items()), re.IGNORECASE)
_NOTICES = re.compile(
    r"\b(?:(?:all|any|each|every|such|formal|legal|contractual)\s+(?:\w+\s+){0,3}?(?:notices?|communications?)|notices?\b(?!\s+(?:of\s+(?:non|termination|breach|default)|period))|(?:giv(?:e|es|ing)|serv(?:e|es|ing)|written)\s+notice|notice\s+(?:shall|must|may|is|has|will)\b|(?:method|means|forms?|delivery)\s+of\s+(?:\w+\s+)?notices?|communications?|notifications?|notify|declarations?)\b",
    re.IGNORECASE,
)
_SENT = re.compile(
    r"\b(?:given|sent|serv\w+|deliver\w*|made|mailed|transmitted|dispatched|post(?:ed)?|valid|effective|addressed|in\s+writing|writing|by|via|through|means|method|us(?:e|es|ing))\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:credits?|renew\w*|breach\w*|invoic\w*|support|terminat\w*|expir\w*|maintenance|increase\w*|cancel\w*|convenience|days?'?\s+(?:prior|written))\b",
    re.IGNORECASE,
)
_NEVER = re.compile(r"\b(?:not|except|other\s+than|excluding|neither|nor|no|without)\b[^.;,]{0,40}\Z", re.IGNORECASE)
_NOT_ENOUGH = re.compile(r"[^.;,]{0,30}\b(?:(?:is|are|shall|does|do|will)\s+not|alone|insufficient)\b", re.IGNORECASE)
_COPY = re.compile(r"\b(?:copy|address(?:es)?|attention|attn)\b[^.;]{0,30}\Z", re.IGNORECASE)


def methods(text: str) -> Iterator[Fact]:
    """Read the ways of a general clause on notices, without those it rules out."""
    low = text.lower()
    if not any(word in low for word in _CARRIERS):
        return
    if not _NOTICES.search(text) or not _SENT.search(text) or _OTHER.search(text):
        return
    for match in _METHOD.finditer(text):
        excluded = (
            _NEVER.search(text[: match.start()])
            or _NOT_ENOUGH.match(text, match.end())
            or _COPY.search(text[: match.start()])
        )
        if not excluded and match.lastgroup:
            yield TermField.NOTICE_METHOD, match.lastgroup
