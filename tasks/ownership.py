"""See to it that every contract has two people who can be reached, and move what others leave behind."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from prefect import task
from prefect.artifacts import acreate_table_artifact

from domain.errors import AftersignError, Permanent
from domain.ownership import Finding, Flaw, Owned, Transfer, flaws, refuse_implausible, transfers
from domain.people import Person, colleague
from domain.ports import ChatMessage
from store import audit, contracts
from tasks import context
from tasks.context import Context
from tasks.effect import Effector
from tasks.escalating import staff_of
from tasks.file import open_contract
from tasks.planning import plan
from tasks.prepare import own
from tasks.tell import plain, reach

_US = "aftersign"
_SHOWN = 20


@task(name="audit ownership", task_run_name="audit ownership")
async def audit_owners(*, dry_run: bool, force: bool) -> list[str]:
    """Give contracts whose owner or backup has gone to others; return what moved."""
    ctx = context.current()
    moved, left = await asyncio.to_thread(mend, ctx, dry_run=dry_run, force=force)
    rows = [{"customer": one.customer, "role": one.role, "from": one.before or "–", "to": one.after} for one in moved]
    rows += [{"customer": one.owned.customer, "role": one.flaw, "from": one.person or "–", "to": "–"} for one in left]
    if rows:
        await acreate_table_artifact(rows, key="ownership", description="What changed hands, and what nobody takes")
    if left and not dry_run:
        raise Permanent(
            f"{len(left)} contracts have nobody who can be reached",
            why="; ".join(f"{one.owned.customer}: {one.flaw}" for one in left[:5]),
            fix="list more people under the rules of config/ownership.yaml",
        )
    return [f"{one.contract_id}:{one.role}" for one in moved]


def findings(ctx: Context) -> list[Finding]:
    """Return every contract that lacks an owner or a backup who can be reached."""
    with ctx.database.read() as connection:
        owned = contracts.owned(connection)
    return list(flaws(owned, staff_of(ctx), required_above=ctx.business.required_above))


def mend(ctx: Context, *, dry_run: bool = False, force: bool = False) -> tuple[list[Transfer], list[Finding]]:
    """Reassign what is flawed by the rules; return what moved, and what no rule has anybody for.

    What has nobody left is mended in any case. Raises `Permanent` before the rest moves when that
    would be implausibly much.
    """
    flawed = findings(ctx)
    if dry_run:
        return [], flawed
    moved = _mended(ctx, [one for one in _ids(flawed) if _alone(flawed, one)])
    left = findings(ctx)
    with ctx.database.read() as connection:
        refuse_implausible(len(_ids(left)), len(contracts.owned(connection)), force=force)
    moved += _mended(ctx, _ids(left))
    _tell(ctx, moved)
    return moved, findings(ctx)


def _ids(found: Sequence[Finding]) -> list[str]:
    return list(dict.fromkeys(one.owned.contract_id for one in found))


def _alone(found: Sequence[Finding], contract_id: str) -> bool:
    """Tell whether neither owner nor backup of a contract can be reached."""
    own = {one.flaw for one in found if one.owned.contract_id == contract_id}
    return bool(own & {Flaw.NO_OWNER, Flaw.OWNER_GONE}) and bool(
        own & {Flaw.NO_BACKUP, Flaw.BACKUP_GONE, Flaw.ONE_PERSON}
    )


def _mended(ctx: Context, ids: Sequence[str]) -> list[Transfer]:
    moved: list[Transfer] = []
    for one in ids:
        try:
            moved += _reassigned(ctx, one)
        except AftersignError:
            continue  # it stays among the findings, by name
    return moved


def hand_over(
    ctx: Context, leaver: str, *, to: str = "", who: str, dry_run: bool = False, force: bool = False
) -> list[Transfer]:
    """Move everything that one person owns or backs up to another, or by the rules; return what moved.

    Raises `Permanent` for strangers, and before anything moves when implausibly much would.
    """
    colleague(ctx.business.people, who)
    receiver = colleague(ctx.business.people, to) if to else None
    with ctx.database.read() as connection:
        every = contracts.owned(connection)
    theirs = [one for one in every if leaver in {one.owner, one.backup}]
    refuse_implausible(len(theirs), len(every), force=force or bool(to))
    without = replace(ctx, business=replace(ctx.business, people=_without(ctx, leaver)))
    moved: list[Transfer] = []
    for one in theirs:
        if dry_run:
            moved += [Transfer(one.contract_id, one.customer, role, leaver, to) for role in _roles(one, leaver)]
        else:
            moved += _given(ctx, one, leaver, receiver) if receiver else _reassigned(without, one.contract_id)
    if not dry_run:
        _tell(ctx, moved)
    return moved


def _reassigned(ctx: Context, contract_id: str) -> list[Transfer]:
    file = open_contract(ctx, contract_id)
    before = Owned(contract_id, file.customer, file.contract["owner_email"] or "", file.contract["backup_email"] or "")
    chosen = own(ctx, file)
    after = replace(before, owner=chosen.owner.email, backup=chosen.backup.email)
    plan(
        ctx, open_contract(ctx, contract_id), because=f"{chosen.owner.name} and {chosen.backup.name} look after it now"
    )
    return list(transfers(before, after))


def _given(ctx: Context, one: Owned, leaver: str, receiver: Person) -> list[Transfer]:
    """Put one person in another's place; where that would leave one person alone, the rules choose the other."""
    owner = receiver.email if one.owner == leaver else one.owner
    backup = receiver.email if one.backup == leaver else one.backup
    if owner == backup:
        return _reassigned(replace(ctx, business=replace(ctx.business, people=_without(ctx, leaver))), one.contract_id)
    after = replace(one, owner=owner, backup=backup)
    with ctx.database.write() as connection:
        contracts.change(
            connection, one.contract_id, owner_email=owner, backup_email=backup,
            ownership_reason=f"handed over by {leaver}",
        )  # fmt: skip
        audit.record(connection, ctx.clock(), _US, "contract.owned", one.contract_id, owner=owner, backup=backup)
    plan(ctx, open_contract(ctx, one.contract_id), because=f"{leaver} handed it over")
    return list(transfers(one, after))


