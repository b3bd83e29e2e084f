"""Limits on what a sender may cost us: size of head and body, time to arrive, and how often one may ask."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_BODY = 1024 * 1024
MAX_UPLOAD = 20 * MAX_BODY
MAX_HEADERS = 100
MAX_HEAD = 16 * 1024
ARRIVAL_SECONDS = 10.0
UPLOAD_SECONDS = 60.0


class BodyLimit:
    """Refuse bodies over 1 MiB with 413 and bodies that take over 10 s to arrive with 408.

    Where files are sent it is 20 MiB (and room for the form around them) and a minute.
    """

    def __init__(self, app: ASGIApp, max_body: int = MAX_BODY, seconds: float = ARRIVAL_SECONDS) -> None:
        self._app = app
        self._max_body = max_body
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole body within the limits, then hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if is_heavy(scope["headers"]):
            await _answer(send, 431, f"the head has over {MAX_HEADERS} headers or {MAX_HEAD // 1024} KiB")
            return
        most, seconds = self._limits(scope)
        large = f"the body is larger than {min(most, MAX_UPLOAD) // MAX_BODY} MiB"
        if _declared(scope) > most:
            await _answer(send, 413, large)
            return
        try:
            async with asyncio.timeout(seconds):
                body = await self._body(receive, most)
        except TimeoutError:
            await _answer(send, 408, f"the body did not arrive within {seconds:.0f} seconds")
            return
        if body is None:
            await _answer(send, 413, large)
            return
        await self._app(scope, _replay(body, receive), send)

    def _limits(self, scope: Scope) -> tuple[int, float]:
        if _carries_file(scope):
            return MAX_UPLOAD + self._max_body, UPLOAD_SECONDS
        return self._max_body, self._seconds

    async def _body(self, receive: Receive, most: int) -> bytes | None:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"".join(chunks)
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > most:
                return None
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)


def is_heavy(headers: list[tuple[bytes, bytes]]) -> bool:
    """Tell whether a request's head has too many headers or too large ones."""
    return len(headers) > MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > MAX_HEAD


@dataclass(slots=True)
class Buckets:
    """Let each peer ask `burst` times at once and `per_second` times a second after that."""

    burst: float
    per_second: float
    most: int = 10_000  # peers that are remembered
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait(self, peer: str, now: float) -> float:
        """Take one token and return 0, or the seconds until there is one; `now` is in seconds of any clock."""
        left, at = self._left.pop(peer, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.per_second)
        taken = left >= 1
        self._left[peer] = (left - 1 if taken else left, now)
        if len(self._left) > self.most:
            self._left.popitem(last=False)
        return 0.0 if taken else (1 - left) / self.per_second


def _carries_file(scope: Scope) -> bool:
    """Tell a form with a file from what anybody may send: webhooks and links never carry one."""
    kind = dict(scope["headers"]).get(b"content-type", b"")
    return kind.startswith(b"multipart/form-data") and not scope.get("path", "").startswith(("/webhooks/", "/t/"))


def _declared(scope: Scope) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"0")
    return int(value) if value.isdigit() else 0


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


async def _answer(send: Send, status: int, why: str) -> None:
    body = f'{{"status":"refused","why":"{why}"}}'.encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class ImpatientProtocol(HttpToolsProtocol):
    """Close connections that do not send a complete request head in time.

    uvicorn waits for ever for the end of a head; a thousand sockets that send one byte each
    would otherwise hold a thousand file handles.
    """

    _head_timer: asyncio.TimerHandle | None = None
    _head_size = 0

    def connection_made(self, transport: Any) -> None:
        """Start the clock when somebody connects."""
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(ARRIVAL_SECONDS, transport.close)

    def on_message_begin(self) -> None:
        """Restart the clock for a further request on the same connection."""
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(ARRIVAL_SECONDS, self.transport.close)
        self._head_size = 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Hang up on a head that grows without end, before it fills our memory."""
        self._head_size += len(name) + len(value)
        if self._head_size > 4 * MAX_HEAD:
            self.transport.close()
            return
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the clock: the body has its own limit."""
        self._stop_clock()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock with the connection."""
        self._stop_clock()
        super().connection_lost(exc)

    def _stop_clock(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
