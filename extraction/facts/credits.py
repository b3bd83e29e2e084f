"""How far service credits go, and how and until when they are claimed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from domain.periods import Period
from domain.terms import TermField
from extraction.facts.joints import joined
from extraction.values import Duration, Found, durations_in, percents_in

Fact = tuple[TermField, str]

CREDITS = r"(?:(?:service(?:[\s-]+level)?|sla|uptime|availability|performance)\s+(?:credits?|remed(?:y|ies))|credits?|credit(?:ed|ing)|fee\s+(?:reductions?|credits?)|rebates?|abatements?|reductions?\s+(?:under|of\s+(?:the\s+)?(?:fees?|charges?))|at[\s-]risk\s+amounts?)"
_CREDIT = re.compile(
    rf"\b{CREDITS}\b(?!\s+(?:card|note|rating|terms?|period|check|line|agreement|facility|history|reports?|memo\w*|documents?|support|union|enhancement|bureau|approval|worth\w+))",
    re.IGNORECASE,
)
_NOT_CREDIT = re.compile(
    r"(?<!credit )\b(?:liab\w+(?!(?:\s+(?!includ|exclud|except)[\w-]+){1,6}\s+credits?\b)|credit\s+card|invoices?\s+(?:shall|are|is|will)|proposed|promotion\w*|introductory|loyalty|late\s+payment)\b",
    re.IGNORECASE,
)
_CAP_BEFORE = re.compile(
    r"(?:\b(?:exceed\w*|(?:more|greater|higher|larger|further)\s+than|limit\w*|cap(?:s|ped|ping)?|max(?:imum|imal|ima|imi[sz]ed|es)?|ceiling|ceas(?:e|es|ing)|bound\w*|accumulat\w+"
    r"|at\s+(?:the\s+)?most|up\s+to|excess|restrict\w*|surpass\w*|confin\w+|held\s+to|must\s+not\s+pass|beyond|go(?:es)?\s+above|(?:stop|end)s?\s+at|reach(?:es|ed)?"
    r"|tops?\s+out\s+at|at[\s-]risk|highest|largest|the\s+most|(?:remain|stay|keep|kept)\w*\s+(?:within|below|under))\b[^.;%]{0,90}"
    r"|\b(?:not|no|never|nor)\b[^.;%]{0,60}\b(?:over|above|past)\s+)\Z",
    re.IGNORECASE,
)
_CAP_AFTER = re.compile(
    r"[^.;%]{0,90}\b(?:no\s+more|the\s+(?:most|highest|largest)|maxim\w+|at\s+(?:the\s+)?most|(?:upper\s+)?limit|cap|ceiling|and\s+not\s+beyond)\b",
    re.IGNORECASE,
)
_OF_FEES = re.compile(
    r"[^.;%]{0,90}\b(?:fees?|charges?|subscription|price|amounts?|sums?|invoice\w*|bill\w*|remunerat\w+|value"
    r"|consideration|cost|pay\w*|paid|month\w*|quarter\w*|year\w*|annual)\b",
    re.IGNORECASE,
)
_BAND = re.compile(
    r"(?:\b(?:below|less\s+than|at\s+least|between|above|uptime\s+of|availability\s+of)|[<>])\s*\Z", re.IGNORECASE
)
_LONGEST_LABEL = 60
_MOST_MONTHS = 3  # of the times to claim
_BANDS = Decimal(80), Decimal(100)
_CLAIM = re.compile(
    r"\b(?:claim\w*|request\w*|appl(?:y|ies|ication|ications)\s+for|apply|ask(?:s|ed|ing)?|submit\w*|notif(?:y|ies|ied|ication)|inform\w*|report\w*|lodge[sd]?|fil(?:e|es|ed|ing)"
    r"|rais(?:e|es|ed|ing)|log(?:s|ged|ging)?|bring|brought|put(?:s|ting)?\s+in|enter(?:s|ed|ing)?|get|obtain\w*|sought|exercis\w*|open(?:s|ed|ing)?|lapse[sd]?|cease[sd]?|forfeit\w*|expire[sd]?|waive[sd]?|demand\w*|assert\w*|invok\w*|writ(?:e|es|ing|ten)|send(?:s|ing)?|sent|los(?:e|es|t)|entitle\w*|void|barred|seek\w*|contact\w*|mak(?:e|es|ing)|made|e-?mail\w*)\b",
    re.IGNORECASE,
)
_GIVES = re.compile(
    r"\b(?:issu(?:e|es|ed|ing)|appl(?:ied|ying)|paid|pay|pays|posted|refund\w*|process\w*|respond\w*|review\w*|confirm\w*|decide\w*|grant(?:s|ed)|invoice[sd]?|deduct\w*|offset|set\s+off|reflected|carried|accrue\w*|investigat\w*|answer\w*)\b[^.;]{0,80}\Z",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:within|inside|(?:no|not)\s+later\s+than|at\s+the\s+latest|latest|by|before|in|have|has|had|of|is|are|for|until|up\s+to|than|the\s+next|the\s+first|limit(?:ed)?\s+to|ceases?|lapses?|expires?|after|given|gets|allowed|deadline\s*:?|window\s*:?|period\s*:?|claims?\s*:|[|:\t,])\s*(?:a\s+(?:period|window|maximum)\s+of\s+|the\s+)?\(?\Z|[|:\t]\s*\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\)?\s*(?:\w+\s+){0,2}?(?:after|of|from|following|counted\s+from|to\s+(?:claim|request|apply|submit|notify|make|file|raise|ask|report)|in\s+which|once|,|[.;]|\Z|or\s+(?:it|they|the)|lapse|are|is|has|have|elaps\w*|pass\w*|since|expire|shall|by|through|via|using|in\s+(?:writing|the)|claim|period|window|deadline|and)",
    re.IGNORECASE,
)
_OTHER_LENGTH = re.compile(
    r"\)?['\u2019]?\s*(?:(?:prior|written|advance|consecutive|successive)\b|notice\b|in\s+advance|of\s+(?:downtime|unavail\w+|outage|service)"
    r"|before|prior)",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(?:consecutive|successive|rolling|previous|preceding|prior|last|past|any)\s*\Z", re.IGNORECASE)
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
    text = joined(text)
    if not _CREDIT.search(text) or _NOT_CREDIT.search(text):
        return
    for cap in percents_in(text):
        if _is_cap(text, cap):
            yield TermField.CREDIT_CAP, cap.value
    if _CLAIM.search(text):
        yield from claims(text)


def claims(text: str) -> Iterator[Fact]:
    """Read the period and the channel of a sentence that is known to speak of claiming credits."""
    lengths = [found for found in durations_in(text) if not found.value.business and not _is_other(text, found)]
    alone = len(lengths) == 1 and _is_short(lengths[0].value.period)
    claimed = lengths if alone else [found for found in lengths if _is_limit(text, found)]
    periods = {str(found.value.period) for found in claimed}
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
    banded = _BAND.search(before) and _BANDS[0] <= Decimal(cap.value) < _BANDS[1]
    named = _OF_FEES.match(after) or (len(text) < _LONGEST_LABEL and not after.strip(" .)"))
    return bool(limited and named and not banded)


def _is_short(period: Period) -> bool:
    return period.months <= _MOST_MONTHS if period.months is not None else True


def _is_other(text: str, found: Found[Duration]) -> bool:
    """Tell that a length is a time to pay, to answer or to give notice, or a time without service."""
    before = text[: found.start]
    gives = _GIVES.search(before)
    answers = gives is not None and not _CLAIM.search(gives[0])
    spans = _SPAN.search(before) or _PAYMENT.search(before)
    return answers or spans is not None or _OTHER_LENGTH.match(text, found.end) is not None


def _is_limit(text: str, found: Found[Duration]) -> bool:
    return bool(_WITHIN.search(text[: found.start]) and _AFTER.match(text[found.end :]))


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
