"""`python -m bench.training` trains the reader that is shipped; the same data give the same file."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from bench.cuad import TRAIN, load
from bench.training.whole import prepare, trained
from extraction.trained.artefact import FILE


def main() -> None:
    """Train on a file of annotated contracts and write the model."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=TRAIN)
    arguments.add_argument("--out", type=Path, default=FILE)
    chosen = arguments.parse_args()
    began = time.monotonic()
    data = trained(prepare(load(chosen.data)))
    chosen.out.write_bytes(data)
    print(f"{len(data):,} bytes in {time.monotonic() - began:.0f} s: {chosen.out}")


if __name__ == "__main__":
    main()
