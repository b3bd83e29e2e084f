"""One office of the simulated company: its own world, lived through and judged in a process of its own."""

from __future__ import annotations

import resource
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bench.year import papers, simulate, weather
from bench.year.evidence import DIGEST, Evidence, collected
from bench.year.journal import Journal
from bench.year.promises import Broken
from bench.year.referee import judge
from bench.year.world import World

STARTS = date(2027, 2, 1)  # 400 days from here hold 29 February 2028
_MEMORY = Path("/dev/shm")


@dataclass
class Outcome:
    """Hold what happened in some offices, what was refused, what was broken, and what it took."""

    happened: Counter[str] = field(default_factory=Counter)
    surprises: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    busiest: int = 0
    cpu: float = 0.0
    memory: float = 0.0

    def with_office(self, other: Outcome) -> Outcome:
        """Return both together; memory is added up, as offices run side by side."""
        return Outcome(
            self.happened + other.happened,
            self.surprises + other.surprises,
            [*self.broken, *other.broken],
            max(self.busiest, other.busiest),
            self.cpu + other.cpu,
            self.memory + other.memory,
        )


def live_and_judge(contracts: int, days: int, seed: str, limit: int) -> Outcome:
    """Live through the time in a fresh world and have it judged."""
    folder = Path(tempfile.mkdtemp(prefix="aftersign-year-", dir=_MEMORY if _MEMORY.is_dir() else None))
    try:
        return _judged(folder, contracts, days, seed, limit)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judged(folder: Path, contracts: int, days: int, seed: str, limit: int) -> Outcome:
    world = World.opened(folder, STARTS)
    journal = Journal(STARTS, STARTS + timedelta(days=days - 1), weather.forecast(starts=STARTS, days=days, seed=seed))
    try:
        drawn = papers.draw(contracts, starts=STARTS, days=days, seed=seed)
        simulate.live(world, journal, drawn, seed=seed, limit=limit)
        evidence = collected(world.database)
    finally:
        world.database.close()
    verdict = judge(journal, evidence, world.business.calendar_for)
    used = resource.getrusage(resource.RUSAGE_SELF)
    happened = Counter(dict(_happened(journal, evidence))) + verdict.counts
    cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    return Outcome(happened, journal.surprises, verdict.broken, _busiest(evidence), cpu, memory)


def _happened(journal: Journal, evidence: Evidence) -> Iterator[tuple[str, int]]:
    yield "outages and skipped runs", journal.weather.outages
    yield "days on which nothing could leave", len(journal.weather.dark)
    yield from journal.counts.items()
    yield "alerts planned", len(evidence.alerts)
    yield "alerts sent", sum(row["sent_at"] is not None for row in evidence.alerts)
    yield "alerts taken up", sum(row["stage"] < 0 for row in evidence.alerts)
    for state in ("superseded", "suppressed"):
        yield f"alerts {state}", sum(row["state"] == state for row in evidence.alerts)
    yield "messages", len(evidence.messages)
    yield "digests", sum(one.key.startswith(DIGEST) for one in evidence.messages)


def _busiest(evidence: Evidence) -> int:
    """Return the most messages that one person got on one day by one way."""
    seen = Counter((one.way, one.to, one.first.date()) for one in evidence.messages)
    return max(seen.values(), default=0)
