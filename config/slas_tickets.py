"""Promises to answer or resolve support tickets in time, as a person states them in `slas.yaml`."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Self

from pydantic import Field, field_validator, model_validator

from config.slas_stated import Number, Percent, Strict
from domain import calendars
from domain.calendars import OfficeHours
from domain.errors import Permanent
from domain.sla.response import Kind, Promised
from domain.sla.schemes import Steps, Tier, Tiers


class HoursModel(Strict):
    """Read when a help desk works."""

    timezone: str
    calendar: str
    opens: time = time(9)
    closes: time = time(17, 30)

    @model_validator(mode="after")
    def _real(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("a desk closes after it opens")
        try:
            calendars.zone(self.timezone)
            calendars.is_business_day(date(2026, 1, 1), self.calendar)
        except Permanent as error:
            message = f"{error.what}; {error.fix}"
            raise ValueError(message) from error
        return self

    def build(self) -> OfficeHours:
        """Return the domain object."""
        return OfficeHours(self.timezone, self.calendar, self.opens, self.closes)


class LateModel(Strict):
    """Read a credit for each late ticket, in percent of the fee of the window."""

    percent: Percent
    most: Percent | None = None

    def build(self) -> Steps:
        """Return the domain object: one step a ticket."""
        return Steps(self.percent, Fraction(1), self.most, allowance=Fraction(0))


class TicketsModel(Strict):
    """Read one promise: a severity, what is done about it within which time, and for which part of the tickets."""

    severity: str = Field(min_length=1, max_length=40)
    kind: Kind
    within_minutes: Number = Field(gt=0)
    hours: HoursModel | None = None
    target: Percent = Decimal(100)
    late: LateModel | None = None
    bands: tuple[str, ...] = ()

    @field_validator("bands")
    @classmethod
    def _apart(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        Tiers(tuple(map(Tier.parse, value)))
        return value

    @model_validator(mode="after")
    def _one_scheme(self) -> Self:
        if self.late and self.bands:
            raise ValueError("a credit is either for each late ticket or by bands")
        return self

    @property
    def name(self) -> str:
        """Name it among the promises of a service."""
        return f"{self.severity} {self.kind}"

    @property
    def scheme(self) -> Steps | Tiers | None:
        """Return how its credit grows, `None` where it gives none."""
        if self.late:
            return self.late.build()
        return Tiers(tuple(map(Tier.parse, self.bands))) if self.bands else None

    def build(self) -> Promised:
        """Return the domain object."""
        within = timedelta(microseconds=int(Fraction(self.within_minutes) * 60_000_000))
        return Promised(self.severity, self.kind, within, self.hours.build() if self.hours else None)
