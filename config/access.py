"""Read `access.yaml`: which role somebody has, and what each role sees and may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from config.yaml_file import line_of, read_yaml
from domain.access import Act, FieldClass, Role, Rule, Viewer, Where, viewer_of
from domain.errors import ConfigurationError
from domain.money import Money
from domain.people import Person

FILE = "access.yaml"


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _money(value: object) -> object:
    return value if value is None or isinstance(value, Money) else Money.parse(str(value)).rounded()


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Amount = Annotated[Money | None, BeforeValidator(_money)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class RoleModel(_Strict):
    """Read who has a role: by team, by a login provider's group, by address."""

    teams: Words = ()
    groups: Words = ()
    people: Words = ()


class WhereModel(_Strict):
    """Read the conditions of a rule; all of them must hold."""

    type: Words = ()
    region: Words = ()
    own_region: bool = False
    counterparty: Words = ()
    below: Amount = None
    at_least: Amount = None
    team: Words = ()
    own_team: bool = False
    mine: bool = False

    def build(self) -> Where:
        """Return the domain object."""
        return Where(**{name: getattr(self, name) for name in type(self).model_fields})


class RuleModel(_Strict):
    """Read one rule."""

    name: str = Field(min_length=1)
    roles: tuple[Role, ...] = ()
    people: Words = ()
    when: WhereModel = WhereModel()
    show: frozenset[FieldClass] = frozenset()
    may: frozenset[Act] = frozenset()
    ban: bool = False

    @model_validator(mode="after")
    def _closes_only(self) -> RuleModel:
        if self.ban and (self.show or self.may):
            message = "a ban shows and allows nothing; leave out `show` and `may`"
            raise ValueError(message)
        return self

    def build(self) -> Rule:
        """Return the domain object."""
        return Rule(self.name, self.roles, self.people, self.when.build(), self.show, self.may, self.ban)


class AccessFile(_Strict):
    """Read the whole file."""

    roles: dict[Role, RoleModel]
    rules: tuple[RuleModel, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Access:
    """Hold who has which role, and the rules."""

    roles: Mapping[Role, RoleModel]
    rules: tuple[Rule, ...]

    def viewer(self, person: Person, how: str, groups: Iterable[str] = ()) -> Viewer:
        """Return a colleague with their rules; `groups` are those their login named."""
        return viewer_of(person, self.rules, self._roles_of(person, set(groups)), how)

    def administrator(self, person: Person, how: str) -> Viewer:
        """Return one who asks as an administrator without being a colleague, such as the API token."""
        return viewer_of(person, self.rules, [Role.ADMIN], how)

    def _roles_of(self, person: Person, groups: set[str]) -> list[Role]:
        mail = person.email.casefold()
        return [
            role
            for role, said in self.roles.items()
            if set(said.teams) & set(person.teams)
            or set(said.groups) & groups
            or mail in {one.casefold() for one in said.people}
        ]


def read_access(directory: Path, people: Mapping[str, Person]) -> Access:
    """Read the file; without one only administrators by team `revops` see anything. Raises `ConfigurationError`."""
    path = directory / FILE
    if not path.exists():
        return closed()
    found = read_yaml(path, AccessFile)
    _known_people(path, found, people)
    return Access(dict(found.roles), tuple(rule.build() for rule in found.rules))


def closed() -> Access:
    """Return the rules of an installation that has not written any: RevOps everything, owners what is theirs."""
    everything = (frozenset(FieldClass), frozenset(Act))
    own = frozenset({Act.REVIEW, Act.DECIDE, Act.FULFIL, Act.HAND_OVER})
    rules = (
        Rule("administrators see and do everything", (Role.ADMIN,), show=everything[0], may=everything[1]),
        Rule("what is mine", where=Where(mine=True), show=everything[0], may=own),
    )
    return Access({Role.ADMIN: RoleModel(teams=("revops",))}, rules)


def _known_people(path: Path, found: AccessFile, people: Mapping[str, Person]) -> None:
    known = {email.casefold() for email in people}
    named = [(("roles", role.value), one.people) for role, one in found.roles.items()]
    named += [(("rules", number), one.people) for number, one in enumerate(found.rules)]  # type: ignore[misc]
    for place, emails in named:
        unknown = [email for email in emails if email.casefold() not in known]
        if unknown:
            raise ConfigurationError(
                f"{path}:{line_of(path, *place)} names {unknown[0]}, whom ownership.yaml does not know",
                fix="correct the address, or add the person to ownership.yaml",
            )
