"""Support promised by a contract: which part of a window's tickets is answered or resolved in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from domain.sla.measured import Counted, Measured, percent
from domain.sla.promise import Promise, claim_rule
from domain.sla.response import Promised, Ticket, Timing, timings
from domain.sla.schemes import Steps, Tiers
from domain.sla.stated import Stated
from domain.sla.window import Window, WindowKind, WindowRule
from domain.terms import ContractTerms, Reading, TermField

_NAMED = 20  # tickets a letter names one by one
_ASSUMED = (
    "A ticket belongs to the window in which it was opened.",
    "Time on hold does not count, and an automatic reply is no answer.",
)


def promise_of_support(
    reading: Reading,
    promised: Promised,
    *,
    target: Decimal,
    zone: str,
    ends: date | None,
    stated: Stated,
    scheme: Steps | Tiers | None = None,
) -> Promise | None:
    """Return a promise about tickets as a person stated it; `None` where the contract never begins.

    `target` is the percentage of tickets that must be dealt with in time. The time to claim and the
    channels are those that the contract names for credits.
    """
    terms = ContractTerms.of(reading.terms)
    if terms.start is None:
        return None
    return Promise(
        target=target,
        windows=stated.windows or WindowRule(WindowKind.MONTH, zone),
        starts=terms.start,
        ends=ends,
        exact_is_met=stated.exact_is_met is not False,
        scheme=scheme,
        year_cap=stated.year_cap,
        term_cap=stated.term_cap,
        least_credit=stated.least_credit,
        earn_back=stated.earn_back,
        claim=stated.claim or claim_rule(terms),
        channels=tuple(term.value for term in reading.all(TermField.CLAIM_CHANNEL)),
        assumptions=(f"Days begin at midnight in {zone}.", *_ASSUMED),
        tickets=promised,
    )


def measure_support(
    window: Window, tickets: Iterable[Ticket], promised: Promised, *, source: str, now: datetime
) -> Measured:
    """Measure the share of a window's tickets of one severity that were dealt with in time.

    A ticket that is open and still in time is doubtful; a window without tickets is kept whole.
    """
    opened = (one for one in tickets if window.time.start <= one.opened < window.time.end)
    timed = timings(sorted(opened, key=lambda one: (one.opened, one.id)), [promised], now=now)
    late = [one for one in timed if one.met is False]
    total, lost, open_ = (Fraction(len(one)) for one in (timed, late, [one for one in timed if one.met is None]))
    highest, lowest = ((1 - one / total if total else Fraction(1)) for one in (lost, lost + open_))
    why = (_formula(window, source, timed, late), *_named(late))
    return Measured(
        window, source, total, total, Fraction(0), lost, open_, lowest, highest, why=why, counted=Counted.TICKETS
    )


def _formula(window: Window, source: str, timed: Sequence[Timing], late: Sequence[Timing]) -> str:
    if not timed:
        return f"{source}: {window}, no such ticket was opened."
    share = percent(1 - Fraction(len(late), len(timed)))
    return (
        f"{source}: {window}, {len(timed)} tickets, {len(late)} of them late: 1 - {len(late)} / {len(timed)} = {share}."
    )


def _named(late: Sequence[Timing]) -> Iterator[str]:
    """Name the late tickets; one that is still open is not named by its age, which is another one every night."""
    for one in late[:_NAMED]:
        yield one.why if one.done else f"{one.ticket}: open, and its time is over ({one.promised})."
    if len(late) > _NAMED:
        yield f"{len(late) - _NAMED} more tickets were late."
