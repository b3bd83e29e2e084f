"""Dispatch: turn inbox entries into deployment runs. The only file here that knows Prefect.

It speaks Prefect's REST API directly, so that the web process starts without importing Prefect
and keeps answering webhooks while Prefect is away.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import RowMapping

from config.settings import Settings
from domain.errors import Permanent, Transient
from store import handoffs, inbox, requests
from web.context import WebContext

log = logging.getLogger("aftersign.dispatch")

SIGNED = "contract-signed/aftersign"
HAND_OFF = "hand-off/aftersign"
UPDATE_BRIEF = "update-brief/aftersign"
AMEND_CONTRACT = "amend-contract/aftersign"
CARRY_OUT = "carry-out/aftersign"
PATIENCE = timedelta(seconds=30)
_POLL_SECONDS = 15.0
_PAUSES = (0.1, 0.3, 1.0)
_PAGE = 200


_ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


class PrefectStarter:
    """Ask a Prefect server for deployment runs."""

    def __init__(self, settings: Settings) -> None:
        auth = settings.prefect.auth.get_secret_value()
        user, _, password = auth.partition(":")
        self._client = httpx.AsyncClient(
            base_url=settings.prefect_api,
            auth=(user, password) if auth else None,
            timeout=httpx.Timeout(20, connect=3),
            trust_env=False,
        )
        self._deployments: dict[str, str] = {}

    async def start(self, deployment: str, parameters: Mapping[str, object], key: str) -> str:
        """Return the run id; the same key returns the same run. Raises `Transient` or `Permanent`."""
        identity = self._deployments.get(deployment) or await self._find(deployment)
        body = {"parameters": parameters, "idempotency_key": key, "state": {"type": "SCHEDULED"}}
        answer = await self._send("POST", f"/deployments/{identity}/create_flow_run", body)
        return str(answer["id"])

    async def retry(self, run_id: str) -> None:
        """Do what the Retry button of Prefect's UI does."""
        state = {"type": "SCHEDULED", "name": "AwaitingRetry", "message": "Retried from Aftersign"}
        await self._send("POST", f"/flow_runs/{run_id}/set_state", {"state": state, "force": True})

    async def waiting(self, run_ids: Sequence[str]) -> set[str]:
        """Return which of these runs still wait for a worker, asking once for up to 200 of them.

        One that a worker took (`PENDING`) and did not begin within our patience has lost it.
        """
        found: set[str] = set()
        for start in range(0, len(run_ids), _PAGE):
            wanted = {"id": {"any_": list(run_ids[start : start + _PAGE])}, "state": {"type": {"any_": ["SCHEDULED"]}}}
            rows = await self._send("POST", "/flow_runs/filter", {"flow_runs": wanted, "limit": _PAGE})
            found |= {str(row["id"]) for row in rows}
        return found

    async def ended(self, run_id: str) -> str:
        """Return the name of the state in which a run has ended, empty while it has not."""
        state = (await self._send("GET", f"/flow_runs/{run_id}"))["state"] or {}
        return str(state["name"]) if state.get("type") in _ENDED else ""

    async def failed(self, limit: int = 100) -> list[dict[str, str]]:
        """List failed and crashed runs, newest first."""
        body = {
            "flow_runs": {"state": {"type": {"any_": ["FAILED", "CRASHED"]}}},
            "sort": "START_TIME_DESC",
            "limit": limit,
        }
        rows = await self._send("POST", "/flow_runs/filter", body)
        return [
            {
                "id": row["id"],
                "name": row["name"],
                "state": row["state"]["name"],
                "message": (row["state"].get("message") or "")[:500],
                "ended": row.get("end_time") or "",
            }
            for row in rows
        ]

    async def healthy(self) -> bool:
        """Tell whether the server answers."""
        try:
            return (await self._client.get("/health")).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _find(self, deployment: str) -> str:
        flow, _, name = deployment.partition("/")
        answer = await self._send("GET", f"/deployments/name/{flow}/{name}")
        self._deployments[deployment] = str(answer["id"])
        return self._deployments[deployment]

    async def _request(self, method: str, path: str, body: object) -> httpx.Response:
        try:
            return await self._client.request(method, path, json=body)
        except httpx.TransportError as error:
            raise Transient("Prefect does not answer", why=type(error).__name__) from error

    async def _send(self, method: str, path: str, body: object = None) -> Any:
        response = await self._request(method, path, body)
        for pause in _PAUSES:
            if response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(pause)  # its database was busy; our keys make repeating safe
            response = await self._request(method, path, body)
        if response.status_code == 404 and path.startswith("/deployments"):
            self._deployments.clear()
            raise Permanent(
                f"Prefect knows nothing at {path}", why="the deployment is missing", fix="run `prefect deploy --all`"
            )
        if response.status_code >= 500 or response.status_code in {408, 429}:
            raise Transient(f"Prefect answered {response.status_code}")
        if not response.is_success:
            raise Permanent(
                f"Prefect answered {response.status_code}", why=response.text[:300], fix="check AFTERSIGN_PREFECT__*"
            )
        return response.json() if response.content else {}


