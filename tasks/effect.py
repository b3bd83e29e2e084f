"""Make one change to the outside world, once."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import AftersignError, LeaseLost, OutcomeUnknown, Permanent, Transient
from domain.handoff import effect_key
from domain.ports import Reference
from store import handoffs
from store.effects import Claim, Effects, this_executor
from tasks.context import Context


@dataclass(frozen=True, slots=True)
class Effector:
    """Carry out the effects of one handoff under its keys.

    `lease_owner` is who must still hold the handoff's lease when an effect is claimed; empty for
    effects that are not part of the handoff run itself, such as a reminder.
    """

    context: Context
    handoff: str
    lease_owner: str = ""

    def once(
        self,
        *parts: str,
        role: str,
        find: Callable[[str], Reference | None],
        make: Callable[[str], Reference],
        request: object = "",
        settle: float = 0.0,
    ) -> Reference:
        """Find the effect under its key or make it, and return the vendor's reference.

        After any doubt (a crash, a lost answer) the vendor is asked first; `settle` are the
        seconds by which its lists may lag behind what it did, and within them nothing is made
        again. Raises what `make` raises, `LeaseHeld`, `LeaseLost`, or `Transient` while it settles.
        """
        claim, effects = self._claim(parts, role, request)
        if claim.done:
            return claim.done
        try:
            found = find(claim.key) if claim.earlier else None
            if found is None:
                self._settled(claim, settle)
                self._still_ours()
                effects.check(claim)
                found = self._make(effects, claim, make, settle)
        except BaseException:
            effects.release(claim, forget=False)
            raise
        effects.applied(claim, found)
        return found

    def _make(self, effects: Effects, claim: Claim, make: Callable[[str], Reference], settle: float) -> Reference:
        if not settle:
            return make(claim.key)
        effects.asking(claim)
        try:
            return make(claim.key)
        except OutcomeUnknown:
            raise
        except Permanent:
            effects.refused(claim)
            raise

    def _settled(self, claim: Claim, settle: float) -> None:
        """Raise `Transient` while an earlier attempt may have happened and not be listed yet."""
        if not settle or claim.asked_at is None:
            return
        rest = settle - (self.context.clock() - claim.asked_at).total_seconds()
        if rest > 0:
            raise Transient(
                f"{claim.key} may have happened and is not listed yet",
                why=f"the vendor's lists lag up to {settle:.0f} s behind what it did",
                retry_after=rest,
            )

    def at_most_once(
        self,
        *parts: str,
        role: str,
        find: Callable[[str], Reference | None],
        make: Callable[[str], Reference],
        request: object = "",
    ) -> Reference:
        """Make an effect that must rather not happen than happen twice, such as customer mail.

        `make` must raise `OutcomeUnknown` when it cannot tell, and any other error only when
        certainly nothing left. A broken-off earlier attempt that `find` does not see becomes
        `unknown` and waits for a person.
        """
        claim, effects = self._claim(parts, role, request)
        if claim.done:
            return claim.done
        if claim.earlier:
            found = find(claim.key)
            if found is None:
                raise self._unknown(effects, claim, "an earlier attempt broke off between request and answer")
            effects.applied(claim, found)
            return found
        try:
            self._still_ours()
            effects.check(claim)
            made = make(claim.key)
        except OutcomeUnknown as error:
            raise self._unknown(effects, claim, error.why or error.what) from error
        except AftersignError:
            effects.release(claim, forget=True)
            raise
        effects.applied(claim, made)
        return made

    def _claim(self, parts: tuple[str, ...], role: str, request: object) -> tuple[Claim, Effects]:
        self._still_ours()
        owner = f"{this_executor()}:{uuid.uuid4().hex[:8]}"
        effects = Effects(self.context.database, self.context.clock, owner)
        digest = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).hexdigest()
        key = effect_key(self.handoff, *parts)
        return effects.claim(key, handoff=self.handoff, role=role, request_hash=digest), effects

    def _still_ours(self) -> None:
        if not self.lease_owner:
            return
        with self.context.database.read() as connection:
            if not handoffs.holds_lease(connection, self.handoff, self.lease_owner):
                raise LeaseLost(f"Another run took over {self.handoff}", why="our lease ran out")

    def _unknown(self, effects: Effects, claim: Claim, why: str) -> OutcomeUnknown:
        effects.unknown(claim, why)
        return OutcomeUnknown(
            f"Nobody knows whether {claim.key} happened",
            why=why,
            fix=f"search for it at the vendor, then run `aftersign effects resolve {claim.key} --happened --who YOU` (or `--not-happened`)",
        )
