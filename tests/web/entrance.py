"""The application with the pages of login and people, whether or not it lists them already."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from web import app, login
from web.context import WebContext
from web.pages import people


def create_app(context: WebContext) -> FastAPI:
    """Return the application."""
    made = app.create_app(context)
    known = {getattr(route, "path", "") for route in flat(made.routes)}
    for path, router in (("/login", login.router), ("/people", people.router)):
        if path not in known:
            made.include_router(router)
    return made


def flat(found: Any) -> list[Any]:
    """List routes, those of included routers too."""
    return [one for route in found for one in (flat(inner(route)) if inner(route) else [route])]


def inner(route: Any) -> list[Any]:
    """Return the routes that a router brought along."""
    router = getattr(route, "original_router", None)
    return list(router.routes) if router is not None else []
