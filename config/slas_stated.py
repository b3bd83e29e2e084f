"""What a contract says of its service level beside its terms, as a person states it in `slas.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from domain.money import Money
from domain.periods import Period, Unit
from domain.sla.claims import Until
from domain.sla.credits import EarnBack
from domain.sla.exclusions import Cause, Exclusion
from domain.sla.stated import Stated
from domain.sla.window import WindowKind, WindowRule


class Strict(BaseModel):
    """Refuse names that nobody reads."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def _money(value: object) -> object:
    return Money.parse(value) if isinstance(value, str) else value


def _period(value: object) -> object:
    return Period.parse(value) if isinstance(value, str) else value


def _exact(value: object) -> object:
    # A number of YAML is a float; its shortest decimal is what was written.
    return str(value) if isinstance(value, float) else value


Percent = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, le=100)]
Number = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0)]
Length = Annotated[Period, BeforeValidator(_period)]


@dataclass(frozen=True, slots=True)
class StepsStated:
    """Hold a credit that grows: percent for each full number of minutes, beyond what the target leaves."""

    percent: Decimal
    minutes: Fraction
    most: Decimal | None
    allowance: Fraction | None


class ClaimUntilModel(Strict):
    """Read until when a credit may be claimed."""

    kind: Until
    count: int = Field(default=1, ge=1, le=366)
    period: Length | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind is Until.PERIOD and self.period is None:
            raise ValueError("kind 'period' needs period, such as P30D")
        return self


class StepsModel(Strict):
    """Read a credit that grows with the downtime."""

    percent: Percent
    minutes: Number = Field(gt=0)
    most: Percent | None = None
    allowance_minutes: Number | None = None

    def build(self) -> StepsStated:
        """Return the domain's numbers."""
        allowed = None if self.allowance_minutes is None else Fraction(self.allowance_minutes)
        return StepsStated(self.percent, Fraction(self.minutes), self.most, allowed)


class EarnBackModel(Strict):
    """Read that a credit is lost where the next windows all reach a target in percent."""

    target: Percent
    windows: int = Field(ge=1, le=24)

    def build(self) -> EarnBack:
        """Return the domain object."""
        return EarnBack(self.target, self.windows)


class WindowModel(Strict):
    """Read over which time a service is measured; a rolling window has a length and ends every step."""

    kind: WindowKind
    length: Length | None = None
    step: Length = Period(1, Unit.DAY)

    @model_validator(mode="after")
    def _rolls(self) -> Self:
        if (self.kind is WindowKind.ROLLING) != (self.length is not None):
            raise ValueError("kind 'rolling' has a length such as P30D, and no other kind has one")
        if self.step.count < 1 or (self.length is not None and self.length.count < 1):
            raise ValueError("a window and the step to the next are longer than nothing")
        return self

    def build(self, zone: str, starts: date) -> WindowRule:
        """Return the domain object; years and rolling windows are counted from the first day of the contract."""
        anchored = self.kind in {WindowKind.YEAR, WindowKind.ROLLING}
        return WindowRule(self.kind, zone, starts if anchored else None, self.length, self.step)


class ExclusionModel(Strict):
    """Read time that does not count, with when it was announced."""

    cause: Cause
    start: AwareDatetime
    end: AwareDatetime
    reason: str = ""
    announced_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.end <= self.start:
            raise ValueError("an exclusion ends after it starts")
        return self

    def build(self) -> Exclusion:
        """Return the domain object in UTC."""
        announced = self.announced_at.astimezone(UTC) if self.announced_at else None
        return Exclusion(self.cause, self.start.astimezone(UTC), self.end.astimezone(UTC), self.reason, announced)


class StatedModel(Strict):
    """Read what a contract says beside its terms."""

    degraded: bool | None = None
    least_minutes: Number | None = None
    whole_minutes: bool | None = None
    shrinks: bool | None = None
    exact_is_met: bool | None = None
    maintenance_notice_hours: Number | None = None
    maintenance_monthly_minutes: Number | None = None
    claim_until: ClaimUntilModel | None = None
    window: WindowModel | None = None
    steps: StepsModel | None = None
    yearly_fee: Annotated[Money, BeforeValidator(_money)] | None = None
    year_cap: Percent | None = None
    term_cap: Percent | None = None
    least_credit: Annotated[Money, BeforeValidator(_money)] | None = None
    earn_back: EarnBackModel | None = None
    in_a_row: bool = False
    leave_within: Length | None = None

    def build(self) -> Stated:
        """Return the domain object, without what needs the contract's own target and dates."""
        return Stated(
            degraded=self.degraded,
            least=_time(self.least_minutes, "minutes"),
            whole_minutes=self.whole_minutes,
            shrinks=self.shrinks,
            exact_is_met=self.exact_is_met,
            notice=_time(self.maintenance_notice_hours, "hours"),
            monthly=_time(self.maintenance_monthly_minutes, "minutes"),
            year_cap=self.year_cap,
            term_cap=self.term_cap,
            least_credit=self.least_credit,
            earn_back=self.earn_back.build() if self.earn_back else None,
            in_a_row=self.in_a_row,
            leave_within=self.leave_within,
        )


def _time(value: Decimal | None, unit: str) -> timedelta | None:
    if value is None:
        return None
    minutes = Fraction(value) * (60 if unit == "hours" else 1)
    return timedelta(microseconds=int(minutes * 60_000_000))
