"""How prices rise by a contract file: a percentage, an index, or both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from connectors.files.contracts_shape import Strict, at
from connectors.files.contracts_words import ClausePart, Count, Day, Length, Month, Percent, clause, day
from domain.minor_units import Rounding
from domain.periods import Period, Unit
from domain.pricing.escalation import Choice, Escalation, Growth, Steps
from domain.pricing.index_series import IndexRule, IndexSeries

SeriesOf = Callable[[str, str, int], IndexSeries]


def _notices(value: object) -> object:
    """Read the days of rises, which are names in the file."""
    return {day(name): on for name, on in value.items()} if isinstance(value, dict) else value


class IndexPart(Strict):
    """Read a rule about a price index whose values stand in a CSV `file` beside the contract."""

    series: str
    file: str
    release_lag_days: Count = 14
    lag_months: Count = 3
    base_month: Month | None = None
    first_print: bool = False
    revised: bool = False

    def build(self, series_of: SeriesOf) -> IndexRule:
        """Return the rule with its series. Raises `ValueError`."""
        with at("file"):
            series = series_of(self.file, self.series, self.release_lag_days)
        return IndexRule(series, self.lag_months, self.base_month, self.first_print, self.revised)


class EscalationPart(Strict):
    """Read how prices rise; `anchor` is the first day of the term where it is left out."""

    anchor: Day | None = None
    percent: Percent | None = None
    index: IndexPart | None = None
    choice: Choice = Choice.LOWER
    margin: Percent = Decimal(0)
    floor: Percent | None = None
    cap: Percent | None = None
    total_cap: Percent | None = None
    growth: Growth = Growth.COMPOUND
    steps: Steps = Steps.FROM_BASE
    digits: Annotated[int, Field(ge=0, le=12)] | None = None
    rounding: Rounding = Rounding.HALF_UP
    every: Length = Period(1, Unit.YEAR)
    first: Annotated[int, Field(ge=1)] = 1
    notice: Length | None = None
    notices: Annotated[dict[date, Day], BeforeValidator(_notices), Field(default_factory=dict)]
    clause: ClausePart | None = None

    def build(self, first: date, series_of: SeriesOf) -> Escalation:
        """Return the escalation. Raises `ValueError`."""
        with at("index"):
            index = self.index.build(series_of) if self.index else None
        return Escalation(
            self.anchor or first, self.percent, index, self.choice, self.margin, self.floor, self.cap, self.total_cap,
            self.growth, self.steps, self.digits, self.rounding, self.every, self.first, self.notice, self.notices,
            clause(self.clause),
        )  # fmt: skip
