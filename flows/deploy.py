"""Register what prefect.yaml describes, and what it cannot: pools, limits and automations."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from prefect.automations import Automation
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.client.schemas.schedules import CronSchedule
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.exceptions import ObjectAlreadyExists
from prefect.types.entrypoint import EntrypointType

from flows.worker import POOL, InProcessWorker, import_flow

FILE = Path(__file__).parent.parent / "prefect.yaml"
# How many calls to one vendor may be under way at once, over all workers.
VENDOR_LIMITS = {"crm": 8, "chat": 4, "work": 4, "mail": 4}
_ZOMBIE_SECONDS = 600


def described(file: Path = FILE) -> list[dict[str, Any]]:
    """Return the deployments that the file describes."""
    return list(yaml.safe_load(file.read_text(encoding="utf-8"))["deployments"])


async def register(deployments: list[dict[str, Any]]) -> list[str]:
    """Bring the Prefect server in line; running it again changes nothing."""
    async with get_client() as client:
        await _pool(client)
        await _limits(client)
    made = {f"{entry['entrypoint']}": await _deployment(entry) for entry in deployments}
    await _automations(made["flows.sweep.sweep"])
    return list(made)


async def _pool(client: PrefectClient) -> None:
    template = InProcessWorker.get_default_base_job_template()
    try:
        await client.create_work_pool(WorkPoolCreate(name=POOL, type=InProcessWorker.type, base_job_template=template))
    except ObjectAlreadyExists:
        return


async def _limits(client: PrefectClient) -> None:
    for role, limit in VENDOR_LIMITS.items():
        await client.upsert_global_concurrency_limit_by_name(f"aftersign-{role}", limit)


async def _deployment(entry: dict[str, Any]) -> UUID:
    flow = import_flow(entry["entrypoint"])
    deployment = await flow.ato_deployment(
        entry["name"],
        description=entry.get("description", "").strip(),
        tags=entry.get("tags", []),
        parameters=entry.get("parameters") or {},
        schedules=[_schedule(row) for row in entry.get("schedules", [])],
        concurrency_limit=_collision(entry.get("concurrency_limit")),
        work_pool_name=entry["work_pool"]["name"],
        work_queue_name=entry["work_pool"].get("work_queue_name"),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return await deployment.aapply()


def _schedule(row: dict[str, Any]) -> Any:
    cron = CronSchedule(cron=row["cron"], timezone=row.get("timezone", "UTC"))
    return DeploymentScheduleCreate(schedule=cron, slug=row["slug"], parameters=row.get("parameters") or {})


def _collision(limit: dict[str, Any] | None) -> ConcurrencyLimitConfig | None:
    return ConcurrencyLimitConfig(**limit) if limit else None


async def _automations(sweep_id: UUID) -> None:
    """Declare dead runs crashed, and let the sweep look at failed runs at once.

    Late runs start nothing: in a burst every waiting run is late, and more runs would not help.
    """
    runs = {"prefect.resource.id": "prefect.flow-run.*"}
    ours = {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.handoff"}
    ended = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}
    wanted = [
        Automation(
            name="aftersign: a run whose process died is crashed",
            description="Runs without a sign of life for ten minutes are marked Crashed, so that Retry is offered.",
            trigger=EventTrigger(
                after={"prefect.flow-run.heartbeat"},
                expect={"prefect.flow-run.heartbeat", *ended},
                match=runs,
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=_ZOMBIE_SECONDS,
            ),
            actions=[ChangeFlowRunState(state="CRASHED", message="Its process stopped reporting; press Retry.")],
        ),
        Automation(
            name="aftersign: a failed handoff is looked at",
            description="The sweep tells RevOps about dead letters and starts what waits.",
            trigger=EventTrigger(
                expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
                match=runs,
                match_related=ours,
                posture=Posture.Reactive,
                threshold=1,
            ),
            actions=[RunDeployment(source="selected", deployment_id=sweep_id)],
        ),
    ]
    async with get_client() as client:
        for automation in wanted:
            if not await client.read_automations_by_name(automation.name):
                await automation.acreate()
