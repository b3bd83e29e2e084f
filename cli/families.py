"""Links between contracts that were proposed, and a person's word on them."""

from __future__ import annotations

from cli import output
from cli.review import opened
from config.settings import settings
from store import families
from store.database import Database
from tasks import linking

_COLUMNS = ["id", "customer", "child", "kind", "parent", "confidence", "state", "evidence"]


def list_proposals(*, as_json: bool) -> int:
    """Print the links that wait for a person."""
    with Database(settings().database).read() as connection:
        rows = families.listed(connection)
    if as_json:
        output.data(rows)
    else:
        output.table("Families", _COLUMNS, rows)
    return 0


def decide(number: int, *, accept: bool, who: str, because: str = "") -> int:
    """Record a decision and do what follows from it. Raises `Permanent` when the link is not open."""
    take = linking.accept_link if accept else linking.reject_link
    with opened() as ctx:
        output.say(f"✓ {take(ctx, number, who=who, because=because)}")
    return 0
