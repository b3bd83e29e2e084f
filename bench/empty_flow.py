"""A run of as many empty tasks as a handoff has, to compare with."""

from __future__ import annotations

import asyncio

from prefect import flow, task
from prefect.types.entrypoint import EntrypointType

from flows.worker import POOL


@task(persist_result=True, result_serializer="json")
async def nothing(number: int) -> int:
    """Do nothing."""
    return await asyncio.to_thread(int, number)


@flow(name="empty")
async def empty() -> int:
    """Run eleven empty tasks, five of them side by side, as a handoff does."""
    for number in range(5):
        await nothing(number)
    await asyncio.gather(*(nothing(number) for number in range(5, 10)))
    return await nothing(10)


async def register_empty() -> None:
    """Register the deployment."""
    deployment = await empty.ato_deployment(
        "aftersign", work_pool_name=POOL, entrypoint_type=EntrypointType.MODULE_PATH
    )
    await deployment.aapply()
