"""The service level that a contract's terms promise; what they leave open is a stated assumption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from domain.money import Money
from domain.sla.assumptions import assumed, every
from domain.sla.availability import Counting
from domain.sla.chronic import Chronic
from domain.sla.claims import ClaimRule, Until
from domain.sla.credits import EarnBack
from domain.sla.exclusions import Cause, Excuses
from domain.sla.response import Promised
from domain.sla.schemes import Steps, Tier, Tiers
from domain.sla.stated import Stated
from domain.sla.window import WindowKind, WindowRule
from domain.terms import Citation, ContractTerms, Reading, TermField

_CITED = (
    TermField.UPTIME,
    TermField.UPTIME_WINDOW,
    TermField.SERVICE_CREDIT,
    TermField.CREDIT_CAP,
    TermField.CLAIM_PERIOD,
    TermField.CLAIM_CHANNEL,
    TermField.CHRONIC_BREACH,
    TermField.SLA_EXCLUSION,
)
_CAUSES = {
    Cause.MAINTENANCE: ("maintenance", "planned", "scheduled"),
    Cause.CUSTOMER: ("customer", "client", "subscriber", "licensee", "your "),
    Cause.FORCE_MAJEURE: ("force majeure", "beyond", "act of god", "acts of god"),
}


@dataclass(frozen=True, slots=True)
class Promise:
    """Hold a promise of availability, its target and caps in percent, from `starts` to `ends` included.

    `window_cap` is of the fee of the window, `year_cap` and `term_cap` of the fees of the year and
    the term. Without a `scheme` a miss gives no money, without `claim` nobody says until when. With
    `tickets` it is the part of them that is dealt with in time.
    """

    target: Decimal
    windows: WindowRule
    starts: date
    ends: date | None
    exact_is_met: bool = True
    counting: Counting = field(default_factory=Counting)
    scheme: Tiers | Steps | None = None
    window_cap: Decimal | None = None
    year_cap: Decimal | None = None
    term_cap: Decimal | None = None
    least_credit: Money | None = None
    earn_back: EarnBack | None = None
    claim: ClaimRule | None = None
    channels: tuple[str, ...] = ()
    chronic: tuple[Chronic, ...] = ()
    citations: Mapping[TermField, Citation] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    tickets: Promised | None = None

    @property
    def what(self) -> str:
        """Name it with its measure."""
        of = f" of tickets of severity {self.tickets}" if self.tickets else ""
        return f"{self.target} %{of} {every(self.windows)}"

    def clause(self, name: TermField) -> str:
        """Quote the words that a term was read from, with their page; empty where nothing says so."""
        cited = self.citations.get(name)
        return f"“{' '.join(cited.quote.split())}” (page {cited.page})" if cited else ""


def promise_of(reading: Reading, *, zone: str, ends: date | None, stated: Stated | None = None) -> Promise | None:
    """Return what a contract promises, `None` where it promises no availability or never begins.

    Raises `ValueError` for bands of credits that overlap.
    """
    terms, more = ContractTerms.of(reading.terms), stated or Stated()
    target, starts = terms.text(TermField.UPTIME), terms.start
    if target is None or starts is None:
        return None
    cap = terms.text(TermField.CREDIT_CAP)
    return Promise(
        target=Decimal(target),
        windows=more.windows or _windows(terms, zone, starts),
        starts=starts,
        ends=ends,
        exact_is_met=more.exact_is_met is not False,
        counting=_counting(reading, more),
        scheme=more.steps or _tiers(reading),
        window_cap=Decimal(cap) if cap else None,
        year_cap=more.year_cap,
        term_cap=more.term_cap,
        least_credit=more.least_credit,
        earn_back=more.earn_back,
        claim=more.claim or claim_rule(terms),
        channels=tuple(term.value for term in reading.all(TermField.CLAIM_CHANNEL)),
        chronic=_chronic(reading, more),
        citations={name: term.citation for name in _CITED if (term := reading.get(name))},
        assumptions=tuple(assumed(reading, zone, more)),
    )


def _windows(terms: ContractTerms, zone: str, starts: date) -> WindowRule:
    kind = WindowKind(terms.text(TermField.UPTIME_WINDOW) or WindowKind.MONTH)
    return WindowRule(kind, zone, anchor=starts if kind is WindowKind.YEAR else None)


def _counting(reading: Reading, more: Stated) -> Counting:
    said = " ".join(term.value for term in reading.all(TermField.SLA_EXCLUSION)).casefold()
    causes = frozenset(cause for cause, words in _CAUSES.items() if any(word in said for word in words))
    return Counting(
        degraded=bool(more.degraded),
        least=more.least or timedelta(),
        whole_minutes=bool(more.whole_minutes),
        shrinks=more.shrinks is not False,
        excuses=Excuses(causes, more.notice, more.monthly),
    )


def _tiers(reading: Reading) -> Tiers | None:
    bands = dict.fromkeys(Tier.parse(term.value) for term in reading.all(TermField.SERVICE_CREDIT))
    return Tiers(tuple(bands)) if bands else None


def claim_rule(terms: ContractTerms) -> ClaimRule | None:
    """Return until when a contract lets a credit be claimed, `None` where it does not say."""
    period = terms.period(TermField.CLAIM_PERIOD)
    return ClaimRule(Until.PERIOD, period) if period else None


def _chronic(reading: Reading, more: Stated) -> tuple[Chronic, ...]:
    found = dict.fromkeys(term.value for term in reading.all(TermField.CHRONIC_BREACH))
    return tuple(Chronic.parse(value, in_a_row=more.in_a_row, open_for=more.leave_within) for value in found)
