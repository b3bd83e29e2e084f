"""The review queue: what waits for a person, and a person's word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from cli import output
from config.settings import settings
from domain.errors import Permanent
from domain.terms import REPEATABLE, TermField
from tasks import context, review


def list_waiting(*, as_json: bool) -> int:
    """Print the queue, the most urgent term first."""
    with opened() as ctx:
        rows = [asdict(row) for row in review.queue(ctx)]
    if as_json:
        output.data(rows)
    else:
        output.table("Review", ["priority", "contract_id", "customer", "field", "why", "act_by", "owner"], rows)
    return 0


def accept(contract_id: str, field: str, who: str) -> int:
    """Confirm a term."""
    with opened() as ctx:
        output.say(f"✓ accepted; {review.accept(ctx, contract_id, _field(field), who=who)}")
    return 0


def reject(contract_id: str, field: str, who: str, because: str) -> int:
    """Reject a term."""
    with opened() as ctx:
        output.say(f"✓ rejected; {review.reject(ctx, contract_id, _field(field), who=who, because=because)}")
    return 0


def correct(contract_id: str, field: str, value: str, page: int, quote: str, who: str, because: str) -> int:
    """Correct a term."""
    with opened() as ctx:
        told = review.correct(ctx, contract_id, _field(field), value, page=page, quote=quote, who=who, because=because)
        output.say(f"✓ corrected; {told}")
    return 0


def _field(name: str) -> TermField:
    """Return the term of that name; those that stand several times in a contract cannot be named alone."""
    single = [field for field in TermField if field not in REPEATABLE]
    if name not in single:
        raise Permanent(f"There is no term {name!r} to decide about", fix=f"use one of: {', '.join(single)}")
    return TermField(name)


@contextmanager
def opened() -> Iterator[context.Context]:
    """Open everything that the settings describe, for one command."""
    ctx = context.build(settings())
    try:
        with context.use(ctx):
            yield ctx
    finally:
        ctx.database.close()
