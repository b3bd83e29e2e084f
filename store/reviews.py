"""What people decided about terms: kept for ever, the newest of a field counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, RowMapping, func, insert, select, union

from domain.review import Review, ReviewVerdict
from domain.terms import Citation, Standing, TermField
from store import audit
from store.tables import alerts, contracts, gaps, reviews, terms

_NEEDS_REVIEW = Standing.NEEDS_REVIEW.value


def add(connection: Connection, contract_id: str, review: Review) -> None:
    """Record a decision."""
    values = {
        "contract_id": contract_id,
        "field": review.field,
        "verdict": review.verdict,
        "value": review.value,
        "citation": asdict(review.citation) if review.citation else None,
        "because": review.because,
        "who": review.who,
        "at": review.at,
    }
    connection.execute(insert(reviews).values(**values))
    detail = {"field": review.field, "value": review.value, "because": review.because}
    audit.record(connection, review.at, review.who, f"term.{review.verdict}", contract_id, **detail)


def of(connection: Connection, contract_id: str) -> tuple[Review, ...]:
    """Return every decision about a contract's terms, oldest first."""
    return of_all(connection, [contract_id])[contract_id]


def of_all(connection: Connection, ids: Sequence[str]) -> Mapping[str, tuple[Review, ...]]:
    """Return every decision about the terms of some contracts, at most some hundreds, oldest first."""
    query = select(reviews).where(reviews.c.contract_id.in_(ids)).order_by(reviews.c.at, reviews.c.id)
    found: dict[str, list[Review]] = {one: [] for one in ids}
    for row in connection.execute(query).mappings():
        found[row["contract_id"]].append(_review(row))
    return {one: tuple(own) for one, own in found.items()}


def waiting(connection: Connection) -> Sequence[RowMapping]:
    """List contracts with gaps or values in doubt, each with the next day somebody must act."""
    doubtful = union(select(gaps.c.contract_id), select(terms.c.contract_id).where(terms.c.standing == _NEEDS_REVIEW))
    act_by = (
        select(alerts.c.contract_id, func.min(alerts.c.act_by).label("act_by"))
        .where(alerts.c.state.in_(("planned", "collapsed")))
        .group_by(alerts.c.contract_id)
        .subquery()
    )
    query = (
        select(contracts.c.id, contracts.c.customer, contracts.c.title, contracts.c.owner_email, act_by.c.act_by)
        .where(contracts.c.id.in_(doubtful))
        .outerjoin(act_by, act_by.c.contract_id == contracts.c.id)
        .order_by(contracts.c.id)
    )
    return connection.execute(query).mappings().all()


def _review(row: RowMapping) -> Review:
    citation = Citation(**row["citation"]) if row["citation"] else None
    verdict, field = ReviewVerdict(row["verdict"]), TermField(row["field"])
    return Review(field, verdict, row["who"], row["at"], row["value"], citation, row["because"])
