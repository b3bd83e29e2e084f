"""Print how well terms are read from made-up SaaS contracts: `python -m bench.saas --bank dev`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bench.saas.generate import BANKS
from bench.saas.score import GROUPS, TEXT, Result, measure

TARGET = 0.95
_DEVELOPED_ON = ("dev", "wide")


def main() -> None:
    """Measure one bank, and show what went wrong where that teaches no answers."""
    chosen = _arguments()
    if chosen.show_errors and chosen.bank not in _DEVELOPED_ON:
        message = "errors of the held-out bank are not shown: whoever saw them could no longer be measured by it"
        raise SystemExit(message)
    result = measure(chosen.bank, chosen.count, chosen.seed, through=chosen.render)
    report(result, chosen.bank)
    for slip in result.slips if chosen.show_errors else ():
        print(f"{slip.title}\t{slip.name}\t{slip.kind}\t{slip.value}")


def report(result: Result, bank: str) -> int:
    """Print the groups, then every field; return how many groups miss the target."""
    print(f"bank {bank}: {len(result.judged)} contracts; F1 with the middle 95 % of bootstraps over contracts")
    rows = [_row(result, name, names) for name, names in GROUPS.items()]
    missed = sum(not hit for hit in rows)
    every = [name for names in GROUPS.values() for name in names]
    _row(result, "all groups", every)
    print("\nevery field")
    for name in result.fields:
        _row(result, name, (name,))
    print(
        f"\n{missed} of {len(GROUPS)} groups miss F1 {TARGET:.2f}"
        if missed
        else f"\nevery group reaches F1 {TARGET:.2f}"
    )
    return missed


def _row(result: Result, label: str, names: Sequence[str]) -> bool:
    counts = result.counts(names)
    if not counts.tp + counts.fn:
        print(f"{label:28} nothing to find, {counts.fp} made up")
        return not counts.fp
    low, high = result.interval(names)
    print(
        f"{label:28} P {counts.precision:.3f} R {counts.recall:.3f} F1 {counts.f1:.3f} ({low:.3f} to {high:.3f})"
        f"  {counts.tp} right, {counts.fp} made up, {counts.fn} missed"
    )
    return counts.f1 >= TARGET


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(prog="python -m bench.saas", description=__doc__)
    arguments.add_argument("--bank", choices=BANKS, default=_DEVELOPED_ON[0])
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument(
        "--render", choices=(TEXT, "pdf", "docx"), default=TEXT, help="what the contracts are read from"
    )
    arguments.add_argument("--show-errors", action="store_true")
    return arguments.parse_args()


if __name__ == "__main__":
    main()
