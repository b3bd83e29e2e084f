"""Limits on what a sender may cost us: body size and the time a request may take to arrive."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_BODY = 1024 * 1024
MAX_UPLOAD = 20 * MAX_BODY
ARRIVAL_SECONDS = 10.0


class BodyLimit:
    """Refuse bodies over 1 MiB with 413 and bodies that take over 10 s to arrive with 408."""

    def __init__(self, app: ASGIApp, max_body: int = MAX_BODY, seconds: float = ARRIVAL_SECONDS) -> None:
        self._app = app
        self._max_body = max_body
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole body within the limits, then hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _declared(scope) > self._max_body:
            await _answer(send, 413, "the body is larger than 1 MiB")
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await self._body(receive)
        except TimeoutError:
            await _answer(send, 408, "the body did not arrive within 10 seconds")
            return
        if body is None:
            await _answer(send, 413, "the body is larger than 1 MiB")
            return
        await self._app(scope, _replay(body, receive), send)

    async def _body(self, receive: Receive) -> bytes | None:
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return b"".join(chunks)
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._max_body:
                return None
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)


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

    def connection_made(self, transport: Any) -> None:
        """Start the clock when somebody connects."""
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(ARRIVAL_SECONDS, transport.close)

    def on_message_begin(self) -> None:
        """Restart the clock for a further request on the same connection."""
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(ARRIVAL_SECONDS, self.transport.close)
        super().on_message_begin()

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
