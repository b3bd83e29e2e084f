"""HubSpot's values, which are all text, read and written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

from connectors.hubspot.models import Record
from domain.errors import Permanent
from domain.money import Money
from domain.periods import Period, Unit


def number(row: Record, name: str) -> Decimal | None:
    """Return a number. Raises `Permanent` for a property that holds something else."""
    text = row.text(name)
    try:
        return Decimal(text) if text else None
    except InvalidOperation as error:
        raise _unreadable(name, text, "a number") from error


def money(row: Record, name: str, currency: str) -> Money | None:
    """Return an amount; without a known currency there is none."""
    amount = number(row, name)
    return None if amount is None or not currency else Money(amount, currency)


def months(row: Record, name: str) -> Period | None:
    """Return a period of whole months."""
    count = number(row, name)
    if count is not None and count != int(count):
        raise _unreadable(name, row.text(name), "whole months")
    return Period(int(count), Unit.MONTH) if count else None


def day(row: Record, name: str) -> date | None:
    """Return the day of a date or of a moment."""
    return day_of(row.text(name), name)


def day_of(text: str, name: str) -> date | None:
    """Return the day that a text begins with. Raises `Permanent` for anything else."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError as error:
        raise _unreadable(name, text, "a date") from error


def noon(value: date) -> str:
    """Return a day as a moment that falls on it in nearly every time zone HubSpot shows it in."""
    return moment(datetime.combine(value, time(12), UTC))


def moment(value: datetime) -> str:
    """Return a moment as HubSpot takes it.

    https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
    """
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def written(value: object) -> str:
    """Return a value of ours as HubSpot stores it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.amount) if isinstance(value, Money) else str(value)


def same(stored: str, value: object) -> bool:
    """Tell whether HubSpot already stores the value, however it writes it."""
    if isinstance(value, bool) or not stored:
        return stored.casefold() == written(value)
    if isinstance(value, Money):
        try:
            return Decimal(stored) == value.amount
        except InvalidOperation:
            return False
    return stored[:10] == written(value)


def _unreadable(name: str, text: str, kind: str) -> Permanent:
    return Permanent(
        f"The HubSpot property {name} does not hold {kind}",
        why=f"it holds {text[:60]!r}",
        fix="correct it in HubSpot, or map another property in config/crm.yaml",
    )
