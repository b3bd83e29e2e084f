"""Prefect's own server, with SQLite transactions that queue instead of failing half-way."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from prefect.server.database.configurations import AioSqliteConfiguration
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction


def queue_writers() -> None:
    """Make every SQLite transaction of the server take the write lock when it begins.

    Prefect begins them deferred: one that reads first and writes later is refused when somebody
    else wrote in between, which callers see as 503 and answer with seconds of back-off. Its
    `begin_transaction` is only used around writes, so taking the lock at once costs nothing. See
    docs/adr/0004.
    """
    original = AioSqliteConfiguration.begin_transaction

    @asynccontextmanager
    async def immediate(
        self: AioSqliteConfiguration,
        session: AsyncSession,
        with_for_update: bool = False,  # noqa: FBT001 - Prefect calls it so
    ) -> AsyncGenerator[AsyncSessionTransaction, None]:
        del with_for_update
        async with original(self, session, with_for_update=True) as transaction:
            yield transaction

    AioSqliteConfiguration.begin_transaction = immediate  # type: ignore[method-assign]


def serve() -> None:
    """Run `prefect server start` on the host and port of the environment."""
    queue_writers()
    host, port = os.environ["PREFECT_SERVER_API_HOST"], os.environ["PREFECT_SERVER_API_PORT"]
    sys.argv = ["prefect", "server", "start", "--host", host, "--port", port]
    runpy.run_module("prefect", run_name="__main__")
