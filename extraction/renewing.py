"""The words by which a contract says whether, and how, it goes on after its term."""

from __future__ import annotations

import re

from extraction.ways import Kinds, Way

_AUTO = r"(?:auto(?:matic(?:ally)?)?|tacit(?:ly)?|silent(?:ly)?|itself|self|by\s+default|(?:on|of)\s+its\s+own|without\s+(?:any\s+)?(?:further|other)\s+(?:action|notice))"
_RENEW = (
    r"(?:renew(?:s|ed|als?|ing)?|exten(?:ds?|ded|sions?)|prolong(?:s|ed|ation)?|roll(?:s|ed|ing)?(?!\w)|continu(?:es?|ed)|go(?:es)?\s+on|perpetuat\w+|lengthened|reconduct\w+|succeeded"
    r"|(?:new|further|another|renewal)\s+(?:[\w()-]+\s+){0,5}?(?:term|period)s?)"
)
_GAP = r"(?:(?!\b(?:not|no|without|terminat\w*|expires?|unless|may)\b|\n[^\n|:]{2,40}(?:[|:\t]|[ ]{3})|\n\s*(?:[-*\u2022]|\([a-z]{1,3}\)))[^.;]){0,%d}?"
_ON_AND_ON = r"(?:each\s+time|at\s+a\s+time|in\s+each\s+case|and\s+so\s+(?:on|forth)|whenever|on\s+each\s+expiry|(?:up)?on\s+every\s+expiry)"
_MORE = r"(?:another|further|successive|consecutive|additional|subsequent|periods\s+of|terms\s+of)"
_STOPPED = r"(?:cancel\w*|terminat\w*|notic\w+|notif\w+|action|object\w*|opts?|elect\w*|inform\w*)"
_PAPERED = (
    r"(?:mutual(?:ly)?\s+(?:written|agree|consent|sign)\w*|(?:written|signed|mutual)\s+(?:\w+\s+)?(?:agreement|consent|instrument|amendment|approval)"
    r"|(?:(?<!not\s)sign\w*|execut\w*|requires?|subject\s+to|signature\s+of)\s+(?:an?\s+)?(?:signed\s+)?(?:new|renewal)\s+(?:order|form)|new\s+order\s+is\s+needed|(?:agree[ds]?|consent)\b[^.;]{0,25}\bwriting|by\s+(?:signing|executing)|manual\b)"
)
_ANSWER = r"\s*(?:[|:\t-]|[ ]{3,}|\n)\s*"
_ALONE = r"\b(?=\s*(?:[.;,]|\s-\s|\n(?!\s*(?:yes\b|no\b|[^\w\s]))|\Z))"
_NEITHER = r"(?:no|none|off|disabled|excluded|not\s+applicable|n/a)" + _ALONE


RENEWING = re.compile(rf"\b(?:(?!continu){_RENEW}|{_AUTO}|{_MORE})\b", re.IGNORECASE)
"""Match a word that says that something goes on for another term."""

