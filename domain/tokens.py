"""What a link without a login may open."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Name the one thing a token opens; a token for one purpose opens nothing else."""

    BRIEF = "brief"
    REP_FORM = "rep"
    INTAKE = "intake"
    FIRST_TOUCH = "touch"
