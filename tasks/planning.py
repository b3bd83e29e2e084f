"""Plan what must be done when: the deadlines of a contract, and the alerts that count back from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from domain import calendars
from domain.deadlines import Deadlines, Fault, harmless
from domain.papers import LinkKind
from domain.terms import ContractTerms, Gap, Reading, Standing, TermField
from store import alerts, clock, decisions, ledger, readings
from tasks import facts
from tasks.closing import ENDED, close, is_served, what_became
from tasks.context import Context
from tasks.duties import register_duties
from tasks.file import HandoffFile, place_of
from tasks.looking import deadlines_under, faults_under, renewal_under
from tasks.step import Outcome

_INPUTS = (
    TermField.AGREEMENT_DATE, TermField.EFFECTIVE_DATE, TermField.EXPIRATION_DATE, TermField.INITIAL_TERM,
    TermField.RENEWAL_TYPE, TermField.RENEWAL_TERM, TermField.RENEWAL_LIMIT, TermField.NOTICE_PERIOD,
    TermField.NOTICE_UNIT, TermField.NOTICE_RULE, TermField.NOTICE_NOT_BEFORE,
)  # fmt: skip

_LENGTH = (
    TermField.AGREEMENT_DATE, TermField.EFFECTIVE_DATE, TermField.EXPIRATION_DATE, TermField.INITIAL_TERM,
    TermField.RENEWAL_TYPE, TermField.RENEWAL_TERM, TermField.RENEWAL_LIMIT,
)  # fmt: skip


def deadlines_of(ctx: Context, file: HandoffFile) -> Deadlines | None:
    """Compute a contract's deadlines under the terms that hold when they fall; `None` without an anchored term.

    An approved amendment that holds from a later day decides only about windows that close after it.
    """
    today, place = ctx.clock().date(), place_of(file)
    with ctx.database.read() as connection:
        changes = [day for day in ledger.approved(connection, file.contract["id"]).days() if day > today]
        later = [(day, ledger.standing(connection, file.contract["id"], day)) for day in changes]
        row = clock.current(connection, file.contract["id"])
    begun = row["renewals"] if row else 0
    found: Deadlines | None = None
    for since, reading in [(None, file.reading), *later]:
        if found is not None and since is not None and found.closes < since:
            return found
        changed = deadlines_under(
            ctx.business, reading, place, today=today, traits=file.traits, since=since, begun=begun
        )
        if found is not None and changed is not None and changed.renewals > found.renewals:
            # Under the changed terms its window would be over before they hold: nobody must miss it.
            return found.because(f"From {since} on other terms hold; under those it would be too late already.")
        found = changed or found
    return found if found is None or row is None else _not_skipped(ctx, found, row)


def _not_skipped(ctx: Context, found: Deadlines, row: RowMapping) -> Deadlines:
    """Keep a window that is still open where changed terms would have closed it in the past.

    Whether the change can take it away is for a lawyer; that it is acted upon is for us.
    """
    before = clock.found(row, ctx.business.alerts.ladder, ctx.clock().date())
    if found.renewals <= before.renewals or before.closes < ctx.clock().date():
        return found
    return before.because("Changed terms would have closed this window already; it counts until it has closed.")


def plan(ctx: Context, file: HandoffFile, *, because: str = "") -> Outcome:
    """Plan a contract's alerts; without an anchored term there is a gap instead of a guess.

    A window that has closed since is recorded first, so that no planning ever passes over it. What
    was decided and carried out stays decided. Lists show what came of it.
    """
    outcome = _plan(ctx, file, because)
    facts.note(ctx, file)
    return outcome


def _plan(ctx: Context, file: HandoffFile, because: str) -> Outcome:
    contract = str(file.contract["id"])
    if kept := _settled(ctx, file, contract):
        return Outcome(skipped=True, detail=kept)
    idle = _idle(ctx, contract) or _ended(ctx, file, contract)
    found = None if idle else deadlines_of(ctx, file)
    if found is not None and found.term_end < ctx.clock().date():
        idle, found = f"the term ended on {found.term_end}", None
    if found is None:
        why = idle or _unplanned(ctx, file)
        with ctx.database.write() as connection:
            clock.stop(connection, contract, why, ctx.clock())
            alerts.supersede(connection, contract, why)
        return Outcome(skipped=True, detail=f"no alert is planned: {why}")
    _let_review(ctx, file, _harmless(ctx, file))
    return _planned(ctx, file, found, because)


def _settled(ctx: Context, file: HandoffFile, contract: str) -> str:
    """Record a window that has closed; say why nothing further is to be planned, or nothing."""
    with ctx.database.read() as connection:
        row = clock.current(connection, contract)
        decision = decisions.current(connection, contract, row["term_end"]) if row else None
    if row is None:
        return ""
    verdict = what_became(ctx, file, row, decision)
    if verdict:
        close(ctx, file, row, verdict)
        return "the term has ended" if verdict == ENDED else ""
    return f"notice was served; it ends on {row['term_end']}" if is_served(decision) else ""


def _planned(ctx: Context, file: HandoffFile, found: Deadlines, because: str) -> Outcome:
    contract, version = str(file.contract["id"]), version_of(found)
    people = [email for email in (file.contract["owner_email"], file.contract["backup_email"]) if email]
    rows = [
        {
            "stage": alert.stage,
            "recipient": recipient,
            "due_on": alert.on,
            "act_by": found.act_by,
            "explanation": list(found.explanation),
        }
        for alert in found.alerts
        for recipient in people or [ctx.business.playbook.revops]
    ]
    calendar = ctx.business.calendar_for(place_of(file))
    with ctx.database.write() as connection:
        decision = decisions.current(connection, contract, found.term_end)
        if decision is not None and decision["state"] == decisions.EXECUTED:
            rows = []
        clock.record(
            ctx.database,
            connection,
            contract,
            version,
            found,
            inputs=inputs_of(file.reading),
            calendar=calendar,
            calendar_version=calendars.version(),
            provisional=provisional(file.reading),
            now=ctx.clock(),
            because=because,
        )
        count = alerts.plan(ctx.database, connection, contract, version, rows, ctx.clock(), because=because)
    register_duties(ctx, file, end=found.term_end)
    return Outcome(version, detail=f"{count} alerts before {found.act_by}")


def version_of(found: Deadlines) -> str:
    """Return the fingerprint under which a deadline's alerts are planned; it changes when a day moves."""
    return hashlib.sha256(json.dumps([str(found.act_by), str(found.term_end)]).encode()).hexdigest()[:16]


