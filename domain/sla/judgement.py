"""The judgement of one window: what every source says, which one counts, what is due and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.money import Money
from domain.sla.claims import ClaimDay, claim_day
from domain.sla.credits import Due, credit_due
from domain.sla.fees import Fees
from domain.sla.measured import Measured, Verdict, percent
from domain.sla.promise import Promise
from domain.sla.window import Window
from domain.terms import TermField


@dataclass(frozen=True, slots=True)
class Judgement:
    """Hold how a window ended by the source that counts, the first of `measured`, and what follows.

    `due` is `None` where a miss gives no money or nobody knows the fee; `claim` where nothing is due
    or nobody says until when.
    """

    window: Window
    verdict: Verdict
    measured: tuple[Measured, ...]
    verdicts: tuple[Verdict, ...]
    due: Due | None
    claim: ClaimDay | None
    why: tuple[str, ...]

    @property
    def disagree(self) -> bool:
        """Tell whether the sources come to different verdicts."""
        return len(set(self.verdicts)) > 1


@dataclass(frozen=True, slots=True)
class Given:
    """Hold the credits given before a window: in its year, and in the term."""

    in_year: Money
    in_term: Money


def judge(
    promise: Promise, measured: Sequence[Measured], *, fees: Fees | None, calendar: str, given: Given | None = None
) -> Judgement:
    """Judge a window by the first measurement and set the others beside it. Raises `ValueError` without any."""
    if not measured:
        raise ValueError("a window is judged by at least one measurement")
    window = measured[0].window
    verdicts = tuple(one.verdict(promise.target, exact_is_met=promise.exact_is_met) for one in measured)
    due = _due(promise, measured[0], verdicts[0], fees, given)
    owed = verdicts[0] is Verdict.MISSED and (due is None or due.amount.amount > 0)
    claim = claim_day(promise.claim, window, calendar) if owed and promise.scheme and promise.claim else None
    why = tuple(_why(promise, measured, verdicts, due, fees))
    return Judgement(
        window, verdicts[0], tuple(measured), verdicts, due, claim, (*why, *([claim.why] if claim else []))
    )


def _due(promise: Promise, first: Measured, verdict: Verdict, fees: Fees | None, given: Given | None) -> Due | None:
    if verdict is not Verdict.MISSED or promise.scheme is None or fees is None:
        return None
    fee = fees.of(first.window, promise)
    before = given or Given(fee * 0, fee * 0)
    ceilings = fees.ceilings(promise, first.window, in_year=before.in_year, in_term=before.in_term)
    return credit_due(first, promise.scheme, fee=fee, ceilings=ceilings, least=promise.least_credit)


def _why(
    promise: Promise, measured: Sequence[Measured], verdicts: Sequence[Verdict], due: Due | None, fees: Fees | None
) -> Iterator[str]:
    """Write the clause, the arithmetic of each source, the credit, and what was assumed."""
    clause = promise.clause(TermField.UPTIME)
    yield f"Promised: {promise.what}{', ' + clause if clause else ''}."
    for one, verdict in zip(measured, verdicts, strict=True):
        yield from one.why
        yield f"{one.source}: {percent(one.highest)} against {promise.target} %, {verdict}."
    if len(set(verdicts)) > 1:
        yield f"The sources disagree; {measured[0].source} is the one that counts."
    if verdicts[0] is Verdict.MISSED:
        yield from _credit(promise, due, fees)
    yield from promise.assumptions


def _credit(promise: Promise, due: Due | None, fees: Fees | None) -> Iterator[str]:
    if promise.scheme is None:
        yield "The contract names no service credit."
    elif fees is None or due is None:
        yield "What the credit is a part of is not known: the contract names no value."
    else:
        clause = promise.clause(TermField.SERVICE_CREDIT)
        yield from ([f"Credit: {clause}."] if clause else [])
        yield fees.why
        yield from due.why
