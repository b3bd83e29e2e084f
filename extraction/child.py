"""Parse in processes that hold no secrets and cannot outlive their limits.

`serve` runs in a small mother process that has the libraries loaded and forks once per document;
`main` parses one document from standard input where forking is not possible.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import struct
import sys
from typing import Any

from extraction.boxes import boxes
from extraction.errands import Errand
from extraction.parser import parse
from extraction.word import parse_plain, parse_word

HEADER = struct.Struct("!4QB")  # wall seconds, cpu seconds, most pages, most characters, errand
SPANS = struct.Struct("!I")
PID = struct.Struct("!q")
_MEMORY = 1 << 30


def serve(channel: socket.socket) -> None:
    """Fork one child per request until the parent closes the channel."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, HEADER.size, 2)
        if not message:
            return
        pid = os.fork()
        if pid == 0:
            channel.close()
            _work(descriptors, HEADER.unpack(message))
        for descriptor in descriptors:
            os.close(descriptor)
        channel.sendall(PID.pack(pid))


def _work(descriptors: list[int], limits: tuple[int, ...]) -> None:
    """Parse and leave at once, so that nothing of the mother process runs in the child."""
    code = 1
    try:
        wall, cpu, pages, characters, errand = limits
        signal.setitimer(signal.ITIMER_REAL, wall)
        _restrict(cpu)
        with os.fdopen(descriptors[0], "rb") as source, os.fdopen(descriptors[1], "wb") as target:
            target.write(answer(Errand(errand), source.read(), pages, characters))
        code = 0
    finally:
        os._exit(code)


def _restrict(cpu: int) -> None:
    import resource  # noqa: PLC0415 - absent on Windows, where `serve` never runs

    for name, limit in {
        resource.RLIMIT_AS: _MEMORY,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }.items():
        with contextlib.suppress(ValueError, OSError):  # macOS refuses some of them
            resource.setrlimit(name, (limit, limit))


def answer(errand: Errand, data: bytes, pages: int, characters: int) -> bytes:
    """Return what was asked for as JSON."""
    if errand is Errand.BOXES:
        size = SPANS.unpack(data[: SPANS.size])[0]
        spans = json.loads(data[SPANS.size : SPANS.size + size])
        return json.dumps(boxes(data[SPANS.size + size :], spans)).encode()
    parser = {Errand.PDF: parse, Errand.WORD: parse_word, Errand.PLAIN: parse_plain}[errand]
    parsed: dict[str, Any] = parser(data, max_pages=pages, max_characters=characters).plain()
    return json.dumps(parsed).encode()


def main() -> None:
    """Serve the channel named on the command line, or answer for standard input."""
    if sys.argv[1] == "serve":
        serve(socket.socket(fileno=int(sys.argv[2])))
    else:
        pages, characters, errand = map(int, sys.argv[2:5])
        sys.stdout.buffer.write(answer(Errand(errand), sys.stdin.buffer.read(), pages, characters))


if __name__ == "__main__":
    main()
