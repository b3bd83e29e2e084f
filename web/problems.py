"""How an error leaves the house: a readable page for browsers, `{what, why, fix}` for programs."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.errors import AftersignError, Permanent, Transient
from store.read_models import Missing
from web.headers import HEADERS
from web.rendering import page

log = logging.getLogger("aftersign.web")


class Refused(Permanent):
    """Say that the caller may not do this."""


class Unacceptable(Permanent):
    """Say which input cannot be taken."""


_STATUS: tuple[tuple[type[AftersignError], int], ...] = (
    (Missing, 404),
    (Refused, 403),
    (Unacceptable, 422),
    (Transient, 503),
    (AftersignError, 500),
)


def respond(request: Request, error: AftersignError, status: int | None = None) -> Response:
    """Answer with what happened, why and how to fix it."""
    status = status or next(code for kind, code in _STATUS if isinstance(error, kind))
    problem = {"what": error.what, "why": error.why, "fix": error.fix}
    headers = {"Retry-After": "5"} if isinstance(error, Transient) else {}
    if wants_json(request):
        return JSONResponse(problem, status, headers)
    return page(request, "problem.html", {"problem": problem, "status": status}, status, headers)


def wants_json(request: Request) -> bool:
    """Tell programs from browsers."""
    path, accept = request.url.path, request.headers.get("accept", "")
    program = path.startswith(("/api/", "/openapi")) or (path.startswith("/webhooks/") and request.method == "POST")
    return "text/html" not in accept and (program or "application/json" in accept)


def install(app: FastAPI) -> None:
    """Let the application answer every error this way."""
    app.add_exception_handler(AftersignError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(request: Request, error: Any) -> Response:
    return respond(request, error)


async def _http(request: Request, error: Any) -> Response:
    if error.status_code == 404:
        return respond(request, Missing("There is no such page", fix="start at /handoffs"))
    return respond(request, Permanent(str(error.detail), why=f"HTTP {error.status_code}"), error.status_code)


async def _invalid(request: Request, error: Any) -> Response:
    first = error.errors()[0]
    where = " ".join(str(part) for part in first["loc"])
    return respond(
        request, Unacceptable(f"{where} is not usable", why=str(first["msg"]), fix="correct it and try again")
    )


async def _unexpected(request: Request, error: Any) -> Response:
    log.error("unexpected error at %s", request.url.path, exc_info=error)
    problem = Permanent("Something unexpected happened", why=type(error).__name__, fix="see the server's log")
    response = respond(request, problem)
    response.headers.update(HEADERS)  # this handler runs outside the middleware
    return response
