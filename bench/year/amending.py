"""Amendments of a simulated year: late, out of order, approved after a while, sometimes withdrawn."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from bench.year.arithmetic import windows
from bench.year.filing import stored
from bench.year.journal import Change, Journal
from bench.year.papers import Paper
from bench.year.world import World
from domain.errors import AftersignError
from domain.papers import LinkKind, Proposal
from domain.terms import TermField
from store import families, ledger
from tasks.amending import approve, withdraw
from tasks.linking import accept_link

T = TermField
_A_DAY = 0.6  # amendments a day for 1,000 contracts
_WITHDRAWN_A_DAY = 0.05
_SHORT = frozenset({"P1M", "P3M"})


def of_day(world: World, journal: Journal, day: date, chance: Random) -> None:
    """Let amendments arrive, be approved and be withdrawn on one day."""
    many = _A_DAY * len(journal.papers) / 1000
    while chance.random() < many:
        many -= 1
        _arrives(world, journal, day, chance)
    if chance.random() < _WITHDRAWN_A_DAY:
        _withdrawn(world, journal, chance)


def _arrives(world: World, journal: Journal, day: date, chance: Random) -> None:
    """Sign an amendment, now and then two at once of which the later one comes first."""
    if not journal.papers:
        return
    contract = chance.choice(list(journal.papers))
    paper = journal.papers[contract]
    if paper.rivals or paper.values[T.RENEWAL_TYPE] == "month_to_month" or paper.values.get(T.INITIAL_TERM) in _SHORT:
        return
    first = day + timedelta(days=chance.randint(-60, 60))
    days = [first] if chance.random() < 0.7 else [first + timedelta(days=20), first]
    for valid_from in days:
        values = _said(chance, paper, max(day, valid_from))
        if _approved(world, journal, contract, values, valid_from) and len(days) > 1:
            journal.counts["amendments out of order"] += 1
    journal.counts["amendments late"] += first < day


def _said(chance: Random, paper: Paper, by: date) -> dict[TermField, str]:
    dice = chance.random()
    if dice < 0.35 or T.NOTICE_PERIOD not in paper.values:
        return {T.ANNUAL_VALUE: f"{chance.randrange(5, 400) * 1000 + chance.randrange(1, 999)}.00 USD"}
    if dice < 0.75:
        return {T.NOTICE_PERIOD: f"P{chance.choice((35, 50, 75, 100, 120))}D", T.NOTICE_UNIT: "calendar_day"}
    if dice < 0.9 or not _in_first_term(paper, by):
        return {T.NOTICE_RULE: chance.choice(("receipt", "dispatch"))}
    return {T.RENEWAL_TYPE: "none"}


def _in_first_term(paper: Paper, day: date) -> bool:
    """Tell whether the first window is still open; what ends a later term names that term's end instead."""
    return any(one.closes > day for one in windows(paper.values, {}, "US", day)[:1])


def _approved(world: World, journal: Journal, contract: str, values: dict[TermField, str], valid_from: date) -> bool:
    ctx, target = world.ctx, journal.papers[contract]
    journal.counts["amendments signed"] += 1
    number = 10_000_000 + journal.counts["amendments signed"]
    said = {T.DOCUMENT_TYPE: "amendment", T.EFFECTIVE_DATE: str(valid_from), **values}
    paper = Paper(number, target.customer, target.place, ctx.clock().date(), said)
    identity = stored(ctx, paper, "Amendment")
    with ctx.database.write() as connection:
        proposal = Proposal(identity, contract, LinkKind.AMENDS, 1.0, "it names the contract's number", None)
        families.save(ctx.database, connection, [proposal], ctx.clock())
        [link] = [one for one in families.listed(connection) if one["child_id"] == identity]
    try:
        accept_link(ctx, link["id"], who="bench")
        with ctx.database.read() as connection:
            [row] = [one for one in ledger.listed(connection) if one["paper_id"] == identity]
        approve(ctx, row["id"], row["shown_hash"], who=world.here()[0])
    except AftersignError as error:
        journal.surprises[f"amendment: {error.what[:60]}"] += 1
        return False
    journal.changes.append(Change(contract, values, valid_from, ctx.clock()))
    journal.counts["amendments approved"] += 1
    return True


def _withdrawn(world: World, journal: Journal, chance: Random) -> None:
    ctx = world.ctx
    with ctx.database.read() as connection:
        rows = ledger.listed(connection, ("approved",))
    if not rows:
        return
    numbers = {contract: paper.number for contract, paper in journal.papers.items()}
    row = chance.choice(sorted(rows, key=lambda one: (numbers[one["target_id"]], one["valid_from"])))
    at = {(change.contract, change.valid_from): change for change in journal.changes}
    change = at.get((row["target_id"], row["valid_from"]))
    if change is None or change.withdrawn_at is not None or T.RENEWAL_TYPE in change.values:
        return
    withdraw(ctx, row["id"], who=world.here()[0], because="the customer took it back")
    change.withdrawn_at = ctx.clock()
    journal.counts["amendments withdrawn"] += 1
