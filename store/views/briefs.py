"""The versions of a brief, and how complete each of them was."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from store.tables import briefs


def versions(connection: Connection, handoff_id: str) -> list[dict[str, Any]]:
    """List the versions of a brief, the newest first."""
    columns = (briefs.c.version, briefs.c.created_at, briefs.c.completeness)
    query = select(*columns).where(briefs.c.handoff_id == handoff_id).order_by(briefs.c.version.desc())
    return [dict(row) for row in connection.execute(query).mappings()]
