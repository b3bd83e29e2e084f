"""Claims for service credits: written with their arithmetic, told once, followed to the credit or the last day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import RowMapping

from domain.calendars import today_in
from domain.obligations import Direction
from domain.ports import ChatMessage
from domain.sla.claims import UNSENT, ClaimState
from domain.sla.judgement import Judgement
from domain.terms import TermField
from store import slas
from tasks.context import Context
from tasks.effect import Effector
from tasks.escalating import staff_of
from tasks.keeping import keep
from tasks.slas_duties import give_up, register_claim
from tasks.slas_promised import Watched
from tasks.tell import plain, reach


def record(ctx: Context, one: Watched, judged: Judgement) -> RowMapping:
    """Store a miss, write its claim, and put its last day into the register; running it again changes nothing."""
    with ctx.database.write() as connection:
        row, _ = slas.raise_breach(ctx.database, connection, _values(one, judged), ctx.clock())
    if row["state"] != ClaimState.DUE or not _owed(one, judged):
        return row
    if _is_late(ctx, row):
        return _moved(ctx, row, ClaimState.LAPSED, reason="the time to claim was over when it was measured")
    return _drafted(ctx, one, row)


def withdraw(
    ctx: Context, row: RowMapping, why: str = "a corrected measurement does not show it any more"
) -> RowMapping:
    """Take back a miss that nobody has claimed."""
    give_up(ctx, row, why)
    return _moved(ctx, row, ClaimState.WITHDRAWN, reason=why)


def lose(ctx: Context, row: RowMapping, why: str) -> RowMapping:
    """Close a claim that was sent and that the contract itself takes away again; its owner has to hear of it."""
    return _moved(ctx, row, ClaimState.REJECTED, reason=why, told_at=None)


def tell(ctx: Context, row: RowMapping) -> None:
    """Tell the contract's owner of a miss, once."""
    staff = staff_of(ctx)
    to = next(
        (one for one in (row["owner_email"], row["backup_email"]) if staff.reachable(one or "")), staff.somebody()
    )
    head = _head(row)
    how = f"Sent it? aftersign slas claimed {row['id']} --who YOU"
    lines = [*row["why"], *([how] if row["state"] == ClaimState.DRAFTED else [])]
    message = ChatMessage(to=to, title=head[:150], text=head, sections=tuple(map(plain, lines)))
    # A corrected measurement makes another letter, of which people must hear as well.
    about = (row["state"], (row["letter_sha256"] or "none")[:12])
    reach(Effector(ctx, f"sla-{row['id']}"), message, ctx.settings.public_url, *about)
    with ctx.database.write() as connection:
        slas.told(connection, row["id"], ctx.clock())


def lapse(ctx: Context) -> list[RowMapping]:
    """Give up claims whose last day has passed, and tell their owners once."""
    with ctx.database.read() as connection:
        rows = slas.listed(connection, UNSENT)
    late = [row for row in rows if _is_late(ctx, row)]
    return [
        _moved(ctx, row, ClaimState.LAPSED, reason=f"nobody claimed it by {row['claim_by']}", told_at=None)
        for row in late
    ]


def _is_late(ctx: Context, row: RowMapping) -> bool:
    """Tell whether the last day of a claim of ours is over where the contract's days end."""
    last: date | None = row["claim_by"]
    today = today_in(row["zone"], ctx.clock())
    return row["direction"] == Direction.THEIRS and last is not None and last < today


def _values(one: Watched, judged: Judgement) -> dict[str, object]:
    claim = judged.claim
    return {
        "contract_id": one.contract_id, "service": one.service, "metric": one.metric, "zone": one.entry.zone, "window_first": judged.window.first,
        "window_last": judged.window.last, "source": judged.measured[0].source, "direction": str(one.direction), "counterparty": one.counterparty[:300],
        "amount": str(judged.due.amount) if judged.due else "", "why": list(judged.why),
        "claim_by": claim.last if claim else None, "send_by": claim.send_by if claim else None,
        "channels": ", ".join(one.promise.channels), "state": str(ClaimState.DUE),
    }  # fmt: skip


def _owed(one: Watched, judged: Judgement) -> bool:
    """Tell whether there is something for us to claim; an unknown fee does not make it nothing."""
    promised = one.direction is Direction.THEIRS and one.promise.scheme is not None
    return promised and (judged.due is None or judged.due.amount.amount > 0)


def _drafted(ctx: Context, one: Watched, row: RowMapping) -> RowMapping:
    letter = letter_of(one, row)
    name = f"claim {row['service']} {row['window_first']}.txt"
    kept = keep(ctx, name, letter.encode(), "text/plain")
    register_claim(ctx, one, row)
    return _moved(ctx, row, ClaimState.DRAFTED, letter_sha256=kept)


def letter_of(one: Watched, row: RowMapping) -> str:
    """Write the claim: the clause, the measurement, the arithmetic, and every outage that counts."""
    to = one.entry.claim_to or row["counterparty"]
    clause = one.promise.clause(TermField.SERVICE_CREDIT) or one.promise.clause(TermField.UPTIME)
    amount = f"a service credit of {row['amount']}" if row["amount"] else "the service credit that is due"
    return "\n".join(
        [
            f"To: {to}",
            f"By: {row['channels'] or 'the way the contract names for notices'}",
            f"Subject: Service credit for {row['service']}, {row['window_first']} to {row['window_last']}",
            "",
            f"Under {row['title']} we claim {amount} for {row['service']}.",
            *([f"The contract says: {clause}"] if clause else []),
            "",
            *row["why"],
            "",
            f"Please confirm the credit and set it off on the next invoice. Last day to claim: {row['claim_by'] or 'not named'}.",
        ]
    )


def _moved(ctx: Context, row: RowMapping, state: ClaimState, **values: object) -> RowMapping:
    with ctx.database.write() as connection:
        slas.move(connection, row, state, who="aftersign", now=ctx.clock(), **values)
        return slas.get(connection, row["id"]) or row


def _head(row: RowMapping) -> str:
    what = f"{row['counterparty']}: {row['service']} missed its service level {row['window_first']} to {row['window_last']}"
    amount = row["amount"] or "the credit"
    if row["state"] == ClaimState.LAPSED:
        return f"{what}; {amount} has lapsed: {row['reason']}"
    if row["state"] == ClaimState.REJECTED:
        return f"{what}; {amount} is no longer owed, {row['reason']}"
    if row["direction"] == Direction.OURS:
        return f"{what}; we owe {amount}"
    by = f" by {row['send_by']}" if row["send_by"] else ""
    return f"{what}; claim {amount}{by}" if row["state"] == ClaimState.DRAFTED else f"{what}; no credit is due"
