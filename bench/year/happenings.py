"""What people do on a simulated day: leave, come, answer, decide, sign amendments and take them back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random

from sqlalchemy import select

from bench.year import amending, company
from bench.year.journal import Journal
from bench.year.world import World
from domain.errors import Permanent, Transient
from domain.people import Leave
from store import clock, decisions
from store.tables import alerts
from tasks.context import Context
from tasks.deciding import Verdict, acknowledge, carry_out, decide

_LEAVES_A_YEAR, _ABSENCES_A_YEAR = 20, 60
_ANSWERS, _DECIDES, _EXECUTES = 0.3, 0.02, 0.05
_PRESSED = 0.2  # who hears of it because nobody else acted decides more often
_VERDICTS = (Verdict.RENEW, Verdict.TERMINATE, Verdict.RENEGOTIATE)
_AT_WORK = 10


def of_day(world: World, journal: Journal, day: date, chance: Random) -> None:
    """Let the people of the world do what they do on one day."""
    ctx = world.at(day, _AT_WORK)
    _staff(world, journal, day, chance)
    ctx = world.ctx
    _answers(ctx, journal, chance)
    _decisions(world, journal, chance)
    amending.of_day(world, journal, day, chance)


def _staff(world: World, journal: Journal, day: date, chance: Random) -> None:
    if chance.random() < _LEAVES_A_YEAR / 365:
        _one_leaves(world, journal, day, chance)
    if chance.random() < _ABSENCES_A_YEAR / 365:
        email = chance.choice(world.here())
        leave = Leave(day + timedelta(days=1), day + timedelta(days=chance.randint(3, 25)))
        world.away(email, leave)
        journal.leaves.setdefault(email, []).append(leave)


def _one_leaves(world: World, journal: Journal, day: date, chance: Random) -> None:
    """Let somebody go, and somebody else take the seat."""
    one = world.business.people[chance.choice(world.here())]
    world.leaves_us(one.email, struck_off=chance.random() < 0.5)
    journal.left[one.email] = day
    journal.counts["people who left"] += 1
    name = f"{one.teams[0]}{journal.counts['people who left'] + 100}"
    world.business = company.joined(world.business, one.regions[0], one.teams[0], name)


def _answers(ctx: Context, journal: Journal, chance: Random) -> None:
    """Let some of those who were told since yesterday acknowledge, and some decide."""
    with ctx.database.read() as connection:
        recent = (alerts.c.state == "sent", alerts.c.sent_at > ctx.clock() - timedelta(days=1))
        query = select(alerts.c.contract_id, alerts.c.recipient, alerts.c.stage).where(*recent)
        told = {
            (row.contract_id, row.recipient): row.stage
            for row in connection.execute(query.order_by(alerts.c.stage.desc()))
        }
        open_ = {row["contract_id"] for row in decisions.listed(connection)}
    for contract, email in sorted(told, key=lambda one: (journal.papers[one[0]].number, one[1])):
        if not journal.here(email, ctx.clock().date()):
            continue
        if chance.random() < _ANSWERS:
            _tried(journal, "acknowledged", partial(acknowledge, ctx, contract, who=email))
        if contract not in open_ and chance.random() < (_PRESSED if told[contract, email] < 0 else _DECIDES):
            open_.add(contract)
            _tried(journal, "decided", partial(decide, ctx, contract, chance.choice(_VERDICTS), who=email))


def _decisions(world: World, journal: Journal, chance: Random) -> None:
    """Let some open decisions be carried out, with proof where notice must be served."""
    ctx = world.ctx
    with ctx.database.read() as connection:
        waiting = sorted(decisions.listed(connection), key=lambda row: journal.papers[row["contract_id"]].number)
        days = {row["contract_id"]: row for row in clock.every(connection)}
    for row in waiting:
        current = days.get(row["contract_id"])
        if current is None or current["term_end"] != row["term_end"] or chance.random() > _EXECUTES:
            continue
        _tried(journal, "executed", partial(_execute, world, row["contract_id"], row["decided_by"], row["verdict"]))


def _execute(world: World, contract: str, who: str, verdict: str) -> None:
    ctx = world.ctx
    proof = _proof(world.folder) if verdict != Verdict.RENEW else None
    carry_out(ctx, contract, who=who, served_on=ctx.clock().date(), proof=proof)


def _proof(folder: Path) -> Path:
    path = folder / "receipt.txt"
    path.write_text("received and signed for", encoding="utf-8")
    return path


def _tried(journal: Journal, name: str, what: Callable[[], object]) -> None:
    """Count what somebody did, or was told that it cannot be done."""
    try:
        what()
    except Permanent:
        journal.counts[f"{name}, refused"] += 1
        return
    except Transient:
        name = f"{name}, to be told when the lines are up"
    journal.counts[name] += 1
