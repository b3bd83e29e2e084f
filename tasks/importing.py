"""Import signed contracts that came without a webhook: no handoff, no mail to anybody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from domain.errors import AftersignError
from store import contracts
from store.contracts import IMPORTED
from tasks.context import Context
from tasks.file import open_contract
from tasks.prepare import own, plan, read_into


@dataclass(frozen=True, slots=True)
class Imported:
    """Hold what became of one file; `problem` is empty when all went well."""

    file: str
    contract_id: str
    customer: str
    found: str
    alerts: str
    problem: str = ""


def import_file(ctx: Context, path: Path) -> Imported:
    """Store one signed PDF, read it, name its owner and plan its alerts; safe to repeat."""
    data = path.read_bytes()
    digest, now = ctx.vault.put(data), ctx.clock()
    with ctx.database.write() as connection:
        contracts.add_document(
            ctx.database,
            connection,
            sha256=digest,
            size=len(data),
            media_type="application/pdf",
            name=path.name,
            now=now,
        )
        known = contracts.by_document(connection, digest)
        values = {
            "source": IMPORTED,
            "source_document": hashlib.sha256(data).hexdigest(),
            "title": path.stem,
            "customer": path.stem,
            "document_sha256": digest,
            "signers": [],
            "reference": {},
        }
        identity = known or contracts.add_contract(ctx.database, connection, values, now)
    if known:
        return Imported(path.name, identity, "", "already on file", "")
    found = read_into(ctx, identity, digest)
    try:
        own(ctx, open_contract(ctx, identity))
        planned = plan(ctx, open_contract(ctx, identity)).detail
    except AftersignError as error:
        return Imported(path.name, identity, found.customer, found.detail, "", str(error))
    return Imported(path.name, identity, found.customer, found.detail, planned)
