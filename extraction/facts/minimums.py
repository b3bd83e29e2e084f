"""What the customer spends at least, and when use is reconciled with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.money import Money
from domain.terms import TermField
from extraction.facts.rhythms import rhythms_in
from extraction.values import Found, money_in

T = TermField
Fact = tuple[TermField, str]

_SPEND = re.compile(
    r"\b(?:fees?|spend\w*|purchas\w*|pay(?:s|able|ment|ments)?|commit\w*|charges?|orders?|services?"
    r"|consum\w+|revenue|usage|bill\w*|invoice\w*|shortfall|turnover|minimum)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:insur\w+|coverage|liab\w+|polic(?:y|ies)|per\s+occurrence|damages|indemn\w+|salary|net\s+worth"
    r"|capital|wages?|share|late|interest|deposit|letter\s+of\s+credit|expenses|bond|guaranty|advertis\w+"
    r"|royalt\w+|marketing|targets?)\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    r"\b(?:minimum(?!\s+(?:\w+\s+)?(?:term|period))|minimal|least|no(?:t)?\s+(?:be\s+)?(?:less|fewer"
    r"|lower)\s+than|(?:never"
    r"|not)\s+(?:fall\s+|be\s+|drop\s+)?(?:below|lower\s+than)|in\s+no\s+(?:event"
    r"|case)\s+(?:\w+\s+){0,4}?(?:less\s+than|below)|floor\s+of|(?<!total )commitment|committ?(?:s|ed"
    r"|ing)?|guarantee\w*)\b[^.;%]{0,110}\Z",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"\s*(?:[\w-]+\s+){0,3}?(?:minimum|commitment|as\s+a\s+minimum|or\s+more)\b", re.IGNORECASE)
_SHORT = re.compile(
    r"\b(?:below|less\s+than|short\s+of|lower\s+than|not\s+reach|under|do(?:es)?\s+not\s+(?:amount\s+to"
    r"|total|reach))\s*\Z",
    re.IGNORECASE,
)
_MADE_GOOD = re.compile(r"\b(?:difference|shortfall|deficit|balance|deficiency|top[\s-]?up|make\s+up)\b", re.IGNORECASE)
_TERM = re.compile(
    r"\b(?:over|during|for|of|throughout|within|across|in)\s+(?:the\s+)?(?:(?:whole|entire|full|course"
    r"|duration)\s+(?:of\s+)?(?:the\s+)?|\w+-(?:month|year)\s+)*"
    r"(?:(?:initial|subscription|contract|minimum|committed|agreement|order|first"
    r"|licen[cs]e)\s+){0,2}(?:term|period)\b|\bthe\s+term\b|\bterm\s+(?:commitment|minimum)\b"
    r"|\binitial\s+term\b",
    re.IGNORECASE,
)
_TRUE_UP = re.compile(r"\btrue[sd]?[\s-]*ups?\b|\btruing[\s-]*up\b|\breconcil\w+", re.IGNORECASE)
_USAGE = re.compile(
    r"\b(?:us(?:e|age)|users?|quantit\w+|commitment|excess|overage\w*|consum\w+|true\w*[\s-]*ups?"
    r"|licen[cs]es?|seats?)\b",
    re.IGNORECASE,
)


def minimums(text: str) -> Iterator[Fact]:
    """Read the least spend with its period, and the rhythm of the true-up."""
    if _TRUE_UP.search(text) and _USAGE.search(text):
        yield from _true_up(text)
    if not re.search(r"\d", text) or _OTHER.search(text) or not _SPEND.search(text):
        return
    begin = 0
    for found in money_in(text):
        if _is_least(text, begin, found):
            yield T.MINIMUM_COMMITMENT, str(found.value)
            period = _period(text, found)
            if period:
                yield T.MINIMUM_PERIOD, period
        begin = found.end


def _is_least(text: str, begin: int, found: Found[Money]) -> bool:
    before, after = text[begin : found.start], text[found.end :]
    if _SHORT.search(before) and _MADE_GOOD.search(text):
        return True
    return bool(_LEAST.search(before) or _AFTERWARDS.match(after)) and not _MORE.search(before)


_MORE = re.compile(
    r"\b(?:not\s+(?:exceed|more)|no\s+more|up\s+to|maximum|credit|rate\s+of|discount|at\s+a\s+price"
    r"|exceed\w*|increas\w+)\b[^.;]{0,40}\Z",
    re.IGNORECASE,
)


def _period(text: str, found: Found[Money]) -> str:
    """Return the rhythm next behind the amount, else the term, else the nearest before it."""
    after = re.split(r"[.;](?:\s|\Z)", text[found.end : found.end + 110])[0]
    before = text[max(0, found.start - 160) : found.start]
    behind, ahead = rhythms_in(after), rhythms_in(before)
    term = _TERM.search(after)
    if behind and not (term and term.start() < behind[0][1]) and not _billed(after[: behind[0][1]]):
        return behind[0][0]
    if ahead and not _TERM.search(before[ahead[-1][2] :]):
        return ahead[-1][0]
    if term or _TERM.search(before):
        return "term"
    return behind[0][0] if behind else ""


def _billed(words: str) -> bool:
    """Tell whether a rhythm is that of the bills and not of the commitment."""
    return bool(re.search(r"\b(?:invoic|bill|instal|pay(?:able|ment))", words, re.IGNORECASE))


def _true_up(text: str) -> Iterator[Fact]:
    rhythms = rhythms_in(text)
    place = _TRUE_UP.search(text)
    if rhythms and place:
        nearest = min(rhythms, key=lambda one: min(abs(one[1] - place.end()), abs(place.start() - one[2])))
        yield T.TRUE_UP, nearest[0]
    elif re.search(r"\bend\s+of\s+(?:the|each)\s+(?:\w+\s+)?term\b", text, re.IGNORECASE):
        yield T.TRUE_UP, "term"
