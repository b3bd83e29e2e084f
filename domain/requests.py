"""What people may ask for on a page: each kind with the right it needs and the answers it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.access import Act
from domain.errors import Permanent


class Kind(StrEnum):
    """Name what can be asked for."""

    ACCEPT_TERM = "term.accept"
    CORRECT_TERM = "term.correct"
    REJECT_TERM = "term.reject"
    APPROVE_AMENDMENT = "amendment.approve"
    REJECT_AMENDMENT = "amendment.reject"
    WITHDRAW_AMENDMENT = "amendment.withdraw"
    ACCEPT_LINK = "link.accept"
    REJECT_LINK = "link.reject"
    DECIDE_RENEWAL = "renewal.decide"
    EXECUTE_RENEWAL = "renewal.execute"
    ACKNOWLEDGE_RENEWAL = "renewal.acknowledge"
    FULFIL_DUTY = "duty.fulfil"
    REVIEW_DUTY = "duty.review"
    WAIVE_DUTY = "duty.waive"
    DUTY_HAPPENED = "duty.happened"
    SET_DUTY_DAY = "duty.set_day"
    MOVE_FINDING = "finding.move"
    MATCH_INVOICE = "invoice.match"
    APPLY_WORKLIST = "worklist.apply"
    SLA_CLAIMED = "sla.claimed"
    SLA_ANSWERED = "sla.answered"
    SLA_CREDITED = "sla.credited"
    HAND_OVER = "owner.hand_over"
    SETTLE_EFFECT = "effect.settle"


@dataclass(frozen=True, slots=True)
class Spec:
    """Hold the right that a kind needs, the answers it must have and those it may have; all are text.

    Days are `YYYY-MM-DD`, yes and no are `yes` and `no`, files are the sha256 under which they are stored.
    """

    act: Act
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


SPECS: Mapping[Kind, Spec] = {
    Kind.ACCEPT_TERM: Spec(Act.REVIEW, ("contract", "field")),
    Kind.CORRECT_TERM: Spec(Act.REVIEW, ("contract", "field", "value", "page", "quote"), ("because",)),
    Kind.REJECT_TERM: Spec(Act.REVIEW, ("contract", "field"), ("because",)),
    Kind.APPROVE_AMENDMENT: Spec(Act.APPROVE, ("amendment", "shown"), ("because",)),
    Kind.REJECT_AMENDMENT: Spec(Act.APPROVE, ("amendment", "because")),
    Kind.WITHDRAW_AMENDMENT: Spec(Act.APPROVE, ("amendment", "because")),
    Kind.ACCEPT_LINK: Spec(Act.APPROVE, ("number",), ("because",)),
    Kind.REJECT_LINK: Spec(Act.APPROVE, ("number",), ("because",)),
    Kind.DECIDE_RENEWAL: Spec(Act.DECIDE, ("contract", "verdict"), ("because",)),
    Kind.EXECUTE_RENEWAL: Spec(Act.DECIDE, ("contract",), ("served_on", "proof")),
    Kind.ACKNOWLEDGE_RENEWAL: Spec(Act.DECIDE, ("contract",)),
    Kind.FULFIL_DUTY: Spec(Act.FULFIL, ("due", "on"), ("note", "evidence")),
    Kind.REVIEW_DUTY: Spec(Act.FULFIL, ("due", "accepted"), ("because",)),
    Kind.WAIVE_DUTY: Spec(Act.FULFIL, ("obligation", "because")),
    Kind.DUTY_HAPPENED: Spec(Act.FULFIL, ("obligation", "on")),
    Kind.SET_DUTY_DAY: Spec(Act.FULFIL, ("obligation", "on"), ("rrule",)),
    Kind.MOVE_FINDING: Spec(Act.CLAIM, ("finding", "status"), ("because", "approver")),
    Kind.MATCH_INVOICE: Spec(Act.CLAIM, ("invoice", "contract")),
    Kind.APPLY_WORKLIST: Spec(Act.CLAIM, ("worklist",)),
    Kind.SLA_CLAIMED: Spec(Act.CLAIM, ("breach", "on"), ("reference",)),
    Kind.SLA_ANSWERED: Spec(Act.CLAIM, ("breach", "state"), ("because",)),
    Kind.SLA_CREDITED: Spec(Act.CLAIM, ("breach", "on", "invoice")),
    Kind.HAND_OVER: Spec(Act.ASSIGN, ("leaver",), ("to",)),
    Kind.SETTLE_EFFECT: Spec(Act.HAND_OVER, ("effect", "happened")),
}


def checked(kind: Kind, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that are filled in. Raises `Permanent` for one that is missing or was not asked for."""
    spec = SPECS[kind]
    given = {name: value.strip() for name, value in answers.items() if value.strip()}
    unknown = sorted(set(given) - {*spec.needs, *spec.takes})
    if unknown:
        raise Permanent(f"{unknown[0][:40]!r} was not asked for", fix="reload the page and fill it in again")
    missing = [name for name in spec.needs if name not in given]
    if missing:
        raise Permanent(f"{missing[0].replace('_', ' ').capitalize()} is missing", fix="fill it in and send it again")
    return given
