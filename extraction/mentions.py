"""Where a paper names another one: what it amends, renews, replaces or stands under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from domain.documents import Document
from domain.papers import LinkKind, Mention
from extraction.rules.view import View, squash, view
from extraction.values import dates_in

_OPENING = 20_000
_WINDOW = 360
_NUMBERED = r"(?:\s+(?:no\.?|number|nr\.?|#)?\s*[\w.-]{1,12})?"
_ANCHORS = {
    LinkKind.REPLACES: re.compile(
        r"\b(?:(?:supersede|replace)[sd]?(?:\s+and\s+(?:supersede|replace)[sd]?)?|in\s+replacement\s+of"
        r"|amend(?:s|ed)?\s+and\s+restate[sd]?)\s+(?:in\s+(?:its|their)\s+entirety\s+)?",
        re.IGNORECASE,
    ),
    LinkKind.AMENDS: re.compile(
        rf"\b(?:(?:amendment|addendum|side\s+letter|supplement|change\s+order|rider){_NUMBERED}\s*,?\s+to"
        r"|(?:hereby\s+)?amends|shall\s+amend|modifies)\s+",
        re.IGNORECASE,
    ),
    LinkKind.RENEWS: re.compile(
        r"\b(?:renewal\s+of|extension\s+of|renews|extends)\s+"
        r"(?:(?:the\s+)?(?:initial\s+)?(?:term|subscription|services?)\s+(?:(?:that\s+)?\w+\s+)?(?:under|of)\s+)?",
        re.IGNORECASE,
    ),
    LinkKind.GOVERNED_BY: re.compile(
        r"\b(?:subject\s+to|governed\s+by|under|pursuant\s+to|incorporated\s+(?:in)?to|part\s+of"
        r"|terms(?:\s+and\s+conditions)?\s+of|accordance\s+with)\s+(?:the\s+terms(?:\s+and\s+conditions)?\s+of\s+)?",
        re.IGNORECASE,
    ),
}
_REFERENCE = re.compile(
    r"(?P<article>the|that\s+certain|our|its|your)?\s*"
    r"(?P<words>(?:[A-Za-z][\w&'/-]*\s+){0,6}?"
    r"(?:agreement|contract|order\s+form|statement\s+of\s+work|work\s+order|lease|licen[cs]e)"
    r"(?:\s+agreement)?)(?![\w-])",
    re.IGNORECASE,
)
_NOT_ANOTHER = re.compile(
    r"(?:this|these|any|all|such|each|every|no|other|prior|previous|said|present|an?)\b|.*\b(?:this|which|shall|is|or)\b",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(
    r"\s*,?\s*\(?\s*(?:(?i:no\.?|number|nr\.?|ref(?:erence|\.)?|#)\s*:?\s*)?"
    r"(?P<number>(?=[A-Z0-9/-]{0,20}\d)[A-Z0-9]{1,12}(?:[-/][A-Z0-9]{1,12}){1,5})(?![\w-])"
)
_BEFORE_DATE = re.compile(
    r"(?:(?!\b(?:this|is|was|which|whose|that\s+expire\w*|expir\w+|ends?|ending|until|runs|amended)\b)[^.;:]){0,90}?"
    r"\b(?:dated|date|effective|entered\s+into|made|signed|executed|of|as\s+of|on|concluded)\s*(?:as\s+of|on)?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)


def read_mentions(document: Document) -> tuple[Mention, ...]:
    """Find the papers that the opening names, each once, with the words that name them."""
    seen = view(document)
    found: dict[tuple[LinkKind, str, date | None, str], Mention] = {}
    told: list[range] = []
    for kind, anchor in _ANCHORS.items():
        for match in anchor.finditer(seen.text, 0, min(_OPENING, len(seen.text))):
            if any(match.start() in span for span in told):
                continue
            for mention in _mention(seen, kind, match):
                told.append(range(match.start(), match.start() + len(mention.citation.quote)))
                same = (kind, mention.number, mention.on, mention.words.casefold())
                found.setdefault(same, mention)
    return tuple(found.values())


def _mention(seen: View, kind: LinkKind, anchor: re.Match[str]) -> Iterator[Mention]:
    text = seen.text[anchor.end() : anchor.end() + _WINDOW]
    named = _REFERENCE.match(text)
    if named is None or _NOT_ANOTHER.match(named["words"]):
        return
    numbered = _NUMBER.match(text, named.end())
    end = numbered.end() if numbered else named.end()
    dated = next(dates_in(text[end:]), None)
    known = dated if dated and _BEFORE_DATE.fullmatch(text[end : end + dated.start]) else None
    heading = kind is LinkKind.AMENDS and " " in named["words"]
    if not (named["article"] or numbered or known or heading):
        return
    end += known.end if known else 0
    citation = seen.cite(anchor.start(), anchor.end() + end)
    if citation:
        number = numbered["number"] if numbered else ""
        yield Mention(kind, squash(named["words"]), number, known.value if known else None, citation)
