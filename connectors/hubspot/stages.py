"""Where a deal stands in its own pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.hubspot.models import Pipeline, PipelineStage, Record
from domain.deals import Stage
from domain.errors import Permanent


def stage_of(row: Record, pipelines: Sequence[Pipeline]) -> Stage:
    """Return where a deal stands; labels are the admin's, isClosed and probability are HubSpot's.

    https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/guide
    """
    identity = row.text("dealstage")
    for stage in _pipeline(row, pipelines).stages:
        if stage.id == identity:
            return _meaning(stage)
    raise Permanent(
        f"Deal {row.id} is in the stage {identity!r}, which its pipeline does not have",
        why="without it nobody can tell whether the deal is open, won or lost",
        fix="move the deal to a stage of its pipeline in HubSpot, then press Retry",
    )


def won_stage(row: Record, pipelines: Sequence[Pipeline], wanted: str) -> str:
    """Return the id of the won stage of the deal's own pipeline; `wanted` chooses by id or label."""
    pipeline = _pipeline(row, pipelines)
    won = sorted((s for s in pipeline.stages if _meaning(s) is Stage.WON), key=lambda s: s.order)
    for stage in won:
        if not wanted or wanted in {stage.id, stage.label}:
            return stage.id
    raise Permanent(
        f"The pipeline {pipeline.label or pipeline.id!r} has no won stage" + (f" {wanted!r}" if wanted else ""),
        why="its won stages are " + (", ".join(f"{s.label} ({s.id})" for s in won) or "none"),
        fix="name one as won_stage in config/crm.yaml, or leave it empty, then press Retry",
    )


def _pipeline(row: Record, pipelines: Sequence[Pipeline]) -> Pipeline:
    identity = row.text("pipeline")
    for pipeline in pipelines:
        if pipeline.id == identity:
            return pipeline
    raise Permanent(
        f"Deal {row.id} is in the pipeline {identity!r}, which the access token does not see",
        why="it was deleted, or access is missing",
        fix="move the deal to another pipeline in HubSpot, or give access, then press Retry",
    )


def _meaning(stage: PipelineStage) -> Stage:
    if stage.metadata.closed.casefold() != "true":
        return Stage.OPEN
    return Stage.WON if Decimal(stage.metadata.probability or 0) == 1 else Stage.LOST
