"""A vendor on this machine that accepts only what the vendor's own description accepts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.contracts.answers import Answer
from tests.contracts.contract import Contract, Operation, Sent
from tests.contracts.faults import AFTER, Fault, Planned, faulty


@dataclass(frozen=True, slots=True)
class Call:
    """Hold a valid request, read for a fake."""

    operation: Operation
    path: dict[str, str]
    query: dict[str, str]
    sent: Sent

    @property
    def json(self) -> Any:
        """Return the JSON body."""
        return self.sent.json()

    @property
    def form(self) -> dict[str, str]:
        """Return the form fields."""
        return dict(self.sent.form())

    @property
    def arguments(self) -> dict[str, Any]:
        """Return Slack's arguments, whichever way they came."""
        if self.sent.media == "application/json":
            return dict(self.sent.json())
        return {**self.query, **self.form}


__all__ = ["Answer", "Call", "ContractServer", "Fault", "Handler"]

Handler = Callable[[Call], Answer | dict[str, Any] | list[Any]]


class ContractServer:
    """Serve one vendor's contract on a loopback port.

    `url` is what a connector's base URL is set to; `root` is the same without the vendor's path.
    A request that breaks the contract is answered 400 and remembered; so is an answer of a fake
    that does.
    """

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.violations: list[str] = []
        self.valid: list[tuple[Operation, Sent]] = []
        self._handlers: dict[str, Handler] = {}
        self._faults: dict[str, list[Planned]] = {}
        self._lock = threading.RLock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.root = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.url = self.root + contract.base_path

    def on(self, name: str, handler: Handler | Answer | dict[str, Any] | list[Any] | None = None) -> None:
        """Answer an operation, by a function of the call or always the same."""
        operation = self.contract.operation(name)
        self._handlers[operation.name] = handler if callable(handler) else _always({} if handler is None else handler)

    def fault(self, name: str, fault: Fault, *, times: int = 1, wait: float = 0.0) -> None:
        """Let the next requests of an operation go wrong; `wait` are the seconds of a slow answer or of a 429."""
        self._faults.setdefault(self.contract.operation(name).name, []).append(Planned(fault, times, wait))

    def calls(self, name: str) -> list[Sent]:
        """Return the valid requests of an operation so far."""
        wanted = self.contract.operation(name).name
        return [sent for operation, sent in self.valid if operation.name == wanted]

    @contextmanager
    def refusing(self) -> Iterator[list[str]]:
        """Collect violations that a test provokes, and forget them afterwards."""
        before, self.violations = self.violations, []
        try:
            yield self.violations
        finally:
            self.violations = before

    def close(self) -> None:
        """Stop serving."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def answer(self, sent: Sent) -> tuple[Answer, Planned | None]:
        """Return what a request is answered with, and the fault to commit while answering."""
        operation, path, problems = self.contract.check(sent)
        if problems or operation is None:
            return self._violated(problems, 400), None
        with self._lock:
            self.valid.append((operation, sent))
            fault = self._next_fault(operation.name)
            if fault and fault.fault not in AFTER:
                return Answer(500), fault
            return self._handled(operation, path, sent), fault

    def _handled(self, operation: Operation, path: dict[str, str], sent: Sent) -> Answer:
        handler = self._handlers.get(operation.name)
        if handler is None:
            return self._violated([f"no fake answers {operation.name}"], 501)
        try:
            made = handler(Call(operation, path, dict(sent.query), sent))
        except Exception as error:  # noqa: BLE001 - the test must hear of it, not only the client
            return self._violated([f"the fake of {operation.name} failed: {error!r}"], 500)
        answer = made if isinstance(made, Answer) else Answer(json=made)
        problems = self.contract.check_answer(operation, answer.status, answer.media, answer.body())
        if problems:
            return self._violated([f"our fake drifted, {operation.name}: {text}" for text in problems], 500)
        return answer

    def _violated(self, problems: list[str], status: int) -> Answer:
        self.violations += problems
        return Answer(status, {"violations": problems})

    def _next_fault(self, name: str) -> Planned | None:
        for planned in self._faults.get(name, []):
            if planned.times > 0:
                planned.times -= 1
                return planned
        return None


def _always(answer: Answer | dict[str, Any] | list[Any]) -> Handler:
    return lambda _: answer


def _handler(server: ContractServer) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"contract": server})


class _Handler(BaseHTTPRequestHandler):
    """Speak HTTP for one contract server."""

    contract: ContractServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two would wait 40 ms for each other's acknowledgement
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self._chunks() if "chunked" in headers.get("transfer-encoding", "") else self._read(headers)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        answer, planned = self.contract.answer(Sent(self.command, parts.path, query, headers, body))
        if planned is None:
            self._send(answer)
        else:
            self._misbehave(planned, answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - the base class's names

    def _read(self, headers: dict[str, str]) -> bytes:
        return self.rfile.read(int(headers.get("content-length", 0)))

    def _chunks(self) -> bytes:
        """Read a body of unknown length (RFC 9112, 7.1)."""
        found = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _misbehave(self, planned: Planned, answer: Answer) -> None:
        fault = planned.fault
        if fault in {Fault.DROPPED, Fault.DROPPED_AFTER}:
            self.close_connection = True
            self.connection.close()
        elif fault in {Fault.SLOW, Fault.SLOW_AFTER}:
            time.sleep(planned.wait)
            self.close_connection = True
        elif fault is Fault.TRUNCATED:
            self._send(answer, cut=True)
        elif fault is Fault.DRIPPING:
            self._send(answer, drip=planned.wait)
        else:
            self._send(faulty(fault, planned.wait))

    def _send(self, answer: Answer, *, cut: bool = False, drip: float = 0.0) -> None:
        body = answer.body()
        self.send_response(answer.status)
        if body:
            self.send_header("Content-Type", answer.media)
        self.send_header("Content-Length", str(len(body) + (1 if cut else 0)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if drip:
            self._drip(body, drip)
        else:
            self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.wfile.flush()
            self.close_connection = True

    def _drip(self, body: bytes, seconds: float) -> None:
        """Send a few bytes at a time, over so many seconds in all; the client may have gone."""
        pieces = [body[start : start + len(body) // 10 + 1] for start in range(0, len(body), len(body) // 10 + 1)]
        with suppress(OSError):
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(seconds / len(pieces))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay quiet."""
