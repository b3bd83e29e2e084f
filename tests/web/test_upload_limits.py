"""Forms with a file may be larger than others; nobody else may send as much."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

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
