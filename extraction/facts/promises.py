"""Every family of facts about service levels, ways out and liability, with the words that call for it."""

from __future__ import annotations

from collections.abc import Callable

from domain.terms import TermField
from extraction.facts.availability import availability
from extraction.facts.chronic import chronic
from extraction.facts.credits import remedies
from extraction.facts.duties import audits, data, exclusions
from extraction.facts.ending import cause, convenience
from extraction.facts.families import Family
from extraction.facts.insurance import insurance
from extraction.facts.kinds import paper, term_type
from extraction.facts.liability import liability
from extraction.facts.notices import methods
from extraction.facts.renewals import earliest, limits, party
from extraction.facts.sides import possible

T = TermField
LEVELS = (
    Family("availability", ("availab", "uptime", "up-time", "up time", "running", "reachab", "be reached", "can reach", "accessib", "operational", "operable", "online", "on-line", "usable", "of the time", "minutes in", "of all minutes", " be up ", "service level", "sla"), availability, frozenset({T.UPTIME, T.UPTIME_WINDOW})),
    Family("credit", ("credit", "rebate", "fee reduction", "reductions", "abatement", "at-risk", "at risk"), remedies, frozenset({T.CREDIT_CAP, T.CLAIM_PERIOD, T.CLAIM_CHANNEL})),
    Family("chronic", ("consecutive", "successive", "in a row", "running", "times", "twice", " month", "failure", "breach"), chronic, frozenset({T.CHRONIC_BREACH})),
    Family("exclusion", ("exclu", "not count", "not include", "disregard", "except", "not be counted", "not apply", "not considered", "ignored"), exclusions, frozenset({T.SLA_EXCLUSION})),
)  # fmt: skip
ENDINGS = (
    Family("convenience", ("convenience", "reason", "cause", "at will", "ground", "no-fault", "any time", "discretion", "whenever", "ordinary termination", "justif", "of any breach", "terminat", "cancel"), convenience, frozenset({T.TERMINATION_FOR_CONVENIENCE})),
    Family("cause", ("breach", "default", "violat", "to perform", "to comply", "to fulfil", "to observe", " break"), cause, frozenset({T.TERMINATION_FOR_CAUSE})),
    Family("liability", ("liab", "damages", "exposure"), liability, frozenset({T.LIABILITY_CAP})),
    Family("insurance", ("insur", "policy", "policies", "coverage"), insurance, frozenset({T.INSURANCE})),
    Family("renewal", ("renew", "extend", "extension", "prolong"), limits, frozenset({T.RENEWAL_LIMIT})),
    Family("notice", ("renew", "exten", "prolong", "roll", "opt out", "end of a term", "end of the term"), party, frozenset({T.NOTICE_PARTY})),
    Family("notice", ("than", "between", "not before", "not exceeding", "at most", "earliest", "window", "from "), earliest, frozenset({T.NOTICE_NOT_BEFORE})),
    Family("notice", ("notices", "any notice", "all notice", "every notice", "each notice", "a notice", "notice under", "communication", "give notice", "gives notice", "giving notice", "serve notice", "written notice", "notice is", "notice has", "notify", "notice shall", "notice must", "notice may", "of notice", "notification", "declaration"), methods, frozenset({T.NOTICE_METHOD})),
    Family("term", ("month", "year", "until", "perpetu", "indefinite", "expir", "end date", " ends ", "no fixed"), term_type, frozenset({T.TERM_TYPE})),
    Family("audit", ("audit", "inspect", "examin"), audits, frozenset({T.AUDIT_RIGHT})),
    Family("data", ("personal data", "personal information", "customer data", "client data", "subscriber data", "your data", "security incident", "security breach", "data breach", "subprocessor", "sub-processor", "user data", "customer's data"), data, frozenset({T.DATA_DUTY})),
)  # fmt: skip
TITLES = (Family("paper", ("",), paper, frozenset({T.DOCUMENT_TYPE})),)
PROMISES = (*LEVELS, *ENDINGS, *TITLES)
_READERS = {field: family.read for family in PROMISES for field in family.fields}


def promised(field: TermField) -> Callable[[str], set[str]]:
    """Return what re-reads the values of a field from a quote; a name there may be of either side."""
    read = _READERS[field]
    return lambda quote: {
        said for name, value in read(" ".join(quote.split())) if name is field for said in possible(value)
    }