async def run_dispatcher(context: WebContext, wake: asyncio.Event) -> None:
    """Start what waits, whenever a webhook wakes us and at the latest every 15 seconds.

    After a failure the pause begins at half a second and doubles.
    """
    pause = _POLL_SECONDS
    while True:
        wake.clear()
        try:
            await dispatch_once(context)
            await resume_once(context)
            await refresh_once(context)
            await carry_out_once(context)
            pause = _POLL_SECONDS
        except Transient as error:
            pause = 0.5 if pause >= _POLL_SECONDS else pause * 2
            log.warning("nothing started for now: %s", error)
        except Exception:
            pause = _POLL_SECONDS
            log.exception("the dispatcher will try again")
        with suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), pause)


async def dispatch_once(context: WebContext) -> int:
    """Ask for a run for every entry nobody started and return how many were asked for."""
    asked = 0
    rows = await asyncio.to_thread(_to_start, context)
    waiting = await _still_waiting(context, rows)
    for row in rows:
        if row["run_id"] in waiting:
            continue
        key = f"{row['id']}:{row['attempt']}"
        run_id = await context.starter.start(SIGNED, {"event_id": row["id"]}, key)
        await asyncio.to_thread(_started, context, row["id"], run_id)
        asked += 1
    return asked


async def _still_waiting(context: WebContext, rows: Sequence[RowMapping]) -> set[str]:
    """Return the runs that were asked for and wait for a worker: a burst takes its time."""
    asked = [str(row["run_id"]) for row in rows if row["run_id"] and row["state"] == "started"]
    if not asked or not isinstance(context.starter, PrefectStarter):
        return set()
    return await context.starter.waiting(asked)


async def resume_once(context: WebContext) -> int:
    """Ask for a run for every handoff whose executor died and return how many were asked for."""
    rows = await asyncio.to_thread(_orphaned, context)
    for row in rows:
        key = handoffs.resume_key(row, context.clock())
        await context.starter.start(HAND_OFF, {"handoff_id": row["id"]}, key)
    return len(rows)


async def refresh_once(context: WebContext) -> int:
    """Ask for a new brief for every handoff whose deal changed in the CRM; return how many."""
    source, asked = context.settings.roles.crm, 0
    for deal, entries in (await asyncio.to_thread(_changed_deals, context, source)).items():
        found = await asyncio.to_thread(_handoffs_of, context, deal)
        for handoff_id in found:
            # Many changes of one deal make one run; it reads the deal as it is then.
            await context.starter.start(UPDATE_BRIEF, {"handoff_id": handoff_id}, f"deal-change:{entries[-1]}")
        await asyncio.to_thread(_looked_at, context, entries, found)
        asked += len(found)
    return asked


async def carry_out_once(context: WebContext) -> int:
    """Ask for a run where people's requests wait; return how many do."""
    waiting = await asyncio.to_thread(_asked_for, context)
    if waiting:
        key = f"request:{waiting[0]}:{context.clock():%Y%m%d%H%M}"
        await context.starter.start(CARRY_OUT, {"request_id": waiting[0]}, key)
    return len(waiting)


def _asked_for(context: WebContext) -> list[str]:
    with context.database.read() as connection:
        return [str(row["id"]) for row in requests.waiting(connection)]


def _changed_deals(context: WebContext, source: str) -> Mapping[str, list[str]]:
    with context.database.read() as connection:
        return inbox.noted(connection, source)


def _handoffs_of(context: WebContext, deal: str) -> Sequence[str]:
    with context.database.read() as connection:
        return handoffs.of_deal(connection, deal)


def _looked_at(context: WebContext, entries: Sequence[str], found: Sequence[str]) -> None:
    reason = "" if found else "no handoff belongs to this deal"
    with context.database.write() as connection:
        for entry in entries:
            inbox.settle(
                connection, entry, state="done", now=context.clock(), reason=reason, handoff=next(iter(found), None)
            )


def _to_start(context: WebContext) -> Sequence[RowMapping]:
    with context.database.read() as connection:
        return inbox.to_start(connection, context.clock(), patience=PATIENCE)


def _started(context: WebContext, inbox_id: str, run_id: str) -> None:
    with context.database.write() as connection:
        inbox.started(connection, inbox_id, run_id, context.clock())


def _orphaned(context: WebContext) -> Sequence[RowMapping]:
    with context.database.read() as connection:
        return handoffs.orphaned(connection, context.clock())