def inputs_of(reading: Reading) -> dict[str, object]:
    """Return the terms that deadlines follow from, each with the place that proves it."""
    terms = (reading.get(field) for field in _INPUTS)
    return {
        term.field.value: {
            "value": term.value,
            "sha256": term.citation.sha256,
            "page": term.citation.page,
            "quote": term.citation.quote,
            "rule": term.rule,
        }
        for term in terms
        if term is not None
    }


def provisional(reading: Reading) -> bool:
    """Tell whether any of those terms still waits for a person."""
    return any(term.field in _INPUTS and term.standing is Standing.NEEDS_REVIEW for term in reading.terms) or any(
        gap.field in {field.value for field in _INPUTS} for gap in reading.gaps
    )


def _idle(ctx: Context, contract: str) -> str:
    """Say why a paper has no deadlines of its own; empty where it has."""
    with ctx.database.read() as connection:
        kin = ledger.kin(connection)
    if kin.amended_by(contract):
        return "it changes another contract, whose deadlines follow it"
    successor = next(kin.children(contract, LinkKind.RENEWS, LinkKind.REPLACES), None)
    return f"contract {successor} has taken its place" if successor else ""


def _ended(ctx: Context, file: HandoffFile, contract: str) -> str:
    """Say that the contract is over, unless what its length follows from was changed since.

    An amendment of something else, signed late, does not bring it back to life.
    """
    with ctx.database.read() as connection:
        ended = decisions.ended_on(connection, contract)
        last = clock.history(connection, contract)[-1:] if ended else ()
    if ended is None or any(_lengths(row["inputs"]) != _lengths(inputs_of(file.reading)) for row in last):
        return ""
    return f"it ended on {ended}"


def _lengths(inputs: Mapping[str, Any]) -> dict[str, str]:
    return {name: inputs[name]["value"] for name in _LENGTH if name in inputs}


def _let_review(ctx: Context, file: HandoffFile, faults: Sequence[Fault]) -> None:
    if not faults:
        return
    with ctx.database.write() as connection:
        for fault in faults:
            readings.note_gap(connection, str(file.contract["id"]), Gap(fault.field, fault.why))


def _harmless(ctx: Context, file: HandoffFile) -> list[Fault]:
    """Name what is wrong with a notice on which no day hangs."""
    renewal = renewal_under(ctx.business, ContractTerms.of(file.reading.terms), place_of(file))
    return harmless(renewal) if renewal else []


def _unplanned(ctx: Context, file: HandoffFile) -> str:
    """Say why no day can be computed; an impossible term becomes a gap in the review queue."""
    faults = faults_under(ctx.business, file.reading, place_of(file))
    if not faults:
        return "the paper anchors no term; it waits for review"
    _let_review(ctx, file, faults)
    return f"the term is impossible: {'; '.join(fault.why for fault in faults)}; it waits for review"
