"""Watch service levels: measure what has closed, judge it, claim what is due, name a right to leave."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from prefect import task
from prefect.artifacts import acreate_table_artifact
from sqlalchemy import RowMapping

from domain.errors import AftersignError, Permanent
from domain.money import Money
from domain.periods import Period, Unit, add
from domain.sla.claims import UNSENT, ClaimState
from domain.sla.judgement import Given, Judgement, judge
from domain.sla.measured import Verdict
from store import sla_measurements, slas
from tasks import context
from tasks.context import Context
from tasks.slas_claims import lapse, record, tell, withdraw
from tasks.slas_earned import earned_back, give_back
from tasks.slas_measured import Taken, refuse_implausible, row_of, take
from tasks.slas_promised import watched
from tasks.slas_rights import tell_rights

_YEAR = Period(1, Unit.YEAR)
_NOTHING = frozenset({ClaimState.REJECTED, ClaimState.LAPSED, ClaimState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Watch:
    """Hold what one run found: a row for each measurement, the misses it raised or lapsed, and its problems."""

    rows: tuple[dict[str, str], ...] = ()
    missed: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@task(name="watch service levels", task_run_name="watch service levels")
async def watch(*, dry_run: bool, limit: int, believe: bool) -> list[str]:
    """Measure and judge what has closed; return the ids of the misses that moved. Raises `Permanent` with problems."""
    found = await asyncio.to_thread(watch_now, context.current(), dry_run=dry_run, limit=limit, believe=believe)
    if found.rows:
        await acreate_table_artifact(list(found.rows), key="service-levels", description="What every source measured")
    if found.problems:
        raise Permanent(
            f"{len(found.problems)} service levels were not watched",
            why="; ".join(found.problems[:5]),
            fix="see the runbook, row 'service level'; what could be measured is stored",
        )
    return list(found.missed)


def watch_now(ctx: Context, *, dry_run: bool = False, limit: int = 100, believe: bool = False) -> Watch:
    """Measure the windows that have closed, store and judge them, claim and tell what is due.

    Raises `Permanent` before anything is stored where a source cannot be true. Problems of one
    contract, source or person never hold up the others.
    """
    promises, problems = watched(ctx)
    taken, missing = take(ctx, promises)
    refuse_implausible(taken, limit=limit, believe=believe)
    rows = tuple(row for one in taken for row in row_of(one))
    if dry_run:
        return Watch(rows, problems=(*problems, *missing))
    moved, unsettled = _settle_all(ctx, taken)
    moved += [*give_back(ctx, promises), *lapse(ctx)]
    rights, unheard = tell_rights(ctx, promises)
    untold = _tell_all(ctx)
    ids = tuple(dict.fromkeys(row["id"] for row in moved))
    return Watch(rows, ids, tuple(rights), (*problems, *missing, *unsettled, *unheard, *untold))


def _settle_all(ctx: Context, taken: Iterable[Taken]) -> tuple[list[RowMapping], list[str]]:
    moved: list[RowMapping] = []
    problems: list[str] = []
    ordered = _in_order(taken)
    # Every window is stored before any is settled: later ones decide what earlier ones are still owed.
    for step in (_keep, _settle):
        for one in ordered:
            try:
                moved += step(ctx, one)
            except (ValueError, AftersignError) as error:
                problems.append(f"{one.watched.name}, {one.window}: {error}")
    return moved, list(dict.fromkeys(problems))


def _in_order(taken: Iterable[Taken]) -> list[Taken]:
    """Take earlier windows first: what they give counts towards the caps of later ones."""
    return sorted(taken, key=lambda one: (one.watched.contract_id, one.watched.service, one.window.first))


def _keep(ctx: Context, one: Taken) -> list[RowMapping]:
    """Store what every source measured of a window; no miss moves by that alone."""
    promise, service = one.watched.promise, one.watched.service
    with ctx.database.write() as connection:
        for found in one.measured:
            verdict = found.verdict(promise.target, exact_is_met=promise.exact_is_met)
            counts = found.source == one.watched.entry.ordered[0]
            sla_measurements.keep(
                ctx.database, connection, one.watched.contract_id, service, found,
                target=promise.target, verdict=verdict, counts=counts, now=ctx.clock(),
            )  # fmt: skip
    return []


def _settle(ctx: Context, one: Taken) -> list[RowMapping]:
    """Do what follows from a window's measurements; return the miss if it is new or changed."""
    if not one.judged:
        return []
    with ctx.database.read() as connection:
        rows = slas.listed(connection, contract_id=one.watched.contract_id)
    known = [row for row in rows if row["service"] == one.watched.service]
    before = next((row for row in known if row["window_first"] == one.window.first), None)
    after = _follow(ctx, one, known, before)
    changed = after is not None and (before is None or before["changed_at"] != after["changed_at"])
    return [after] if after is not None and changed else []


def _follow(ctx: Context, one: Taken, known: Sequence[RowMapping], before: RowMapping | None) -> RowMapping | None:
    """Raise a miss, or take one back that a corrected measurement no longer shows."""
    judged = judgement(one, known)
    if judged.verdict is Verdict.MISSED and before is not None and earned_back(ctx, one.watched, one.window):
        return None
    if judged.verdict is Verdict.MISSED and before is None and _overlaps(one, known):
        return None  # one outage is claimed once, however many rolling windows see it
    if judged.verdict is Verdict.MISSED:
        return record(ctx, one.watched, judged)
    if before is not None and before["state"] in UNSENT:
        return withdraw(ctx, before)
    return None


def _overlaps(one: Taken, known: Iterable[RowMapping]) -> bool:
    """Tell whether a window that begins earlier and reaches into this one was missed."""
    return any(
        row["window_first"] < one.window.first <= row["window_last"] and row["state"] != ClaimState.WITHDRAWN
        for row in known
    )


def judgement(one: Taken, known: Sequence[RowMapping]) -> Judgement:
    """Judge a window, with what earlier windows have given of its year's and its term's credit."""
    fees, calendar = one.watched.fees, one.watched.calendar
    given = None if fees is None else _given(one, known, Money(fees.year.amount * 0, fees.year.currency))
    return judge(one.watched.promise, one.measured, fees=fees, calendar=calendar, given=given)


def _given(one: Taken, known: Sequence[RowMapping], nothing: Money) -> Given:
    earlier = [
        row
        for row in known
        if row["window_first"] < one.window.first and row["amount"] and row["state"] not in _NOTHING
    ]
    begins = one.watched.promise.starts
    while add(begins, _YEAR) <= one.window.first:
        begins = add(begins, _YEAR)
    in_year = [row for row in earlier if row["window_first"] >= begins]
    return Given(_sum(in_year, nothing), _sum(earlier, nothing))


def _sum(rows: Iterable[RowMapping], nothing: Money) -> Money:
    total = nothing
    for row in rows:
        total = total + Money.parse(row["amount"])
    return total


def _tell_all(ctx: Context) -> list[str]:
    """Tell of every miss that nobody was told of; one person's trouble never holds up another."""
    problems: list[str] = []
    with ctx.database.read() as connection:
        rows = [
            row
            for row in slas.listed(connection, (*UNSENT, ClaimState.LAPSED, ClaimState.REJECTED))
            if row["told_at"] is None
        ]
    for row in rows:
        try:
            tell(ctx, row)
        except AftersignError as error:
            problems.append(f"{row['counterparty']}: {error}")
    return problems
