"""What the control tower joins to a handoff, as far as a question speaks of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ClauseElement, ColumnClause, ColumnElement, FromClause, and_
from sqlalchemy.sql.visitors import iterate

from store.tables import briefs, contracts, first_touches, handoffs, sequences
from store.tables_desk import contract_facts as facts

issued = briefs.alias("issued")  # the first version of a brief
paper = contracts.alias("paper")  # under a name of its own: rules of access speak of contracts too


def joined(*clauses: ClauseElement) -> FromClause:
    """Return handoffs beside what is known of them once, as far as these clauses speak of it."""
    first = and_(issued.c.handoff_id == handoffs.c.id, issued.c.version == 1)
    beside: Sequence[tuple[FromClause, ColumnElement[bool]]] = (
        (paper, paper.c.id == handoffs.c.contract_id),
        (facts, facts.c.contract_id == handoffs.c.contract_id),
        (first_touches, first_touches.c.handoff_id == handoffs.c.id),
        (issued, first),
        (sequences, sequences.c.handoff_id == handoffs.c.id),
    )
    spoken = {one.table for clause in clauses for one in iterate(clause) if isinstance(one, ColumnClause)}
    found: FromClause = handoffs
    for table, own in beside:
        found = found.outerjoin(table, own) if table in spoken else found
    return found
