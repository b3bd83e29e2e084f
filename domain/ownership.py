"""Who looks after each contract: two different people who can be reached, or a named flaw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.alerting import Staff
from domain.errors import Permanent
from domain.money import Money

_FEW = 20
_SHARE = 0.2


class Flaw(StrEnum):
    """Name what is wrong with a contract's ownership."""

    NO_OWNER = "no owner"
    NO_BACKUP = "no backup"
    ONE_PERSON = "owner and backup are the same person"
    OWNER_GONE = "owner cannot be reached"
    BACKUP_GONE = "backup cannot be reached"


@dataclass(frozen=True, slots=True)
class Owned:
    """Hold who looks after one contract; no value means that nobody knows it."""

    contract_id: str
    customer: str
    owner: str
    backup: str
    value: Money | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one flaw of one contract."""

    owned: Owned
    flaw: Flaw
    person: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hold what moved from whom to whom; `role` is owner or backup."""

    contract_id: str
    customer: str
    role: str
    before: str
    after: str


def flaws(contracts: Iterable[Owned], staff: Staff, *, required_above: Money | None = None) -> Iterator[Finding]:
    """Yield what is wrong with the ownership of every contract that needs one.

    A contract whose value is not known, or is in another currency, counts as valuable.
    """
    for one in contracts:
        if _small(one, required_above):
            continue
        if not one.owner:
            yield Finding(one, Flaw.NO_OWNER)
        elif not staff.reachable(one.owner):
            yield Finding(one, Flaw.OWNER_GONE, one.owner)
        if not one.backup:
            yield Finding(one, Flaw.NO_BACKUP)
        elif one.backup == one.owner:
            yield Finding(one, Flaw.ONE_PERSON, one.owner)
        elif not staff.reachable(one.backup):
            yield Finding(one, Flaw.BACKUP_GONE, one.backup)


def transfers(before: Owned, after: Owned) -> Iterator[Transfer]:
    """Yield what moved between two states of a contract's ownership."""
    for role in ("owner", "backup"):
        old, new = getattr(before, role), getattr(after, role)
        if old != new:
            yield Transfer(before.contract_id, before.customer, role, old, new)


def refuse_implausible(moving: int, of: int, *, force: bool) -> None:
    """Refuse to move very many contracts at once: a wrong line in a file looks like that. Raises `Permanent`."""
    if force or moving <= max(_FEW, of * _SHARE):
        return
    raise Permanent(
        f"{moving} of {of} contracts would change hands at once",
        why="that looks like a mistake in config/ownership.yaml and not like people leaving",
        fix="look at `aftersign ownership audit`, then run again with force",
    )


def _small(one: Owned, least: Money | None) -> bool:
    if least is None or one.value is None or one.value.currency != least.currency:
        return False
    return one.value.amount < least.amount
