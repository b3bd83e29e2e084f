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
    r"\b(?:fees?|spend\w*|spent|purchas\w*|buys?|pay(?:s|able|ment|ments)?|commit\w*|charge[sd]?|orders?|services?|value|worth"
    r"|consum\w+|revenues?|usage|bill\w*|invoice\w*|shortfall|turnover|minimum|ow(?:e|es|ed)|business|volumes?|pledge\w*|promis\w*|due|floor|least)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:insur\w+|coverage|liab\w+|polic(?:y|ies)|per\s+occurrence|damages|indemn\w+|salary|net\s+worth"
    r"|capital|wages?|share|late|interest|deposit|letter\s+of\s+credit|expenses|bond|guaranty|advertis\w+"
    r"|royalt\w+|marketing|targets?|loans?|equity|grants?\s+of|retain\w*|thresholds?|lease[ds]?|collateral|overpayments?|cash|proceeds|audits?)\b",
    re.IGNORECASE,
)
_LESS = r"(?:less|lower|fewer|smaller|below|under|beneath|short)"
_LEAST = re.compile(
    r"\b(?:minim(?:um|al|a)(?!\s+(?:\w+\s+)?(?:term|period))|least|lowest|smallest|floor"
    rf"|(?:not|no|never|nor|cannot)\b[^.;%]{{0,80}}?\b{_LESS}\b|(?<!total )commitment|commit(?:s|ted|ting)?|take[\s-]or[\s-]pay"
    r"|pledg\w+|guarantee\w*|(?:top|round)(?:s|ped|ed)?\s+up\s+to|(?:must|shall)\s+(?:take\s+up|order|purchase|buy|consume|use)\s+[^.;%]{0,40}?(?:to\s+the\s+value\s+of|worth)|still\s+(?:pays?|owes?)|however\s+little|(?:greater|higher)\s+of\b|(?:bound|obliged|required)\s+to\s+(?:consume|spend|purchase|buy|order|take|use)|total\s+commitment(?=\s*[(:])|(?:shall|will|must)\s+(?:reach|attain|come\s+to|total)|undertak\w+\s+to\s+(?:spend|purchase|buy|order|take)|spending\s+obligation"
    r"|(?:irrespective|regardless|independent\w*)\s+of|whatever\s+(?:the|its|their|it)|whether\s+or\s+not|even\s+(?:if|where)"
    r"|(?:contracted|agreed|binding)\s+(?:\w+\s+){0,2}?(?:spend|volume|turnover|quantity|purchases?))\b[^;%]{0,110}\Z",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"\s*(?:[\w/-]+\s+){0,9}?(?:as\s+(?:an?|the|its)\s+(?:\w+\s+)?(?:minimum|floor|least)|shortfall"
    r"|(?:irrespective|regardless|independent\w*)\s+of|whatever\s+(?:the|its|their|it)|whether\s+or\s+not|even\s+(?:if|where|when))\b"
    r"|\s*is\s+(?:the\s+)?(?:amount|sum)\s+(?:[\w.-]+\s+){0,5}?commits?\b"
    r"|\s*(?:[\w/-]+\s+){0,3}?(?:the\s+least|guaranteed|minimum|commitment|or\s+(?:more|above|higher|greater)|at\s+(?:the\s+)?least|floor|take[\s-]or[\s-]pay)\b",
    re.IGNORECASE,
)
_SHORT = re.compile(
    rf"\b(?:{_LESS}(?:\s+(?:than|of))?|(?:not|never|fails?\s+to)\s+(?:reach|attain|meet|equal|exceed|amount\s+to|total|come\s+to"
    r"|achieve))\s*(?:the\s+|an?\s+)?(?:amount\s+of\s+|sum\s+of\s+|total\s+of\s+)?\Z",
    re.IGNORECASE,
)
_MADE_GOOD = re.compile(
    r"\b(?:difference|shortfall|deficit|balance|deficiency|gap|remainder|rest|top[\s-]?up|top(?:s|ped)?\s+up|makes?\s+up|makes?\s+good"
    r"|(?:invoic|bill|charg|pay)(?:e[sd]?|s|ed|able)?)\b",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"\b(?:over|during|for|of|throughout|within|across|in)\s+(?:the\s+)?(?:(?:whole|entire|full|course"
    r"|duration)\s+(?:of\s+)?(?:the\s+)?|\w+-(?:month|year)\s+)*"
    r"(?:(?:initial|subscription|contract|minimum|committed|agreement|order|first"
    r"|licen[cs]e)\s+){0,2}(?:term|period)\b|\bthe\s+term\b|\bterm\s+(?:commitment|minimum)\b"
    r"|\binitial\s+term\b",
    re.IGNORECASE,
)
_STEMS = re.compile(r"tru(?:e|ing)|reconcil")
_TRUE_UP = re.compile(r"\btrue[sd]?[\s-]*ups?\b|\btruing[\s-]*up\b|\breconcil\w+", re.IGNORECASE)
_USAGE = re.compile(
    r"\b(?:us(?:e|age)|users?|quantit\w+|commitment|excess|overage\w*|consum\w+|tru\w+[\s-]*ups?"
    r"|licen[cs]es?|seats?)\b",
    re.IGNORECASE,
)


