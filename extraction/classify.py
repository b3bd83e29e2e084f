"""Recognise, in a few words, what kind of renewal or delivery they speak of."""

from __future__ import annotations

from extraction.renewing import RENEWALS, RENEWING
from extraction.ways import Kinds, Way, kinds_in

__all__ = ["NOTICE_RULES", "RENEWALS", "RENEWING", "Kinds", "kinds_in"]

NOTICE_RULES = Kinds(
    (
        Way(
            "dispatch",
            "dispatch|despatch|mail|post|send|sent|deposited|valid even",
            r"\b(?:date|day|time)\s+of\s+(?:dispatch|despatch|mailing|posting|sending)\s+(?:of\s+(?:the|a)\s+notice\s+)?(?:decides|counts|prevails|is\s+(?:decisive|relevant)|controls|applies|matters)",
            r"\bcounts?\s+from\s+the\s+(?:date|day)\s+on\s+which\s+it\s+(?:was|is)\s+(?:sent|posted|mailed|dispatched)",
            r"\bin\s+time\s+if\s+(?:it\s+(?:was|is)\s+)?(?:sent|posted|mailed|dispatched)\b",
            r"\b(?:deemed|regarded\s+as|considered)\s+(?:to\s+(?:be|have\s+been)\s+)?(?:given|made|served)\s+(?:(?:up)?on\s+(?:dispatch|sending|posting)|(?:when|on\s+the\s+day\s+(?:on\s+which\s+)?it\s+is)\s+(?:sent|deposited|mailed|dispatched|posted))",
            r"\bvalid\s+even\s+if\s+(?:it\s+is\s+)?received\s+later|\bpostmark\s+is\s+decisive|\beffect\s+when\s+(?:it\s+is\s+)?sent\b",
            r"\b(?:timely|due)\s+(?:dispatch|posting|sending)\s+(?:is\s+)?suffic\w+|\bsending\s+(?:it|the\s+notice)\s+[^.;]{0,30}\b(?:is\s+enough|suffices)",
        ),
        Way(
            "receipt",
            "recei|reaches|arriv|in the hands",
            r"\b(?:effective|deemed\s+(?:given|received|effective|delivered|made)|deemed\s+to\s+(?:be|have\s+been)\s+(?:given|received|delivered))\s+(?:only\s+)?(?:up)?on\s+(?:actual\s+)?receipt",
            r"\b(?:takes?\s+effect|effective)\s+(?:only\s+)?(?:if|when|once|on\s+the\s+day)\s+[^.;]{0,50}?\breceived\b",
            r"\bcounts?\s+(?:from|on)\s+the\s+(?:business\s+)?day\s+(?:it\s+reaches|(?:on\s+which\s+)?it\s+is\s+received)|\bmust\s+have\s+been\s+received\b",
            r"\b(?:date|day|time)\s+of\s+(?:its\s+)?receipt\s+(?:by\s+[^.;,]{0,30}\s)?(?:decides|counts|prevails|is\s+(?:decisive|relevant|what\s+counts)|controls|matters)",
            r"\breceipt\s+is\s+(?:decisive|what\s+(?:counts|matters))|\bwhat\s+(?:matters|counts)\s+is\s+the\s+(?:date|day|time)\s+of\s+receipt",
            r"\b(?:notice|letter)\b[^.;]{0,70}?\b(?:received(?!\s+from)|reaches|arrives?|be\s+in\s+the\s+hands)\b[^.;]{0,60}?(?:\b(?:at\s+least|not?\s+(?:later|less|fewer)\s+than)\b|\bor\s+more\s+before\b)",
            r"\breceived\s+such\s+notice\s+not?\s+(?:later|less)\s+than\b|\bcounts\s+only\s+if\s+it\s+is\s+in\s+the\s+hands\b",
        ),
    )
)
