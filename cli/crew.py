"""Read files on every core, in processes that may die without taking the others along."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import forkserver
from typing import Any

from domain.portfolio import Entry, Look

FEW = 4  # starting processes for no more files than these costs more than it saves


@dataclass(frozen=True, slots=True)
class Job:
    """Hold what every worker does: `begin` once with its arguments, then `work` a file."""

    begin: Callable[..., None]
    arguments: tuple[Any, ...]
    work: Callable[[Entry], Look]


def each(job: Job, entries: Sequence[Entry], *, workers: int) -> Iterator[tuple[Entry, Look | None]]:
    """Yield each file with what it gave as it is done; `None` where it ended its worker, twice."""
    if workers == 1 or len(entries) <= FEW:
        job.begin(*job.arguments)
        yield from ((entry, job.work(entry)) for entry in entries)
        return
    waiting = deque(entries)
    while waiting:
        suspects = yield from _until_broken(job, waiting, workers)
        for suspect in suspects:
            lost = yield from _until_broken(job, deque([suspect]), 1)
            yield from ((entry, None) for entry in lost)


def cores() -> int:
    """Return how many workers keep this machine busy."""
    return os.cpu_count() or 1


def warm_up(preload: str) -> None:
    """Let the process that workers are forked from load what they need while we do something else."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        multiprocessing.get_context("forkserver").set_forkserver_preload([preload])
        forkserver.ensure_running()


def _until_broken(
    job: Job, waiting: deque[Entry], workers: int
) -> Generator[tuple[Entry, Look | None], None, list[Entry]]:
    """Work until nothing waits; return the files under way when a worker died."""
    running: dict[Future[Look], Entry] = {}
    try:
        with _pool(job, workers) as pool:
            while waiting or running:
                while waiting and len(running) < workers * 2:
                    running[pool.submit(job.work, waiting[0])] = waiting[0]
                    waiting.popleft()
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    look = future.result()
                    yield running.pop(future), look
    except BrokenProcessPool:
        return list(running.values())
    return []


def _pool(job: Job, workers: int) -> ProcessPoolExecutor:
    ways = multiprocessing.get_all_start_methods()
    start = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    return ProcessPoolExecutor(workers, start, initializer=_begin, initargs=(job.begin, job.arguments))


def _begin(begin: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; a file under way is finished
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    begin(*arguments)


def _leave_with_parent() -> None:
    """End with the command: a pool's worker would wait for ever for a parent that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
