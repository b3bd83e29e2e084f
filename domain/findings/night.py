"""What a night changes about the findings we know: new ones, changed ones, settled ones, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.findings.finding import Finding
from domain.findings.status import PURSUED, UNCLAIMED, UNSETTLED, Status
from domain.money import Money

_SELF_CLOSED = frozenset({Status.RESOLVED, Status.SUPERSEDED, Status.RECOVERED})


class Kind(StrEnum):
    """Name what happens to a finding in a night."""

    RAISED = "raised"
    CHANGED = "changed"
    REOPENED = "reopened"
    RECOVERED = "recovered"
    PARTLY = "partly recovered"
    RESOLVED = "resolved"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Known:
    """Hold a finding as it stands; `at_stake` is what was open when it was last seen, `terms` the version of the terms.

    `claimed` is the most that can be recovered, `recovered` what was.
    """

    fingerprint: str
    contract: str
    status: Status
    content: str
    terms: str
    at_stake: Money | None
    claimed: Money | None
    recovered: Decimal = Decimal(0)
    dispute_by: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Hold one change of a night, in words for people; `finding` is `None` where it is gone."""

    kind: Kind
    fingerprint: str
    status: Status
    why: str
    finding: Finding | None = None
    recovered: Money | None = None


@dataclass(frozen=True, slots=True)
class Night:
    """Hold what a night looked at: contracts checked, versions of their terms, and credits or lines seen since.

    `seen` maps a fingerprint to the words of the credit or invoice line that settles it.
    """

    today: date
    checked: frozenset[str]
    terms: Mapping[str, str]
    seen: Mapping[str, str]


def changes(night: Night, known: Mapping[str, Known], found: Iterable[Finding]) -> Iterator[Change]:
    """Yield what is to be recorded; a night that finds the same as the last one yields nothing."""
    now = {one.fingerprint: one for one in found}
    for fingerprint, finding in now.items():
        before = known.get(fingerprint)
        if before is None:
            yield Change(Kind.RAISED, fingerprint, Status.DETECTED, finding.explanation, finding)
        else:
            yield from _still(night, before, finding)
    for fingerprint, before in known.items():
        if fingerprint not in now and before.contract in night.checked and before.status in UNSETTLED:
            yield _gone(night, before)


def content_of(finding: Finding) -> str:
    """Return what of a finding is news when it changes: its amounts and its words."""
    return f"{finding.expected}|{finding.billed}|{finding.explanation}"


def _still(night: Night, before: Known, finding: Finding) -> Iterator[Change]:
    if before.status in _SELF_CLOSED:
        yield Change(Kind.REOPENED, before.fingerprint, Status.TRIAGED, "it is there again", finding)
        return
    if before.status not in UNSETTLED:
        return
    if before.status in UNCLAIMED and before.dispute_by is not None and before.dispute_by < night.today:
        why = f"it could be disputed until {before.dispute_by}"
        yield Change(Kind.EXPIRED, before.fingerprint, Status.EXPIRED, why, finding)
    elif content_of(finding) != before.content:
        part = _part(night, before, finding)
        yield part or Change(Kind.CHANGED, before.fingerprint, before.status, finding.explanation, finding)


def _part(night: Night, before: Known, finding: Finding) -> Change | None:
    """Return a partial recovery, where less is open since a credit or line was seen."""
    open_now = finding.at_stake
    if (
        before.status not in PURSUED
        or before.at_stake is None
        or open_now is None
        or before.fingerprint not in night.seen
    ):
        return None
    got = _limited(before, before.at_stake - open_now)
    if got.amount <= 0:
        return None
    return Change(Kind.PARTLY, before.fingerprint, before.status, night.seen[before.fingerprint], finding, got)


def _gone(night: Night, before: Known) -> Change:
    seen = night.seen.get(before.fingerprint)
    if before.status in PURSUED and seen is not None:
        rest = before.at_stake if before.at_stake is not None else before.claimed
        got = _limited(before, rest) if rest is not None else None
        return Change(Kind.RECOVERED, before.fingerprint, Status.RECOVERED, seen, recovered=got)
    if night.terms.get(before.contract, before.terms) != before.terms:
        return Change(Kind.SUPERSEDED, before.fingerprint, Status.SUPERSEDED, "the terms of the contract have changed")
    return Change(Kind.RESOLVED, before.fingerprint, Status.RESOLVED, seen or "its cause is gone from the papers")


def _limited(before: Known, amount: Money) -> Money:
    """Return the amount, never more than what is left of the claim."""
    if before.claimed is None:
        return amount
    return Money(min(amount.amount, before.claimed.amount - before.recovered), amount.currency)
