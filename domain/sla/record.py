"""The record of the last twelve months of a service level, and what a renewal should know of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.money import Money
from domain.periods import Period, Unit, subtract
from domain.sla.claims import CLAIMED, UNSENT, ClaimState
from domain.sla.measured import Verdict

_A_YEAR = Period(1, Unit.YEAR)


@dataclass(frozen=True, slots=True)
class Seen:
    """Hold what one source measured of a window, in percent as shown to people."""

    source: str
    shown: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one window of a service: what was promised, what each source saw, what counts, and what became of the credit.

    `credit` and `claim_by` are `None` where nothing is due or nobody knows it.
    """

    first: date
    last: date
    target: Decimal
    verdict: Verdict
    seen: tuple[Seen, ...]
    credit: Money | None = None
    claim_by: date | None = None
    state: ClaimState | None = None
    service: str = ""

    @property
    def disagree(self) -> bool:
        """Tell whether the sources come to different verdicts."""
        return len({one.verdict for one in self.seen}) > 1


def twelve_months(entries: Iterable[Entry], *, today: date) -> tuple[Entry, ...]:
    """Return the windows that ended within the last twelve months, the oldest first."""
    since = subtract(today, _A_YEAR)
    return tuple(sorted((one for one in entries if since <= one.last < today), key=lambda one: one.last))


def told(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Say in a few lines what a renewal should know of each service; nothing where nothing was measured."""
    services = sorted({one.service for one in entries})
    lines = (line for name in services for line in _lines([one for one in entries if one.service == name], name))
    return (*lines, *_credits(entries)) if entries else ()


def totals(entries: Iterable[Entry], states: Iterable[ClaimState]) -> tuple[Money, ...]:
    """Add up the credits in some states, each currency for itself."""
    wanted = frozenset(states)
    sums: dict[str, Money] = {}
    for one in entries:
        if one.credit is not None and one.state in wanted:
            before = sums.get(one.credit.currency)
            sums[one.credit.currency] = one.credit if before is None else before + one.credit
    return tuple(sums[currency] for currency in sorted(sums))


def _lines(entries: Sequence[Entry], service: str) -> Iterator[str]:
    missed = [one for one in entries if one.verdict is Verdict.MISSED]
    span = f"{entries[0].first} to {entries[-1].last}"
    of = f" of {service}," if service else ""
    yield f"Service level{of} {span}: {len(missed)} of {len(entries)} windows missed."
    if missed:
        yield "Missed: " + ", ".join(f"{one.first:%Y-%m} {one.seen[0].shown} of {one.target} %" for one in missed) + "."
    doubtful = sum(one.verdict is Verdict.UNDECIDED for one in entries)
    if doubtful:
        yield f"Undecided, because nobody measured enough: {doubtful}."
    split = [f"{one.first:%Y-%m}" for one in entries if one.disagree]
    if split:
        yield f"Sources disagree on {', '.join(split)}."


def _credits(entries: Sequence[Entry]) -> Iterator[str]:
    groups = (
        ("credited", {ClaimState.CREDITED}),
        ("claimed and expected", CLAIMED),
        ("still to be claimed", UNSENT),
        ("rejected", {ClaimState.REJECTED}),
        ("lapsed unclaimed", {ClaimState.LAPSED}),
    )
    parts = [
        f"{amount.display()} {word}" for word, states in groups for amount in totals(entries, states) if amount.amount
    ]
    if parts:
        yield f"Service credits: {', '.join(parts)}."
