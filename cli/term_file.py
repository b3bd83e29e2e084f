"""The file that `aftersign deadlines` reads: one contract's term and notice, as JSON or YAML."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from config.yaml_file import read_yaml
from domain.errors import Permanent
from domain.periods import MonthEnd, Period, Unit
from domain.renewal import BUSINESS_DAY, CutOff, Notice, Renewal

_UNITS = {"week": (Unit.WEEK,), "month": (Unit.MONTH, Unit.YEAR), BUSINESS_DAY: (Unit.DAY, Unit.WEEK)}


def _period(value: object) -> object:
    return value if value is None or isinstance(value, Period) else Period.parse(str(value))


Length = Annotated[Period | None, BeforeValidator(_period)]
_Ladder = Annotated[tuple[Annotated[int, Field(ge=0, le=3660)], ...], Field(max_length=50)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class RenewalPart(_Strict):
    """Read how a contract renews; `max` counts the renewals, `null` is without end."""

    type: Literal["auto", "manual", "none", "evergreen", "month_to_month", "coterminous"]
    term: Length = None
    max: Annotated[int, Field(ge=0)] | None = None


class TermPart(_Strict):
    """Read the term; `expires` is an end that the paper states, or that of the contract it ends with."""

    anchor: date
    initial: Length = None
    expires: date | None = None
    end_inclusive: bool | None = True
    month_end: MonthEnd | None = None
    renewal: RenewalPart


class CutOffPart(_Strict):
    """Read until when a notice counts for the day at the recipient's place."""

    at: time
    timezone: str


class NoticePart(_Strict):
    """Read how notice is given; `null` for `rule`, `clear_days` means that nobody knows."""

    period: Length
    unit: Literal["calendar_day", "business_day", "week", "month"] | None = None
    rule: Literal["dispatch", "receipt"] | None = None
    transit_days: Annotated[int, Field(ge=0, le=365)] = 5
    clear_days: bool | None = False
    not_before: Length = None
    cut_off: CutOffPart | None = None
    recipient_calendar: str = ""


class TermFile(_Strict):
    """Read the whole file. `decision_buffer` are business days before the day to act."""

    term: TermPart
    notice: NoticePart | None = None
    calendar: str
    timezone: str
    alerts: _Ladder = (120, 90, 60, 30)
    decision_buffer: Annotated[int, Field(ge=0, le=365)] = 10

    def renewal(self) -> Renewal:
        """Return what the engine reads. Raises `Permanent` where unit and period contradict."""
        term, renews = self.term, self.term.renewal
        if term.initial is None and term.expires is None:
            raise _impossible("the term has neither a length (`initial`) nor an end (`expires`)")
        return Renewal(
            anchor=term.anchor,
            initial=term.initial,
            expires=term.expires,
            kind=renews.type,
            term=renews.term,
            notice=_notice(self.notice),
            calendar=self.calendar,
            limit=renews.max,
            end_inclusive=term.end_inclusive,
            month_end=term.month_end,
            timezone=self.timezone,
            buffer_days=self.decision_buffer,
        )


def read_term_file(path: Path) -> TermFile:
    """Read a file. Raises `ConfigurationError` with its line and what is allowed there."""
    if not path.is_file():
        raise Permanent(f"{path} is no file", why="there is nothing to read", fix="name a JSON or YAML file")
    return read_yaml(path, TermFile)


def _notice(part: NoticePart | None) -> Notice | None:
    if part is None or part.period is None:
        return None
    allowed = _UNITS.get(part.unit or "")
    if allowed and part.period.unit not in allowed:
        raise _impossible(f"a notice of {part.period} is not counted in units of {part.unit}")
    cut_off = CutOff(part.cut_off.at, part.cut_off.timezone) if part.cut_off else None
    return Notice(
        period=part.period,
        unit=BUSINESS_DAY if part.unit == BUSINESS_DAY else "calendar_day",
        receipt={"receipt": True, "dispatch": False}.get(part.rule or ""),
        transit_days=part.transit_days,
        clear_days=part.clear_days,
        not_before=part.not_before,
        cut_off=cut_off,
        recipient_calendar=part.recipient_calendar,
    )


def _impossible(why: str) -> Permanent:
    return Permanent("No deadline can be computed", why=why, fix="correct the file; nothing was guessed")
