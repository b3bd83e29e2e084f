"""Measure the receiver: durable webhooks a second at 64 connections, against a bare handler.

Both run in one process each on the same machine in the same run; every body is new and signed.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import multiprocessing
import time
import uuid
from typing import Any

import uvicorn
from fastapi import FastAPI, Request

from bench.machine import fresh_home, percentile
from cli.services import free_port

KEY = "bench-key"


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=15)
    options.add_argument("--connections", type=int, default=64)
    chosen = options.parse_args()
    keys = {"AFTERSIGN_PANDADOC__API_KEY": "x", "AFTERSIGN_PANDADOC__WEBHOOK_KEYS": KEY}
    with fresh_home(AFTERSIGN_ROLES__ESIGN="pandadoc", **keys):
        rates = {name: _measure(name, chosen) for name in ("bare FastAPI handler", "Aftersign receiver")}
        print(f"ratio to the bare handler: {rates['Aftersign receiver'] / rates['bare FastAPI handler']:.2f}")
        _stored()


def _measure(name: str, chosen: argparse.Namespace) -> float:
    port = free_port("127.0.0.1", 8400)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(name, port), daemon=True)
    process.start()
    asyncio.run(_until_up(port))
    latencies, bad = asyncio.run(_load(port, chosen.connections, chosen.seconds))
    process.terminate()
    process.join()
    rate = len(latencies) / chosen.seconds
    p99 = percentile(latencies, 0.99) * 1000
    print(
        f"{name}: {rate:.0f} answers 2xx/s at {chosen.connections} connections, p50 {percentile(latencies, 0.5) * 1000:.0f} ms, p99 {p99:.0f} ms, {bad} other answers"
    )
    return rate


def _serve(name: str, port: int) -> None:
    from web.limits import ImpatientProtocol

    app: Any
    if name.startswith("bare"):
        app = FastAPI()

        @app.post("/webhooks/pandadoc")
        async def take(request: Request) -> dict[str, int]:
            return {"bytes": len(await request.body())}

        app.get("/healthz")(lambda: {"ok": True})
    else:
        from cli.setup import prepare
        from config.settings import settings
        from web.server import build_app

        prepare(settings())
        app = build_app(settings(), dispatch=False)
    uvicorn.run(app, port=port, http=ImpatientProtocol, access_log=False, log_level="error")


async def _until_up(port: int) -> None:
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    message = "the server did not come up"
    raise RuntimeError(message)


async def _load(port: int, connections: int, seconds: float) -> tuple[list[float], int]:
    latencies: list[float] = []
    bad = 0
    deadline = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < deadline:
            request = _request()
            begin = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            if head.startswith(b"HTTP/1.1 2"):
                latencies.append(time.perf_counter() - begin)
            else:
                bad += 1
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return latencies, bad


def _request() -> bytes:
    document = uuid.uuid4().hex[:22]
    data = {"id": document, "name": "Order form", "status": "document.completed", "padding": "x" * 3000}
    body = json.dumps([{"event": "document_state_changed", "data": data}]).encode()
    signature = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST /webhooks/pandadoc?signature={signature} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"X-PandaDoc-Webhook-Event-Id: {document}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _stored() -> None:
    from sqlalchemy import func, select

    from config.settings import settings
    from store import audit
    from store.database import Database
    from store.tables import inbox

    database = Database(settings().database)
    with database.read() as connection:
        rows = connection.scalar(select(func.count()).select_from(inbox))
    print(f"rows on disk: {rows}; audit chain broken: {audit.verify(database)[2]}")


if __name__ == "__main__":
    main()
