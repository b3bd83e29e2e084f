"""The control tower's figures: how fast, how complete, and where it stops; all counted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, case, cast, extract, func, literal, select

from store import handoffs as stored
from store.tables import effects, first_touches, handoffs, sequences
from store.views.tower import (
    DIMENSIONS,
    Wanted,
    asked_of_rep,
    completeness,
    conditions,
    contact,
    dimension,
    issued,
    joined,
    of_rep,
)  # fmt: skip

Figures = dict[str, Any]
BY = ("month", "csm", "team", "region", "type")
_WHOLE = literal("")


def figures(connection: Connection, wanted: Wanted) -> Figures:
    """Return counts, shares (0 to 1) and lengths of time (seconds) over all that fits the dimensions.

    A figure that nothing is known for is `None`, never 0.
    """
    counted = connection.execute(_counted(wanted, _WHOLE)).mappings().one_or_none()
    made = spans(connection, wanted, first_touches.c.contacted_at, _WHOLE).get("", {})
    promised = spans(connection, wanted, first_touches.c.due_at, _WHOLE).get("", {})
    briefed = spans(connection, wanted, issued.c.created_at, _WHOLE).get("", {})
    return {
        **(dict(counted) if counted else dict.fromkeys(_parts(wanted), 0) | dict.fromkeys(("first", "latest"))),
        "median": made.get("median"), "p90": made.get("p90"), "promise": promised.get("median"),
        "brief_median": briefed.get("median"), "brief_p90": briefed.get("p90"), **_rep(connection, wanted),
    }  # fmt: skip


def grouped(connection: Connection, wanted: Wanted, by: str) -> list[Figures]:
    """Return the figures by one dimension: months in their order, everything else by size."""
    column = dimension(wanted, by)
    made = spans(connection, wanted, first_touches.c.contacted_at, column)
    briefed = spans(connection, wanted, issued.c.created_at, column)
    found = [
        {**row, **made.get(row["of"], {"median": None, "p90": None}), "brief_median": briefed.get(row["of"], {}).get("median")}
        for row in connection.execute(_counted(wanted, column)).mappings()
    ]  # fmt: skip
    if by == "month":
        return sorted(found, key=lambda row: row["of"])[-12:]
    return sorted(found, key=lambda row: (-row["n"], str(row["of"])))[:20]


def spans(
    connection: Connection, wanted: Wanted, end: ColumnElement[Any], by: ColumnElement[Any]
) -> dict[Any, dict[str, float]]:
    """Return the median and the 90th percentile (nearest rank) from signature to an instant, in seconds, by group."""
    seconds = extract("epoch", end) - extract("epoch", handoffs.c.signed_at)
    inner = (
        select(by.label("of"), cast(seconds, Float).label("seconds"))
        .select_from(joined())
        .where(*conditions(wanted, only=DIMENSIONS), end.is_not(None), handoffs.c.signed_at.is_not(None))
        .subquery()
    )
    place = func.row_number().over(partition_by=inner.c.of, order_by=inner.c.seconds).label("place")
    size = func.count().over(partition_by=inner.c.of).label("size")
    ranked = select(inner.c.of, inner.c.seconds, place, size).subquery()
    middle = ranked.c.place.in_([(ranked.c.size + 1) // 2, (ranked.c.size + 2) // 2])
    last = ranked.c.place == (ranked.c.size * 9 + 9) // 10
    query = select(
        ranked.c.of,
        func.avg(case((middle, ranked.c.seconds))).label("median"),
        func.max(case((last, ranked.c.seconds))).label("p90"),
    ).group_by(ranked.c.of)
    return {
        row.of: {"median": float(row.median), "p90": float(row.p90)}
        for row in connection.execute(query)
        if row.median is not None
    }


def without_handoff(connection: Connection) -> Sequence[dict[str, Any]]:
    """List completed signatures that led to no handoff, the oldest first; webhooks and sweeps found them."""
    rows = [dict(row) for row in stored.without_handoff(connection)]
    return sorted(rows, key=lambda row: (row["received_at"], row["id"]))


def _counted(wanted: Wanted, by: ColumnElement[Any]) -> Any:
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0).label(name) for name, part in _parts(wanted).items()]
    shares = [func.avg(issued.c.completeness).label("first"), func.avg(completeness()).label("latest")]
    inner = select(by.label("of"), *sums, *shares).select_from(joined())
    return inner.where(*conditions(wanted, only=DIMENSIONS)).group_by(by)


def _parts(wanted: Wanted) -> dict[str, ColumnElement[bool]]:
    now = wanted.now
    return {
        "n": handoffs.c.id.is_not(None),
        "complete": handoffs.c.state == "complete",
        "running": handoffs.c.state == "running",
        "incomplete": handoffs.c.state == "incomplete",
        "contacted": contact("made", now),
        "in_time": contact("in_time", now),
        "late": contact("late", now),
        "waiting": contact("waiting", now),
        "overdue": contact("overdue", now),
        "briefs": issued.c.id.is_not(None),
        "intakes": sequences.c.handoff_id.is_not(None),
        "intakes_done": sequences.c.intake_done_at.is_not(None),
    }


def _rep(connection: Connection, wanted: Wanted) -> dict[str, int]:
    """Count how often reps were asked, about how many signatures, and how many of those have answers."""
    fits = conditions(wanted, only=DIMENSIONS)
    about = select(handoffs.c.id).select_from(joined()).where(*fits)
    row = connection.execute(
        select(func.count(), func.count(effects.c.handoff_id.distinct())).where(
            of_rep(), effects.c.handoff_id.in_(about)
        )
    ).one()
    answered = select(func.count()).select_from(joined()).where(*fits, asked_of_rep(answered=True))
    return {"chases": row[0], "chased": row[1], "answered": connection.scalar(answered) or 0}
