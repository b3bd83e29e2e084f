"""What it is too late for: notice windows that have closed, and what that commits us to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.deadlines import RENEWS, Deadlines, Renewal, current_deadlines, missed_deadlines
from domain.money import Money
from domain.periods import Period
from domain.terms import Citation, ContractTerms, Reading, TermField

_SOON = 30


class Lateness(StrEnum):
    """Name how late it is; only `HURRY` can still be turned."""

    HURRY = "send today"
    RENEWS = "will renew"
    LAPSES = "right to renew lost"
    RENEWED = "has renewed"


_RANKS = {Lateness.HURRY: 0, Lateness.RENEWS: 2, Lateness.LAPSES: 3, Lateness.RENEWED: 4}


@dataclass(frozen=True, slots=True)
class Cost:
    """Hold what a term commits us to and how that follows; no amount means unknown, never zero."""

    amount: Money | None
    basis: str


@dataclass(frozen=True, slots=True)
class Late:
    """Hold one missed window.

    `deadline` is the last day that would have counted, `ends` the end of the term it belonged to,
    `locked_until` the last day of the term that follows from it; `days` is negative while there is
    still time. `clause` are the words that set the deadline.
    """

    kind: Lateness
    deadline: date
    days: int
    ends: date
    locked_until: date
    cost: Cost
    clause: Citation | None


def already_late(reading: Reading, renewal: Renewal, *, today: date) -> Late | None:
    """Tell what it is too late for; `None` where no notice is known to have been missed."""
    if renewal.notice is None:
        return None
    missed, current = missed_deadlines(renewal, today=today), current_deadlines(renewal, today=today)
    kind = _kind(renewal, missed, current, today)
    if kind is None:
        return None
    window = current if kind is Lateness.HURRY or missed is None else missed
    deadline = window.effective_deadline or window.term_end
    return Late(
        kind,
        deadline,
        (today - deadline).days,
        window.term_end,
        _locked_until(kind, renewal, window, current),
        _cost(kind, reading, renewal),
        _clause(reading),
    )


def _kind(renewal: Renewal, missed: Deadlines | None, current: Deadlines, today: date) -> Lateness | None:
    rolls = renewal.kind in RENEWS and renewal.term is not None
    if rolls and missed is not None and missed.term_end >= today:
        return Lateness.RENEWS
    if rolls and current.send_by is not None and current.send_by < today:
        return Lateness.HURRY
    if rolls and missed is not None:
        return Lateness.RENEWED
    if renewal.kind == "manual" and missed is not None and missed.term_end >= today:
        return Lateness.LAPSES
    return None


def _locked_until(kind: Lateness, renewal: Renewal, window: Deadlines, current: Deadlines) -> date:
    if kind is not Lateness.HURRY:
        return current.term_end
    closed = window.closes + timedelta(days=1)
    return current_deadlines(renewal, today=closed).term_end


def committed(terms: ContractTerms, term: Period | None) -> Cost:
    """Return what one term of that length costs, before any rise of prices.

    The annual value counts by the month; the total value of the initial term is taken for a term
    of another length in proportion.
    """
    months = term.months if term else None
    if months is None:
        return Cost(None, "the length of the term in months is not known")
    annual, total = terms.money(TermField.ANNUAL_VALUE), terms.money(TermField.TOTAL_VALUE)
    if annual is not None:
        return Cost(_share(annual, months, 12), f"annual value of {annual.display()} for {months} months")
    initial = terms.period(TermField.INITIAL_TERM)
    length = initial.months if initial else None
    if total is not None and length:
        return Cost(_share(total, months, length), f"{months} of the {length} months that {total.display()} pays for")
    return Cost(None, "the paper's annual value and its total over a known term were not found")


def totals(late: Iterable[Late]) -> tuple[Mapping[str, Money], int]:
    """Add up by currency what renewals commit us to, and count those whose cost is unknown."""
    sums: dict[str, Money] = {}
    unknown = 0
    for amount in (one.cost.amount for one in late if one.kind in {Lateness.RENEWS, Lateness.RENEWED}):
        if amount is None:
            unknown += 1
        else:
            sums[amount.currency] = sums[amount.currency] + amount if amount.currency in sums else amount
    return sums, unknown


def urgency(late: Late, *, today: date) -> tuple[int, date]:
    """Rank for reports: what can be turned, what renews within 30 days, what renews, the rest."""
    if late.kind is Lateness.RENEWS and (late.ends - today).days <= _SOON:
        return 1, late.ends
    return _RANKS[late.kind], late.ends


def _share(amount: Money, months: int, of: int) -> Money:
    return Money(amount.amount * Decimal(months) / Decimal(of), amount.currency).rounded()


def _cost(kind: Lateness, reading: Reading, renewal: Renewal) -> Cost:
    if kind is Lateness.LAPSES:
        return Cost(None, "nothing is committed; the contract ends")
    return committed(ContractTerms.of(reading.terms), renewal.term)


def _clause(reading: Reading) -> Citation | None:
    found = reading.get(TermField.NOTICE_PERIOD) or reading.get(TermField.RENEWAL_TYPE)
    return found.citation if found else None
