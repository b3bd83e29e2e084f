"""Read models: what pages, API and CLI show, as plain dicts with JSON-ready values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, func, or_, select, true

from domain.errors import Permanent
from domain.handoff import ACTIONS, PREPARATION, Step, StepState
from store import tables as t

NEEDS_PERSON = "needs_person"
STATES = ("running", "complete", "incomplete", NEEDS_PERSON)

_STEP = (
    "state",
    "reference",
    "url",
    "detail",
    "error",
    "attempts",
    "started_at",
    "finished_at",
    "run_id",
)
_INBOX = tuple(column for column in t.inbox.c if column.name not in {"body", "headers"})
_COMPLETIONS = ("received", "started", "done", "dead")


class Missing(Permanent):
    """Say that there is nothing under that name."""


def handoff_list(
    connection: Connection,
    *,
    state: str = "",
    since: datetime | None = None,
    limit: int = 200,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """List handoffs, newest first; `state` is one of `STATES` or empty, `since` compares acceptance."""
    query = select(t.handoffs).order_by(t.handoffs.c.accepted_at.desc(), t.handoffs.c.id)
    query = _in_state(query, state).limit(limit).offset(offset)
    if since:
        query = query.where(t.handoffs.c.accepted_at >= since)
    return summaries(connection, connection.execute(query).mappings().all())


def handoff_detail(connection: Connection, handoff_id: str) -> dict[str, Any]:
    """Return all that is known about one handoff. Raises `Missing` when there is none of that id."""
    row = connection.execute(select(t.handoffs).where(t.handoffs.c.id == handoff_id)).mappings().first()
    if row is None:
        raise Missing(f"There is no handoff {handoff_id!r}", fix="see /handoffs for those that exist")
    return {
        **summaries(connection, [row])[0],
        **_paper(connection, row["contract_id"]),
        "differences": (_latest_briefs(connection, [handoff_id]).get(handoff_id) or {}).get("differences", []),
        "welcome": _welcome(connection, handoff_id),
        "answers": _children(connection, t.answers, "handoff_id", handoff_id, ("key", "source", "value", "who", "at")),
        "effects": _effects(connection, handoff_id),
    }


def kpis(connection: Connection, within: ColumnElement[bool] | None = None) -> dict[str, Any]:
    """Count handoffs by state; give median seconds from signature, and from acceptance, to the CSM's task.

    A median covers the latest 1,000 handoffs whose task exists; `None` means unknown. `within` says
    which handoffs count.
    """
    seen = true() if within is None else within
    states = connection.execute(select(t.handoffs.c.state, func.count()).where(seen).group_by(t.handoffs.c.state)).all()
    counts = {row[0]: row[1] for row in states}
    dead = (
        select(func.count(t.steps.c.handoff_id.distinct()))
        .join(t.handoffs, t.handoffs.c.id == t.steps.c.handoff_id)
        .where(t.steps.c.state == StepState.DEAD, seen)
    )
    return {
        "handoffs": sum(counts.values()),
        "running": counts.get("running", 0),
        "complete": counts.get("complete", 0),
        "incomplete": counts.get("incomplete", 0),
        NEEDS_PERSON: connection.scalar(dead) or 0,
        "median_seconds_signature_to_first_touch": _median_to_first_touch(connection, t.handoffs.c.signed_at, seen),
        "median_seconds_to_first_touch": _median_to_first_touch(connection, t.handoffs.c.accepted_at, seen),
    }


def asked(connection: Connection, handoff_id: str) -> set[str]:
    """Return every line that any version of the brief asked of the rep; one may close while they type."""
    bodies = connection.scalars(select(t.briefs.c.body).where(t.briefs.c.handoff_id == handoff_id))
    return {gap["key"] for body in bodies for gap in body["gaps"]}


def trail(connection: Connection, subjects: Sequence[str], limit: int = 200) -> list[dict[str, Any]]:
    """List the audit entries about any of these subjects, newest first."""
    query = select(t.audit).where(t.audit.c.subject.in_(subjects)).order_by(t.audit.c.seq.desc()).limit(limit)
    names = ("seq", "at", "actor", "action", "subject", "detail", "hash")
    return [_plain(row, names) for row in connection.execute(query).mappings()]


def webhook_log(connection: Connection, limit: int = 100, within: ColumnElement[bool] | None = None) -> dict[str, Any]:
    """Return the latest inbox entries and every counter, with how many deliveries were forged."""
    query = (
        select(*_INBOX)
        .where(true() if within is None else within)
        .order_by(t.inbox.c.received_at.desc(), t.inbox.c.id)
        .limit(limit)
    )
    tallies = select(t.counters).order_by(t.counters.c.source, t.counters.c.kind, t.counters.c.verdict)
    counters = [_plain(row) for row in connection.execute(tallies).mappings()]
    return {
        "entries": [_plain(row) for row in connection.execute(query).mappings()],
        "counters": counters,
        "forged": sum(row["count"] for row in counters if row["verdict"] == "forged"),
    }


def last_success(connection: Connection) -> dict[str, datetime]:
    """Return when something last went well, by role for what we wrote and by vendor for what we heard."""
    written = select(t.effects.c.role, func.max(t.effects.c.applied_at)).where(t.effects.c.applied_at.is_not(None))
    heard = select(t.inbox.c.source, func.max(t.inbox.c.received_at)).group_by(t.inbox.c.source)
    looked = select(t.cursors.c.name, t.cursors.c.at)
    found: dict[str, datetime] = {}
    for query in (written.group_by(t.effects.c.role), heard, looked):
        for name, at in connection.execute(query):
            subject = str(name).rpartition(":")[2]
            found[subject] = max(found.get(subject, at), at)
    return found


def outbox_rows(
    connection: Connection, *, role: str = "", limit: int = 200, within: ColumnElement[bool] | None = None
) -> list[dict[str, Any]]:
    """List what the console connectors would have sent, newest first."""
    query = select(t.outbox).where(true() if within is None else within).order_by(t.outbox.c.id.desc()).limit(limit)
    if role:
        query = query.where(t.outbox.c.role == role)
    return [_plain(row) for row in connection.execute(query).mappings()]


def outbox_row(connection: Connection, identity: int) -> dict[str, Any]:
    """Return one object of the outbox. Raises `Missing`."""
    row = connection.execute(select(t.outbox).where(t.outbox.c.id == identity)).mappings().first()
    if row is None:
        raise Missing(f"There is no outbox entry {identity}", fix="see /outbox for those that exist")
    return _plain(row)


def outbox_deal(connection: Connection, deal_id: str) -> dict[str, Any]:
    """Return a deal of the console CRM with its tasks. Raises `Missing`."""
    found = (t.outbox.c.role == "crm", t.outbox.c.kind == "deal", t.outbox.c.key == deal_id)
    row = connection.execute(select(t.outbox).where(*found)).mappings().first()
    if row is None:
        raise Missing(f"There is no deal {deal_id!r} in the console CRM", fix="see /outbox?role=crm")
    query = select(t.outbox).where(t.outbox.c.role == "crm", t.outbox.c.kind == "task").order_by(t.outbox.c.id)
    tasks = [_plain(task) for task in connection.execute(query).mappings()]
    return {**_plain(row), "tasks": [task for task in tasks if task["body"].get("deal_id") == deal_id]}


def outbox_items(connection: Connection, project: str) -> list[dict[str, Any]]:
    """List the tasks of a project of the console work tool, in the order of their days."""
    query = select(t.outbox).where(t.outbox.c.role == "work", t.outbox.c.kind == "item").order_by(t.outbox.c.id)
    items = [_plain(row) for row in connection.execute(query).mappings()]
    return sorted((i for i in items if i["body"].get("project") == project), key=lambda i: str(i["body"].get("due")))


def document(connection: Connection, sha256: str | None) -> dict[str, Any]:
    """Return name, media type and size of a stored file. Raises `Missing`."""
    row = connection.execute(select(t.documents).where(t.documents.c.sha256 == sha256)).mappings().first()
    if row is None:
        raise Missing("This file is not stored", why="the handoff has not got that far", fix="retry the handoff")
    return _plain(row)


def proof_rows(connection: Connection, since: datetime | None) -> list[dict[str, Any]]:
    """List one row per signature received since then, with state and time of each of the five actions.

    Completions that led to no handoff are rows too; their actions are `missing`.
    """
    led_to = or_(t.handoffs.c.inbox_id == t.inbox.c.id, t.handoffs.c.id == t.inbox.c.handoff_id)
    query = select(*_INBOX, t.handoffs.c.id.label("found")).join_from(t.inbox, t.handoffs, led_to, isouter=True)
    query = query.where(t.inbox.c.state.in_(_COMPLETIONS)).order_by(t.inbox.c.received_at, t.inbox.c.id)
    if since:
        query = query.where(t.inbox.c.received_at >= since)
    events = connection.execute(query).mappings().all()
    ids = [row["found"] for row in events if row["found"]]
    found = {row["id"]: row for row in _among(connection, t.handoffs, t.handoffs.c.id, ids)}
    steps = _steps(connection, ids)
    return [_proof(row, found.get(row["found"]), steps.get(row["found"], {})) for row in events]


def _proof(event: RowMapping, handoff: RowMapping | None, steps: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "source": event["source"],
        "document": event["document"],
        "event_id": event["event_id"],
        "received_at": _json(event["received_at"]),
        "webhook": event["state"],
        "webhook_reason": event["reason"],
        "deliveries": event["deliveries"],
        "handoff_id": handoff["id"] if handoff else "",
        "customer": handoff["customer"] if handoff else "",
        "csm": handoff["csm_email"] if handoff else "",
        "state": handoff["state"] if handoff else "no handoff",
        "signed_at": _json(handoff["signed_at"]) if handoff else None,
        "accepted_at": _json(handoff["accepted_at"]) if handoff else None,
        "completed_at": _json(handoff["completed_at"]) if handoff else None,
        "run_id": handoff["run_id"] if handoff else event["run_id"],
    }
    for action in ACTIONS:
        step = steps.get(action, {})
        row[action.value] = step.get("state", "missing")
        row[f"{action.value}_at"] = step.get("finished_at")
        row[f"{action.value}_tries"] = step.get("attempts", 0)
        row[f"{action.value}_reference"] = step.get("reference", "")
        row[f"{action.value}_run"] = step.get("run_id")
    return row


def _in_state(query: Select[Any], state: str) -> Select[Any]:
    if state == NEEDS_PERSON:
        dead = select(t.steps.c.handoff_id).where(t.steps.c.state == StepState.DEAD)
        return query.where(t.handoffs.c.id.in_(dead))
    return query.where(t.handoffs.c.state == state) if state else query


def summaries(connection: Connection, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    """Return rows of `handoffs` with their event, contract, steps, times, gaps, brief and first touch."""
    ids = [row["id"] for row in rows]
    contract_ids = [row["contract_id"] for row in rows if row["contract_id"]]
    steps, briefs = _steps(connection, ids), _latest_briefs(connection, ids)
    events = _by(connection, select(*_INBOX).where(t.inbox.c.id.in_([r["inbox_id"] for r in rows])), "id")
    contracts = _by(connection, select(t.contracts).where(t.contracts.c.id.in_(contract_ids)), "id")
    touches = _by(connection, select(t.first_touches).where(t.first_touches.c.handoff_id.in_(ids)), "handoff_id")
    unread = _contract_gaps(connection, contract_ids)
    return [
        {
            **_own(row, contracts.get(row["contract_id"])),
            "event": _event(events[row["inbox_id"]]),
            "contract": _contract(contracts.get(row["contract_id"])),
            "preparation": {step.value: _step(steps, row["id"], step) for step in PREPARATION},
            "actions": {step.value: _step(steps, row["id"], step) for step in ACTIONS},
            "times": _times(row, events[row["inbox_id"]], _step(steps, row["id"], Step.FIRST_TOUCH)),
            "gaps": [*unread.get(row["contract_id"], []), *_brief_gaps(briefs.get(row["id"]))],
            "brief": _brief(row["id"], briefs.get(row["id"])),
            "first_touch": _first_touch(touches.get(row["id"])),
        }
        for row in rows
    ]


def _own(row: RowMapping, contract: RowMapping | None) -> dict[str, Any]:
    return {
        "id": row["id"],
        "state": row["state"],
        "customer": row["customer"],
        "deal_id": row["deal_id"],
        "deal_type": row["deal_type"],
        "document_sha256": contract["document_sha256"] if contract else None,
        "owner": contract["owner_email"] if contract else None,
        "backup": contract["backup_email"] if contract else None,
        "ownership_reason": contract["ownership_reason"] if contract else "",
        "csm": row["csm_email"],
        "csm_reason": row["csm_reason"],
        "run_id": row["run_id"],
        "runs": row["runs"],
    }


def _event(row: RowMapping) -> dict[str, Any]:
    names = ("source", "event_id", "kind", "document", "state", "received_at", "deliveries")
    return {"id": row["id"], **_plain(row, names)}


def _contract(row: RowMapping | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return _plain(row, ("id", "title", "customer", "document_sha256", "certificate_sha256", "signed_at", "signers"))


def _times(row: RowMapping, event: RowMapping, first_touch: Mapping[str, Any]) -> dict[str, Any]:
    done = _instant(first_touch["finished_at"]) if first_touch["state"] == StepState.DONE else None
    return {
        "received_at": _json(event["received_at"]),
        **_plain(row, ("signed_at", "accepted_at", "completed_at")),
        "seconds_to_first_touch": _seconds(row["accepted_at"], done),
        "seconds_signature_to_first_touch": _seconds(row["signed_at"], done),
    }


def _steps(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, dict[str, Any]]]:
    grouped: dict[str, dict[str, dict[str, Any]]] = {}
    for row in _among(connection, t.steps, t.steps.c.handoff_id, ids):
        grouped.setdefault(row["handoff_id"], {})[row["step"]] = _plain(row, _STEP)
    return grouped


def _step(steps: Mapping[str, Mapping[str, dict[str, Any]]], handoff_id: str, step: Step) -> dict[str, Any]:
    pending = {
        "state": StepState.PENDING.value,
        "reference": "",
        "url": "",
        "detail": "",
        "error": None,
        "attempts": 0,
        "started_at": None,
        "finished_at": None,
        "run_id": None,
    }
    return steps.get(handoff_id, {}).get(step) or pending


def _latest_briefs(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    b = t.briefs.c
    newest = select(b.handoff_id, func.max(b.version).label("version")).where(b.handoff_id.in_(ids))
    top = newest.group_by(b.handoff_id).subquery()
    query = select(b.handoff_id, b.version, b.completeness, b.created_at, b.body).join_from(
        t.briefs, top, and_(b.handoff_id == top.c.handoff_id, b.version == top.c.version)
    )
    return {
        row["handoff_id"]: {**row["body"], **_plain(row, ("version", "completeness", "created_at"))}
        for row in connection.execute(query).mappings()
    }


def _brief(handoff_id: str, brief: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if brief is None:
        return None
    return {
        "version": brief["version"],
        "completeness": brief["completeness"],
        "created_at": brief["created_at"],
        "url": f"/handoffs/{handoff_id}/brief",
    }


def _brief_gaps(brief: Mapping[str, Any] | None) -> list[dict[str, str]]:
    rows = brief.get("gaps", []) if brief else []
    return [{"source": "brief", "key": gap["key"], "label": gap["label"], "detail": gap["ask"]} for gap in rows]


def _contract_gaps(connection: Connection, contract_ids: Sequence[str]) -> dict[str, list[dict[str, str]]]:
    query = select(t.gaps).where(t.gaps.c.contract_id.in_(contract_ids)).order_by(t.gaps.c.id)
    grouped: dict[str, list[dict[str, str]]] = {}
    for row in connection.execute(query).mappings():
        label = row["field"].replace("_", " ")
        gap = {"source": "contract", "key": row["field"], "label": label, "detail": row["why"]}
        grouped.setdefault(row["contract_id"], []).append(gap)
    return grouped


def _first_touch(row: RowMapping | None) -> dict[str, Any] | None:
    if row is None:
        return None
    names = ("state", "instruction", "due_at", "contacted_at", "contacted_by", "snoozed_until", "escalation")
    return {"csm": row["csm_email"], **_plain(row, names)}


def _paper(connection: Connection, contract_id: str | None) -> dict[str, Any]:
    def rows(table: Any, names: Sequence[str]) -> list[dict[str, Any]]:
        return _children(connection, table, "contract_id", contract_id, names)

    alerts = rows(t.alerts, ("id", "stage", "due_on", "act_by", "recipient", "state", "sent_at", "explanation"))
    return {
        "terms": rows(t.terms, ("field", "value", "duty", "rule", "citation", "standing", "confidence", "readers")),
        "lines": rows(t.lines, ("product", "quantity", "unit_price", "total", "citation")),
        "parties": rows(t.parties, ("name", "role", "citation")),
        "alerts": sorted(alerts, key=lambda row: (row["due_on"], row["recipient"])),
    }


def _welcome(connection: Connection, handoff_id: str) -> dict[str, Any] | None:
    row = connection.execute(select(t.sequences).where(t.sequences.c.handoff_id == handoff_id)).mappings().first()
    if row is None:
        return None
    mails = _children(
        connection, t.welcome_mails, "handoff_id", handoff_id, ("key", "due_at", "state", "reason", "sent_at")
    )
    names = ("state", "reason", "template", "recipient", "contact_name", "intake_done_at")
    return {**_plain(row, names), "mails": sorted(mails, key=lambda mail: mail["due_at"])}


def _effects(connection: Connection, handoff_id: str) -> list[dict[str, Any]]:
    query = select(t.effects).where(t.effects.c.handoff_id == handoff_id).order_by(t.effects.c.intended_at)
    names = ("key", "role", "state", "reference", "url", "attempts", "intended_at", "applied_at", "detail")
    return [_plain(row, names) for row in connection.execute(query).mappings()]


def _median_to_first_touch(
    connection: Connection, start: ColumnElement[Any], seen: ColumnElement[bool]
) -> float | None:
    done = and_(
        t.steps.c.handoff_id == t.handoffs.c.id,
        t.steps.c.step == Step.FIRST_TOUCH,
        t.steps.c.state == StepState.DONE,
    )
    query = (
        select(start.label("start"), t.steps.c.finished_at)
        .join_from(t.handoffs, t.steps, done)
        .where(start.is_not(None), t.steps.c.finished_at.is_not(None), seen)
        .order_by(t.handoffs.c.accepted_at.desc())
        .limit(1000)
    )
    seconds = [(row.finished_at - row.start).total_seconds() for row in connection.execute(query)]
    return median(seconds) if seconds else None


def _children(
    connection: Connection, table: Any, column: str, identity: str | None, names: Sequence[str]
) -> list[dict[str, Any]]:
    order = table.primary_key.columns.values()
    query = select(table).where(table.c[column] == identity).order_by(*order)
    return [_plain(row, names) for row in connection.execute(query).mappings()]


def _among(connection: Connection, table: Any, column: Any, ids: Sequence[str]) -> Iterator[RowMapping]:
    """Read rows in groups: databases limit how many values one statement may carry."""
    for start in range(0, len(ids), 1000):
        yield from connection.execute(select(table).where(column.in_(ids[start : start + 1000]))).mappings()


def _by(connection: Connection, query: Select[Any], name: str) -> dict[str, RowMapping]:
    return {row[name]: row for row in connection.execute(query).mappings()}


def _plain(row: Mapping[Any, Any], names: Iterable[str] | None = None) -> dict[str, Any]:
    return {str(name): _json(row[name]) for name in (names or row)}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return round((end - start).total_seconds(), 3) if start and end else None
