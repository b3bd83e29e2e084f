"""The review queue: contracts with terms in doubt, what must be acted upon first before the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, RowMapping, Select, and_, func, select

from domain.access import FieldClass, class_of
from domain.review import Waiting, doubts
from domain.terms import Reading, Standing, Term, TermField
from store import readings, reviews
from store.tables import contracts, gaps, terms
from store.tables_desk import contract_facts as facts
from store.tables_ledger import deadlines

FILTERS = ("owner", "contract", "customer", "field")
Rows = list[dict[str, Any]]
_IN_DOUBT = Standing.NEEDS_REVIEW.value
_SOME = 500  # contracts that are read at once
_NEAR = 5  # contracts that are looked at for the next term; one whose doubts have just been settled has none


@dataclass(frozen=True, slots=True)
class Queue:
    """Hold whose queue is asked for: the contracts somebody may review, what they are shown of them, and filters."""

    reviewable: ColumnElement[bool]
    filters: Mapping[str, str]
    today: date
    shows: Mapping[FieldClass, ColumnElement[bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Hold one term that waits: what was read, why it is in doubt, and the whole reading it stands in."""

    contract: Mapping[str, Any]
    field: TermField
    waiting: Waiting | None
    terms: tuple[Term, ...]
    reading: Reading


def total(connection: Connection, queue: Queue) -> int:
    """Count the contracts with something to review."""
    return connection.scalar(_from(select(func.count())).where(*_where(queue))) or 0


def page(connection: Connection, queue: Queue, limit: int, offset: int = 0) -> Rows:
    """List terms that wait, those of so many contracts, by the day one must act and what the contract is worth.

    Why one waits quotes the paper and its value: it is `None` where somebody is not shown those.
    """
    shown = [condition.label(kind.value) for kind, condition in queue.shows.items()]
    query = _ordered(_from(select(*_columns(), *shown)), queue).limit(limit).offset(offset)
    listed = connection.execute(query).mappings().all()
    every = _waiting(connection, [row["contract_id"] for row in listed])
    found: Rows = []
    for row in listed:
        waiting = every[row["contract_id"]]
        wanted = [(name, one) for name, one in waiting.items() if queue.filters.get("field", name) == name]
        found += [_row(row, name, one) for name, one in wanted]
    return found


def _row(row: RowMapping, name: TermField, one: Waiting) -> dict[str, Any]:
    kinds = {FieldClass.TEXT, class_of(name)} - {None}
    open_to_them = all(row.get(kind.value, False) for kind in kinds if kind)
    return {**row, "field": name.value, "why": one.why if open_to_them else None, "doubt": one.doubt}


def waiting_of(connection: Connection, contract_id: str) -> Mapping[TermField, Waiting]:
    """Return the terms of a contract that wait, the most doubtful first."""
    return _waiting(connection, [contract_id])[contract_id]


def _waiting(connection: Connection, ids: Sequence[str]) -> Mapping[str, Mapping[TermField, Waiting]]:
    found: dict[str, Mapping[TermField, Waiting]] = {}
    for start in range(0, len(ids), _SOME):
        some = ids[start : start + _SOME]
        decided = reviews.of_all(connection, some)
        for one, reading in readings.load_all_unreviewed(connection, some).items():
            waiting = doubts(reading, decided[one])
            found[one] = dict(sorted(waiting.items(), key=lambda pair: (-pair[1].doubt, pair[0])))
    return found


def doubtful(connection: Connection, contract_id: str, field: TermField) -> Doubtful:
    """Return one term with what the readers say of it."""
    row = connection.execute(_from(select(*_columns())).where(contracts.c.id == contract_id)).mappings().one()
    reading = readings.load_unreviewed(connection, contract_id)
    found = doubts(reading, reviews.of(connection, contract_id))
    return Doubtful(dict(row), field, found.get(field), reading.all(field), reading)


def neighbours(
    connection: Connection, queue: Queue, contract_id: str, field: TermField
) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
    """Return the terms before and after one in the queue, each as its contract and field."""
    own = list(waiting_of(connection, contract_id))
    place = own.index(field) if field in own else -1
    if 0 < place < len(own) - 1:
        return (contract_id, own[place - 1].value), (contract_id, own[place + 1].value)
    earlier, later = _around(connection, queue, contract_id)
    before = (contract_id, own[place - 1].value) if place > 0 else _end(connection, earlier[::-1], last=True)
    after = (contract_id, own[place + 1].value) if place + 1 < len(own) else _end(connection, later)
    return before, after


def _around(connection: Connection, queue: Queue, contract_id: str) -> tuple[list[str], list[str]]:
    """Return the few contracts before and after one in the queue; the first few for one that has left it."""
    place = func.row_number().over(order_by=_order(queue)).label("place")
    ranked = _from(select(contracts.c.id, place)).where(*_where(queue)).subquery()
    here = connection.scalar(select(ranked.c.place).where(ranked.c.id == contract_id)) or 0
    near = ranked.c.place.between(here - _NEAR, here + _NEAR)
    rows = connection.execute(select(ranked.c.id, ranked.c.place).where(near).order_by(ranked.c.place)).all()
    return [one for one, at in rows if at < here], [one for one, at in rows if at > here]


def _end(connection: Connection, ids: Sequence[str], *, last: bool = False) -> tuple[str, str] | None:
    for one in ids:
        fields = list(waiting_of(connection, one))
        if fields:
            return one, fields[-1 if last else 0].value
    return None


def _columns() -> tuple[Any, ...]:
    return (
        contracts.c.id.label("contract_id"), contracts.c.customer, contracts.c.title, contracts.c.owner_email,
        facts.c.value, facts.c.type, _act_by().label("act_by"),
    )  # fmt: skip


def _from(query: Select[Any]) -> Select[Any]:
    current = and_(deadlines.c.contract_id == contracts.c.id, deadlines.c.superseded_at.is_(None))
    return query.select_from(contracts.join(facts, facts.c.contract_id == contracts.c.id).outerjoin(deadlines, current))


def _where(queue: Queue) -> list[ColumnElement[bool]]:
    said = queue.filters
    found = [queue.reviewable, facts.c.doubts > 0]
    if said.get("owner"):
        found.append(contracts.c.owner_email == said["owner"])
    if said.get("contract"):
        found.append(contracts.c.id == said["contract"])
    if said.get("field"):
        found.append(contracts.c.id.in_(_doubtful_in(said["field"])))
    if said.get("customer"):
        found.append(func.lower(contracts.c.customer).contains(said["customer"].casefold(), autoescape=True))
    return found


def _doubtful_in(name: str) -> CompoundSelect[Any]:
    missing = select(gaps.c.contract_id).where(gaps.c.field == name)
    return missing.union(select(terms.c.contract_id).where(terms.c.field == name, terms.c.standing == _IN_DOUBT))


def _ordered(query: Select[Any], queue: Queue) -> Select[Any]:
    """Order by the day one must act; an unknown one counts as today, because nobody knows that it is later."""
    return query.where(*_where(queue)).order_by(*_order(queue))


def _order(queue: Queue) -> tuple[ColumnElement[Any], ...]:
    days = func.coalesce(_act_by(), queue.today)
    return days, facts.c.value_minor.desc().nulls_last(), contracts.c.id


def _act_by() -> ColumnElement[date]:
    return func.coalesce(deadlines.c.send_by, deadlines.c.term_end)
