"""To which contract an event, an effect or a message belongs, and who may therefore know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, exists, func, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from domain.access import Act, FieldClass, Viewer, Where
from domain.people import Person
from store import access
from store.tables import alerts, contracts, handoffs, inbox, outbox
from store.tables_ledger import amendments, decisions, dues, obligations
from store.tables_sla import breaches

Condition = ColumnElement[bool]
Text = ColumnElement[str]
_ID = 36  # letters of an id
# Under names of their own, so that they stay apart from the tables of whoever asks.
_HANDOFF, _PAPER, _EVENT = handoffs.alias("own_handoff"), contracts.alias("own_paper"), inbox.alias("own_event")
_OWN = (_HANDOFF, _PAPER, _EVENT, alerts, obligations, dues, decisions, breaches, amendments)


class Head(FunctionElement[str]):
    """Stand for what comes before the first colon of a key: whose effect it is."""

    type = String()
    inherit_cache = True
    name = "head"


@compiles(Head)
def _portable(element: Any, compiler: Any, **kw: Any) -> str:
    key = compiler.process(element.clauses, **kw)
    return f"substr({key}, 1, instr({key} || ':', ':') - 1)"


@compiles(Head, "postgresql")
def _postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"split_part({compiler.process(element.clauses, **kw)}, ':', 1)"


@dataclass(frozen=True, slots=True)
class Reach:
    """Hold of which contracts somebody may read the traffic, and of which also its contents.

    `every` opens what belongs to no single contract as well: to who may audit without any condition
    and is closed out by no ban. `opens` says that its contents are open too.
    """

    audits: Condition
    shows: Condition
    every: bool
    opens: bool

    def within(self, contract: Text) -> Condition:
        """Return whether a row of this contract may be listed."""
        return true() if self.every else _among(contract, self.audits)

    def opened(self, contract: Text) -> Condition:
        """Return whether what was written may be read: prices, people and words of the paper stand in it."""
        return true() if self.opens else _among(contract, and_(self.audits, self.shows))


def reach(viewer: Viewer, people: Mapping[str, Person]) -> Reach:
    """Return how far somebody's right to audit goes."""
    free = not any(rule.ban for rule in viewer.rules)
    every = free and viewer.everywhere(Act.AUDIT)
    opens = every and all(_shown_everywhere(viewer, kind) for kind in FieldClass)
    shows = and_(true(), *(access.showing(viewer, people, kind) for kind in FieldClass))
    return Reach(access.allowed(viewer, people, Act.AUDIT), shows, every, opens)


def _shown_everywhere(viewer: Viewer, kind: FieldClass) -> bool:
    return any(kind in rule.show and rule.where == Where() for rule in viewer.rules if not rule.ban)


def _among(contract: Text, condition: Condition) -> Condition:
    return exists(select(1).select_from(contracts).where(contracts.c.id == contract, condition))


def of_event() -> Text:
    """Return the contract that an entry of the inbox led to or tells of."""
    same = (_HANDOFF.c.source == inbox.c.source, _HANDOFF.c.document == inbox.c.document)
    return func.coalesce(
        _one(_HANDOFF.c.contract_id, _HANDOFF.c.id == inbox.c.handoff_id),
        _one(_HANDOFF.c.contract_id, _HANDOFF.c.inbox_id == inbox.c.id),
        _one(_HANDOFF.c.contract_id, *same),
        _one(_PAPER.c.id, _PAPER.c.source == inbox.c.source, _PAPER.c.source_document == inbox.c.document),
    )


def of_deal() -> Text:
    """Return the contract that a deal of the console CRM was won by."""
    return case((outbox.c.kind == "deal", outbox.c.body["contract_id"].as_string()), else_=None)


def of_key(key: Text) -> Text:
    """Return the contract that an effect's key names: by its handoff, alert, duty, claim, or by itself."""
    head = Head(key)
    own = obligations.c.id == dues.c.obligation_id
    told = (_PAPER.c.source == _EVENT.c.source, _PAPER.c.source_document == _EVENT.c.document)
    return func.coalesce(
        _one(_HANDOFF.c.contract_id, _HANDOFF.c.id == head),
        _one(alerts.c.contract_id, *_named(head, "alert-", alerts.c.id)),
        _one(obligations.c.contract_id, own, *_named(head, "due-", dues.c.id)),
        _one(obligations.c.contract_id, own, *_named(key, "obligations:due-", dues.c.id)),
        _one(decisions.c.contract_id, *_named(head, "notice-", decisions.c.id)),
        _one(breaches.c.contract_id, *_named(head, "sla-", breaches.c.id)),
        _one(amendments.c.target_id, *_named(head, "amendment-", amendments.c.id)),
        _one(_PAPER.c.id, *_named(head, "locked-in-", _PAPER.c.id)),
        _one(_PAPER.c.id, *_named(head, "sla-leave-", _PAPER.c.id)),
        _one(_HANDOFF.c.contract_id, *_named(head, "inbox-", _HANDOFF.c.inbox_id)),
        _one(_PAPER.c.id, *told, *_named(head, "inbox-", _EVENT.c.id)),
    )


def _named(text: Text, prefix: str, column: ColumnElement[str]) -> tuple[Condition, Condition]:
    return text.startswith(prefix, autoescape=True), column == func.substr(text, len(prefix) + 1, _ID)


def _one(column: Any, *conditions: Condition) -> Any:
    # Said outright: by itself a subquery within a subquery forgets the row it is about.
    return select(column).where(*conditions).limit(1).correlate_except(*_OWN).scalar_subquery()
