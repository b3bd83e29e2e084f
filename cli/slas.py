"""Service levels: list what was missed, show a contract's year, and say what became of a claim."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from cli import output
from cli.review import opened
from domain.errors import Permanent
from domain.sla.claims import CLAIMED, UNSENT, ClaimState
from domain.sla.record import Entry, told, twelve_months
from store import contracts, slas
from tasks import slas_answers

_COLUMNS = [
    "id",
    "counterparty",
    "service",
    "window_first",
    "window_last",
    "direction",
    "amount",
    "state",
    "send_by",
    "claim_by",
]
_OPEN = (*UNSENT, *CLAIMED, ClaimState.REJECTED)


def list_slas(*, as_json: bool, every: bool = False) -> int:
    """Print the misses that somebody must still do something about, the next to be claimed first."""
    with opened() as ctx, ctx.database.read() as connection:
        rows = [dict(row) for row in slas.listed(connection, tuple(ClaimState) if every else _OPEN)]
    if as_json:
        output.data(rows)
        return 0
    output.table("Missed service levels", _COLUMNS, rows)
    if any(row["state"] == ClaimState.DRAFTED for row in rows):
        output.hint("read the claim: aftersign slas show ID; sent it? aftersign slas claimed ID --who YOU")
    return 0


def show(name: str, *, as_json: bool) -> int:
    """Print one miss with its arithmetic and claim, or a contract's last twelve months."""
    with opened() as ctx:
        with ctx.database.read() as connection:
            row = slas.get(connection, name)
            known = row is not None or contracts.find(connection, name) is not None
            entries = twelve_months(slas.entries(connection, name), today=ctx.clock().date())
        if not known:
            raise Permanent(f"There is no claim and no contract {name!r}", fix="see `aftersign slas list`")
        if row is None:
            return _year(entries, as_json=as_json)
        letter = ctx.vault.get(row["letter_sha256"]).decode() if row["letter_sha256"] else ""
    if as_json:
        output.data({**row, "letter": letter})
        return 0
    output.table("Missed service level", _COLUMNS, [dict(row)])
    output.say(letter or "\n".join(row["why"]))
    return 0


def claimed(breach_id: str, who: str, on: str, reference: str) -> int:
    """Say that a claim was sent."""
    with opened() as ctx:
        day = _day(on) if on else ctx.clock().date()
        slas_answers.claimed(ctx, breach_id, who=who, on=day, reference=reference)
    output.say(f"✓ claimed on {day}; the credit is expected on the next invoice")
    return 0


def answered(breach_id: str, who: str, because: str, *, accepted: bool) -> int:
    """Say that a claim was accepted or rejected."""
    state = ClaimState.ACCEPTED if accepted else ClaimState.REJECTED
    with opened() as ctx:
        slas_answers.answered(ctx, breach_id, state, who=who, because=because)
    output.say(f"✓ {state}")
    return 0


def credited(breach_id: str, who: str, on: str, invoice: str) -> int:
    """Say on which invoice a credit came."""
    with opened() as ctx:
        day = _day(on) if on else ctx.clock().date()
        slas_answers.credited(ctx, breach_id, who=who, on=day, invoice=invoice)
    output.say(f"✓ credited with {invoice}")
    return 0


def _year(entries: tuple[Entry, ...], *, as_json: bool) -> int:
    lines = told(entries)
    if as_json:
        output.data({"windows": [{**asdict(one), "disagree": one.disagree} for one in entries], "told": list(lines)})
        return 0
    output.table("Twelve months", ["window", "target", "measured", "verdict", "credit", "state"], [*map(_row, entries)])
    for line in lines:
        output.say(line)
    return 0


def _row(one: Entry) -> dict[str, object]:
    seen = ", ".join(f"{seen.source} {seen.shown}" for seen in one.seen)
    verdict = f"{one.verdict} (sources disagree)" if one.disagree else str(one.verdict)
    return {
        "window": f"{one.first} to {one.last}", "target": f"{one.target} %", "measured": seen, "verdict": verdict,
        "credit": one.credit.display() if one.credit else "", "state": str(one.state or ""),
    }  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Permanent(f"{text!r} is no day", fix="write for example 2026-10-05") from error
