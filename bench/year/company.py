"""The made-up company: who owns contracts in which part of the world, who comes and who goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from config.business import Business, load_business
from domain.people import Match, OwnershipRule, Person

REGIONS = {
    "EMEA": (("Europe/Berlin", "DE"), ("Europe/London", "GB-ENG"), ("Europe/Lisbon", "PT")),
    "AMER": (("America/New_York", "US-NY"), ("America/Los_Angeles", "US-CA"), ("America/Sao_Paulo", "BR")),
    "APAC": (("Asia/Tokyo", "JP"), ("Australia/Sydney", "AU"), ("Asia/Singapore", "SG")),
}
_PLACES = {"US": "AMER", "CA": "AMER", "AMER": "AMER", "JP": "APAC", "AU": "APAC", "SG": "APAC"}
OWNERS, BACKUPS = 8, 6
CHIEF, REVOPS = "chief@made-up.example", "revops@made-up.example"


def region_of(place: str) -> str:
    """Return the part of the world that a country belongs to."""
    return _PLACES.get(place, "EMEA")


def founded(config: Path) -> Business:
    """Return our rules with the made-up company's people in place of the sample company's."""
    base = load_business(config)
    people = {one.email: one for region in REGIONS for one in _team(region)}
    people |= {CHIEF: Person(CHIEF, "Chief"), REVOPS: Person(REVOPS, "Revenue operations", manager=CHIEF)}
    rules = tuple(_rule(region, people) for region in REGIONS)
    return replace(
        base,
        people=people,
        ownership=rules,
        playbook=base.playbook.model_copy(update={"revops": REVOPS}),
        alerts=base.alerts.model_copy(
            update={"escalation": base.alerts.escalation.model_copy(update={"executive": CHIEF})}
        ),
    )


def _team(region: str) -> Iterator[Person]:
    manager = f"manager.{region.casefold()}@made-up.example"
    yield Person(manager, f"Manager {region}", ("management",), (region,), manager=CHIEF)
    for role, many in (("owner", OWNERS), ("backup", BACKUPS)):
        for number in range(many):
            yield person(region, role, f"{role}{number}")


def person(region: str, role: str, name: str) -> Person:
    """Return somebody of a region; every sixth has no chat account."""
    number = sum(map(ord, region + name))
    zone, calendar = REGIONS[region][number % 3]
    email = f"{name}.{region.casefold()}@made-up.example"
    manager = f"manager.{region.casefold()}@made-up.example"
    return Person(
        email, f"{name} {region}", (role,), (region,), manager=manager, timezone=zone, calendar=calendar,
        chat=number % 6 != 0,
    )  # fmt: skip


def _rule(region: str, people: dict[str, Person]) -> OwnershipRule:
    def team(role: str) -> tuple[str, ...]:
        return tuple(email for email, one in people.items() if role in one.teams and region in one.regions)

    return OwnershipRule(region, Match(region=(region,)), team("owner"), team("backup"))


def joined(business: Business, region: str, role: str, name: str) -> Business:
    """Return the business with one more person, who is listed under the region's rule."""
    new = person(region, role, name)
    rules = tuple(_with(rule, role, new.email) if rule.name == region else rule for rule in business.ownership)
    return replace(business, people={**business.people, new.email: new}, ownership=rules)


def _with(rule: OwnershipRule, role: str, email: str) -> OwnershipRule:
    if role == "owner":
        return replace(rule, owner=(*rule.owner, email))
    return replace(rule, backup=(*rule.backup, email))


def gone(business: Business, email: str, *, struck_off: bool) -> Business:
    """Return the business without somebody: marked as inactive, or struck off every list."""
    if not struck_off:
        left = replace(business.people[email], active=False)
        return replace(business, people={**business.people, email: left})
    people = {other: one for other, one in business.people.items() if other != email}
    rules = tuple(
        replace(rule, owner=_without(rule.owner, email), backup=_without(rule.backup, email))
        for rule in business.ownership
    )
    return replace(business, people=people, ownership=rules)


def _without(emails: tuple[str, ...], email: str) -> tuple[str, ...]:
    return tuple(one for one in emails if one != email)
