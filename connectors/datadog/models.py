"""Datadog's wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class Series(BaseModel):
    """Read one series: (milliseconds since 1970, value or nothing), `interval` seconds apart."""

    model_config = ConfigDict(extra="ignore")

    interval: int
    scope: str = ""
    pointlist: list[tuple[Decimal, Decimal | None]] = []


class Result(BaseModel):
    """Read what a query came to."""

    model_config = ConfigDict(extra="ignore")

    series: list[Series] = []
