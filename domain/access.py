"""Who may see and do what: rules over a contract's attributes, closed unless one of them opens it.

One set of rules decides everywhere: lists, search, counts, exports, feeds, alerts, briefs and page
images. A contract is seen when a rule for the person fits it and no ban does; what a fitting rule
shows or allows, and only that, is shown or allowed for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.money import Money
from domain.people import Person
from domain.terms import TermField


class Role(StrEnum):
    """Name what somebody is here for."""

    ADMIN = "admin"
    LEGAL = "legal"
    FINANCE = "finance"
    REVOPS = "revops"
    CS = "cs"
    VIEWER = "viewer"


class FieldClass(StrEnum):
    """Name the kinds of values that may be hidden within a contract that is seen."""

    PRICE = "price"  # amounts, rates, discounts, invoices, findings' money
    PERSONAL = "personal"  # names, addresses and telephone numbers of people at the counterparty
    TEXT = "text"  # the paper itself: pages, images, quotes, files


# Terms that say what something costs.
_PRICES = frozenset(
    {
        TermField.TOTAL_VALUE, TermField.ANNUAL_VALUE, TermField.LATE_INTEREST, TermField.DISCOUNT,
        TermField.PROMOTION, TermField.ESCALATION_PERCENT, TermField.ESCALATION_INDEX, TermField.ESCALATION_MARGIN,
        TermField.ESCALATION_FLOOR, TermField.ESCALATION_CAP, TermField.MINIMUM_COMMITMENT, TermField.LIABILITY_CAP,
        TermField.SERVICE_CREDIT, TermField.CREDIT_CAP, TermField.INSURANCE,
    }
)  # fmt: skip
# Terms whose value is a sentence of the paper.
_SENTENCES = frozenset(
    {
        TermField.SUPPORT, TermField.AUDIT_RIGHT, TermField.DATA_DUTY, TermField.SPECIAL, TermField.OBLIGATION,
        TermField.SLA_EXCLUSION,
    }
)  # fmt: skip


def class_of(name: TermField) -> FieldClass | None:
    """Return the kind of values a term belongs to, `None` where whoever sees the contract sees it."""
    if name in _SENTENCES:
        return FieldClass.TEXT
    return FieldClass.PRICE if name in _PRICES else None


class Act(StrEnum):
    """Name what may be done with a contract."""

    REVIEW = "review"  # accept, correct or reject what was read
    APPROVE = "approve"  # amendments, links between papers
    DECIDE = "decide"  # about renewals
    FULFIL = "fulfil"  # obligations and their evidence
    CLAIM = "claim"  # findings, invoices, service credits
    HAND_OVER = "hand_over"  # first touch, retries, welcome mails, replay
    ASSIGN = "assign"  # owners, leave
    AUDIT = "audit"  # read the whole audit trail, webhooks, outbox


@dataclass(frozen=True, slots=True)
class Subject:
    """Hold the attributes of one contract that rules ask about; empty and `None` mean unknown."""

    type: str = ""
    region: str = ""
    counterparty: str = ""
    value: Money | None = None
    team: tuple[str, ...] = ()  # teams of owner and backup
    people: tuple[str, ...] = ()  # addresses of owner, backup and customer success manager


@dataclass(frozen=True, slots=True)
class Where:
    """Hold a rule's conditions, all of which must hold; an empty one always does, an unknown value never satisfies one."""

    type: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    own_region: bool = False  # the viewer's own regions
    counterparty: tuple[str, ...] = ()
    below: Money | None = None
    at_least: Money | None = None
    team: tuple[str, ...] = ()
    own_team: bool = False
    mine: bool = False  # owner, backup or customer success manager is the viewer


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold what some people see and may do of some contracts; `ban` closes them whatever others open."""

    name: str
    roles: tuple[Role, ...] = ()
    people: tuple[str, ...] = ()
    where: Where = field(default_factory=Where)
    show: frozenset[FieldClass] = frozenset()
    may: frozenset[Act] = frozenset()
    ban: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """Hold the person who asks, with the rules that are theirs; `how` says how they proved who they are."""

    email: str
    name: str
    roles: frozenset[Role] = frozenset()
    teams: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    how: str = ""  # oidc | header | token | local | link

    def may(self, act: Act, subject: Subject) -> bool:
        """Tell whether this person may do this with that contract."""
        return any(act in rule.may for rule in self._fitting(subject))

    def ever(self, act: Act) -> bool:
        """Tell whether this person may do this with any contract at all; menus and buttons ask it."""
        return any(act in rule.may for rule in self.rules if not rule.ban)

    def everywhere(self, act: Act) -> bool:
        """Tell whether this person may do this without any condition; what belongs to no contract asks it."""
        return any(act in rule.may and rule.where == Where() for rule in self.rules if not rule.ban)

    def sees(self, subject: Subject) -> bool:
        """Tell whether this person may know of that contract."""
        return bool(self._fitting(subject))

    def shows(self, kind: FieldClass, subject: Subject) -> bool:
        """Tell whether values of that kind are shown to this person for that contract."""
        return any(kind in rule.show for rule in self._fitting(subject))

    def _fitting(self, subject: Subject) -> list[Rule]:
        found = [rule for rule in self.rules if fits(rule.where, subject, self, doubt=rule.ban)]
        return [] if any(rule.ban for rule in found) else found


def viewer_of(person: Person, rules: Iterable[Rule], roles: Iterable[Role], how: str) -> Viewer:
    """Return a colleague as one who asks, with the rules for their roles or name."""
    known = frozenset(roles)
    theirs = tuple(rule for rule in rules if _is_for(rule, person.email, known))
    return Viewer(person.email, person.name, known, person.teams, person.regions, theirs, how)


def _is_for(rule: Rule, email: str, roles: frozenset[Role]) -> bool:
    everybody = not rule.roles and not rule.people
    named = email.casefold() in {one.casefold() for one in rule.people}
    return everybody or named or bool(roles & set(rule.roles))


def fits(where: Where, subject: Subject, viewer: Viewer, *, doubt: bool = False) -> bool:
    """Tell whether every condition holds for that contract and that person.

    `doubt` is the answer where the contract's attribute is unknown: a ban holds, nothing else does.
    """
    asked = (
        (bool(where.type), subject.type, where.type),
        (bool(where.region), subject.region, where.region),
        (where.own_region, subject.region, viewer.regions),
        (bool(where.counterparty), subject.counterparty, where.counterparty),
    )
    return (
        all(not stated or _is(value, wanted, doubt=doubt) for stated, value, wanted in asked)
        and (not where.team or _any(subject.team, where.team, doubt=doubt))
        and (not where.own_team or _any(subject.team, viewer.teams, doubt=doubt))
        and (not where.mine or _any(subject.people, (viewer.email,), doubt=doubt))
        and (where.below is None or _less(subject.value, where.below, doubt=doubt) is True)
        and (where.at_least is None or _less(subject.value, where.at_least, doubt=not doubt) is False)
    )


def _is(value: str, wanted: Sequence[str], *, doubt: bool) -> bool:
    return value.casefold() in {one.casefold() for one in wanted} if value else doubt


def _any(values: Sequence[str], wanted: Sequence[str], *, doubt: bool) -> bool:
    known = {value.casefold() for value in values if value}
    return bool(known & {one.casefold() for one in wanted}) if known else doubt


def _less(value: Money | None, limit: Money, *, doubt: bool) -> bool:
    """Tell whether an amount is below a limit; amounts of another currency cannot be compared."""
    if value is None or value.currency != limit.currency:
        return doubt
    return value.amount < limit.amount
