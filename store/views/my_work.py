"""What waits for one person: everything of theirs that has a day, and everything that only they can settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from domain.amendment import AmendmentState
from domain.obligations import DueState
from domain.sla.claims import UNSENT
from store.tables import contracts, first_touches, handoffs
from store.tables_desk import contract_facts
from store.tables_ledger import amendments, deadlines, decisions, dues, obligations
from store.tables_sla import breaches

SHOWN = 8
_AHEAD = timedelta(days=180)
_SOON = timedelta(days=30)
_UNSETTLED = (DueState.SCHEDULED, DueState.OPEN, DueState.MISSED)

_HIDDEN = "an obligation whose words are hidden from you"

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one part of somebody's work: how much there is, the most urgent rows, and where the rest stands."""

    key: str
    title: str
    total: int
    rows: Rows
    more: str
    nothing: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Hold whose work it is, the contracts they may see as a condition, and today."""

    email: str
    visible: ColumnElement[bool]
    reviews: ColumnElement[bool]  # the contracts whose terms they may review
    approves: ColumnElement[bool]  # the contracts whose amendments they may approve
    worded: ColumnElement[bool]  # the contracts whose paper they may read
    today: date

    @property
    def mine(self) -> ColumnElement[bool]:
        """Return which contracts they own or back up."""
        me = self.email.casefold()
        return or_(func.lower(contracts.c.owner_email) == me, func.lower(contracts.c.backup_email) == me)


def parts(connection: Connection, desk: Desk) -> Sequence[Part]:
    """Return the parts of somebody's work in the order of the page."""
    return [
        read(connection, desk)
        for read in (_touches, _renewals, _duties, _evidence, _reviews, _approvals, _gaps, _claims)
    ]


def _part(connection: Connection, query: Select[Any], key: str, title: str, more: str, nothing: str) -> Part:
    total = connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = [dict(row) for row in connection.execute(query.limit(SHOWN)).mappings()] if total else []
    return Part(key, title, total, rows, more, nothing)


def _about() -> tuple[Any, ...]:
    return contracts.c.id.label("contract_id"), contracts.c.customer, contracts.c.title


def _touches(connection: Connection, desk: Desk) -> Part:
    query = (
        select(
            handoffs.c.id.label("handoff_id"), handoffs.c.customer, first_touches.c.due_at, first_touches.c.instruction
        )
        .join(handoffs, handoffs.c.id == first_touches.c.handoff_id)
        .where(func.lower(first_touches.c.csm_email) == desk.email.casefold(), first_touches.c.state == "open")
        .order_by(first_touches.c.due_at)
    )
    return _part(connection, query, "touches", "First touches", "/handoffs", "No customer waits for your first call.")


def _renewals(connection: Connection, desk: Desk) -> Part:
    act_by = func.coalesce(deadlines.c.send_by, deadlines.c.term_end)
    settled = select(decisions.c.id).where(
        decisions.c.contract_id == deadlines.c.contract_id,
        decisions.c.term_end == deadlines.c.term_end,
        decisions.c.state == "executed",
    )
    decided = select(decisions.c.verdict).where(
        decisions.c.contract_id == deadlines.c.contract_id,
        decisions.c.term_end == deadlines.c.term_end,
        decisions.c.state == "open",
    )
    query = (
        select(*_about(), act_by.label("act_by"), deadlines.c.decide_by, deadlines.c.term_end,
               decided.limit(1).scalar_subquery().label("verdict"))
        .join(deadlines, and_(deadlines.c.contract_id == contracts.c.id, deadlines.c.superseded_at.is_(None)))
        .where(desk.mine, desk.visible, act_by <= desk.today + _AHEAD, ~settled.exists())
        .order_by(act_by, contracts.c.id)
    )  # fmt: skip
    more = f"/renewals?owner={desk.email}"
    return _part(
        connection, query, "renewals", "Renewals", more, "None of your contracts asks for a decision within six months."
    )


