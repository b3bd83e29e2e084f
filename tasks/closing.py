"""A window that has closed: what follows is recorded once, with what it commits us to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from domain.ambiguity import meanings
from domain.deadlines import Renewal, impossible
from domain.lateness import committed
from domain.ports import ChatMessage
from domain.provisional import has_run_out, is_bound, is_over, readings
from domain.renewal import RENEWS
from domain.terms import ContractTerms, TermField
from store import alerts, clock, decisions
from tasks.context import Context
from tasks.effect import Effector
from tasks.file import HandoffFile, place_of
from tasks.looking import renewal_under
from tasks.tell import plain, reach

ENDED, RENEWED = "ended", "renewed"
SERVED = frozenset({"terminate", "renegotiate"})
_US = "aftersign"


@dataclass(frozen=True, slots=True)
class Rolled:
    """Hold a term whose window has closed, and what became of it: locked_in, renewed or ended."""

    contract_id: str
    customer: str
    term_end: date
    verdict: str
    cost: str


def what_follows(row: RowMapping, decision: RowMapping | None, today: date) -> str:
    """Tell what becomes of a term whose window has closed; empty while it is open, or the term still runs."""
    if (row["notice_deadline"] or row["term_end"]) >= today:
        return ""
    done = decision is not None and decision["state"] == decisions.EXECUTED
    if _goes_on(row["inputs"], row["renewals"]) and not (done and decision and decision["verdict"] in SERVED):
        return RENEWED if done else decisions.LOCKED_IN
    return "" if row["term_end"] >= today else ENDED


def what_became(ctx: Context, file: HandoffFile, row: RowMapping, decision: RowMapping | None) -> str:
    """Tell what became of a closed term; nothing while another reading of doubtful terms leaves it open.

    A notice that was served ends the term for which people served it.
    """
    today = ctx.clock().date()
    verdict = what_follows(row, decision, today)
    if not verdict or verdict == RENEWED:
        return verdict
    every, end = _every_reading(ctx, file, row["renewals"]), row["term_end"]
    if verdict == decisions.LOCKED_IN:
        certain = is_bound(every, end, row["notice_deadline"] or end, today)
    else:
        certain = has_run_out(every, end, today) if is_served(decision) else is_over(every, today)
    return verdict if certain else ""


def _every_reading(ctx: Context, file: HandoffFile, begun: int) -> list[Renewal]:
    """Return the term as every reading has it; those that are impossible in themselves say nothing."""
    terms = readings(file.reading.terms)
    found = [renewal_under(ctx.business, one, place_of(file), file.traits) for one in terms]
    sound = [replace(one, begun=begun) for one in found if one is not None and not impossible(one)]
    return [meaning for one in sound for meaning in meanings(one)]


def is_served(decision: RowMapping | None) -> bool:
    """Tell whether notice was given and proved, so that the contract ends with its term."""
    return decision is not None and decision["state"] == decisions.EXECUTED and decision["verdict"] in SERVED


def close(ctx: Context, file: HandoffFile, row: RowMapping, verdict: str) -> Rolled:
    """Record what became of a closed term, and tell its people where a renewal was locked in."""
    rolled = closed(file, row, verdict)
    contract, why = rolled.contract_id, f"the window of the term to {rolled.term_end} has closed"
    with ctx.database.write() as connection:
        known = any(
            one["verdict"] == verdict and abs(one["term_end"] - rolled.term_end) <= decisions.SAME_TERM
            for one in decisions.of_contract(connection, contract)
        )
        if not known and verdict != RENEWED:
            decisions.add(
                connection, contract, rolled.term_end, verdict, who=_US, because=why, now=ctx.clock(),
                state=decisions.EXECUTED, cost=rolled.cost,
            )  # fmt: skip
        if verdict == ENDED:
            clock.stop(connection, contract, "the term has ended", ctx.clock())
            alerts.supersede(connection, contract, "the term has ended")
    if verdict == decisions.LOCKED_IN and not known:
        _tell(ctx, file, row, rolled)
    return rolled


def closed(file: HandoffFile, row: RowMapping, verdict: str) -> Rolled:
    """Return what became of a closed term with its cost; nothing is recorded."""
    terms = ContractTerms.of(file.reading.terms)
    cost = committed(terms, terms.period(TermField.RENEWAL_TERM)).amount if verdict == decisions.LOCKED_IN else None
    return Rolled(row["contract_id"], file.customer, row["term_end"], verdict, str(cost) if cost else "")


def _goes_on(inputs: Mapping[str, Any], renewals: int) -> bool:
    """Tell whether the terms under which the day was computed renew once more."""
    kind = inputs.get(TermField.RENEWAL_TYPE, {}).get("value", "")
    limit = inputs.get(TermField.RENEWAL_LIMIT, {}).get("value", "")
    return kind in RENEWS and not (limit.isdecimal() and renewals >= int(limit))


def _tell(ctx: Context, file: HandoffFile, row: RowMapping, rolled: Rolled) -> None:
    cost = f" and commits {rolled.cost}" if rolled.cost else ""
    text = f"{rolled.customer}: the renewal after {rolled.term_end} is locked in{cost}; no notice was proved"
    effects = Effector(ctx, f"locked-in-{rolled.contract_id}-{rolled.term_end}")
    for email in filter(None, (file.contract["owner_email"], file.contract["backup_email"])):
        message = ChatMessage(to=email, title=text[:150], text=text, sections=tuple(map(plain, row["explanation"])))
        reach(effects, message, ctx.settings.public_url, email)
