"""Keep a file for good: in the vault under its digest, and registered."""

from __future__ import annotations

from store import contracts
from tasks.context import Context


def keep(ctx: Context, name: str, data: bytes, media: str = "application/octet-stream") -> str:
    """Put a file into the vault, register it, and return its sha256."""
    digest = ctx.vault.put(data)
    with ctx.database.write() as connection:
        contracts.add_document(
            ctx.database, connection, sha256=digest, size=len(data), media_type=media, name=name, now=ctx.clock()
        )
    return digest
