"""How much of a contract is read rightly, by contracts that the reader has not seen.

`python -m bench.extraction` trains on four fifths of the training split and reads the rest, five
times over. `--data FILE --predictions OUT` reads any file of the same shape with the shipped
model, so that the figures can be checked by another scorer on other contracts.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.cuad import Contract, folds, load
from bench.extraction import hostile, peers, saas, targets
from bench.extraction.figures import Tally, report
from bench.extraction.reading import Run, read_all
from bench.training.whole import prepare, trained
from extraction.trained.artefact import FILE, model, read


def main() -> None:
    """Measure, or write predictions where asked."""
    chosen = _arguments()
    if chosen.data:
        _other_contracts(chosen.data, chosen.predictions)
        return
    tally, contracts = Tally(), load()
    print("Unseen contracts of the training split; rules were written while looking at such contracts.")
    run, seconds = crossed(contracts, chosen.folds)
    unseen = [one for one in contracts if one.title in {value.title for value in run.spans}]
    report(unseen, run, tally)
    tally.line("model, bytes", FILE.stat().st_size, targets.MODEL_BYTES, most=True)
    tally.line("training, seconds", seconds, targets.TRAINING_SECONDS, most=True)
    if chosen.only_reading:
        return
    peers.report(contracts, tally)
    saas.report(tally)
    hostile.report(tally)
    _cost(run, len(unseen))
    print(f"missed: {', '.join(tally.missed)}" if tally.missed else "every target is reached")


def crossed(contracts: Sequence[Contract], count: int) -> tuple[Run, float]:
    """Read every fold with a model that was trained on the others; return the longest training too."""
    ready = {one.contract.title: one for one in prepare(contracts)}
    runs, longest = [], 0.0
    for unseen in folds(contracts)[:count]:
        titles = {one.title for one in unseen}
        began = time.monotonic()
        learned = read(trained([one for title, one in ready.items() if title not in titles]))
        longest = max(longest, time.monotonic() - began)
        runs.append(read_all(unseen, learned))
    return Run.of(runs), longest


def _other_contracts(data: Path, predictions: Path | None) -> None:
    contracts = load(data)
    run = read_all(contracts, model())
    if predictions:
        body = {"spans": [asdict(one) for one in run.spans], "values": [asdict(one) for one in run.values]}
        predictions.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"{len(run.spans)} spans and {len(run.values)} values written to {predictions}")
    if any(contract.answers for contract in contracts):
        print("If the shipped model was trained on these contracts, the figures say nothing.")
        report(contracts, run, Tally())
    _cost(run, len(contracts))


def _cost(run: Run, count: int) -> None:
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{count} contracts in {run.seconds:.1f} CPU s, {memory:.0f} MiB at most in a process")


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(prog="python -m bench.extraction", description=__doc__)
    arguments.add_argument("--data", type=Path, help="other contracts, read with the shipped model")
    arguments.add_argument("--predictions", type=Path, help="where to write what was read")
    arguments.add_argument("--folds", type=int, default=5, help="how many of the five folds to measure")
    arguments.add_argument(
        "--only-reading", action="store_true", help="leave out speed, SaaS contracts and hostile files"
    )
    return arguments.parse_args()


if __name__ == "__main__":
    main()
