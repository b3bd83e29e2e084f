"""What handlers ask for: the context, a connection's rows, a checked form."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from store import audit
from web.context import WebContext
from web.problems import Unacceptable

MAX_FORM = 64 * 1024
MAX_VALUE = 4000
LOCAL = "local"
LINK = "link"
BY_LINK = "via link"


def get_context(request: Request) -> WebContext:
    """Return what the web process holds."""
    context: WebContext = request.app.state.context
    return context


Context = Annotated[WebContext, Depends(get_context)]


async def read_form(request: Request) -> dict[str, str]:
    """Read a form of at most 64 KiB with values of at most 4,000 characters. Raises `Unacceptable`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise Unacceptable("The form is too large", why="at most 64 KiB are taken", fix="shorten the answers")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=200, errors="strict")
    except ValueError as error:
        raise Unacceptable(
            "The form cannot be read", why="it is not a web form in UTF-8", fix="use the page"
        ) from error
    form = {name: value.replace("\r\n", "\n").strip() for name, value in pairs}
    if len(form) != len(pairs):
        raise Unacceptable("The form names a field twice", fix="use the page")
    long = next((name for name, value in form.items() if len(value) > MAX_VALUE), None)
    if long:
        raise Unacceptable("An answer is too long", why=f"at most {MAX_VALUE:,} characters are taken", fix="shorten it")
    return form


Form = Annotated[dict[str, str], Depends(read_form)]


def only(form: dict[str, str], allowed: set[str]) -> dict[str, str]:
    """Return the form if it holds nothing but allowed fields. Raises `Unacceptable`."""
    unknown = sorted(set(form) - allowed)
    if unknown:
        raise Unacceptable(
            f"The form holds a field we did not ask for: {unknown[0][:40]}",
            fix="reload the page and fill it in again",
        )
    return form


def seen(context: WebContext, actor: str, action: str, subject: str, **detail: object) -> None:
    """Record in the audit trail that somebody opened something."""
    with context.database.write() as connection:
        audit.record(connection, context.clock(), actor, action, subject, **detail)
