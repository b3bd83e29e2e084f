"""The handoff: its steps, their states, and what a signature must lead to."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from enum import StrEnum


class Step(StrEnum):
    """Name the steps of a handoff in the order people read them."""

    STORE = "store"
    EXTRACT = "extract"
    ASSIGN = "assign"
    SCHEDULE = "schedule"
    CRM = "crm"
    BRIEF = "brief"
    FIRST_TOUCH = "first_touch"
    PROJECT = "project"
    WELCOME = "welcome"


PREPARATION = (Step.STORE, Step.EXTRACT, Step.ASSIGN, Step.SCHEDULE)
ACTIONS = (Step.CRM, Step.BRIEF, Step.FIRST_TOUCH, Step.PROJECT, Step.WELCOME)


class StepState(StrEnum):
    """Name the states of a step; `dead` needs a person, `skipped` says why in its detail."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    SKIPPED = "skipped"
    WAITING = "waiting"
    DEAD = "dead"


FINISHED = frozenset({StepState.DONE, StepState.SKIPPED})


class EffectState(StrEnum):
    """Name the states of one change to the outside world."""

    INTENDED = "intended"
    APPLIED = "applied"
    UNKNOWN = "unknown"


class DealType(StrEnum):
    """Name what a signature means for customer success; only some start an onboarding."""

    NEW = "new"
    EXPANSION = "expansion"
    RENEWAL = "renewal"
    AMENDMENT = "amendment"


def handoff_id(source: str, document: str, name: str) -> str:
    """Return a readable, deterministic id such as `harbourline-order-form-3f9c21d07a`.

    The same document of the same provider always yields the same id, whoever computes it; the
    name only makes it readable and is cut to 40 characters. Ten hex digits keep thousands of
    documents that are all called "Order form" apart.
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name.lower()).strip("-")[:40].strip("-")
    digest = hashlib.sha256(f"{source}:{document}".encode()).hexdigest()[:10]
    return f"{slug or 'document'}-{digest}"


def effect_key(handoff: str, *parts: str) -> str:
    """Return the deterministic key of an effect; it travels inside the vendor's object."""
    return ":".join((handoff, *parts))
