"""How far service credits go, and how and until when they are claimed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import TermField
from extraction.values import Duration, Found, durations_in, percents_in

Fact = tuple[TermField, str]

CREDITS = r"(?:(?:service(?:[\s-]+level)?|sla|uptime|availability|performance)\s+(?:credits?|remed(?:y|ies))|credits?|credited|fee\s+(?:reductions?|credits?)|rebates?)"
_CREDIT = re.compile(
    rf"\b{CREDITS}\b(?!\s+(?:card|note|rating|terms?|period|check|line|agreement|facility|limit))", re.IGNORECASE
)
_NOT_CREDIT = re.compile(
    r"\b(?:liab\w+|credit\s+card|invoices?\s+(?:shall|are|is|will)|late\s+payment)\b", re.IGNORECASE
)
_CAP_BEFORE = re.compile(
    r"(?:\b(?:exceed(?:s|ed|ing)?|(?:more|greater|higher|larger)\s+than|limit(?:ed)?\s+(?:to|of)|limits?|capped(?:\s+\w+)?\s+at|cap(?:s|ped)?|maxim\w+|ceiling|at\s+most"
    r"|up\s+to|(?:no|not)\s+(?:in\s+)?excess(?:\s+of)?|restricted\s+to|not\s+surpass|beyond|go\s+above|(?:stop|end)s?\s+at|reach(?:es|ed)?|tops?\s+out\s+at)\b)"
    r"[^.;%]{0,90}\Z",
    re.IGNORECASE,
)
_CAP_AFTER = re.compile(
    r"[^.;%]{0,90}\b(?:no\s+more|maxim\w+|at\s+(?:the\s+)?most|(?:upper\s+)?limit|cap|ceiling|and\s+not\s+beyond)\b",
    re.IGNORECASE,
)
_OF_FEES = re.compile(
    r"[^.;%]{0,90}\b(?:fees?|charges?|subscription|price|amounts?|sums?|invoice\w*|pay\w*|paid|month|quarter|year)\b",
    re.IGNORECASE,
)
_BAND = re.compile(
    r"(?:\b(?:below|less\s+than|at\s+least|between|above|uptime\s+of|availability\s+of)|[<>])\s*\Z", re.IGNORECASE
)
_CLAIM = re.compile(
    r"\b(?:claim\w*|request\w*|appl(?:y|ies|ication|ications)\s+for|apply|ask(?:s|ed|ing)?|submit\w*|notif(?:y|ies|ied|ication)|inform\w*|report\w*|lodge[sd]?|fil(?:e|es|ed|ing)"
    r"|rais(?:e|es|ed|ing)|open(?:s|ed|ing)?|lapse[sd]?|forfeit\w*|expire[sd]?|waive[sd]?|demand\w*|assert\w*|invok\w*|writ(?:e|es|ing|ten)|send(?:s|ing)?|sent|los(?:e|es|t)|entitle\w*|void|barred|seek\w*|contact\w*|mak(?:e|es|ing)|made|e-?mail\w*)\b",
    re.IGNORECASE,
)
_GIVES = re.compile(
    r"\b(?:issu(?:e|es|ed|ing)|appl(?:ied|ying)|paid|pay|pays|posted|refund\w*|process\w*|respond\w*|review\w*|confirm\w*|decide\w*|grant(?:s|ed)|invoice[sd]?|deduct\w*|offset|set\s+off|reflected|carried|accrue\w*|investigat\w*|answer\w*)\b[^.;]{0,80}\Z",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:within|(?:no|not)\s+later\s+than|at\s+the\s+latest|latest|by|before|in|have|has|had|of|is|are|for|until|up\s+to|than|the\s+next|the\s+first|limit(?:ed)?\s+to|after|given|gets|allowed|deadline\s*:?|window\s*:?|period\s*:?|claims?\s*:|[|:\t,])\s*(?:a\s+(?:period|window|maximum)\s+of\s+|the\s+)?\(?\Z|[|:\t]\s*\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\)?\s*(?:\w+\s+){0,2}?(?:after|of|from|following|counted\s+from|to\s+(?:claim|request|apply|submit|notify|make|file|raise|ask|report)|in\s+which|once|,|[.;]|\Z|or\s+(?:it|they|the)|lapse|are|is|expire|shall|by|through|via|using|in\s+(?:writing|the)|claim|period|window|deadline|and)",
    re.IGNORECASE,
)
_PAYMENT = re.compile(
    r"\b(?:invoic\w*|payment|due\s+date|suspend\w*|maintenance|terminat\w*|renew\w*)\b", re.IGNORECASE
)
_CHANNELS = {
    "ticket": re.compile(
        r"\b(?:tickets?|support\s+(?:requests?|cases?)|help-?\s?desk|service\s+desk|support\s+desk|cases?\s+with\s+support)\b",
        re.IGNORECASE,
    ),
    "portal": re.compile(
        r"\b(?:portal|console|dashboard|online\s+(?:form|account)|web\s?form|admin(?:istration)?\s+(?:area|panel|interface)|self-service)\b",
        re.IGNORECASE,
    ),
    "email": re.compile(r"\b(?:e-?mail\w*|electronic\s+mail)\b|@[\w-]+\.", re.IGNORECASE),
    "notice": re.compile(
        r"\b(?:written\s+notice|notice\s+in\s+writing|formal\s+notice|(?:by|through|via|with|serv\w+|giv\w+|requires?)\s+(?:a\s+|an\s+)?(?:\w+\s+)?notice|in\s+writing|written\s+(?:claim|request|notification)|by\s+letter|(?:contractual|official)\s+notice|notice\s+(?:under|pursuant|in\s+accordance))\b",
        re.IGNORECASE,
    ),
}
_IN_PORTAL = re.compile(
    r"\b(?:tickets?|requests?|cases?)\b[^.;]{0,40}\b(?:in|through|via|on|using)\s+(?:the\s+|its\s+|\w+'s\s+)?(?:[\w-]+\s+){0,2}(?:portal|console|dashboard)",
    re.IGNORECASE,
)


def remedies(text: str) -> Iterator[Fact]:
    """Read the cap, the time to claim and the way to claim of service credits."""
    if not _CREDIT.search(text) or _NOT_CREDIT.search(text):
        return
    for cap in percents_in(text):
        if _is_cap(text, cap):
            yield TermField.CREDIT_CAP, cap.value
    if _CLAIM.search(text):
        yield from claims(text)


def claims(text: str) -> Iterator[Fact]:
    """Read the period and the channel of a sentence that is known to speak of claiming credits."""
    periods = {
        str(found.value.period) for found in durations_in(text) if not found.value.business and _to_claim(text, found)
    }
    yield from ((TermField.CLAIM_PERIOD, period) for period in sorted(periods))
    if periods or _asks(text):
        yield from ((TermField.CLAIM_CHANNEL, name) for name in channels(text))


def channels(text: str) -> list[str]:
    """Return the ways named, the plainer word `written` only where there is no other."""
    found = [name for name, pattern in _CHANNELS.items() if pattern.search(text)]
    if "notice" in found and len(found) > 1:
        found.remove("notice")
    return ["ticket"] if set(found) == {"ticket", "portal"} and _IN_PORTAL.search(text) else found


def _is_cap(text: str, cap: Found[str]) -> bool:
    before, after = text[: cap.start], text[cap.end :]
    limited = _CAP_BEFORE.search(before) or _CAP_AFTER.match(after)
    return bool(limited and _OF_FEES.match(after) and not _BAND.search(before))


def _to_claim(text: str, found: Found[Duration]) -> bool:
    before, after = text[: found.start], text[found.end :]
    gives = _GIVES.search(before)
    if (gives and not _CLAIM.search(gives[0])) or _PAYMENT.search(before):
        return False
    return bool(_WITHIN.search(before) and _AFTER.match(after))


_ASKED = re.compile(
    r"\b(?:claim(?:s|ed)?|request(?:s|ed)?|apply|applications?|submit(?:s|ted)?|notify|asked?|filed?|raised?|lodged?)\b",
    re.IGNORECASE,
)


def _asks(text: str) -> bool:
    return bool(
        _ASKED.search(text)
        and re.search(
            r"\b(?:must|shall|may|only|has\s+to|to\s+receive|to\s+obtain|in\s+order\s+to|required|need)\b",
            text,
            re.IGNORECASE,
        )
    )
