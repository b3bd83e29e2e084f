"""Screen millions of made-up invoice lines, beside DuckDB and pandas: `python -m bench.reconcile --lines 1000000 10000000`.

CPU seconds are those of the work itself, in a process for each run, the best of several; contracts are compiled and
files written before, and that is reported apart.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.reconcile.engines import ENGINES, Figures, checked, night_checked
from bench.reconcile.world import make

_NIGHT = 50_000
_RATIO, _LINEAR, _NIGHTLY = 1.5, 0.15, 2.0
_MEMORY = {1_000_000: 500.0, 10_000_000: 1536.0}
_PLAIN, _AUDIT = "DuckDB as-of join", "full audit"


@dataclass(frozen=True, slots=True)
class Size:
    """Hold what every engine took for one number of lines."""

    lines: int
    runs: dict[str, Figures]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 where a target is missed or a planted fault was not found."""
    parser = argparse.ArgumentParser(prog="python -m bench.reconcile", description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--repeat", type=int, default=3)
    chosen = parser.parse_args(arguments)
    sizes, missed = list[Size](), list[str]()
    for lines in chosen.lines:
        with tempfile.TemporaryDirectory(prefix="aftersign-bench-") as folder:
            sizes.append(measured(Path(folder), lines, chosen.seed, chosen.repeat))
            missed += _faults(Path(folder))
    missed += [text for size in sizes for text in _targets(size)]
    missed += _linear(sizes)
    print("every target reached" if not missed else "MISSED: " + "; ".join(missed))
    return int(bool(missed))


def measured(folder: Path, lines: int, seed: int, repeat: int) -> Size:
    """Make a history of so many lines, of which the last 50,000 are tonight's, and run every engine on it."""
    made = make(folder, lines, min(_NIGHT, lines // 2), seed)
    print(f"{lines:,} lines, {made['runs']:,.0f} price versions, compiled in {made['compile']:.1f} s CPU")
    size = Size(lines, {name: _best(name, folder, repeat) for name in ENGINES})
    for name, run in size.runs.items():
        ratio = run.cpu / size.runs[_PLAIN].cpu
        counts = ", ".join(f"{count:,} {what}" for what, count in run.counts.items())
        print(f"  {name:18} {run.cpu:6.2f} s CPU ({ratio:4.2f}) {run.wall:6.2f} s wall {run.peak:6.0f} MiB  {counts}")
    print(f"  reading the compiled contracts takes {size.runs[_AUDIT].loading:.2f} s CPU more")
    return size


def _best(name: str, folder: Path, repeat: int) -> Figures:
    runs = [_run(name, folder) for _ in range(repeat)]
    return min(runs, key=lambda run: run.cpu)


def _run(name: str, folder: Path) -> Figures:
    command = [sys.executable, "-m", "bench.reconcile.engines", name, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Figures(**json.loads(done.stdout))


def _faults(folder: Path) -> Iterator[str]:
    for kind, (planted, found) in checked(folder).items():
        print(f"  {kind:10} planted {planted:7,} found {found:7,}")
        if planted != found:
            yield f"{planted - found} {kind} faults"
    planted, found = night_checked(folder)
    print(f"  tonight    planted {planted:7,} found {found:7,}")
    if planted != found:
        yield f"{planted - found} of tonight's faults"


def _targets(size: Size) -> Iterator[str]:
    audit, plain, night = size.runs[_AUDIT], size.runs[_PLAIN], size.runs["night"]
    if audit.cpu > _RATIO * plain.cpu:
        yield f"{size.lines:,} lines cost {audit.cpu / plain.cpu:.2f} of the plain join"
    if audit.peak > _MEMORY.get(size.lines, float("inf")):
        yield f"{size.lines:,} lines took {audit.peak:.0f} MiB"
    if night.cpu > _NIGHTLY:
        yield f"a night against {size.lines:,} lines took {night.cpu:.2f} s CPU"


def _linear(sizes: Sequence[Size]) -> Iterator[str]:
    """Yield where a line of the largest history costs more than one of the smallest; what starts once makes it cheaper."""
    small, large = sizes[0], sizes[-1]
    each = [size.runs[_AUDIT].cpu / size.lines for size in (small, large)]
    print(
        f"a million lines cost {each[0] * 1e6:.3f} s CPU among {small.lines:,} and {each[1] * 1e6:.3f} among {large.lines:,}"
    )
    if each[1] / each[0] - 1 > _LINEAR:
        yield f"a line costs {each[1] / each[0]:.2f} as much among {large.lines:,}"


if __name__ == "__main__":
    raise SystemExit(main())
