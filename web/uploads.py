"""Files that people send with a form: taken by what they are, kept in the vault, never opened here.

Addresses that take files end in `/upload`; only those may receive more than 1 MiB.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from domain.access import Viewer
from store import audit, contracts
from web.context import WebContext
from web.dependencies import MAX_VALUE
from web.limits import MAX_UPLOAD
from web.problems import Unacceptable

# What a file begins with says what it is; its name says nothing.
_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", "application/zip"),  # Word and Excel
)
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sent:
    """Hold a form that may carry one file: its answers, and the sha256 under which the file is kept, or nothing."""

    answers: dict[str, str]
    sha256: str = ""


async def sent(request: Request, context: WebContext, viewer: Viewer, field: str) -> Sent:
    """Read a form with at most one file and keep that file. Raises `Unacceptable`."""
    try:
        async with request.form(max_files=1, max_fields=50, max_part_size=MAX_UPLOAD) as form:
            answers = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form.get(field)
            data = await file.read() if isinstance(file, UploadFile) else b""
            name = (file.filename or "file")[:200] if isinstance(file, UploadFile) else ""
    except MultiPartException as error:
        raise Unacceptable("The form cannot be read", why=str(error.message), fix="use the page") from error
    if any(len(value) > MAX_VALUE for value in answers.values()):
        raise Unacceptable("An answer is too long", why=f"at most {MAX_VALUE:,} characters are taken", fix="shorten it")
    digest = await run_in_threadpool(_keep, context, viewer, name, data) if data else ""
    return Sent({key: value.replace("\r\n", "\n").strip() for key, value in answers.items()}, digest)


def kind_of(data: bytes) -> str | None:
    """Return the media type of what was sent, judged by its bytes; `None` for what is not taken."""
    for magic, media in _KINDS:
        if data.startswith(magic):
            return _SHEET if media == "application/zip" and b"xl/" in data[:4096] + data[-65536:] else media
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if any(ord(sign) < 9 for sign in text[:10_000]) else "text/plain"


def _keep(context: WebContext, viewer: Viewer, name: str, data: bytes) -> str:
    media = kind_of(data)
    if media is None:
        raise Unacceptable(
            "This kind of file is not taken", why="it is no PDF, picture, Word or Excel file and no text",
            fix="send it as a PDF",
        )  # fmt: skip
    digest = context.vault.put(data)
    with context.database.write() as connection:
        now = context.clock()
        contracts.add_document(
            context.database, connection, sha256=digest, size=len(data), media_type=media, name=name, now=now
        )
        audit.record(connection, now, viewer.email, "file.sent", digest, name=name, size=len(data))
    return digest