def minimums(text: str) -> Iterator[Fact]:
    """Read the least spend with its period, and the rhythm of the true-up."""
    if _STEMS.search(text.lower()) and _TRUE_UP.search(text) and _USAGE.search(text):
        yield from _true_up(text)
    amounts = list(money_in(text))
    if not amounts or _OTHER.search(text) or not _SPEND.search(text):
        return
    begin, told = 0, set[str]()
    for found in amounts:
        if str(found.value) not in told and _is_least(text, begin, found):
            told.add(str(found.value))
            yield T.MINIMUM_COMMITMENT, str(found.value)
            period = _period(text, found)
            if period:
                yield T.MINIMUM_PERIOD, period
        begin = found.end


def _is_least(text: str, begin: int, found: Found[Money]) -> bool:
    before, after = text[begin : found.start], text[found.end :]
    if _PRICE.match(after) or _MORE.search(before):
        return False
    if _SHORT.search(before) and _MADE_GOOD.search(text):
        return True
    return bool(_LEAST.search(before) or _AFTERWARDS.match(re.split(r"[.;]", after)[0]))


_MORE = re.compile(
    r"\b(?:not\s+(?:exceed|more)|no\s+more|(?<!add )(?<!adds )(?<!topped )(?<!top )(?<!rounded )(?<!round )up\s+to|maximum|credit|rate\s+of|discount|(?<!stands )(?<!set )at\s+(?:a\s+)?(?:price(?:\s+of)?|\Z)"
    r"|(?<!not )exceed\w*|increas\w+)\b[^.;]{0,40}\Z|(?<!stands )(?<!set )(?<!fixed )\bat\s*\Z",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\s*(?:per|/|for\s+each|each|a)\s*(?:[\w-]+\s+)?(?:users?|seats?|licen[cs]es?|units?|hours?|calls?|documents?|transactions?"
    r"|orders?|gigabytes?|GB|incidents?|occurrence)\b|\s*(?:in|for|during)\s+(?:contract\s+)?year\s+(?:\d|one|two)|\s*(?:and|or|but)?\s*up\s+to\b",
    re.IGNORECASE,
)
_OF_THE_TERM = re.compile(
    r"\b((?:each|every|any)\s+(?:month|quarter|year))\s+of\s+the\s+(?:\w+\s+)?term\b", re.IGNORECASE
)
_SPOKEN = re.compile(r"\b(?:the|no|that|such|a|an|one)\s+(?P<each>month|quarter|year)(?:'s)?\b", re.IGNORECASE)
_ADVERBS = {"month": "monthly", "quarter": "quarterly", "year": "annually"}


def _period(text: str, found: Found[Money]) -> str:
    """Return the rhythm next behind the amount, else the term, else the nearest before it."""
    after = re.split(r"[.;](?:\s|\Z)", text[found.end : found.end + 110])[0]
    before = _OF_THE_TERM.sub(r"\1", text[max(0, found.start - 160) : found.start])
    behind, ahead = rhythms_in(after), rhythms_in(before)
    term = _TERM.search(after)
    if behind and not (term and term.start() < behind[0][1]) and not _billed(after[: behind[0][1]]):
        return behind[0][0]
    if ahead and not _TERM.search(before[ahead[-1][2] :]):
        return ahead[-1][0]
    if term or _TERM.search(before):
        return "term"
    spoken = _SPOKEN.search(before + after)
    return behind[0][0] if behind else _ADVERBS[spoken["each"].lower()] if spoken else ""


def _billed(words: str) -> bool:
    """Tell whether a rhythm is that of the bills and not of the commitment."""
    return bool(re.search(r"\b(?:invoic|bill|instal|pay(?:able|ment))", words, re.IGNORECASE))


def _true_up(text: str) -> Iterator[Fact]:
    rhythms = rhythms_in(text)
    place = _TRUE_UP.search(text)
    if rhythms and place:
        nearest = min(rhythms, key=lambda one: min(abs(one[1] - place.end()), abs(place.start() - one[2])))
        yield T.TRUE_UP, nearest[0]
    elif spoken := _SPOKEN.search(text):
        yield T.TRUE_UP, _ADVERBS[spoken["each"].lower()]
    elif re.search(r"\bend\s+of\s+(?:the|each)\s+(?:\w+\s+)?term\b", text, re.IGNORECASE):
        yield T.TRUE_UP, "term"
