"""Every family of facts about money, with the words without which it cannot speak."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from domain.terms import TermField
from extraction.facts.billing import billing
from extraction.facts.currency import currency
from extraction.facts.discounts import discounts
from extraction.facts.escalation import escalation
from extraction.facts.interest import interest
from extraction.facts.minimums import minimums
from extraction.facts.payment import payment

Fact = tuple[TermField, str]
T = TermField


@dataclass(frozen=True, slots=True)
class Family:
    """Hold a reader of passages, its fields, and the lower-case words without one of which it cannot speak."""

    name: str
    anchor: re.Pattern[str] | tuple[str, ...]
    read: Callable[[str], Iterable[Fact]]
    fields: frozenset[TermField]


def _any(words: str) -> tuple[str, ...]:
    return tuple(words.split("|"))


_ESCALATION = {
    T.ESCALATION_PERCENT,
    T.ESCALATION_INDEX,
    T.ESCALATION_MARGIN,
    T.ESCALATION_FLOOR,
    T.ESCALATION_CAP,
    T.ESCALATION_NOTICE,
}
_CURRENCY_WORDS = (
    "currenc|dollar|euro|sterling|pound|franc| yen|lawful|us$|in usd|in gbp|in eur|in chf|in cad|in aud"
    "|are usd|are gbp|are eur|(usd)|(gbp)|(eur)|unit of account|prices in"
)
_BILLING_WORDS = "invoic|billed|billing|bill |bills|billable|instal|payment|payable|paid |charged|prepay|collected|levied|in advance|in arrears|upfront|up-front"
_MINIMUM_WORDS = (
    "minim|commit|least|less than|lower than|below|guarantee|true-up|true up|trued|trues|truing|reconcil|difference|shortfall"
    "| or more|floor|pledg|take-or-pay|regardless|irrespective|whatever| not reach| not attain|spend|drop under|smaller|lowest|short of|even where|even if|even when| under |rounded up|however little|greater of|higher of|is the amount|to the value of|still pay|still owe|bound to|obliged to|required to|topped up|top up"
)
_PERCENTS = ("%", "percent", "per cent", "\ncent")
_ESCALATION_WORDS = (
    "index|cpi|rpi|hicp|increas| rise|rising|rais|uplift|adjust|revis|chang|new price|new fee|put up|higher| ahead"
    "|escalat|indices|eci|ppi|linked to|in line|passed on|go up|goes up|up on | on top|pass on"
)
FAMILIES = (
    Family("currency", _any(_CURRENCY_WORDS), currency, frozenset({T.CURRENCY})),
    Family("billing", _any(_BILLING_WORDS), billing, frozenset({T.BILLING_FREQUENCY})),
    Family(
        "payment",
        _any("invoic|net |payment|payable| due|receipt|bill|to pay|settle|credit "),
        payment,
        frozenset({T.PAYMENT_DAYS}),
    ),
    Family("interest", _PERCENTS, interest, frozenset({T.LATE_INTEREST})),
    Family("minimum", _any(_MINIMUM_WORDS), minimums, frozenset({T.MINIMUM_COMMITMENT, T.MINIMUM_PERIOD, T.TRUE_UP})),
    Family(
        "discount",
        _any(
            "discount|rebate|reduc| off|waive|deduct|below|less |less.|cheaper|concession| lower| cut|minus|abat|allowance|markdown|marked down|saving|save |saves |subtract|under list|credit|price break"
        ),
        discounts,
        frozenset({T.DISCOUNT, T.PROMOTION}),
    ),
    Family("escalation", (*_PERCENTS, *_any(_ESCALATION_WORDS)), escalation, frozenset(_ESCALATION)),
)
_READERS = {field: family.read for family in FAMILIES for field in family.fields}


def derived(field: TermField) -> Callable[[str], set[str]]:
    """Return what re-reads the values of a field from a quote."""
    read = _READERS[field]
    return lambda quote: {value for name, value in read(" ".join(quote.split())) if name is field}
