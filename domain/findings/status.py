"""What becomes of a finding: from detected to recovered, and the ways out.

Money counts as recovered only when its credit or its new invoice line was seen; who says so before
that is a person, and who gives up on money needs an approver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Permanent
from domain.invoices import Direction


class Status(StrEnum):
    """Name where a finding stands."""

    DETECTED = "detected"
    TRIAGED = "triaged"
    CONFIRMED = "confirmed"
    CLAIMED = "claimed"
    TO_BILL = "to_bill"
    ACKNOWLEDGED = "acknowledged"
    CREDITED = "credited"
    REBILLED = "rebilled"
    RECOVERED = "recovered"
    REJECTED = "rejected"
    WRITTEN_OFF = "written_off"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    RESOLVED = "resolved"


UNSETTLED = frozenset(
    {
        Status.DETECTED, Status.TRIAGED, Status.CONFIRMED, Status.CLAIMED, Status.TO_BILL, Status.ACKNOWLEDGED,
        Status.CREDITED, Status.REBILLED,
    }
)  # fmt: skip
PURSUED = frozenset({Status.CLAIMED, Status.TO_BILL, Status.ACKNOWLEDGED, Status.CREDITED, Status.REBILLED})
UNCLAIMED = frozenset({Status.DETECTED, Status.TRIAGED, Status.CONFIRMED})
BY_NIGHT = frozenset({Status.RECOVERED, Status.EXPIRED, Status.SUPERSEDED, Status.RESOLVED})
_OUT = frozenset({Status.REJECTED, Status.WRITTEN_OFF})
_NEXT: Mapping[Status, frozenset[Status]] = {
    Status.DETECTED: frozenset({Status.TRIAGED, Status.CONFIRMED}) | _OUT,
    Status.TRIAGED: frozenset({Status.CONFIRMED}) | _OUT,
    Status.CONFIRMED: frozenset({Status.CLAIMED, Status.TO_BILL}) | _OUT,
    Status.CLAIMED: frozenset({Status.ACKNOWLEDGED, Status.CREDITED}) | _OUT,
    Status.TO_BILL: frozenset({Status.REBILLED}) | _OUT,
    Status.ACKNOWLEDGED: frozenset({Status.CREDITED}) | _OUT,
    Status.CREDITED: _OUT,
    Status.REBILLED: _OUT,
}
_SIDE = {Status.CLAIMED: Direction.PAYABLE, Status.TO_BILL: Direction.RECEIVABLE}


@dataclass(frozen=True, slots=True)
class Move:
    """Hold a person's change of a finding's status; a rejection needs a `reason`, a write-off an `approver` too."""

    to: Status
    who: str
    reason: str = ""
    approver: str = ""


def check_move(now: Status, move: Move, direction: Direction) -> None:
    """Raise `Permanent` where a person may not move a finding that way; what is closed may be reopened."""
    if move.to in BY_NIGHT:
        _refuse(
            now,
            move,
            f"{move.to} is for the nightly run, which has to see the credit or the line itself",
            _allowed(now),
        )
    if now not in UNSETTLED:
        if move.to is not Status.TRIAGED:
            _refuse(now, move, "it is closed", "reopen it as triaged first")
        if not move.reason:
            _refuse(now, move, "to reopen it needs a reason", "say why")
        return
    if move.to not in _NEXT[now]:
        _refuse(now, move, f"that is not a step from {now}", _allowed(now))
    if _SIDE.get(move.to, direction) is not direction:
        other = Status.TO_BILL if move.to is Status.CLAIMED else Status.CLAIMED
        _refuse(now, move, f"it is a {direction}", f"write {other}")
    _check_way_out(now, move)


def next_steps(now: Status, direction: Direction) -> list[Status]:
    """Return where a person may move a finding from here; what is closed may be reopened."""
    if now not in UNSETTLED:
        return [Status.TRIAGED]
    return [one for one in Status if one in _NEXT[now] and _SIDE.get(one, direction) is direction]


def _check_way_out(now: Status, move: Move) -> None:
    if move.to in _OUT and not move.reason:
        _refuse(now, move, f"{move.to} needs a reason", "say why")
    if move.to is Status.WRITTEN_OFF and (not move.approver or move.approver == move.who):
        _refuse(now, move, "to write money off somebody else has to approve", "name the approver")


def _allowed(now: Status) -> str:
    return "allowed: " + ", ".join(sorted(_NEXT.get(now, frozenset({Status.TRIAGED}))))


def _refuse(now: Status, move: Move, why: str, fix: str) -> None:
    raise Permanent(f"The finding does not go from {now} to {move.to}", why=why, fix=fix)
