"""The audit trail: every view, change, approval, alert, effect and login, sealed one to the next."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.access import Act
from store import checkpoints
from store.views import audit as view
from store.views.bound import reach
from web.dependencies import Context, seen
from web.listing import Choice, Column, Facet, Listing, Look, answer, asked
from web.viewer import Asking, needs

router = APIRouter(include_in_schema=False)
_PLACES = {"contract": "/contracts/", "document": "/contracts/", "term": "/contracts/", "handoff": "/handoffs/",
           "brief": "/handoffs/", "step": "/handoffs/", "webhook": "/webhooks/log/"}  # fmt: skip


def _address(row: Any) -> str:
    place = _PLACES.get(str(row["action"]).partition(".")[0], "")
    return f"{place}{row['subject']}" if place else ""


COLUMNS = (
    Column("seq", "No.", Look.NUMBER),
    Column("at", "When", Look.MOMENT),
    Column("actor", "Who", Look.PERSON),
    Column("action", "What"),
    Column("subject", "About", link=_address),
    Column("facts", "Details", note="hash"),
)


@router.get("/audit")
@router.get("/audit.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List what happened to the contracts that somebody may audit, and everything to who may audit all of them."""
    needs(viewer, Act.AUDIT)
    wanted = asked(request, view.FILTERS)
    question = view.Wanted(reach(viewer, context.business.people), wanted.filters)
    with context.database.read() as connection:
        rows = view.rows(connection, question, wanted.limit, wanted.offset)
        total = view.total(connection, question) if not wanted.suffix else len(rows)
        kinds = view.kinds(connection, question) if not wanted.suffix else []
        newest, last = (
            checkpoints.keeper(context.settings.home, context.settings.audit.checkpoints).newest(),
            checkpoints.head(connection),
        )
    for row in rows:
        row["facts"] = _facts(row["detail"])
    if wanted.suffix:
        seen(context, viewer.email, "audit.exported", wanted.suffix, count=len(rows))
    facets = (Facet("action", "What", tuple(Choice(name, name, count) for name, count in kinds)),)
    extra = {"newest": newest, "last": last[0], "head": last[1]}
    return answer(
        request, "audit.html", wanted, Listing("audit", "Audit trail", COLUMNS, rows, total, facets, extra=extra)
    )


def _facts(detail: str) -> str:
    """Write an entry's details as `name: value`, one after the other."""
    values: dict[str, Any] = json.loads(detail)
    return "; ".join(f"{name}: {value}" for name, value in values.items() if value not in (None, "", [], {}))
