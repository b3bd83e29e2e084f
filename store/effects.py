"""The ledger of effects: every change to the outside world is intended before it is made."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, select, update

from domain.errors import LeaseHeld, LeaseLost, OutcomeUnknown
from domain.handoff import EffectState
from domain.ports import Reference
from store import audit
from store.database import Database
from store.tables import effects

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Claim:
    """Hold the right to carry out one effect.

    `earlier` is true when a previous attempt may already have reached the vendor; `fence` grows
    with every claim, so that only the latest holder can record an outcome.
    """

    key: str
    fence: int
    until: datetime
    earlier: bool
    done: Reference | None = None
    asked_at: datetime | None = None


class Effects:
    """Claim effects and record their outcome; `owner` names this executor."""

    def __init__(self, database: Database, clock: Callable[[], datetime], owner: str) -> None:
        self._database = database
        self._clock = clock
        self._owner = owner

    def claim(self, key: str, *, handoff: str, role: str, request_hash: str) -> Claim:
        """Write the intent and take the lease.

        Raises `LeaseHeld` while another live executor works on the same effect and
        `OutcomeUnknown` when a person has to say what happened first.
        """
        now = self._clock()
        until = now + LEASE
        with self._database.write() as connection:
            row = self._row(connection, key)
            if row is None:
                self._intend(connection, key, handoff, role, request_hash, now, until)
                return Claim(key, 1, until, earlier=False)
            if row["state"] == EffectState.APPLIED:
                return Claim(key, row["fence"], until, earlier=True, done=Reference(row["reference"], row["url"]))
            if row["state"] == EffectState.UNKNOWN:
                raise _unknown(key, row["detail"])
            self._check_free(key, row, now)
            fence = row["fence"] + 1
            self._take(connection, key, fence, now, until)
            return Claim(key, fence, until, earlier=True, asked_at=row["asked_at"])

    def check(self, claim: Claim) -> None:
        """Raise `LeaseLost` when the lease ran out, right before the effect is made."""
        if self._clock() >= claim.until:
            raise LeaseLost(f"The lease on {claim.key} ran out before the effect was made")

    def asking(self, claim: Claim) -> None:
        """Write down that the vendor is about to be asked: from now on it may have done it."""
        self._note_asked(claim, self._clock())

    def refused(self, claim: Claim) -> None:
        """Write down that the vendor refused: it has certainly not done it."""
        self._note_asked(claim, None)

    def applied(self, claim: Claim, reference: Reference) -> None:
        """Record that the effect stands at the vendor. Raises `LeaseLost` if overtaken."""
        values = {"state": EffectState.APPLIED, "reference": reference.id, "url": reference.url}
        self._finish(claim, "effect.applied", applied_at=self._clock(), **values)

    def unknown(self, claim: Claim, why: str) -> None:
        """Record that nobody knows whether the effect happened; only a person may resolve it."""
        self._finish(claim, "effect.unknown", state=EffectState.UNKNOWN, detail=why)

    def release(self, claim: Claim, *, forget: bool) -> None:
        """Give the lease back after a failure.

        `forget` removes the intent: the caller is certain that nothing reached the vendor.
        """
        with self._database.write() as connection:
            mine = (effects.c.key == claim.key, effects.c.fence == claim.fence)
            if forget:
                connection.execute(effects.delete().where(*mine, effects.c.state == EffectState.INTENDED))
            else:
                connection.execute(update(effects).where(*mine).values(lease_owner="", lease_until=None))

    def _note_asked(self, claim: Claim, at: datetime | None) -> None:
        mine = (effects.c.key == claim.key, effects.c.fence == claim.fence)
        with self._database.write() as connection:
            connection.execute(update(effects).where(*mine).values(asked_at=at))

    def _row(self, connection: Connection, key: str) -> RowMapping | None:
        query = select(effects).where(effects.c.key == key).with_for_update()
        return connection.execute(query).mappings().first()

    def _intend(
        self,
        connection: Connection,
        key: str,
        handoff: str,
        role: str,
        request_hash: str,
        now: datetime,
        until: datetime,
    ) -> None:
        inserted = connection.execute(
            self._database.insert(effects)
            .values(
                key=key,
                handoff_id=handoff,
                role=role,
                state=EffectState.INTENDED,
                request_hash=request_hash,
                fence=1,
                attempts=1,
                lease_owner=self._owner,
                lease_until=until,
                intended_at=now,
            )
            .on_conflict_do_nothing()
        ).rowcount
        if not inserted:
            raise LeaseHeld(f"Another executor has just started {key}", retry_after=2)
        audit.record(connection, now, "aftersign", "effect.intended", key, role=role, handoff=handoff)

    def _check_free(self, key: str, row: RowMapping, now: datetime) -> None:
        held = row["lease_until"] is not None and row["lease_until"] > now and row["lease_owner"] != self._owner
        if held and executor_alive(row["lease_owner"]):
            wait = (row["lease_until"] - now).total_seconds()
            raise LeaseHeld(f"Another executor is working on {key}", retry_after=min(wait, 60))

    def _take(self, connection: Connection, key: str, fence: int, now: datetime, until: datetime) -> None:
        connection.execute(
            update(effects)
            .where(effects.c.key == key)
            .values(
                fence=fence,
                attempts=effects.c.attempts + 1,
                lease_owner=self._owner,
                lease_until=until,
                intended_at=now,
            )
        )

    def _finish(self, claim: Claim, action: str, **values: object) -> None:
        now = self._clock()
        with self._database.write() as connection:
            changed = connection.execute(
                update(effects)
                .where(effects.c.key == claim.key, effects.c.fence == claim.fence)
                .values(lease_owner="", lease_until=None, **values)
            ).rowcount
            if not changed:
                raise LeaseLost(f"Another executor took over {claim.key}")
            audit.record(connection, now, "aftersign", action, claim.key, reference=values.get("reference", ""))


def _unknown(key: str, why: str) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"Nobody knows whether {key} happened",
        why=why or "an earlier attempt broke off between request and answer",
        fix="look at the vendor, then resolve it with `aftersign effects resolve KEY --happened --who YOU` (or `--not-happened`)",
    )


def resolve(database: Database, key: str, *, happened: bool, who: str, now: datetime) -> bool:
    """Let a person settle an unknown effect; `False` when there is no such unknown effect."""
    with database.write() as connection:
        mine = (effects.c.key == key, effects.c.state == EffectState.UNKNOWN)
        if happened:
            found = connection.execute(
                update(effects).where(*mine).values(state=EffectState.APPLIED, applied_at=now, reference=f"by {who}")
            ).rowcount
        else:
            found = connection.execute(effects.delete().where(*mine)).rowcount
        if found:
            audit.record(connection, now, who, "effect.resolved", key, happened=happened)
    return bool(found)


def this_executor() -> str:
    """Name this process so that others on the same host can tell whether it still lives."""
    return f"{socket.gethostname()}:{os.getpid()}"


def executor_alive(owner: str) -> bool:
    """Tell whether an executor may still be running; on another host only its lease can say."""
    host, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname() or not pid.isdigit() or os.name == "nt":
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
