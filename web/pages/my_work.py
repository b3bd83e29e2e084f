"""Where one lands: what waits for the person who looks, the most urgent first."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from domain.access import Act, FieldClass
from store import access
from store.views import my_work
from web.dependencies import Context
from web.rendering import page
from web.viewer import Asking

router = APIRouter(include_in_schema=False)


@router.get("/")
def desk(request: Request, context: Context, viewer: Asking) -> HTMLResponse:
    """Show what waits for the person who asks."""
    people, today = context.business.people, context.clock().date()
    mine = my_work.Desk(
        email=viewer.email,
        visible=access.visible(viewer, people),
        reviews=access.allowed(viewer, people, Act.REVIEW),
        approves=access.allowed(viewer, people, Act.APPROVE),
        worded=access.showing(viewer, people, FieldClass.TEXT),
        today=today,
    )
    with context.database.read() as connection:
        parts = my_work.parts(connection, mine)
    values = {"parts": parts, "today": today, "busy": sum(part.total for part in parts), "now": context.clock()}
    return page(request, "my_work.html", values)
