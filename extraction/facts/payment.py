"""In how many days an invoice is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.periods import Unit
from domain.terms import TermField
from extraction.values import Duration, Found, durations_in
from extraction.values.nets import nets_in

Fact = tuple[TermField, str]

_LONGEST = 180  # days; nobody has longer to pay
_NEAR = 40  # characters to a doing behind the days
_TIME = r"(?:terms?|period|days?|deadline|target|window|time|date)"
_BILL = re.compile(
    rf"\b(?:invoic\w*|bills?|billed|billing|payables|statements?\s+of\s+account|statement\s+date|due\s+date|days?\s+to\s+pay"
    rf"|(?:payment|settlement|credit|remittance)\s+(?:due|{_TIME})"
    rf"|{_TIME}\s+(?:allowed\s+)?(?:of|for|to)\s+(?:pay|payment|settle|settlement)|payment\s+(?:is|falls)\s+due)\b",
    re.IGNORECASE,
)
_NOT_PAID = (
    r"fail\w*\s+(?:to\s+)?(?:\w+\s+){0,3}?(?:pay\w*|make|settle|remit)|(?:late|non|no|delayed)[\s-]+payments?"
    r"|(?:not|never)\s+(?:(?:be|been|yet|fully|timely|so|duly)\s+)*(?:paid(?!\s+later)|made|received|settled|remitted|pay)"
)
_CUE = re.compile(
    rf"\b(?:not\s+(?:\w+\s+){{0,4}}?disputed|(?P<other>{_NOT_PAID}|past[\s-]due|overdue|unpaid|outstanding|late|arrears|delinquen\w+|disput\w+|object\w*"
    r"|contest\w*|quer(?:y|ies)|challeng\w+|withh\w+|notif\w+|contact|remed\w+|suspend\w*|suspension|terminat\w+|cancel\w*|interest"
    r"|renew\w*|cures?|cured|report\w*|expire[sd]?|reject\w*|reviews?|correct(?:s|ed)?|audit\w*|warrant\w*"
    r"|(?:days|months)\s+or\s+more|(?<!no )(?<!not )(?:more|longer)\s+than)"
    r"|(?P<issue>(?:issue|send|submit|render|deliver|provide|furnish|raise|present|prepare)s?"
    r"|(?:issued|sent|submitted|(?:is|are|be)\s+invoiced|rendered|delivered|provided|furnished|raised|presented))"
    r"|(?P<pay>pay|pays|paid|payable|payables|paying|payments?(?!\s+date)|due|owing|owed|settle[sd]?|settling|settlement|remit\w*"
    r"|honou?r\w*|discharg\w+|clear(?:s|ed|ance)?|transfer(?:s|red)?|credited|met|satisf(?:y|ies|ied)|matur\w+|reach(?:es)?|released?|credit\s+(?:period"
    r"|terms?)|be\s+received|net(?!\s+of)|terms))\b",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"\b(?:refund\w*|reimburs\w*|expenses|travel|credit\s+notes?|royalt\w+|commissions?|rent)\b", re.IGNORECASE
)
_AHEAD = re.compile(
    r"['\u2019s]*\s*(?:(?:prior|advance|written|previous)\s+)*(?:notice|notification)\b"
    r"|\s*(?:in\s+advance|before|prior|ahead|late)\b|[\s,]*(?:end\s+of|eom\b)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:after|following|previous|past|last|preceding|prior)\s+(?:the\s+|an?\s+|that\s+)*\(?\Z", re.IGNORECASE
)
_TERMS = re.compile(r"['\u2019]*\s*(?:invoice\s+)?(?:payment|credit|settlement|net|terms)\b", re.IGNORECASE)
_SINCE = re.compile(
    r"\s*\)?,?\s*(?:net\s*,?\s*)?(?:(?:counted|calculated|starting|beginning|running|measured|as)\s+)?"
    r"(?:of|after|from|following|upon|since|to\s+run\s+from|on\s+from)\s+(?P<event>[^.,;]{1,70})",
    re.IGNORECASE,
)
_ARRIVAL = re.compile(
    r"invoic|\bbill|receipt|receiv|statement|dispatch|\bissu|present|submi|\bsent\b|arriv|\bgets?\b|\b(?:its|their|whose)\s+date|\bdate\b(?!\s+of\s+"
    r"(?:this|termination|signature))",
    re.IGNORECASE,
)
_INVOICED = re.compile(r"invoic|issue|\bbill|\b(?:its|their)\s+date|\bget", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:end|close|last\s+day|expir\w*|terminat\w*|effective|commencement|due\s+date|notices?|shipment|shipped|closing|payment\s+date|months?|quarter|year"
    r"|anniversary)\b",
    re.IGNORECASE,
)
_PLUS = re.compile(r"\b(?:invoice|bill)(?:\s+date|ing)?\s*\+\s*\Z", re.IGNORECASE)
_NEVER_OPEN = re.compile(
    r"\b(?:no|not|never)\b[^.;]{0,60}\b(?:outstanding|unpaid|unsettled|open)\s+(?:for\s+)?(?:longer|more)\s+than\s*\Z",
    re.IGNORECASE,
)
_THEN_DUE = re.compile(r"\s+(?:is|are|becomes?|falls?)\s+(?:then\s+)?due\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:days?\s+(?:to\s+pay|for\s+payment|of\s+credit)|net\s+days)\s*[:|]?\s*(\d{1,3})\b(?!\s*[.,]\d)", re.IGNORECASE
)


def payment(text: str) -> Iterator[Fact]:
    """Read the days to pay an invoice; not those to dispute it, to cure or to pay something else."""
    low = text.lower()
    for net in nets_in(text) if "net" in low else ():
        yield TermField.PAYMENT_DAYS, net.value
    for days in _NUMBERED.finditer(text) if "day" in low else ():
        yield TermField.PAYMENT_DAYS, days[1]
    if "day" not in low or not _BILL.search(text):
        return
    for found in durations_in(text):
        period, business = found.value.period, found.value.business
        if period.unit is Unit.DAY and not business and period.count <= _LONGEST and _is_due(text, found):
            yield TermField.PAYMENT_DAYS, str(period.count)


def _is_due(text: str, found: Found[Duration]) -> bool:
    """Ask what the clause does within the days, and from what event they are counted."""
    before, after = text[text.rfind(";", 0, found.start) + 1 : found.start], text[found.end :].partition(";")[0]
    if _ELSE.search(before) or _GONE.search(before) or _AHEAD.match(after):
        return False
    since = _SINCE.match(after)
    if since and (_LATER.search(since["event"]) or not _ARRIVAL.search(since["event"])):
        return False
    if _PLUS.search(before) or _TERMS.match(after) or _NEVER_OPEN.search(before) or _THEN_DUE.match(after):
        return True
    done = _done_before(before) or _done_behind(after if since else after[:_NEAR])
    return done == "pay" or (not done and bool((since and _INVOICED.search(since["event"])) or not after.strip(" .)")))


def _done_before(before: str) -> str:
    """Name the last doing before the days; that a bill is issued matters only where nothing is paid."""
    cues = [cue.lastgroup for cue in _CUE.finditer(before) if cue.lastgroup]
    told = [cue for cue in cues if cue != "issue"]
    return (told or cues or [""])[-1]


def _done_behind(after: str) -> str:
    return next((cue.lastgroup for cue in _CUE.finditer(after) if cue.lastgroup not in {None, "issue"}), None) or ""
