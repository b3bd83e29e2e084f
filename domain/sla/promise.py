"""The service level that a contract's terms promise; what they leave open is a stated assumption."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from domain.money import Money
from domain.periods import Period
from domain.sla.availability import Counting
from domain.sla.chronic import Chronic
from domain.sla.claims import ClaimRule, Until
from domain.sla.credits import EarnBack
from domain.sla.exclusions import Cause, Excuses
from domain.sla.schemes import Steps, Tier, Tiers
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
class Stated:
    """Hold what a person read in a contract beside its terms; `None` means that it does not say so."""

    degraded: bool | None = None
    least: timedelta | None = None
    whole_minutes: bool | None = None
    shrinks: bool | None = None
    exact_is_met: bool | None = None
    notice: timedelta | None = None
    monthly: timedelta | None = None
    claim: ClaimRule | None = None
    steps: Steps | None = None
    year_cap: Decimal | None = None
    term_cap: Decimal | None = None
    least_credit: Money | None = None
    earn_back: EarnBack | None = None
    in_a_row: bool = False
    leave_within: Period | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Hold a promise of availability, its target and caps in percent, from `starts` to `ends` included.

    `window_cap` is of the fee of the window, `year_cap` and `term_cap` of the fees of the year and
    the term. Without a `scheme` a miss gives no money, without `claim` nobody says until when.
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
        windows=_windows(terms, zone, starts),
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
        claim=more.claim or _claim(terms),
        channels=tuple(term.value for term in reading.all(TermField.CLAIM_CHANNEL)),
        chronic=_chronic(reading, more),
        citations={name: term.citation for name in _CITED if (term := reading.get(name))},
        assumptions=tuple(_assumed(reading, zone, more)),
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


def _claim(terms: ContractTerms) -> ClaimRule | None:
    period = terms.period(TermField.CLAIM_PERIOD)
    return ClaimRule(Until.PERIOD, period) if period else None


def _chronic(reading: Reading, more: Stated) -> tuple[Chronic, ...]:
    found = dict.fromkeys(term.value for term in reading.all(TermField.CHRONIC_BREACH))
    return tuple(Chronic.parse(value, in_a_row=more.in_a_row, open_for=more.leave_within) for value in found)


def _assumed(reading: Reading, zone: str, more: Stated) -> Iterator[str]:
    """Name every choice that no word of the contract makes."""
    said = {term.field for term in reading.terms}
    yield f"Days begin at midnight in {zone}."
    if TermField.UPTIME_WINDOW not in said:
        yield "No window is named: availability is taken by calendar month."
    if more.exact_is_met is None:
        yield "To reach the target exactly is to meet it."
    if more.degraded is None:
        yield "A degraded service counts as available."
    if more.shrinks is None and TermField.SLA_EXCLUSION in said:
        yield "Excluded time is taken out of the window as well."
    if TermField.SLA_EXCLUSION not in said:
        yield "Nothing is excluded: maintenance counts as unavailable."
    elif more.notice is None and more.monthly is None:
        yield "Excluded maintenance is taken without a limit and without a proof of its notice."
    if TermField.CLAIM_PERIOD not in said and more.claim is None:
        yield "No time to claim is named."
