"""The pages of a paper as they look, with the words that matter boxed, and as text for everybody else."""

from __future__ import annotations

import os
from dataclasses import astuple
from io import BytesIO
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, Response
from PIL import Image, ImageDraw

from domain.access import FieldClass, Viewer
from domain.documents import Box
from extraction import boxes_of, picture_of
from extraction.pictures import SCALE
from extraction.reader import Picture
from store.read_models import Missing
from store.views import contract as contract_view
from store.views import pages as view
from web.context import WebContext
from web.dependencies import Context, seen
from web.rendering import page
from web.viewer import Asking, subject_of

router = APIRouter(include_in_schema=False)
_PDF = "application/pdf"
_FILL, _EDGE = (255, 214, 0, 70), (230, 150, 0, 255)
Number = Annotated[int, InPath(ge=1, le=10_000)]
_Words = Annotated[str, Query(max_length=200)]


@router.get("/contracts/{contract_id}/pages/{number}.png")
def image(
    context: Context, viewer: Asking, contract_id: str, number: Number, field: _Words = "", q: _Words = ""
) -> Response:
    """Return a page as an image with the cited or searched words boxed."""
    shown = _page(context, viewer, contract_id, number, field, q)
    seen(context, viewer.email, "document.viewed", contract_id, page=number, sha256=shown.sha256, image=True)
    data = context.vault.get(shown.sha256)
    drawn = _drawn(context, shown, data) if shown.media_type == _PDF else None
    if drawn is None:
        raise Missing(
            "This page has no image", why="only PDF pages are drawn, within limits of time and memory",
            fix="read its text",
        )  # fmt: skip
    boxes = [box for place in boxes_of(data, shown.passages) for box in place] if shown.passages else []
    return Response(_boxed(drawn, boxes), media_type="image/png", headers={"Cache-Control": "private, max-age=300"})


@router.get("/contracts/{contract_id}/pages/{number}")
def paper(
    request: Request,
    context: Context,
    viewer: Asking,
    contract_id: str,
    number: Number,
    field: _Words = "",
    q: _Words = "",
) -> HTMLResponse:
    """Show a page of the signed paper beside its text."""
    shown = _page(context, viewer, contract_id, number, field, q)
    with context.database.read() as connection:
        contract = contract_view.head(connection, contract_id, context.clock().date())
    seen(context, viewer.email, "document.viewed", contract_id, page=number, sha256=shown.sha256)
    values = {
        "contract": contract, "shown": shown, "pieces": view.marked(shown), "field": field, "q": q,
        "drawn": shown.media_type == _PDF,
    }  # fmt: skip
    return page(request, "paper_page.html", values)


def _page(context: WebContext, viewer: Viewer, contract_id: str, number: int, field: str, q: str) -> view.PaperPage:
    """Return the page. Raises `Missing` alike for no such page and for a paper that is not open to them."""
    with context.database.read() as connection:
        about = subject_of(context, connection, viewer, contract_id)
        found = view.paper_page(connection, contract_id, number, field=field, words=q)
    if found is None or not viewer.shows(FieldClass.TEXT, about):
        raise Missing("There is no such page", fix=f"see /contracts/{contract_id}")
    return found


def _drawn(context: WebContext, shown: view.PaperPage, data: bytes) -> Picture | None:
    """Draw a page in the sandboxed reader, once; later it lies ready."""
    kept = context.settings.home / "images" / shown.sha256[:2] / f"{shown.sha256}-{shown.number}"
    if kept.exists():
        head = kept.read_bytes()
        return Picture(head[SCALE.size :], SCALE.unpack(head[: SCALE.size])[0])
    drawn = picture_of(data, shown.number)
    if drawn is not None:
        _keep(kept, SCALE.pack(drawn.scale) + drawn.png)
    return drawn


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(path)


def _boxed(drawn: Picture, boxes: list[Box]) -> bytes:
    if not boxes:
        return drawn.png
    with Image.open(BytesIO(drawn.png)) as opened:
        paper = opened.convert("RGBA")
    over = Image.new("RGBA", paper.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(over)
    for box in boxes:
        pen.rectangle([side * drawn.scale for side in astuple(box)], fill=_FILL, outline=_EDGE, width=2)
    target = BytesIO()
    Image.alpha_composite(paper, over).convert("RGB").save(target, "PNG", compress_level=3)
    return target.getvalue()
