"""What happens if nobody acts: which contracts bind us again, on which day, until when, and for how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.deadlines import at_term
from domain.lateness import Cost, committed
from domain.money import Money
from domain.renewal import RENEWS, Renewal, renewal_of
from domain.terms import ContractTerms, TermField

_MOST = 60  # renewals of one contract; what runs on from month to month has many


class Fate(StrEnum):
    """Name what becomes of a term that nobody touches."""

    RENEWS = "renews"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Running:
    """Hold a contract as it runs: its terms, the end of the term in force and how often it has renewed.

    `bound_on` is the last day on which notice still counts; `stops` that notice was served.
    """

    contract_id: str
    customer: str
    title: str
    owner: str
    terms: ContractTerms
    calendar: str
    renewals: int
    term_end: date
    bound_on: date
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Hold one thing that happens by itself: from `on` it can no longer be turned."""

    running: Running
    fate: Fate
    on: date
    term_end: date
    until: date | None
    cost: Cost


def unattended(running: Running, *, today: date, horizon: date) -> Iterator[Event]:
    """Yield what happens to one contract until the horizon, in order of days."""
    renewal = renewal_of(running.terms, running.calendar)
    renews = running.terms.text(TermField.RENEWAL_TYPE) in RENEWS and renewal is not None and renewal.rolls
    if running.stops or not renews or renewal is None:
        if running.term_end <= horizon:
            yield Event(running, Fate.ENDS, running.term_end, running.term_end, None, Cost(None, "nothing follows"))
        return
    yield from _renewing(running, renewal, today, horizon)


def _renewing(running: Running, renewal: Renewal, today: date, horizon: date) -> Iterator[Event]:
    end, bound, number = running.term_end, running.bound_on, running.renewals
    while bound <= horizon and number < running.renewals + _MOST:
        if renewal.limit is not None and number >= renewal.limit:
            yield Event(running, Fate.ENDS, end, end, None, Cost(None, "no renewal is left"))
            return
        following = at_term(renewal, number + 1, today=today)
        yield Event(running, Fate.RENEWS, bound, end, following.term_end, committed(running.terms, renewal.next_term))
        end, bound, number = following.term_end, following.closes, number + 1


@dataclass(frozen=True, slots=True)
class Sum:
    """Hold what renews in one currency, and how many of all renewals have no known cost."""

    currency: str
    amount: Money
    count: int


def sums(events: Iterable[Event]) -> tuple[list[Sum], int]:
    """Add up by currency what renewals commit us to; count those whose cost nobody knows."""
    found: defaultdict[str, list[Money]] = defaultdict(list)
    unknown = 0
    for event in events:
        if event.fate is Fate.RENEWS and event.cost.amount is None:
            unknown += 1
        elif event.fate is Fate.RENEWS and event.cost.amount is not None:
            found[event.cost.amount.currency].append(event.cost.amount)
    return [Sum(one, _total(amounts), len(amounts)) for one, amounts in sorted(found.items())], unknown


def _total(amounts: Iterable[Money]) -> Money:
    first, *rest = amounts
    for one in rest:
        first += one
    return first


def by_month(events: Iterable[Event]) -> Mapping[date, list[Event]]:
    """Group events by the month from which they can no longer be turned."""
    found: defaultdict[date, list[Event]] = defaultdict(list)
    for event in events:
        found[event.on.replace(day=1)].append(event)
    return dict(sorted(found.items()))