def _without(ctx: Context, leaver: str) -> dict[str, Person]:
    return {email: replace(one, active=False) if email == leaver else one for email, one in ctx.business.people.items()}


def _roles(one: Owned, leaver: str) -> list[str]:
    return [role for role in ("owner", "backup") if getattr(one, role) == leaver]


def _tell(ctx: Context, moved: Sequence[Transfer]) -> None:
    """Tell each receiver once what is theirs now, and RevOps of all of it."""
    by_receiver = sorted(moved, key=lambda one: one.after)
    for receiver, group in groupby(by_receiver, key=lambda one: one.after):
        _send(ctx, receiver, list(group), "are yours now")
    if moved:
        _send(ctx, ctx.business.playbook.revops, list(moved), "changed hands")


def _send(ctx: Context, to: str, moved: Sequence[Transfer], what: str) -> None:
    head = f"{len(moved)} contract role{'' if len(moved) == 1 else 's'} {what}"
    lines = [f"{one.customer}: {one.role}, before {one.before or 'nobody'}, now {one.after}" for one in moved[:_SHOWN]]
    more = [f"and {len(moved) - _SHOWN} more"] if len(moved) > _SHOWN else []
    message = ChatMessage(to=to, title=head[:150], text=head, sections=("\n".join(map(plain, [*lines, *more])),))
    stamp = hashlib.sha256(repr([*moved, ctx.clock().date()]).encode()).hexdigest()[:16]
    reach(Effector(ctx, f"ownership-{stamp}"), message, ctx.settings.public_url, what.replace(" ", "-"), to)