def _duties(connection: Connection, desk: Desk) -> Part:
    me = desk.email.casefold()
    query = (
        select(*_about(), dues.c.id.label("due_id"), dues.c.due_on, dues.c.state, obligations.c.id.label("obligation_id"),
               case((desk.worded, obligations.c.text), else_=_HIDDEN).label("text"), obligations.c.direction)
        .join(obligations, obligations.c.id == dues.c.obligation_id)
        .join(contracts, contracts.c.id == obligations.c.contract_id)
        .where(
            or_(func.lower(obligations.c.owner_email) == me, func.lower(obligations.c.backup_email) == me),
            obligations.c.status == "confirmed", dues.c.state.in_(_UNSETTLED),
            dues.c.due_on <= desk.today + _SOON, desk.visible,
        )
        .order_by(dues.c.due_on, dues.c.id)
    )  # fmt: skip
    more = f"/obligations?owner={desk.email}"
    return _part(connection, query, "duties", "Obligations", more, "Nothing falls due within thirty days.")


def _evidence(connection: Connection, desk: Desk) -> Part:
    query = (
        select(*_about(), dues.c.due_on, dues.c.done_by, obligations.c.id.label("obligation_id"), case((desk.worded, obligations.c.text), else_=_HIDDEN).label("text"))
        .join(obligations, obligations.c.id == dues.c.obligation_id)
        .join(contracts, contracts.c.id == obligations.c.contract_id)
        .where(
            func.lower(obligations.c.reviewer_email) == desk.email.casefold(),
            dues.c.state == DueState.IN_REVIEW, desk.visible,
        )
        .order_by(dues.c.due_on, dues.c.id)
    )  # fmt: skip
    return _part(
        connection,
        query,
        "evidence",
        "Evidence to look at",
        "/obligations?state=in_review",
        "No evidence waits for you.",
    )


def _reviews(connection: Connection, desk: Desk) -> Part:
    query = (
        select(*_about(), contract_facts.c.doubts, deadlines.c.decide_by)
        .join(contract_facts, contract_facts.c.contract_id == contracts.c.id)
        .outerjoin(deadlines, and_(deadlines.c.contract_id == contracts.c.id, deadlines.c.superseded_at.is_(None)))
        .where(desk.mine, desk.visible, desk.reviews, contract_facts.c.doubts > 0)
        .order_by(
            deadlines.c.decide_by.is_(None), deadlines.c.decide_by, contract_facts.c.doubts.desc(), contracts.c.id
        )
    )
    return _part(
        connection,
        query,
        "reviews",
        "Terms to review",
        f"/review?owner={desk.email}",
        "No term of your contracts is in doubt.",
    )


def _approvals(connection: Connection, desk: Desk) -> Part:
    paper = contracts.alias("paper")
    query = (
        select(*_about(), amendments.c.id.label("amendment_id"), paper.c.title.label("paper"), amendments.c.proposed_at,
               amendments.c.valid_from)
        .join(amendments, amendments.c.target_id == contracts.c.id)
        .join(paper, paper.c.id == amendments.c.paper_id)
        .where(amendments.c.state == AmendmentState.PROPOSED, desk.visible, desk.approves)
        .order_by(amendments.c.proposed_at, amendments.c.id)
    )  # fmt: skip
    return _part(
        connection, query, "approvals", "Amendments to approve", "/amendments", "No amendment waits for an approval."
    )


def _gaps(connection: Connection, desk: Desk) -> Part:
    facts = contract_facts.c
    query = (
        select(*_about(), facts.missing, facts.starts, facts.ends)
        .join(contract_facts, facts.contract_id == contracts.c.id)
        .where(desk.mine, desk.visible, or_(facts.starts.is_(None), facts.ends.is_(None)), facts.ended_on.is_(None))
        .order_by(contracts.c.created_at, contracts.c.id)
    )
    more = f"/contracts?owner={desk.email}&state=unknown"
    return _part(connection, query, "gaps", "Contracts without dates", more, "Every contract of yours has its days.")


def _claims(connection: Connection, desk: Desk) -> Part:
    query = (
        select(*_about(), breaches.c.id.label("breach_id"), breaches.c.service, breaches.c.amount, breaches.c.claim_by,
               breaches.c.send_by)
        .join(breaches, breaches.c.contract_id == contracts.c.id)
        .where(desk.mine, desk.visible, breaches.c.direction == "theirs", breaches.c.state.in_(UNSENT))
        .order_by(breaches.c.claim_by.is_(None), breaches.c.claim_by, breaches.c.id)
    )  # fmt: skip
    return _part(
        connection, query, "claims", "Credits to claim", "/slas?claim=due", "No service credit waits to be claimed."
    )
