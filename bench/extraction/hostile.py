"""Files that are meant to hang, crash or exhaust a reader: each must end in a verdict, and the reader must live."""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from bench.cuad import SHARED
from bench.extraction.figures import Tally
from extraction import read_document
from tests.extraction import hostile

_MUTANTS = 60
_SECONDS = 45.0  # of wall time; the child has 20 of CPU
_FOLDER = "AFTERSIGN_HOSTILE"


def report(tally: Tally) -> None:
    """Print how many files got a verdict, the slowest one and the memory of the parent."""
    files = list(_files())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    verdicts, problems, slowest = 0, 0, 0.0
    for _, data in files:
        began = time.monotonic()
        document = read_document(data)
        spent = time.monotonic() - began
        slowest = max(slowest, spent)
        verdicts += bool(document.pages or document.problem) and spent < _SECONDS
        problems += document.problem is not None
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    more = f"{len(files)} files, {problems} named problems, slowest {slowest:.1f} s, parent grew {grown:.0f} MiB"
    tally.line("hostile files with a verdict", verdicts / len(files), 1.0, more)
    if not os.environ.get(_FOLDER):
        print(f"  the samples of pdfminer.six, pypdf and qpdf are not here; {_FOLDER} names a folder of them")


def _files() -> Iterator[tuple[str, bytes]]:
    """Yield self-made bombs, contracts with bytes turned over, and the files of a folder where one is named."""
    made = (
        hostile.empty_pages, hostile.with_password, hostile.with_empty_password, hostile.self_reference,
        hostile.page_tree_loop, hostile.form_recursion, hostile.flate_bomb, hostile.deep_arrays, hostile.truncated,
        hostile.with_a_broken_stream, hostile.outlined, hostile.unmapped, hostile.named_oddly, hostile.huge_page,
    )  # fmt: skip
    for make in made:
        yield make.__name__, make()
    yield "many pages", hostile.many_pages(3000)
    draw = random.Random(5)
    good = sorted((SHARED / "data/cuad/pdf").glob("*.pdf"), key=lambda file: file.stat().st_size)[:10]
    for number in range(_MUTANTS if good else 0):
        yield f"mutant {number}", _mutated(good[number % len(good)].read_bytes(), draw)
    folder = os.environ.get(_FOLDER)
    for file in sorted(Path(folder).rglob("*.pdf")) if folder else ():
        yield file.name, file.read_bytes()


def _mutated(data: bytes, draw: random.Random) -> bytes:
    """Turn over a few bytes, cut a piece out or repeat one."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 60)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    start, end = sorted(draw.randrange(len(changed)) for _ in range(2))
    end = min(end, start + 5000)
    kind = draw.randrange(3)
    if kind == 1:
        del changed[start:end]
    elif kind == 2:
        changed[start:start] = changed[start:end] * 3
    return bytes(changed)
