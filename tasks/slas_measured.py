"""Ask every source about the windows that have closed, and refuse what cannot be true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from domain.calendars import today_in
from domain.errors import AftersignError, Permanent
from domain.sla.availability import measure
from domain.sla.measured import Counted, Measured, amount, percent
from domain.sla.support import measure_support
from domain.sla.window import Window, windows
from store import sla_measurements
from tasks.context import Context
from tasks.slas_promised import Watched

_YEAR = timedelta(days=400)
_STILL_CORRECTED = timedelta(days=35)  # status pages add to their history for some weeks
_STILL_OPEN = timedelta(days=120)  # a ticket may stay open and in time for long
_GONE = Fraction(9, 10)
_Source = TypeVar("_Source")


@dataclass(frozen=True, slots=True)
class Taken:
    """Hold what the sources said about one window of one promise, the one that counts first.

    `believed` are the sources that said exactly this when they were asked before.
    """

    watched: Watched
    window: Window
    measured: tuple[Measured, ...]
    believed: frozenset[str] = frozenset()

    @property
    def judged(self) -> bool:
        """Tell whether the source that counts has answered."""
        return bool(self.measured) and self.measured[0].source == self.watched.entry.ordered[0]


def take(ctx: Context, watched: Iterable[Watched]) -> tuple[list[Taken], list[str]]:
    """Measure every window that closed lately or was never measured; one source's trouble never hides another."""
    taken: list[Taken] = []
    problems: list[str] = []
    for one in watched:
        known = _stored(ctx, one)
        for window in _open_windows(ctx, one, known):
            found, wrong = _ask(ctx, one, window)
            problems += wrong
            said = {(source, window.first, window.last): str(found.down) for source, found in found.items()}
            believed = frozenset(key[0] for key, down in said.items() if known.get(key) == down)
            taken += [Taken(one, window, tuple(found.values()), believed)] if found else []
    return taken, list(dict.fromkeys(problems))


def _ask(ctx: Context, one: Watched, window: Window) -> tuple[dict[str, Measured], list[str]]:
    found: dict[str, Measured] = {}
    problems: list[str] = []
    for source in one.entry.ordered:
        try:
            found[source] = _measured(ctx, one, window, source)
        except AftersignError as error:
            problems.append(f"{one.name}, {source}, {window}: {error}")
    return found, problems


def refuse_implausible(taken: Sequence[Taken], *, limit: int, believe: bool) -> None:
    """Raise `Permanent` before anything is stored where a source is broken rather than its services.

    A source is not believed when every service that it was asked about was gone for nine tenths of the
    same window; nor are more misses than `limit` at once.
    """
    broken = sorted(_broken(taken))
    if broken and not believe:
        raise Permanent(
            f"Every service was down all the time, says {', '.join(broken)}",
            why="that is a monitor that sees nothing, not an outage",
            fix="look at the source; if it is true, run again with believe",
        )
    missed = sum(one.judged and _is_missed(one) and one.measured[0].source not in one.believed for one in taken)
    if missed > limit:
        raise Permanent(
            f"{missed} service levels would be missed at once",
            why="that looks like a wrong source or a wrong service name",
            fix="look at them with dry_run, then run again with a higher limit",
        )


def closed(one: Watched, today: date) -> tuple[Window, ...]:
    """Return the windows of the last year that are over in the contract's own zone."""
    found = windows(one.promise.windows, one.promise.starts, one.promise.ends, through=today - timedelta(days=1))
    return tuple(window for window in found if window.last >= today - _YEAR)


def _stored(ctx: Context, one: Watched) -> dict[tuple[str, date, date], str]:
    """Return by source and window the minutes that were stored before."""
    with ctx.database.read() as connection:
        rows = sla_measurements.measured(connection, one.contract_id, one.service)
    return {(row["source"], row["window_first"], row["window_last"]): row["down"] for row in rows}


def _open_windows(ctx: Context, one: Watched, known: Mapping[tuple[str, date, date], str]) -> Iterator[Window]:
    """Yield the windows that a source never measured or may still correct; then every source is asked."""
    today = today_in(one.entry.zone, ctx.clock())
    for window in closed(one, today):
        lately = _STILL_OPEN if one.promise.tickets else _STILL_CORRECTED
        new = any((source, window.first, window.last) not in known for source in one.entry.ordered)
        if new or window.last >= today - lately:
            yield window


def _measured(ctx: Context, one: Watched, window: Window, source: str) -> Measured:
    start, end = window.time.start, window.time.end
    if one.promise.tickets is not None:
        desk = _active(ctx.registry.desks, "tickets", source)
        found = desk.tickets(one.entry.service, start, end)
        return measure_support(window, found, one.promise.tickets, source=source, now=ctx.clock())
    seen = _active(ctx.registry.uptimes, "uptime", source).outages(one.entry.service, start, end)
    said = [known.build() for known in one.entry.exclusions]
    return measure(window, seen, one.promise.counting, source=source, exclusions=said)


def _active(playing: Mapping[str, _Source], role: str, source: str) -> _Source:
    found = playing.get(source)
    if found is None:
        raise Permanent(
            f"The source {source!r} is not active in the role {role}",
            why=f"AFTERSIGN_ROLES__{role.upper()} does not list it",
            fix=f"add it there; active now: {', '.join(playing) or 'none'}",
        )
    return found


def _broken(taken: Sequence[Taken]) -> set[str]:
    """Return the sources that say of a window's last day that every service was gone in that window."""
    seen: dict[tuple[str, date], list[bool]] = {}
    for one in taken:
        for found in one.measured:
            if found.counted is Counted.TICKETS:  # one late ticket of one is no broken source
                continue
            gone = found.down >= found.total * _GONE and found.source not in one.believed
            seen.setdefault((found.source, one.window.last), []).append(gone)
    return {source for (source, _), gone in seen.items() if all(gone)}


def _is_missed(one: Taken) -> bool:
    promise = one.watched.promise
    return one.measured[0].verdict(promise.target, exact_is_met=promise.exact_is_met) == "missed"


def row_of(one: Taken) -> Iterator[dict[str, str]]:
    """Yield one row a source for people."""
    promise = one.watched.promise
    for found in one.measured:
        yield {
            "contract": one.watched.counterparty,
            "service": one.watched.service,
            "window": str(one.window),
            "target": f"{promise.target} %",
            "source": found.source,
            "measured": percent(found.highest),
            "lost": amount(found.down, found.counted),
            "verdict": found.verdict(promise.target, exact_is_met=promise.exact_is_met),
        }
