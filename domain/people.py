"""People of our own company: who may own a contract, who onboards a customer, who is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.errors import Permanent
from domain.money import Money


@dataclass(frozen=True, slots=True)
class Leave:
    """Hold an absence, both days included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Person:
    """Hold a colleague; `teams` and `regions` are matched by rules, `chat` may be empty."""

    email: str
    name: str
    teams: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    manager: str = ""
    timezone: str = "UTC"
    calendar: str = "US"
    capacity: int = 20
    chat: bool = True
    active: bool = True
    leave: tuple[Leave, ...] = ()

    def available(self, day: date) -> bool:
        """Tell whether the person works for us and is not on leave that day."""
        return self.active and not any(off.first <= day <= off.last for off in self.leave)


def with_leaves(people: Mapping[str, Person], entered: Iterable[tuple[str, Leave]]) -> dict[str, Person]:
    """Return the people with the absences that were entered for them beside those already known."""
    found = dict(people)
    for email, leave in entered:
        if email in found:
            found[email] = replace(found[email], leave=(*found[email].leave, leave))
    return found


def colleague(people: Mapping[str, Person], who: str) -> Person:
    """Return the active colleague of that address; decisions are made by named people. Raises `Permanent`."""
    person = people.get(who)
    if person is None or not person.active:
        raise Permanent(
            f"{who!r} may not decide about contracts",
            why="only active colleagues listed in config/ownership.yaml may",
            fix="name yourself with --who, as your address stands there",
        )
    return person


@dataclass(frozen=True, slots=True)
class Traits:
    """Hold what rules may ask of a contract; empty text and `None` mean unknown."""

    region: str = ""
    tier: str = ""
    type: str = ""
    language: str = ""
    product: str = ""
    value: Money | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Hold the conditions of a rule; an empty condition matches everything."""

    region: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    min_value: Money | None = None

    def fits(self, traits: Traits) -> bool:
        """Tell whether every stated condition holds; an unknown value never satisfies one."""
        return (
            _one_of(traits.region, self.region)
            and _one_of(traits.tier, self.tier)
            and _one_of(traits.type, self.type)
            and _one_of(traits.product, self.product)
            and self._value_fits(traits.value)
        )

    def _value_fits(self, value: Money | None) -> bool:
        if self.min_value is None:
            return True
        if value is None or value.currency != self.min_value.currency:
            return False
        return value.amount >= self.min_value.amount


@dataclass(frozen=True, slots=True)
class OwnershipRule:
    """Hold who owns and who backs up the contracts that a rule matches."""

    name: str
    match: Match
    owner: tuple[str, ...]
    backup: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ownership:
    """Hold the decision: a named owner, a distinct backup, and the reason for both."""

    owner: Person
    backup: Person
    rule: str
    reason: str


def assign_owner(
    rules: Sequence[OwnershipRule],
    people: Mapping[str, Person],
    traits: Traits,
    *,
    today: date,
    load: Mapping[str, int] | None = None,
    current: tuple[str, str] = ("", ""),
) -> Ownership:
    """Choose owner and backup by the first matching rule.

    Among a rule's candidates the one available today with the lightest load (contracts already
    owned) is taken; whoever of `current` (owner, backup) still fits keeps the contract. Raises `Permanent` when no rule matches or no two distinct people are left.
    """
    rule = next((rule for rule in rules if rule.match.fits(traits)), None)
    if rule is None:
        raise Permanent(
            "No owner for the contract",
            why=f"no rule matches {describe(traits)}",
            fix="add a last rule without conditions to config/ownership.yaml",
        )
    busy = load or {}
    owner = _lightest(rule.owner, people, today, busy, keep=current[0])
    taken = (owner.email,) if owner else ()
    backup = _lightest(rule.backup, people, today, busy, exclude=taken, keep=current[1])
    if owner is None or backup is None:
        raise Permanent(
            f"Rule {rule.name!r} names no available {'owner' if owner is None else 'backup'}",
            why="everybody it lists is inactive, on leave or already the owner",
            fix="list another person under that rule in config/ownership.yaml",
        )
    reason = f"rule {rule.name!r}: {owner.name} owns, {backup.name} backs up"
    return Ownership(owner, backup, rule.name, reason)


def describe(traits: Traits) -> str:
    """Describe traits for an error text."""
    stated = {"region": traits.region, "tier": traits.tier, "type": traits.type}
    known = [f"{name} {value!r}" for name, value in stated.items() if value]
    return ", ".join(known) or "a contract without region, tier or type"


def choose_csm(
    candidates: Sequence[Person], traits: Traits, *, today: date, load: Mapping[str, int]
) -> tuple[Person, str]:
    """Choose the customer success manager by region, language, leave and load.

    Region and language narrow the field only while somebody is left. Raises `Permanent` when
    nobody is available at all.
    """
    here = [person for person in candidates if person.available(today)]
    if not here:
        raise Permanent(
            "No customer success manager is available",
            why="everybody in the team is inactive or on leave today",
            fix="add somebody to the csm team in config/ownership.yaml or end a leave",
        )
    reasons: list[str] = []
    for trait, wanted, attribute in (
        ("region", traits.region, "regions"),
        ("language", traits.language, "languages"),
    ):
        fitting = [person for person in here if wanted and wanted in getattr(person, attribute)]
        if fitting:
            here, reasons = fitting, [*reasons, f"{trait} {wanted}"]
    free = [person for person in here if load.get(person.email, 0) < person.capacity]
    chosen = min(free or here, key=lambda person: (load.get(person.email, 0), person.email))
    reasons.append(f"{load.get(chosen.email, 0)} open handoffs of {chosen.capacity}")
    return chosen, ", ".join(reasons)


def _lightest(
    emails: Sequence[str],
    people: Mapping[str, Person],
    today: date,
    load: Mapping[str, int],
    *,
    exclude: Sequence[str] = (),
    keep: str = "",
) -> Person | None:
    known = [people[email] for email in emails if email in people and email not in exclude]
    here = [person for person in known if person.available(today)]
    return min(here, key=lambda person: (person.email != keep, load.get(person.email, 0)), default=None)


def _one_of(value: str, allowed: Sequence[str]) -> bool:
    return not allowed or value.casefold() in {entry.casefold() for entry in allowed}
