"""Links between contracts that were proposed, and a person's word on them."""

from __future__ import annotations

from cli import output
from config.settings import settings
from domain.errors import Permanent
from store import families
from store.database import Database

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
    """Record a decision. Raises `Permanent` when the link is not open."""
    chosen = settings()
    with Database(chosen.database).write() as connection:
        row = families.get(connection, number)
        if row is None or row["state"] not in families.OPEN:
            raise Permanent(
                f"There is no open link {number}",
                why=f"it is {row['state']} by {row['decided_by']}" if row else "",
                fix="see `aftersign contracts families list`",
            )
        families.decide(connection, row, accept=accept, who=who, because=because, now=chosen.now())
    output.say(f"✓ {'accepted' if accept else 'rejected'}; {row['kind']} {row['parent_id']}")
    return 0
