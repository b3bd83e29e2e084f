"""Put a made-up paper on file, as an import does after reading."""

from __future__ import annotations

from bench.year.papers import Paper
from store import contracts, readings
from tasks.context import Context


def stored(ctx: Context, paper: Paper, title: str = "Subscription agreement") -> str:
    """Register a paper with what was read from it; return the contract's id."""
    now = ctx.clock()
    values = {
        "source": contracts.IMPORTED, "source_document": paper.sha256, "title": title, "customer": paper.customer,
        "document_sha256": paper.sha256, "signers": [], "reference": {}, "signed_at": now,
    }  # fmt: skip
    with ctx.database.write() as connection:
        contracts.add_document(
            ctx.database, connection, sha256=paper.sha256, size=1, media_type="text/plain", name=title, now=now
        )
        identity = contracts.add_contract(ctx.database, connection, values, now)
        readings.save(connection, identity, paper.reading())
    return identity
