"""In how many days an invoice is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.periods import Unit
from domain.terms import TermField
from extraction.values import Duration, Found, durations_in
from extraction.values.nets import nets_in

Fact = tuple[TermField, str]

_PAYS = re.compile(
    r"\b(?:pay|pays|paid|payable|payments?|due|settle[sd]?|remit\w*|honou?r\w*|net|discharge[sd]?"
    r"|reach(?:es)?|transfer(?:s|red)?|credit\s+period"
    r"|on\s+[\w()-]+[\s-]days?\s+terms)\b",
    re.IGNORECASE,
)
_BILL = re.compile(
    r"\b(?:invoic\w*|bills?|billed|billing|payment\s+(?:terms?|period|due|days?|deadline|target|window)"
    r"|terms\s+of\s+payment|credit\s+period)\b",
    re.IGNORECASE,
)
_WITHIN = (
    r"(?:within|no\s+later\s+than|not\s+later\s+than|no\s+more\s+than|not\s+more\s+than|made|paid|settled"
    r"|remitted|in|at|by|at\s+(?:the\s+)?latest|latest|have|has"
    r"|allowed|given|granted|(?:due(?:\s+and\s+payable)?|payable)(?:\s+for\s+payment)?|falls?\s+due|net|of"
    r"|is|are|a|maximum\s+of|up\s+to|not\s+exceed(?:ing)?|before\s+the\s+end\s+of|a\s+period\s+of|the)"
)
_BEFORE = re.compile(
    rf"(?:\b{_WITHIN}|[:|(])\s*(?:a\s+maximum\s+of\s+|at\s+most\s+|the\s+next\s+)?\(?\Z", re.IGNORECASE
)
_EVENT = (
    r"(?:invoic\w*|receipt|receiv\w*|its\s+(?:date|issu\w*|delivery)|their\s+(?:date|issu\w*)"
    r"|(?:the\s+)?date\s+(?:of|on\s+which|printed|shown|stated|thereof)|issu\w*|billing|bill|presentation"
    r"|delivery\s+of\s+(?:\w+\s+)?(?:invoice|bill)|submission|date\b)"
)
_AFTER = re.compile(
    r"\s*\)?,?\s*(?:net\s+)?,?\s*(?:of|after|from|following|upon|counted\s+from|calculated\s+from"
    r"|starting\s+(?:on|from)|beginning\s+(?:on|with|from)|as\s+(?:of|from))\s+"
    rf"(?!(?:the\s+)?(?:end|last|close))(?:(?!end\b|close\b|last\s)[\w'(),/-]+\s+){{0,7}}?{_EVENT}",
    re.IGNORECASE,
)
_NET_AFTER = re.compile(r"\s*\)?\s*net\b(?!\s+of)", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:payment\s+(?:terms?|period|due(?:\s+date)?|days?|deadline|target|window)|terms\s+of\s+payment"
    r"|invoices?\s+due|due\s+date|credit\s+(?:period|terms?)|(?:period"
    r"|time|deadline|term)\s+(?:for|of)\s+(?:the\s+)?payment)\b(?:\s+of\s+(?:an?\s+|the\s+"
    r"|each\s+)?invoices?)?(?:\s+(?:for\s+\w+(?:\s+\w+)?|shall\s+be|will\s+be|is|are|of))?\s*[:"
    r"|-]?\s*(?:within\s+|is\s+|are\s+|of\s+|in\s+|net\s+|shall\s+be\s+)?\(?\Z",
    re.IGNORECASE,
)
_TERM_AFTER = re.compile(
    r"\s*(?:invoice\s+)?(?:payment|credit)\s+(?:term|period|deadline|target|window)s?\b|\s*terms\b"
    r"|['\u2019]\s*(?:credit|payment\s+terms?)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\s*\)?\s*(?:[.;]|,(?!\s*end\b)|\Z|net\b|(?:from|of|after"
    r"|following)\s+(?:the\s+)?(?:date\s+of\s+)?(?:invoice|receipt|(?:invoice|issue)\s+date|its\s+date))",
    re.IGNORECASE,
)
_TO_PAY = re.compile(
    r"\s*\)?\s*(?:[\w']+\s+){0,8}?(?:to\s+pay|for\s+payment|in\s+which\s+to\s+pay|to\s+settle)\b", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:may\s+(?:\w+\s+){0,3}?(?:dispute|object|contest|query|challenge|withhold)"
    r"|wish(?:es)?\s+to\s+dispute|notif(?:y|ies)|object\s+to|disputes?\s+(?:any|an|the)\s"
    r"|suspend\w*|terminat\w*|(?:is|are|remains?|been)\s+(?:not\s+paid|unpaid|overdue|past\s+due)"
    r"|not\s+(?:been\s+)?paid\s+(?:within|by)|fail(?:s|ure)?\s+to\s+(?:pay|make)|interest|renew\w*|cure"
    r"|in\s+arrears\s+for|(?<!no )(?<!not )more\s+than|unless\s+(?:\w+\s+){0,4}(?:disputes|objects"
    r"|contests))\b[^.;,]*\Z",
    re.IGNORECASE,
)

_PAID_BACK = re.compile(
    r"\b(?:refund\w*|reimburs\w*|expenses|travel|credit\s+notes?|royalt\w+|commissions?|rent)\b", re.IGNORECASE
)
_CONTESTS = re.compile(r"\b(?:notify|notif\w+|disputes?|objects?|contest|quer(?:y|ies)|report)\b", re.IGNORECASE)


def payment(text: str) -> Iterator[Fact]:
    """Read the days to pay an invoice; not those to dispute it, to cure or to pay something else."""
    yield from _nets(text)
    if "day" not in text.lower() or not (_PAYS.search(text) and _BILL.search(text)):
        return
    for found in durations_in(text):
        counted = found.value.period.unit is Unit.DAY and not found.value.business
        if counted and not _OTHER.search(text[: found.start]) and _is_due(text, found):
            yield TermField.PAYMENT_DAYS, str(found.value.period.count)


def _nets(text: str) -> Iterator[Fact]:
    for net in nets_in(text):
        yield TermField.PAYMENT_DAYS, net.value


def _is_due(text: str, found: Found[Duration]) -> bool:
    before, after = text[: found.start], text[found.end :]
    if _PAID_BACK.search(before) or (not _PAYS.search(before) and _CONTESTS.search(after)):
        return False
    if _LABEL.search(before):
        return bool(_ENDS.match(after) or _AFTER.match(after))
    if _TERM_AFTER.match(after):
        return True
    return bool(_BEFORE.search(before) and (_AFTER.match(after) or _NET_AFTER.match(after) or _TO_PAY.match(after)))
