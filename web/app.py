"""The application: webhooks in, pages and a JSON API out."""

from __future__ import annotations

import asyncio
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from web import api, asking, login, problems, slack
from web import webhooks as hooks
from web.access import Gate
from web.context import WebContext
from web.headers import SecurityHeaders
from web.limits import BodyLimit
from web.pages import (
    actions,
    amendments,
    audit,
    calendar,
    contract,
    contracts,
    dead_letters,
    findings,
    handoffs,
    inbox,
    links,
    my_work,
    obligations,
    outbox,
    page_images,
    people,
    portfolio,
    renewals,
    review,
    saved_views,
    slas,
    webhooks,
)


def create_app(context: WebContext) -> FastAPI:
    """Build the application; interactive API docs stay off because they load from a CDN."""
    app = FastAPI(
        title="Aftersign",
        summary="What happens after a contract is signed: one signature, one complete, provable handoff.",
        docs_url=None,
        redoc_url=None,
    )
    app.state.context = context
    app.state.wake = asyncio.Event()
    for router in (
        slack.router,
        hooks.router,
        api.router,
        login.router,
        people.router,
        my_work.router,
        contracts.router,
        saved_views.router,
        page_images.router,
        renewals.router,
        obligations.router,
        findings.router,
        slas.router,
        portfolio.router,
        audit.router,
        review.router,
        amendments.router,
        contract.router,
        handoffs.router,
        actions.router,
        asking.router,
        webhooks.router,
        inbox.router,
        dead_letters.router,
        outbox.router,
        links.router,
        calendar.router,
    ):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    problems.install(app)
    app.add_middleware(BodyLimit)  # inside the gate: nobody's upload is waited for before it is known who sends it
    app.add_middleware(Gate, settings=context.settings)
    app.add_middleware(SecurityHeaders)
    return app
