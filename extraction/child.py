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
from extraction.pictures import drawn
from extraction.plain_text import parse_plain
from extraction.seal import seal
from extraction.word import parse_word

HEADER = struct.Struct("!4QB")  # wall seconds, cpu seconds, most pages, most characters, errand
ASIDE = struct.Struct("!I")  # how much JSON stands before the file, for errands that need to know more
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
        seal()
        if errand == Errand.RECOGNISE:
            _become_recogniser(descriptors)
        with os.fdopen(descriptors[0], "rb") as source, os.fdopen(descriptors[1], "wb") as target:
            target.write(answer(Errand(errand), source.read(), pages, characters))
        code = 0
    finally:
        os._exit(code)


def _become_recogniser(descriptors: list[int]) -> None:
    """Turn into the program named before the picture; limits, seal and process id stay as they are."""
    source, target = descriptors
    size = ASIDE.unpack(os.read(source, ASIDE.size))[0]
    aside = json.loads(os.read(source, size))
    os.dup2(source, 0)
    os.dup2(target, 1)
    os.execve(aside["command"][0], aside["command"], aside["environment"])  # noqa: S606 - found on PATH by the parent


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
    """Return what was asked for: JSON, or a picture."""
    match errand:
        case Errand.BOXES:
            spans, file = _aside(data)
            return json.dumps(boxes(file, spans)).encode()
        case Errand.DRAW:
            (number, dpi), file = _aside(data)
            return drawn(file, number, dpi)
        case Errand.WORD:
            parsed = parse_word(data, max_pages=pages, max_characters=characters)
        case Errand.PLAIN:
            parsed = parse_plain(data, max_pages=pages, max_characters=characters)
        case _:
            thorough = errand is Errand.THOROUGH
            parsed = parse(data, max_pages=pages, max_characters=characters, thorough=thorough)
    return json.dumps(parsed.plain()).encode()


def _aside(data: bytes) -> tuple[Any, bytes]:
    size = ASIDE.size + ASIDE.unpack(data[: ASIDE.size])[0]
    return json.loads(data[ASIDE.size : size]), data[size:]


def main() -> None:
    """Serve the channel named on the command line, or answer for standard input."""
    if sys.argv[1] == "serve":
        serve(socket.socket(fileno=int(sys.argv[2])))
    else:
        pages, characters, errand = map(int, sys.argv[2:5])
        seal()
        sys.stdout.buffer.write(answer(Errand(errand), sys.stdin.buffer.read(), pages, characters))


if __name__ == "__main__":
    main()
