"""What a worker of `contracts import` does with one file: look at it, or import it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from config.business import Business, load_business
from config.settings import Settings
from domain.errors import AftersignError
from domain.portfolio import Entry, Look
from tasks.looking import failure, look_at_file, within

_MOST_SECONDS = 180


@dataclass(slots=True)
class _Desk:
    """Hold what this process works with, once it was made ready."""

    business: Business | None = None
    today: date | None = None
    write: Callable[[Entry], Look] | None = None


_DESK = _Desk()


def begin_looking(chosen: Settings) -> None:
    """Make this process ready to look at files; the store is not opened."""
    _DESK.business, _DESK.today, _DESK.write = load_business(chosen.config_dir), chosen.now().date(), None


def begin_importing(chosen: Settings, batch: str) -> None:
    """Make this process ready to import files of a batch."""
    from tasks import context
    from tasks.importing import import_entry, record_failure

    ctx = context.build(chosen)

    def write(entry: Entry) -> Look:
        try:
            return import_entry(ctx, batch, entry)
        except Exception as error:
            record_failure(ctx, batch, entry, said(error))
            raise

    _DESK.write = write


def work(entry: Entry) -> Look:
    """Do one file; whatever goes wrong with it is its problem alone."""
    try:
        return _DESK.write(entry) if _DESK.write else _look(entry)
    except Exception as error:  # noqa: BLE001 - a file may hold anything, and 5,000 others wait
        return failure(entry, said(error))


def _look(entry: Entry) -> Look:
    if _DESK.business is None or _DESK.today is None:
        message = "this process was not made ready"
        raise RuntimeError(message)
    with within(_MOST_SECONDS):
        return look_at_file(_DESK.business, entry, today=_DESK.today)


def said(error: Exception) -> str:
    """Return an error in words."""
    return str(error) if isinstance(error, AftersignError) else f"{type(error).__name__}: {error}"[:500]
