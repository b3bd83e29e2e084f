"""Carry out what people asked for on pages, each as the command line would do it, in the order they asked."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from prefect import task
from prefect.artifacts import acreate_table_artifact
from sqlalchemy import RowMapping

from domain.errors import AftersignError, Permanent
from domain.findings.status import Move, Status
from domain.requests import Kind
from domain.sla.claims import ClaimState
from domain.terms import TermField
from store import doubts, requests
from tasks import (
    amending,
    context,
    deciding,
    duties,
    linking,
    money_moves,
    ownership,
    reconcile,
    review,
    slas_answers,
)
from tasks.context import Context
from tasks.money_terms import books

log = logging.getLogger("aftersign.requests")
Answers = Mapping[str, str]
Carry = Callable[[Context, Answers, str], str]
# People who review ask for one thing after the other: the run waits for the next before it ends.
LINGER_SECONDS = 15.0
_LOOK_EVERY = 0.25


@task(name="carry out what was asked for", task_run_name="carry out what was asked for")
async def carry_out_requests(linger: float = LINGER_SECONDS) -> list[str]:
    """Carry out every open request, and those that come while it works; return their ids."""
    ctx = context.current()
    done = await asyncio.to_thread(carry_out_all, ctx, linger=linger)
    rows = [{"asked for": row["kind"], "about": row["subject"], "became": row["state"]} for row in done]
    await acreate_table_artifact(rows, key="requests", description="What people asked for, and what became of it")
    return [row["id"] for row in done]


def carry_out_all(ctx: Context, *, linger: float = 0.0) -> list[RowMapping]:
    """Carry out what is open until nothing has come for so many seconds; return the rows as settled."""
    done: list[RowMapping] = []
    until = time.monotonic() + linger
    while True:
        with ctx.database.read() as connection:
            rows = requests.waiting(connection)
        for row in rows:
            done.append(carry_out(ctx, row))
            until = time.monotonic() + linger
        if not rows and time.monotonic() >= until:
            return done
        if not rows:
            time.sleep(_LOOK_EVERY)


def carry_out(ctx: Context, row: RowMapping) -> RowMapping:
    """Do what one request asks for and settle it; what cannot be done is answered with what, why and how to fix it.

    Raises `Transient` where waiting helps; the request stays open.
    """
    try:
        answer = _CARRY[Kind(row["kind"])](ctx, row["body"], row["who"])
        outcome = {"state": requests.DONE, "answer": answer}
    except Permanent as error:
        outcome = {"state": requests.REFUSED, "answer": error.what, "why": error.why, "fix": error.fix}
    except AftersignError:
        raise
    except ValueError as error:  # a day, a status or a number that is none
        outcome = {"state": requests.REFUSED, "answer": "What was sent cannot be read", "why": str(error)[:200]}
    with ctx.database.write() as connection:
        requests.settle(connection, row["id"], now=ctx.clock(), **outcome)
        settled = requests.get(connection, row["id"])
    return settled or row


def _accept(ctx: Context, body: Answers, who: str) -> str:
    return review.accept(ctx, body["contract"], TermField(body["field"]), who=who)


def _correct(ctx: Context, body: Answers, who: str) -> str:
    field, because = TermField(body["field"]), body.get("because", "")
    proof = {"page": int(body["page"]), "quote": body["quote"]}
    return review.correct(ctx, body["contract"], field, body["value"], who=who, because=because, **proof)  # type: ignore[arg-type]


def _reject(ctx: Context, body: Answers, who: str) -> str:
    return review.reject(ctx, body["contract"], TermField(body["field"]), who=who, because=body.get("because", ""))


def _approve(ctx: Context, body: Answers, who: str) -> str:
    return amending.approve(ctx, body["amendment"], body["shown"], who=who, because=body.get("because", ""))


def _refuse(ctx: Context, body: Answers, who: str) -> str:
    return amending.reject(ctx, body["amendment"], who=who, because=body["because"])


def _withdraw(ctx: Context, body: Answers, who: str) -> str:
    return amending.withdraw(ctx, body["amendment"], who=who, because=body["because"])


def _link(ctx: Context, body: Answers, who: str) -> str:
    return linking.accept_link(ctx, int(body["number"]), who=who, because=body.get("because", ""))


def _unlink(ctx: Context, body: Answers, who: str) -> str:
    return linking.reject_link(ctx, int(body["number"]), who=who, because=body.get("because", ""))


def _decide(ctx: Context, body: Answers, who: str) -> str:
    verdict = deciding.Verdict(body["verdict"])
    return deciding.decide(ctx, body["contract"], verdict, who=who, because=body.get("because", ""))


def _execute(ctx: Context, body: Answers, who: str) -> str:
    with _file(ctx, body.get("proof")) as proof:
        return deciding.carry_out(ctx, body["contract"], who=who, served_on=_day(body.get("served_on")), proof=proof)


def _acknowledge(ctx: Context, body: Answers, who: str) -> str:
    return deciding.acknowledge(ctx, body["contract"], who=who)


def _fulfil(ctx: Context, body: Answers, who: str) -> str:
    with _file(ctx, body.get("evidence")) as evidence:
        on, note = date.fromisoformat(body["on"]), body.get("note", "")
        return duties.fulfil(ctx, body["due"], who=who, on=on, evidence=evidence, note=note)


def _judge(ctx: Context, body: Answers, who: str) -> str:
    accepted, because = body["accepted"] == "yes", body.get("because", "")
    return duties.review(ctx, body["due"], who=who, accepted=accepted, because=because)


def _waive(ctx: Context, body: Answers, who: str) -> str:
    duties.waive(ctx, body["obligation"], who=who, because=body["because"])
    return "waived"


def _happened(ctx: Context, body: Answers, who: str) -> str:
    return f"due on {duties.happened(ctx, body['obligation'], date.fromisoformat(body['on']), who=who)}"


def _set_day(ctx: Context, body: Answers, who: str) -> str:
    starts, rule = date.fromisoformat(body["on"]), body.get("rrule", "")
    return f"{duties.set_day(ctx, body['obligation'], starts, rrule=rule, who=who)} days in the coming year"


def _move(ctx: Context, body: Answers, who: str) -> str:
    step = Move(Status(body["status"]), who, body.get("because", ""), body.get("approver", ""))
    return money_moves.move(ctx, body["finding"], step)


def _match(ctx: Context, body: Answers, who: str) -> str:
    known = books(ctx, reconcile.contract_files(ctx).contracts)
    key = money_moves.match(ctx, known, body["invoice"], body["contract"], who)
    return f"remembered as {key}; the next run checks it"


def _worklist(ctx: Context, body: Answers, who: str) -> str:
    with _file(ctx, body["worklist"], ".xlsx") as file:
        moved = money_moves.apply_worklist(ctx, file, who) if file else []
    return f"{len(moved)} findings moved"


def _claimed(ctx: Context, body: Answers, who: str) -> str:
    on = date.fromisoformat(body["on"])
    slas_answers.claimed(ctx, body["breach"], who=who, on=on, reference=body.get("reference", ""))
    return "claimed"


def _answered(ctx: Context, body: Answers, who: str) -> str:
    state = ClaimState(body["state"])
    slas_answers.answered(ctx, body["breach"], state, who=who, because=body.get("because", ""))
    return state


def _credited(ctx: Context, body: Answers, who: str) -> str:
    slas_answers.credited(ctx, body["breach"], who=who, on=date.fromisoformat(body["on"]), invoice=body["invoice"])
    return "credited"


def _hand_over(ctx: Context, body: Answers, who: str) -> str:
    moved = ownership.hand_over(ctx, body["leaver"], to=body.get("to", ""), who=who)
    return f"{len(moved)} contracts moved"


def _settle_effect(ctx: Context, body: Answers, who: str) -> str:
    if body["happened"] not in {"yes", "no"}:
        raise Permanent("Say whether it arrived", why="neither yes nor no was said", fix="use the page")
    happened = body["happened"] == "yes"
    if not doubts.settle(ctx.database, body["effect"], happened=happened, who=who, now=ctx.clock()):
        raise Permanent(
            "This effect is not in doubt", why="somebody settled it, or it never was", fix="look at /dead-letters again"
        )
    said = "it arrived and is never made again" if happened else "it did not arrive and may be made again"
    return f"settled: {said}"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@contextmanager
def _file(ctx: Context, sha256: str | None, suffix: str = "") -> Iterator[Path | None]:
    """Lay a stored file out for whoever reads files, under the name it came with."""
    if not sha256:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(ctx.vault.get(sha256))
        yield path


_CARRY: Mapping[Kind, Carry] = {
    Kind.ACCEPT_TERM: _accept,
    Kind.CORRECT_TERM: _correct,
    Kind.REJECT_TERM: _reject,
    Kind.APPROVE_AMENDMENT: _approve,
    Kind.REJECT_AMENDMENT: _refuse,
    Kind.WITHDRAW_AMENDMENT: _withdraw,
    Kind.ACCEPT_LINK: _link,
    Kind.REJECT_LINK: _unlink,
    Kind.DECIDE_RENEWAL: _decide,
    Kind.EXECUTE_RENEWAL: _execute,
    Kind.ACKNOWLEDGE_RENEWAL: _acknowledge,
    Kind.FULFIL_DUTY: _fulfil,
    Kind.REVIEW_DUTY: _judge,
    Kind.WAIVE_DUTY: _waive,
    Kind.DUTY_HAPPENED: _happened,
    Kind.SET_DUTY_DAY: _set_day,
    Kind.MOVE_FINDING: _move,
    Kind.MATCH_INVOICE: _match,
    Kind.APPLY_WORKLIST: _worklist,
    Kind.SLA_CLAIMED: _claimed,
    Kind.SLA_ANSWERED: _answered,
    Kind.SLA_CREDITED: _credited,
    Kind.HAND_OVER: _hand_over,
    Kind.SETTLE_EFFECT: _settle_effect,
}