RENEWALS = Kinds(
    (
        Way(
            "none",
            "renew|prolong|not be extended|extension",
            r"\b(?:shall|will|does|do|may|can|is|are)\s+not\s+(?:be\s+)?(?:automatically\s+)?(?:renew(?:ed|able)?|prolonged)\b(?!\s+(?:at|for\s+any|its))",
            r"\bterm\s+(?:shall|will)\s+not\s+be\s+extended\b",
            r"\b(?:no|without|not\s+\w+\s+any)\s+(?:(?:automatic|tacit|right\s+of|any\s+right\s+of|or\s+other|\w+\s+or\s+other)\s+)*renewal\b"
            r"(?!\s+(?:notice|fee|option|price|right|order|term|requires?|needs?|by\b|shall\b|is\b|of\b(?!\s+this)))",
            rf"\b(?:renewals?(?:\s+type)?|extensions?){_ANSWER}(?:{_NEITHER}|no\s+renewal\b|non-renewing)",
            r"\brenewal\s+(?:of\s+this\s+\w+\s+)?is\s+excluded\b|\bentitled\s+to\s+an?\s+renewal\b|\bnon-renew(?:ing|able)\b",
            rf"\bauto(?:matic(?:ally)?)?[\s-]*renew(?:al|s)?{_ANSWER}{_NEITHER}",
        ),
        Way(
            "manual",
            "renew|extend|extension|prolong|further term|further period",
            rf"\b(?:renew(?:ed|able|als?)?|exten(?:d|ded|sions?)|prolong(?:ed|ation)?|further\s+term)\b[^.;]{{0,110}}?\b{_PAPERED}",
            rf"\b(?:renewals?(?:\s+type)?|extensions?){_ANSWER}(?:manual\b|(?:only\s+)?(?:by|upon|with|on|requires|subject\s+to|only\s+as)\s+[^.;\n]{{0,20}}(?:written|mutual|sign\w*|order|agreed))",
            r"\brenewal\s+is\s+possible\s+only\b|\bparties\s+shall\s+sign\s+a\s+renewal\b|\bexecuting\s+a\s+new\s+order\b",
            r"\bnot\s+renew\s+automatically;[^.]*\border\s+is\s+(?:needed|required)|\bno\s+automatic\s+renewal\b[^.]*\bmay\s+agree\b[^.;]*\bwriting",
            rf"\bfurther\s+(?:term|period)\b[^.;]{{0,60}}\bsubject\s+to\s+{_PAPERED}",
            near="mutual|writ|sign|order|renewal form|consent|manual|execut",
        ),
        Way(
            "month_to_month",
            "to month|to-month|by month|by-month|rolling",
            r"\bmonth[\s-]+(?:to|by)[\s-]+month\b",
            r"\brolling\s+monthly\b|\bmonthly\s+rolling\b",
        ),
        Way(
            "evergreen",
            "evergreen|indefinite",
            r"\b(?:shall|will)\s+(?:continue|remain)\s+(?:in\s+(?:full\s+)?(?:force|effect)"
            r"(?:\s+and\s+effect)?\s+)?(?:indefinitely|for\s+an\s+indefinite\s+(?:term|period))",
            r"\bevergreen\b",
        ),
        Way(
            "auto",
            "auto|tacit|silent|itself|self-|by default|its own|without further|without any",
            rf"(?<!not\s)(?<!no\s)\b{_AUTO}\b[\s-]*{_GAP % 40}\b{_RENEW}\b",
            rf"(?<!not\s)(?<!no\s)(?<!or\s)\b{_RENEW}\b{_GAP % 70}\b{_AUTO}\b(?!-)",
            rf"\bauto(?:matic(?:ally)?)?[\s-]*renew(?:al|s)?{_ANSWER}(?:yes|on|enabled){_ALONE}",
        ),
        Way(
            "auto",
            "at a time|each time|in each case|and so |whenever|every expiry|each expiry|roll|deemed renew|deemed to be renew|deemed exten|operation of this",
            rf"\b{_RENEW}\b{_GAP % 80}\b{_ON_AND_ON}",
            r"\b(?:rolls?|rolled)\s+(?:over|forward|on)\b|\bdeemed\s+(?:to\s+be\s+)?(?:renewed|extended)\b",
            rf"(?<!not\s)\b(?:is|be)\s+(?:(?!not\b)\w+\s+)?{_RENEW}\s+by\s+operation\s+of\s+this\s+clause\b",
        ),
        Way(
            "auto",
            "another|further|successive|consecutive|additional|subsequent|periods of|terms of|extended|renewed|prolonged| more",
            rf"\b(?:unless|absent|failing|without|save\s+where|where\s+no|if\s+no|if\s+nobody|if\s+neither)\b[^.;]{{0,160}}?\b{_STOPPED}\b[^.;]{{0,160}}?\b{_RENEW}\b[^.;]{{0,40}}?\b(?:{_MORE}|more)\b",
            rf"(?<!not\s)(?<!may\s)\b(?:shall|will|is|be)\s+(?:(?!not\b)\w+\s+)?(?:be\s+)?{_RENEW}\s+(?:automatically\s+)?for\s+"
            rf"(?:(?:a|an|one|two|three|the)\s+)?(?:\(\d\)\s+)?{_MORE}[^.;]{{0,250}}?\b(?:unless|until)\b",
            rf"\b{_RENEW}\s+(?:by|for)\s+[^.;]{{0,40}}?\b(?:unless|if)\s+(?:it\s+is\s+not|it\s+is|not)?\s*{_STOPPED}",
            near="unless|absent|failing|without|save where|where no|if no|if neither|until|if it",
        ),
    ),
    {
        "none": re.compile(
            rf"\b{_PAPERED}|\bmay\s+(?:renew|extend)|\b(?:if|where(?!\s+notice)|once|after\s+\w+\s+renewals?|more\s+than|times|by\s+signing|right\s+to|exercis\w+)\b|\bagree\s+on\b",
            re.IGNORECASE,
        ),
        "manual": re.compile(
            r"\b(?:modif\w*|waive\w*|alter\w*|amended|deadline|time\s+for|warranty|insur\w+|notice\s+of\s+non|statement\s+of\s+work)\b"
            r"|\A(?!.*\b(?:not|no)\b.{0,25}\bauto).*\b(?:automatic\w*|tacit\w*)",
            re.IGNORECASE | re.DOTALL,
        ),
        "auto": re.compile(
            r"\b(?:not|no|never|without|neither)\s+(?:be\s+|an?\s+|any\s+)?(?:automatic\w*\s+|tacit\w*\s+)?(?:renew(?:ed|al)?|extend(?:ed)?)\b(?=[^.;]{0,30}\bauto|[^.;]{0,3}\Z)"
            r"|\b(?:not|no)\s+(?:be\s+)?(?:automatic|tacit)\w*|\bpolic(?:y|ies)\b|\bmonthly\s+basis\b|\bmonth[\s-]+to|\brenew\w*\s*[|:\t\n]\s*(?:(?:no|none|off|disabled)\s*(?:[.;,|\n]|\Z)|yes\s*(?:/|\[|no\b)|\[)",
            re.IGNORECASE,
        ),
    },
)
