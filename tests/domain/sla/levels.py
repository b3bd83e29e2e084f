"""What tests of service levels share: windows, outages and measurements in few words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from domain.outages import Impact, Outage
from domain.periods import Period, add
from domain.pricing.billing_periods import Span
from domain.sla.availability import Counting, measure
from domain.sla.exclusions import Exclusion
from domain.sla.measured import Measured
from domain.sla.window import Window

JUNE = date(2026, 6, 1)


def month(first: date = JUNE, zone: str = "UTC") -> Window:
    whole = Span(first, add(first, Period.parse("P1M")))
    return Window(whole, whole, zone)


def outage(start: datetime, minutes: Fraction | float, impact: Impact = Impact.DOWN) -> Outage:
    return Outage("api", start, start + timedelta(minutes=float(minutes)), impact, source="probe")


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Return a moment of June 2026."""
    return datetime(2026, 6, day, hour, minute, second, tzinfo=UTC)


def down(minutes: float, counting: Counting | None = None, *exclusions: Exclusion) -> Measured:
    """Measure June 2026 with one outage of so many minutes on the 3rd."""
    found = [outage(at(3), minutes)] if minutes else []
    return measure(month(), found, counting or Counting(), source="probe", exclusions=exclusions)
