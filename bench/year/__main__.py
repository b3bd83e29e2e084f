"""Live through a simulated year and judge it: `python -m bench.year --contracts 2000 --days 400`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import reduce

from bench.year import report
from bench.year.office import Outcome, live_and_judge


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print the table, and return 1 where a promise was broken."""
    chosen = _chosen(arguments)
    begin = time.perf_counter()
    outcome = run(chosen.contracts, chosen.days, chosen.seed, limit=chosen.limit, offices=chosen.offices)
    report.table(outcome, days=chosen.days, seconds=time.perf_counter() - begin, show=chosen.show)
    return 1 if outcome.broken else 0


def run(contracts: int, days: int, seed: int, *, limit: int, offices: int) -> Outcome:
    """Live through the time in some offices side by side, each with its share of the contracts."""
    if offices == 1:
        return live_and_judge(contracts, days, f"{seed}", limit)
    shares = [contracts // offices + (number < contracts % offices) for number in range(offices)]
    with ProcessPoolExecutor(offices) as pool:
        running = [
            pool.submit(live_and_judge, share, days, f"{seed}, office {number}", limit)
            for number, share in enumerate(shares)
        ]
        return reduce(Outcome.with_office, (one.result() for one in running))


def _chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.year", description=__doc__)
    parser.add_argument("--contracts", type=int, default=2000)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--offices", type=int, default=2, help="worlds side by side, a process and a database each")
    parser.add_argument("--limit", type=int, default=200, help="alerts at once before they become a digest")
    parser.add_argument("--show", type=int, default=5, help="examples of each broken promise")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
