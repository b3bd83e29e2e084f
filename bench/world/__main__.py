"""Plant every fault on drawn contracts and judge what is found: `python -m bench.world --seed 1 --contracts 100`.

Seeds below 1000 are for development. Seeds from 1000 on are never used in development.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from bench.world import report
from bench.world.cases import cases
from bench.world.referee import astray, tallied


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print the table, and return 1 where a code falls short."""
    chosen = _chosen(arguments)
    begin = time.perf_counter()
    tally = tallied(cases(chosen.seed, chosen.contracts))
    report.table(tally, show=chosen.show)
    print(f"seed {chosen.seed}, {chosen.contracts} contracts, {time.perf_counter() - begin:.0f} s")
    lost = astray(chosen.seed, chosen.contracts)
    print(f"clean invoices that do not lead to their contract among all: {lost} (wanted 0)")
    return 0 if not lost and report.is_good(tally) else 1


def _chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.world", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="from 1000 on only to report figures")
    parser.add_argument("--contracts", type=int, default=100)
    parser.add_argument("--show", type=int, default=0, help="disagreements to print")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
