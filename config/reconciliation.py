"""The house's rules of reconciliation: `reconciliation.yaml`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from config.yaml_file import read_yaml
from domain.findings.contract import Policy
from domain.findings.tolerance import Joined, Tolerance
from domain.periods import Period


def _period(value: object) -> object:
    return value if value is None or isinstance(value, Period) else Period.parse(str(value))


def _exact(value: object) -> object:
    """Return a YAML number as it is written: its shortest form, never its binary expansion."""
    return repr(value) if isinstance(value, float) else value


Part = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0, allow_inf_nan=False, max_digits=12)]
_DEFAULT = Policy()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class TolerancePart(_Strict):
    """Read a tolerance; what is empty is zero."""

    absolute: Part | None = None
    percent: Part | None = None
    joined: Joined = Joined.STRICTER

    def build(self) -> Tolerance:
        """Return the domain object."""
        return Tolerance(self.absolute or Decimal(0), self.percent or Decimal(0), self.joined)


class DriftPart(_Strict):
    """Read from when on many small differences are a finding."""

    lines: Annotated[int, Field(ge=2)] = _DEFAULT.drift_lines
    amount: Part = _DEFAULT.drift_amount


class PolicyFile(_Strict):
    """Read the whole file."""

    tolerance: TolerancePart | None = None
    grace_days: Annotated[int, Field(ge=0, le=366)] = _DEFAULT.grace_days
    dispute: Annotated[Period | None, BeforeValidator(_period)] = None
    drift: DriftPart | None = None


def read_policy(path: Path) -> Policy:
    """Return the rules of a file. Raises `ConfigurationError` with file and line."""
    given = read_yaml(path, PolicyFile)
    drift = given.drift or DriftPart()
    tolerance = (given.tolerance or TolerancePart()).build()
    return Policy(tolerance, given.grace_days, given.dispute, drift.lines, drift.amount)
