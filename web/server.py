"""The web process: uvicorn with our limits, the dispatcher beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from config.business import load_business
from config.settings import Settings
from connectors import registry
from store.database import Database
from store.inbox import InboxWriter
from store.outbox import StoredOutbox
from store.vault import Vault
from web import slack
from web.app import create_app
from web.context import WebContext
from web.dispatch import PrefectStarter, run_dispatcher
from web.limits import ImpatientProtocol


def build_context(settings: Settings) -> WebContext:
    """Open the stores and connectors the web process needs."""
    database = Database(settings.database)
    outbox = StoredOutbox(database, settings.now)
    return WebContext(
        settings=settings,
        business=load_business(settings.config_dir),
        database=database,
        vault=Vault(settings.home / "vault"),
        outbox=outbox,
        registry=registry.build(settings, outbox),
        writer=InboxWriter(database),
        starter=PrefectStarter(settings),
        clock=settings.now,
    )


def build_app(settings: Settings, *, dispatch: bool = True) -> FastAPI:
    """Return the application with its dispatcher running for as long as it serves."""
    context = build_context(settings)
    app = create_app(context)
    app.state.wake = asyncio.Event()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(run_dispatcher(context, app.state.wake)) if dispatch else None
        buttons = await _take_presses(app, context)
        yield
        if task:
            task.cancel()
        if buttons is not None:  # presses that were taken wait for this loop
            await asyncio.to_thread(buttons.close)
        await context.writer.drain()
        if isinstance(context.starter, PrefectStarter):
            await context.starter.close()
        context.database.close()

    app.router.lifespan_context = lifespan
    return app


async def _take_presses(app: FastAPI, context: WebContext) -> Any:
    """Take Slack's button presses: over HTTP, and by Socket Mode where an app token is set."""
    interactions = slack.Presses(context, asyncio.get_running_loop())
    app.state.slack = buttons = registry.buttons(context.settings, interactions)
    token = context.settings.slack.app_token.get_secret_value()
    if buttons is not None and token:
        await asyncio.to_thread(buttons.connect, token)
    return buttons


def serve(settings: Settings, *, dispatch: bool = True) -> None:
    """Serve until told to stop. Access logs stay off: signatures travel in query strings."""
    uvicorn.run(
        build_app(settings, dispatch=dispatch),
        host=settings.web.host,
        port=settings.web.port,
        http=ImpatientProtocol,
        loop="auto",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=30,
        limit_concurrency=2000,
        h11_max_incomplete_event_size=64 * 1024,
        server_header=False,
    )
