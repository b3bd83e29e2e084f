"""Print what happened in a simulated year, and which promises were kept."""

from __future__ import annotations

from collections import Counter

from bench.year.office import Outcome
from bench.year.promises import PROMISES

TARGET = 300.0  # seconds


def table(outcome: Outcome, *, days: int, seconds: float, show: int) -> None:
    """Print what happened, what it took, and every promise with examples of how it was broken."""
    print(f"{'days':52} {days:>9,}")
    for name, value in sorted(outcome.happened.items()):
        print(f"{name:52} {value:>9,}")
    print(f"{'most messages to one person on one day, one way':52} {outcome.busiest:>9,}")
    for name, times in sorted(outcome.surprises.items()):
        print(f"  refused or failed, and tried again: {name} ({times})")
    missed = "" if seconds <= TARGET else f"; the target of {TARGET:.0f} s is missed"
    print(f"{seconds:.0f} s wall, {outcome.cpu:.0f} s CPU, {outcome.memory:.0f} MiB at most{missed}\n")
    _promises(outcome, show)


def _promises(outcome: Outcome, show: int) -> None:
    counts = Counter(one.promise for one in outcome.broken)
    for promise in PROMISES:
        print(f"{promise:72} {counts[promise]:>5}  {'BROKEN' if counts[promise] else 'kept'}")
        for one in [one for one in outcome.broken if one.promise == promise][:show]:
            print(f"    {one.contract[:8]} {one.what}")
