"""Live through the simulated time: every day what the flows run, and what people and machines do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from bench.year import happenings
from bench.year.filing import stored
from bench.year.journal import Journal
from bench.year.papers import Paper
from bench.year.world import World
from domain.errors import AftersignError
from store import contracts, portfolio
from tasks.alerting import send_alerts_now
from tasks.context import Context
from tasks.digest import send_digests_now
from tasks.file import open_contract
from tasks.ownership import mend
from tasks.planning import plan
from tasks.prepare import own
from tasks.rolling import roll_terms

# Hours of the day, UTC, at which the hourly flow runs; where something is amiss it runs oftener.
_CALM, _TROUBLED = (1, 14), (1, 8, 14)
_NIGHT, _OFFICE = 2, 10


def live(world: World, journal: Journal, papers: list[Paper], *, seed: str, limit: int) -> None:
    """Let every day of the journal's time happen."""
    chance = Random(f"days {seed}")
    arriving: dict[date, list[Paper]] = {}
    for paper in papers:
        arriving.setdefault(paper.known_on, []).append(paper)
    day = journal.starts
    while day <= journal.ends:
        _live_one(world, journal, day, arriving.get(day, []), chance, limit)
        day += timedelta(days=1)


def _live_one(world: World, journal: Journal, day: date, arriving: list[Paper], chance: Random, limit: int) -> None:
    world.mail.down, world.chat.down = day in journal.weather.mail, day in journal.weather.chat
    works = day not in journal.weather.runs
    hours = (_TROUBLED if journal.weather.troubled(day) else _CALM) if works else ()
    for hour in hours[:-1]:
        run_hour(world.at(day, hour), journal, limit)
        if hour < _NIGHT:
            _audit(world, journal, day)
    happenings.of_day(world, journal, day, chance)
    sign(world.at(day, _OFFICE), journal, arriving, world, many=day == journal.starts)
    for hour in hours[-1:]:
        run_hour(world.at(day, hour), journal, limit)


def run_hour(ctx: Context, journal: Journal, limit: int) -> None:
    """Do what the hourly flow does; the parts do not stop each other."""
    _attempt(journal, "roll", lambda: roll_terms(ctx))
    _attempt(journal, "send", lambda: send_alerts_now(ctx, dry_run=False, limit=limit))
    _attempt(journal, "digest", lambda: send_digests_now(ctx, dry_run=False))
    journal.counts["runs"] += 1


def _audit(world: World, journal: Journal, day: date) -> None:
    """Audit ownership at night; what was refused yesterday somebody has looked at and forces today."""
    ctx, force = world.at(day, _NIGHT), journal.refused
    journal.refused = not _attempt(journal, "mend", lambda: mend(ctx, force=force)) and not force
    _morning_after(world, journal, day)


def _attempt(journal: Journal, name: str, what: Callable[[], object]) -> bool:
    try:
        what()
    except AftersignError as error:
        journal.surprises[f"{name}: {_without_numbers(error.what)}"] += 1
        return False
    return True


def _without_numbers(text: str) -> str:
    return "".join("#" if one.isdigit() else one for one in text)[:60]


def sign(ctx: Context, journal: Journal, papers: list[Paper], world: World, *, many: bool) -> None:
    """Put papers on file as an import does: own them, plan them, and keep a burst for the digest."""
    for paper in papers:
        world.accounts.places[paper.customer] = paper.place
        identity = stored(ctx, paper)
        own(ctx, open_contract(ctx, identity))
        plan(ctx, open_contract(ctx, identity))
        journal.papers[identity] = paper
        journal.counts["contracts"] += 1
        if many:
            with ctx.database.write() as connection:
                portfolio.collapse(connection, identity, ctx.clock().date())


def _morning_after(world: World, journal: Journal, day: date) -> None:
    """Note which contracts have an owner or a backup who is gone although the night's audit has run."""
    with world.database.read() as connection:
        owned = contracts.owned(connection)
    unreachable = {"", *journal.left}
    lost = [one.contract_id for one in owned if unreachable & {one.owner, one.backup}]
    if lost:
        journal.orphans[day] = lost
