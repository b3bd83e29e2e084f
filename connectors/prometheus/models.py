"""Prometheus' wire shapes, as far as we read them; they never leave this folder."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class Series(BaseModel):
    """Read one series: (seconds since 1970, value as text), where a value may be NaN."""

    model_config = ConfigDict(extra="ignore")

    metric: dict[str, str] = {}
    values: list[tuple[Decimal, str]] = []
    value: tuple[Decimal, str] | None = None


class Result(BaseModel):
    """Read what a query came to."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    result: list[Series] = []
