"""The control tower's figures: how fast, how complete, and where it stops; all counted by the database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import chain
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, Select, case, cast, exists, extract, func, select

from store import handoffs as stored
from store.tables import answers, effects, first_touches, handoffs, sequences
from store.views.counting import Gathered
from store.views.tower_filters import (
    DIMENSIONS,
    Condition,
    Wanted,
    completeness,
    conditions,
    contact,
    dimension,
    of_rep,
)  # fmt: skip
from store.views.tower_tables import issued, joined

Figures = dict[str, Any]
BY = ("month", "csm", "team", "region", "type")
_SPANS: Mapping[str, tuple[str, str]] = {  # name: (median, 90th percentile)
    "to_contact": ("median", "p90"), "to_promise": ("promise", "promise_p90"), "to_brief": ("brief_median", "brief_p90"),
}  # fmt: skip
_SHARES = ("first", "latest")


def figures(connection: Connection, wanted: Wanted, by: str = "month") -> tuple[Figures, list[Figures]]:
    """Return counts, shares (0 to 1) and spans (seconds) over all that fits the dimensions, and by one of them.

    A figure that nothing is known for is `None`, never 0. Months stand in their order, the latest
    twelve; everything else by size.
    """
    rows = [dict(row) for row in connection.execute(_counted(wanted, by)).mappings()]
    spans = {str(row["of"]): [_known(row.pop(name)) for name in _SPANS] for row in rows}
    groups = {str(row["of"]): row for row in rows}
    whole = {name: sum(row[name] for row in rows) for name in (*_parts(wanted), *_sums())}
    whole |= _ranked([sorted(chain(*(own[place] for own in spans.values()))) for place in range(len(_SPANS))])
    found = [_shared({**row, "of": of, **_ranked(spans[of])}) for of, row in groups.items()]
    return {**_shared(whole), **_rep(connection, wanted)}, _ordered(found, by)


def without_handoff(connection: Connection) -> Sequence[dict[str, Any]]:
    """List completed signatures that led to no handoff, the oldest first; webhooks and sweeps found them."""
    rows = [dict(row) for row in stored.without_handoff(connection)]
    return sorted(rows, key=lambda row: (row["received_at"], row["id"]))


def _ordered(groups: list[Figures], by: str) -> list[Figures]:
    if by == "month":
        return sorted(groups, key=lambda row: str(row["of"]))[-12:]
    return sorted(groups, key=lambda row: (-row["n"], str(row["of"])))[:20]


def _counted(wanted: Wanted, by: str) -> Select[Any]:
    """Count by group what is true of handoffs, sum up how complete briefs are, and gather the spans; in one pass."""
    of = dimension(wanted, by)
    sums = {name: func.sum(case((part, 1), else_=0)) for name, part in _parts(wanted).items()} | _sums() | _spans()
    kept = conditions(wanted, only=DIMENSIONS)
    query = select(of.label("of"), *(total.label(name) for name, total in sums.items()))
    return query.select_from(joined(of, *sums.values(), *kept)).where(*kept).group_by(of)


def _sums() -> dict[str, ColumnElement[Any]]:
    shares = {"first": issued.c.completeness, "latest": completeness()}
    return {name: func.coalesce(func.sum(share), 0.0) for name, share in shares.items()}


def _shared(row: Figures) -> Figures:
    """Return figures with the mean of each share instead of its sum; every brief has both."""
    return {**row, **{name: row[name] / row["briefs"] if row["briefs"] else None for name in _SHARES}}


def _spans() -> dict[str, ColumnElement[str]]:
    """Return how many seconds after its signature each thing happened to the handoffs of a group.

    They come as one text a group: reading a row for each handoff costs more than all the counting.
    """
    ends = (first_touches.c.contacted_at, first_touches.c.due_at, issued.c.created_at)
    signed = extract("epoch", handoffs.c.signed_at)
    return {name: Gathered(cast(extract("epoch", end) - signed, Float)) for name, end in zip(_SPANS, ends, strict=True)}


def _known(gathered: str) -> list[float]:
    return sorted(value for value in json.loads(gathered) if value is not None)


def _ranked(spans: Sequence[Sequence[float]]) -> Figures:
    """Return the median and the 90th percentile (nearest rank) of each span, whose values stand in order."""
    found: Figures = {}
    for (half, most), known in zip(_SPANS.values(), spans, strict=True):
        found[half] = median(known) if known else None
        found[most] = known[(len(known) * 9 + 9) // 10 - 1] if known else None
    return found


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

    def counted(table: Any) -> Condition:
        kept = conditions(wanted, only=DIMENSIONS)
        own = select(1).select_from(joined(*kept)).where(handoffs.c.id == table.c.handoff_id)
        return exists(own.where(*kept).correlate(table))

    asked = select(func.count(), func.count(effects.c.handoff_id.distinct())).where(of_rep(), counted(effects))
    chases, chased = connection.execute(asked).one()
    replies = select(func.count(answers.c.handoff_id.distinct())).where(answers.c.source == "rep", counted(answers))
    return {"chases": chases, "chased": chased, "answered": connection.scalar(replies) or 0}
