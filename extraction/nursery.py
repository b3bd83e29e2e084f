"""Start the processes that parse, and collect what they write within the time they have.

multiprocessing's forkserver would import the caller's main module into every child; this mother
process imports the parser alone and gets an empty environment, so a hostile file finds no secret.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from extraction.child import HEADER, PID
from extraction.errands import Errand
from extraction.limits import Limits

_ROOT = str(Path(__file__).resolve().parent.parent)
_GRACE = 1.0
_START_SECONDS = 20.0
_CHUNK = 1 << 16


class ChildDied(Exception):
    """Say that a child ended, or was ended, without an answer."""


class Nursery:
    """Hold the mother process; safe to use from many threads."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the mother process, which belongs to the parent after a fork."""
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
        self._mother: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None

    def ask(self, data: bytes, limits: Limits, errand: Errand = Errand.PDF) -> bytes:
        """Return the child's answer as written. Raises `ChildDied`."""
        with self._slots, tempfile.TemporaryFile() as source:
            source.write(data)
            source.seek(0)
            reader, writer = os.pipe()
            try:
                pid = self._fork(source.fileno(), writer, limits, errand)
            finally:
                os.close(writer)
            return _collect(reader, pid, limits)

    def close(self) -> None:
        """Let the mother process end; the next `ask` starts another."""
        with self._lock:
            self._stop()

    @property
    def mother_pid(self) -> int | None:
        """Return the process id of the mother process, if one was started."""
        return self._mother.pid if self._mother else None

    def _fork(self, source: int, writer: int, limits: Limits, errand: Errand) -> int:
        request = HEADER.pack(limits.wall_seconds, limits.cpu_seconds, limits.pages, limits.characters, errand)
        with self._lock:
            for _ in range(2):  # a mother that was killed by the system is replaced once
                channel = self._channel or self._start()
                with contextlib.suppress(OSError):
                    socket.send_fds(channel, [request], [source, writer])
                    reply = channel.recv(PID.size, socket.MSG_WAITALL)
                    if len(reply) == PID.size:
                        return int(PID.unpack(reply)[0])
                self._stop()
        message = "the process that starts the readers ended"
        raise ChildDied(message)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            self._mother = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "extraction.child", "serve", str(theirs.fileno())],
                cwd=_ROOT,
                env={"PYTHONPATH": os.pathsep.join([_ROOT, *sys.path]), "LC_ALL": "C.UTF-8"},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        ours.settimeout(_START_SECONDS)
        self._channel = ours
        return ours

    def _stop(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._mother is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._mother.wait(_GRACE)
        self._mother = self._channel = None


def _collect(reader: int, pid: int, limits: Limits) -> bytes:
    deadline = time.monotonic() + limits.wall_seconds + _GRACE
    chunks: list[bytes] = []
    with open(reader, "rb", buffering=0) as pipe:
        while select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
            chunk = pipe.read(_CHUNK)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)
            if len(chunks) * _CHUNK > limits.answer_bytes * 2:
                break
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    message = "the file took longer or wrote more than it may"
    raise ChildDied(message)


def ask_once(data: bytes, limits: Limits, errand: Errand = Errand.PDF) -> bytes:
    """Parse in a process of its own where forking is not possible. Raises `ChildDied`."""
    command = [sys.executable, "-m", "extraction.child", "once"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [*command, str(limits.pages), str(limits.characters), str(int(errand))],
            input=data,
            cwd=_ROOT,
            capture_output=True,
            timeout=limits.wall_seconds,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        message = f"the reader ended without an answer: {error}"
        raise ChildDied(message) from error
    return done.stdout


NURSERY = Nursery()
atexit.register(NURSERY.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=NURSERY.reset)
