"""Whole sentences that are terms as they stand: exclusions, audit rights and duties about data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.terms import TermField

Fact = tuple[TermField, str]

_LONGEST = 600
_OWES = r"(?:shall|will|must|undertakes?\s+to|agrees?\s+to|is\s+(?:required|obliged)\s+to|warrants)"
_LEFT_OUT = re.compile(
    r"\b(?:exclud\w+|exclusions?|exclusive\s+of\s+(?:scheduled|planned)|not\s+(?:be\s+)?(?:counted|included?|considered|treated|regarded|deemed|taken|qualif\w+)|does\s+not\s+(?:include|count|comprise)|do\s+not\s+(?:count|include)"
    r"|(?:is|are|shall\s+be)\s+(?:disregarded|exempt\w*|ignored)|(?:shall|does|do|will)\s+not\s+apply|except\s+for|other\s+than)\b",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\b(?:downtime|availability|unavailab\w+|up-?time|outages?|service\s+levels?|sla)\b", re.IGNORECASE
)
_CAUSE = re.compile(
    r"\b(?:maintenance|force\s+majeure|internet|suspen\w+|equipment|third[\s-]party|customer's|client's|subscriber's|network|misuse|emergency|beta|power|telecommunications?|systems?|beyond)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\d\s?%|per\s?cent\b", re.IGNORECASE)
_AUDIT = re.compile(
    r"\b(?:may|shall\s+(?:have\s+the\s+right|be\s+entitled|permit|allow|be\s+permitted)|has\s+the\s+right|is\s+entitled|will\s+(?:permit|allow|have\s+the\s+right)|right)\b[^.;]{0,160}?\b(?:audits?|inspect(?:ion|ions)?|examine)\b"
    r"|\b(?:audits?|inspections?)\b[^.;]{0,60}\b(?:may\s+be\s+(?:conducted|carried)|once\s+(?:per|a|in\s+(?:any|each|every))|shall\s+be\s+permitted)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"\b(?:den(?:y|ies|ied)|refus\w+|fail\w*|hinder\w*|obstruct\w*|no\s+right)\b", re.IGNORECASE)
_WHAT = re.compile(
    r"\b(?:records?|books?|accounts?|compliance|controls|use\s+of|usage|security|processing)\b",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\b(?:personal\s+(?:data|information)|customer\s+data|(?:client|subscriber|user|end[\s-]user|your)(?:'s)?\s+data|customer's\s+data|data\s+(?:breach(?:es)?|subjects?|protection)|security\s+(?:incidents?|breach(?:es)?)|sub-?processors?|protected\s+health\s+information)\b",
    re.IGNORECASE,
)
_CARE = re.compile(
    rf"\b{_OWES}\b[^.;]{{0,200}}?\b(?:notif\w+|report\w*|inform\w*|encrypt\w*|delete\w*|eras\w+|destroy\w*|return\w*|protect\w*|safeguard\w*|secur\w+|store\w*|process\w*|back(?:ed)?[\s-]?up|maintain\w*|implement\w*|impose\w*|host\w*|transfer\w*|access\w*|disclose\w*|retain\w*|keep|make\s+available|consent\w*|engage\w*|appoint\w*|assist\w*|anonymi[sz]e\w*)\b",
    re.IGNORECASE,
)
_NOT_DUTY = re.compile(
    r"\b(?:governed\s+by|liab(?:le|ility)|indemnif\w+|represents?\s+and|fees?|means)\b", re.IGNORECASE
)


def exclusions(text: str) -> Iterator[Fact]:
    """Read what does not count as missing availability, as the paper words it."""
    if (
        len(text) <= _LONGEST
        and _LEVEL.search(text)
        and _LEFT_OUT.search(text)
        and _CAUSE.search(text)
        and not _PERCENT.search(text)
    ):
        yield TermField.SLA_EXCLUSION, text


def audits(text: str) -> Iterator[Fact]:
    """Read who may audit what, as the paper words it."""
    if len(text) <= _LONGEST and _AUDIT.search(text) and _WHAT.search(text) and not _REFUSED.search(text):
        yield TermField.AUDIT_RIGHT, text


def data(text: str) -> Iterator[Fact]:
    """Read what must be done to keep data safe, as the paper words it."""
    if len(text) <= _LONGEST and _DATA.search(text) and _CARE.search(text) and not _NOT_DUTY.search(text):
        yield TermField.DATA_DUTY, text
