"""What every bench needs: processes of ours, their CPU seconds and memory, percentiles."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cli.services import Services, free_port

_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def fresh_home(**variables: str) -> Iterator[Path]:
    """Point Aftersign at a new folder with free ports."""
    home = Path(tempfile.mkdtemp(prefix="aftersign-bench-"))
    os.environ.update(
        {
            "AFTERSIGN_HOME": str(home),
            "AFTERSIGN_WEB__PORT": str(free_port("127.0.0.1", 8300)),
            "AFTERSIGN_PREFECT__PORT": str(free_port("127.0.0.1", 4500)),
            **variables,
        }
    )
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def usage(services: Services) -> dict[str, tuple[float, float]]:
    """Return (CPU seconds, resident MiB) of every process with its descendants, by name."""
    return {name: _usage(process.pid) for name, process in services.running.items()}


def _usage(pid: int) -> tuple[float, float]:
    cpu = memory = 0.0
    for one in [pid, *_descendants(pid)]:
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            resident = int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except OSError:
            continue
        cpu += (int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])) / _TICKS
        memory += resident * os.sysconf("SC_PAGE_SIZE") / 2**20
    return cpu, memory


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_descendants(int(child))]
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
