"""Calendar feeds: make one, revoke all of a person's."""

from __future__ import annotations

from cli import output
from cli.review import opened
from domain.errors import Permanent
from domain.people import colleague
from store import feeds


def create(who: str, view: str) -> int:
    """Print the address of a new feed; it is shown once."""
    if view not in feeds.VIEWS:
        raise Permanent(f"{view!r} is no view", fix=f"use one of: {', '.join(feeds.VIEWS)}")
    with opened() as ctx:
        colleague(ctx.business.people, who)
        with ctx.database.write() as connection:
            token = feeds.create(connection, who, view, ctx.clock())
        output.say(f"{ctx.settings.public_url}/t/calendar/{token}.ics")
    output.hint("subscribe to this address; whoever has it sees the deadlines. Revoke: aftersign calendar revoke")
    return 0


def revoke(who: str) -> int:
    """Close every feed of a person."""
    with opened() as ctx, ctx.database.write() as connection:
        count = feeds.revoke(connection, who, ctx.clock())
    output.say(f"✓ {count} feed{'' if count == 1 else 's'} revoked")
    return 0
