"""What a sender may cost us: bytes and seconds."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from samples.fake_pandadoc import FakePandaDoc
from tests.conftest import MakeSettings
from tests.web.live import Live, Server
from tests.web.test_webhooks import chosen, completed
from web import limits
from web.limits import MAX_BODY, BodyLimit


@pytest.fixture
def live(
    settings: MakeSettings, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Live]:
    """Serve with less patience: 0.4 s instead of 10 s."""
    monkeypatch.setattr(limits, "ARRIVAL_SECONDS", 0.4)
    monkeypatch.setattr(BodyLimit.__init__, "__defaults__", (MAX_BODY, 0.4))
    path = tmp_path / "aftersign.db"
    shutil.copy(sqlite_template, path)
    with Server(chosen(settings, f"sqlite:///{path}"), FakePandaDoc()) as running:
        yield running


def read(line: socket.socket) -> bytes:
    """Return everything until the other side closes."""
    parts = []
    while True:
        try:
            part = line.recv(65536)
        except ConnectionResetError:
            return b"".join(parts)
        if not part:
            return b"".join(parts)
        parts.append(part)


class TestABody:
    def test_of_exactly_one_mebibyte_is_taken(self, live: Live) -> None:
        body = json.dumps(completed()).encode()
        assert live.post(body + b" " * (MAX_BODY - len(body))).status_code == 200

    def test_of_one_byte_more_is_refused_by_its_declared_length(self, live: Live) -> None:
        with live.connect() as line:
            line.sendall(b"POST /webhooks/pandadoc HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (MAX_BODY + 1))
            assert b" 413 " in line.recv(100)  # not a byte of the body was needed

    def test_of_unknown_length_is_refused_once_it_grows_too_large(self, live: Live) -> None:
        with live.connect() as line:
            line.sendall(b"POST /webhooks/pandadoc HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in range(17):
                line.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            assert b" 413 " in line.recv(100)

    def test_that_takes_too_long_is_answered_408(self, live: Live) -> None:
        began = time.monotonic()
        with live.connect() as line:
            line.sendall(b"POST /webhooks/pandadoc HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
            for _ in range(3):
                line.sendall(b"x")
                time.sleep(0.05)
            assert b" 408 " in line.recv(100)
        assert time.monotonic() - began < 3

    def test_that_breaks_off_disturbs_nobody(self, live: Live) -> None:
        for _ in range(5):
            with live.connect() as line:
                line.sendall(b"POST /webhooks/pandadoc HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert live.post(completed()).status_code == 200


class TestAHead:
    @pytest.mark.parametrize("start", [b"", b"P", b"POST /webhooks/pandadoc HTTP/1.1\r\nHost: x\r\nX-Slow: "])
    def test_that_never_ends_is_cut_off(self, live: Live, start: bytes) -> None:
        began = time.monotonic()
        with live.connect() as line:
            line.sendall(start)
            assert b" 200 " not in read(line)
        assert 0.2 < time.monotonic() - began < 3

    def test_that_drips_is_cut_off_all_the_same(self, live: Live) -> None:
        began = time.monotonic()
        with live.connect() as line:
            try:
                for letter in b"POST /webhooks/pandadoc HTTP/1.1\r\n" * 20:
                    line.sendall(bytes([letter]))
                    time.sleep(0.02)
            except OSError:
                pass
        assert time.monotonic() - began < 5

    def test_of_a_second_request_has_its_own_time(self, live: Live) -> None:
        with live.connect() as line:
            for _ in range(3):
                line.sendall(b"GET /webhooks/pandadoc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                assert b" 405 " in line.recv(4096)
                time.sleep(0.5)  # longer than a head may take: an idle connection is no slow head
            line.sendall(b"GET /webhooks")
            began = time.monotonic()
            read(line)
        assert time.monotonic() - began < 3

    def test_that_hundreds_never_finish_keeps_nobody_waiting(self, live: Live) -> None:
        lines = [live.connect() for _ in range(200)]
        for line in lines:
            line.sendall(b"POST /web")
        began = time.monotonic()
        assert live.post(completed()).status_code == 200
        assert time.monotonic() - began < 2
        for line in lines:
            line.close()


class TestTheLimitItself:
    """Without a server: what reaches the application, chunk by chunk."""

    @staticmethod
    def run(
        chunks: list[bytes], headers: list[tuple[bytes, bytes]] | None = None, *, most: int = 10
    ) -> tuple[list[bytes], int]:
        seen: list[bytes] = []
        sent: list[dict[str, Any]] = []
        queue = list(chunks)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            seen.append((await receive())["body"])
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": queue.pop(0), "more_body": bool(queue)}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "headers": headers or []}
        asyncio.run(BodyLimit(app, most, 1.0)(scope, receive, send))
        return seen, sent[0]["status"]

    @pytest.mark.parametrize(
        ("chunks", "seen", "status"),
        [
            ([b""], [b""], 200),
            ([b"12345", b"67890"], [b"1234567890"], 200),
            ([b"12345", b"678901"], [], 413),
            ([b"12345678901"], [], 413),
        ],
    )
    def test_hands_on_the_whole_body_or_nothing(self, chunks: list[bytes], seen: list[bytes], status: int) -> None:
        assert self.run(chunks) == (seen, status)

    @pytest.mark.parametrize(
        ("length", "status"), [(b"10", 200), (b"11", 413), (b"-1", 200), (b"abc", 200), (b"9" * 30, 413)]
    )
    def test_believes_a_declared_length_only_when_it_is_too_large(self, length: bytes, status: int) -> None:
        assert self.run([b"x"], [(b"content-length", length)])[1] == status
