"""A Prefect worker that runs flows inside its own process.

A process per run costs seconds of imports; a handoff takes less than one. The worker is an
ordinary work-pool worker, so Retry, Cancel, concurrency and the UI work as for any other. What
may hang or eat memory (reading a PDF) already runs in a child of its own.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import anyio.abc
from prefect import Flow
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow_async
from prefect.utilities.importtools import import_object
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

POOL = "aftersign-fast"


class InProcessResult(BaseWorkerResult):
    """Report how a run ended; the run's own state says the rest."""


class InProcessWorker(BaseWorker[BaseJobConfiguration, BaseVariables, InProcessResult]):
    """Run flows of the `in-process` work pool in this process."""

    type = "in-process"
    job_configuration = BaseJobConfiguration
    job_configuration_variables = BaseVariables
    _description = "Runs short flows inside the worker's own process."

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> InProcessResult:
        """Run one flow run to its end."""
        del configuration
        flow = await self._flow(flow_run)
        if task_status:
            task_status.started(flow_run.id.int)
        await run_flow_async(flow, flow_run=flow_run, parameters=flow_run.parameters, return_type="state")
        # A failed flow is no crashed process: any other code makes the worker propose "Crashed",
        # which would overwrite a Retry pressed in the meantime.
        return InProcessResult(status_code=0, identifier=str(flow_run.id))

    async def _flow(self, flow_run: FlowRun) -> Flow[Any, Any]:
        if flow_run.deployment_id is None:
            message = f"run {flow_run.name!r} belongs to no deployment"
            raise ValueError(message)
        deployment = await self.client.read_deployment(flow_run.deployment_id)
        if not deployment.entrypoint:
            message = f"deployment {deployment.name!r} has no entrypoint"
            raise ValueError(message)
        return import_flow(deployment.entrypoint)


def import_flow(entrypoint: str) -> Flow[Any, Any]:
    """Import a flow from its module path, such as `flows.sweep.sweep`."""
    module, _, name = entrypoint.replace(":", ".").rpartition(".")
    found = import_object(f"{module}.{name}")
    if not isinstance(found, Flow) or not inspect.iscoroutinefunction(found.fn):
        message = f"{entrypoint} is not an async flow"
        raise TypeError(message)
    return found


def run_worker(limit: int) -> None:
    """Work until told to stop, with so many runs at once."""
    worker = InProcessWorker(work_pool_name=POOL, limit=limit)
    asyncio.run(worker.start())
