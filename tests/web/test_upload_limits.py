"""Forms with a file may be larger than others; nobody else may send as much."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.web.conftest import Make
from web.app import create_app
from web.limits import MAX_BODY, MAX_UPLOAD, BodyLimit

FILE, PLAIN = b"multipart/form-data; boundary=x", b"application/x-www-form-urlencoded"


def status(path: str, kind: bytes, size: int) -> int:
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * size, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "headers": [(b"content-type", kind)]}
    asyncio.run(BodyLimit(app)(scope, receive, send))
    return int(sent[0]["status"])


def test_nobodys_body_is_read_before_it_is_known_who_sends_it(make_context: Make) -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        message = "the body was asked for"
        raise AssertionError(message)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/findings/worklist/upload", "raw_path": b"", "query_string": b"",
        "headers": [(b"content-type", FILE), (b"content-length", b"20000000"), (b"host", b"elsewhere.example")],
        "client": ("203.0.113.9", 4711), "server": ("elsewhere.example", 443), "scheme": "https", "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(create_app(make_context())(scope, receive, send))
    assert sent[0]["status"] in {401, 403}


@pytest.mark.parametrize(
    ("path", "kind", "size", "expected"),
    [
        ("/contracts/1/execute/upload", FILE, MAX_UPLOAD, 200),
        ("/contracts/1/execute/upload", FILE, MAX_UPLOAD + MAX_BODY + 1, 413),
        ("/contracts/1/execute/upload", PLAIN, MAX_BODY + 1, 413),
        ("/webhooks/docusign", FILE, MAX_BODY + 1, 413),
        ("/t/intake/token", FILE, MAX_BODY + 1, 413),
    ],
)
def test_only_forms_with_a_file_may_be_large(path: str, kind: bytes, size: int, expected: int) -> None:
    assert status(path, kind, size) == expected
