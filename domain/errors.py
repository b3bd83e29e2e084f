"""Errors say who must act: the scheduler (`Transient`) or a person (`Permanent`)."""

from __future__ import annotations


class AftersignError(Exception):
    """Tell what happened, why, and how to fix it.

    The three parts stay separate so that every surface (Prefect run page, CLI, web) can show
    them in its own layout; `str()` joins them for logs.
    """

    def __init__(self, what: str, *, why: str = "", fix: str = "") -> None:
        self.what = what
        self.why = why
        self.fix = fix
        super().__init__(what)  # one argument, so that a copy can be unpickled; the rest travels as state

    def __str__(self) -> str:
        parts = [self.what.rstrip(".")]
        if self.why:
            parts.append(f"Why: {self.why.rstrip('.')}")
        if self.fix:
            parts.append(f"Fix: {self.fix.rstrip('.')}")
        return ". ".join(parts) + "."


class Transient(AftersignError):
    """Say that waiting may help; `retry_after` carries the vendor's own wish in seconds."""

    def __init__(self, what: str, *, why: str = "", fix: str = "", retry_after: float | None = None) -> None:
        super().__init__(what, why=why, fix=fix)
        self.retry_after = retry_after


class Permanent(AftersignError):
    """Say that a person must act before another attempt makes sense."""


class OutcomeUnknown(Permanent):
    """Say that an effect may or may not have happened and must not be repeated blindly."""


class LeaseHeld(Transient):
    """Say that another live executor is at work on the same effect or handoff."""


class LeaseLost(Transient):
    """Say that our lease ran out and someone else took over; stop before the effect."""


class ConfigurationError(Permanent):
    """Say which setting or file line is wrong and what is allowed there."""


class Forged(Permanent):
    """Say that a webhook's signature does not prove where it came from."""
