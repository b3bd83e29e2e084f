"""Plan every alert of many contracts: `python -m bench.deadlines --contracts 100000`.

Two processes plan in chunks what `tasks.planning` would write, without a database; nothing of a
chunk is kept but its counts, so that memory stays flat.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from bench.year import papers
from bench.year.papers import Paper
from config.business import Business, load_business
from domain.deadlines import Deadlines
from tasks.looking import deadlines_under
from tasks.planning import inputs_of, provisional, version_of

TARGET = 60.0  # seconds for 100,000 contracts
_TODAY = date(2027, 2, 1)
_CHUNK = 1000
_PEOPLE = ("owner@made-up.example", "backup@made-up.example")
_CONFIG = Path(__file__).parents[1] / "config"
_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Share:
    """Hold what one chunk gave: counts, the CPU seconds it took, its process's peak memory in MiB."""

    counts: Counter[str]
    cpu: float
    peak: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Plan, print, and return 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.deadlines", description=__doc__)
    parser.add_argument("--contracts", type=int, default=_COUNTED)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args(arguments)
    begin = time.perf_counter()
    shares = list(measured(chosen.contracts, chosen.processes, chosen.seed))
    return _report(shares, time.perf_counter() - begin)


def measured(contracts: int, processes: int, seed: int) -> Iterator[Share]:
    """Plan that many contracts in chunks and yield what each gave, in order."""
    sizes = [min(_CHUNK, contracts - done) for done in range(0, contracts, _CHUNK)]
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(planned, sizes, [f"{seed}, chunk {number}" for number in range(len(sizes))])


def planned(count: int, seed: str) -> Share:
    """Draw one chunk of contracts and plan their alerts; drawing is not counted as planning."""
    business = _business()
    drawn = [(paper, paper.reading()) for paper in papers.draw(count, starts=_TODAY, days=400, seed=seed)]
    begin, counts = time.process_time(), Counter[str](contracts=count)
    for paper, reading in drawn:
        found = deadlines_under(business, reading, paper.place, today=_TODAY)
        counts["alerts"] += len(_rows(paper, found)) if found else 0
        counts["recorded"] += len(inputs_of(reading)) > 0
        counts["provisional"] += provisional(reading)
        counts["without a day"] += found is None
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Share(counts, time.process_time() - begin, used.ru_maxrss / 1024)


@cache
def _business() -> Business:
    return load_business(_CONFIG)


def _rows(paper: Paper, found: Deadlines) -> list[dict[str, object]]:
    """Return the rows that planning would write for owner and backup."""
    version = version_of(found)
    return [
        {
            "contract_id": paper.sha256,
            "deadline_version": version,
            "stage": alert.stage,
            "recipient": recipient,
            "due_on": alert.on,
            "act_by": found.act_by,
            "explanation": list(found.explanation),
            "state": "planned",
        }
        for alert in found.alerts
        for recipient in _PEOPLE
    ]


def _report(shares: Sequence[Share], seconds: float) -> int:
    counts = sum((share.counts for share in shares), Counter[str]())
    early = max(share.peak for share in shares[: max(1, len(shares) // 10)])
    late = max(share.peak for share in shares)
    target = TARGET * counts["contracts"] / _COUNTED
    print(f"{counts['contracts']:,} contracts, {counts['alerts']:,} alerts planned in {seconds:.1f} s wall:"
          f" {counts['contracts'] / seconds:,.0f} contracts/s")  # fmt: skip
    print(f"{counts['provisional']:,} with doubtful terms, {counts['without a day']:,} impossible, without a day")
    print(f"{sum(share.cpu for share in shares):.1f} s CPU for planning alone")
    print(f"peak memory of a process: {early:.0f} MiB at 10 %, {late:.0f} MiB at 100 %")
    print(f"target {target:.1f} s: {'reached' if seconds <= target else 'MISSED'}")
    return int(seconds > target)


if __name__ == "__main__":
    raise SystemExit(main())
