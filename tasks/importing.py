"""Import signed contracts that came without a webhook: no handoff, no mail to the customer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from domain.documents import Document, FileKind, Page, ReadProblem
from domain.errors import AftersignError, Permanent
from domain.portfolio import Entry, FileState, Look
from store import alerts, contracts, portfolio, readings
from store.contracts import IMPORTED
from tasks.context import Context
from tasks.file import open_contract, place_of
from tasks.looking import failure, look, within
from tasks.planning import plan
from tasks.prepare import own, read_into

_MEDIA = {
    FileKind.PDF: "application/pdf",
    FileKind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.PLAIN: "text/plain",
}
_MOST_SECONDS = 180
_ON_FILE, _READ = "already on file", "already read"


@dataclass(frozen=True, slots=True)
class Imported:
    """Hold what became of one file; `problem` is empty when all went well."""

    file: str
    contract_id: str
    customer: str
    found: str
    alerts: str
    problem: str = ""


def import_file(ctx: Context, path: Path, *, kind: FileKind = FileKind.PDF, resume: bool = False) -> Imported:
    """Store one signed paper, read it, name its owner and plan its alerts; safe to repeat.

    What is on file already is left alone, except that `resume` does what an import that was
    broken off did not come to.
    """
    data = path.read_bytes()
    identity, known = _stored(ctx, path, data, kind)
    if known and not (resume and _ours(ctx, identity)):
        return Imported(path.name, identity, "", _ON_FILE, "")
    customer, found = "", _READ
    if not _is_read(ctx, identity):
        read = read_into(ctx, identity, hashlib.sha256(data).hexdigest(), kind=kind)
        customer, found = read.customer, read.detail
    try:
        planned = _owned_and_planned(ctx, identity)
    except AftersignError as error:
        return Imported(path.name, identity, customer, found, "", str(error))
    return Imported(path.name, identity, customer, found, planned)


def import_entry(ctx: Context, batch: str, entry: Entry) -> Look:
    """Import one file of a batch unless that is done, and say what it gave; safe to repeat.

    Alerts that are due at once wait for the digest. Raises `Transient` when waiting may help, and
    `Permanent`.
    """
    with ctx.database.read() as connection:
        row = portfolio.file_row(connection, batch, entry.sha256)
    if row is not None and row["state"] == FileState.DONE:
        return look_stored(ctx, row["contract_id"], entry, on_file=True)
    with within(_MOST_SECONDS):
        _unchanged(entry)
        done = import_file(ctx, Path(entry.path), kind=entry.kind, resume=True)
        on_file = done.found in {_ON_FILE, _READ}
        seen = look_stored(ctx, done.contract_id, entry, on_file=on_file, problem=done.problem)
    with ctx.database.write() as connection:
        if done.found != _ON_FILE:
            portfolio.collapse(connection, done.contract_id, ctx.clock().date())
        state = FileState.FAILED if done.problem else FileState.DONE
        known = {"contract_id": done.contract_id, "problem": seen.problem, "text_hash": seen.text_hash}
        portfolio.note(connection, batch, entry.sha256, state, ctx.clock(), **known)
    return seen


def record_failure(ctx: Context, batch: str, entry: Entry, problem: str) -> Look:
    """Note why the import of a file broke off; the next run tries it again."""
    with ctx.database.write() as connection:
        portfolio.note(connection, batch, entry.sha256, FileState.FAILED, ctx.clock(), problem=problem)
    return failure(entry, problem)


def look_stored(ctx: Context, contract_id: str, entry: Entry, *, on_file: bool, problem: str = "") -> Look:
    """Say what a stored contract means for the portfolio today."""
    file = open_contract(ctx, contract_id)
    sha256 = file.contract["document_sha256"]
    with ctx.database.read() as connection:
        texts = contracts.page_texts(connection, sha256)
        why, detail = portfolio.reading_problem(connection, sha256)
    pages = tuple(Page(number, text) for number, text in texts)
    document = Document(sha256, pages, ReadProblem(why) if why else None, detail)
    today, place = ctx.clock().date(), place_of(file)
    seen = look(ctx.business, document, file.reading, entry=entry, identity=contract_id, today=today, place=place)
    return replace(seen, problem=problem or seen.problem, failed=bool(problem), on_file=on_file)


def _stored(ctx: Context, path: Path, data: bytes, kind: FileKind) -> tuple[str, bool]:
    """Return the contract of these bytes, and whether it was there before."""
    digest, now = ctx.vault.put(data), ctx.clock()
    values = {
        "source": IMPORTED,
        "source_document": digest,
        "title": path.stem[:300],
        "customer": path.stem[:300],
        "document_sha256": digest,
        "signers": [],
        "reference": {},
    }
    with ctx.database.write() as connection:
        contracts.add_document(
            ctx.database,
            connection,
            sha256=digest,
            size=len(data),
            media_type=_MEDIA[kind],
            name=path.name,
            now=now,
        )
        known = contracts.by_document(connection, digest)
        return known or contracts.add_contract(ctx.database, connection, values, now), known is not None


def _owned_and_planned(ctx: Context, identity: str) -> str:
    file = open_contract(ctx, identity)
    if not file.contract["owner_email"]:
        own(ctx, file)
    with ctx.database.read() as connection:
        planned = alerts.of_contract(connection, identity)
    return "already planned" if planned else plan(ctx, open_contract(ctx, identity)).detail


def _ours(ctx: Context, identity: str) -> bool:
    with ctx.database.read() as connection:
        return bool(contracts.get(connection, identity)["source"] == IMPORTED)


def _is_read(ctx: Context, identity: str) -> bool:
    with ctx.database.read() as connection:
        reading = readings.load_unreviewed(connection, identity)
    return bool(reading.terms or reading.gaps or reading.parties)


def _unchanged(entry: Entry) -> None:
    data = Path(entry.path).read_bytes()
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise Permanent(f"{entry.name} changed while it was imported", fix="run the import again")
