"""The YAML that business people edit, validated and turned into domain objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from config.access import Access, closed, read_access
from config.reconciliation import read_policy
from config.yaml_file import line_of, read_yaml
from domain.alerting import Escalation
from domain.brief import FieldSpec, Question
from domain.calendars import OfficeHours, is_business_day, zone
from domain.errors import ConfigurationError, Permanent
from domain.findings.contract import Policy
from domain.money import Money
from domain.people import Leave, Match, OwnershipRule, Person, Traits
from domain.playbook import OnboardingTemplate, Play, TemplateTask
from domain.welcome import WelcomeMail, WelcomeTemplate

T = TypeVar("T")
_POLICY = Policy()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _money(value: object) -> Money:
    if isinstance(value, Money):
        return value
    return Money.parse(str(value))


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Amount = Annotated[Money, BeforeValidator(_money)]


class MatchModel(_Strict):
    """Read the conditions of a rule."""

    region: Words = ()
    tier: Words = ()
    type: Words = ()
    product: Words = ()
    min_value: Amount | None = None

    def build(self) -> Match:
        """Return the domain object."""
        return Match(self.region, self.tier, self.type, self.product, self.min_value)


class LeaveModel(_Strict):
    """Read an absence."""

    first: date
    last: date


class PersonModel(_Strict):
    """Read a colleague."""

    name: str
    teams: Words = ()
    regions: Words = ()
    languages: Words = ()
    manager: str = ""
    timezone: str = "UTC"
    calendar: str = "US"
    capacity: int = Field(default=20, ge=1)
    chat: bool = True
    active: bool = True
    leave: tuple[LeaveModel, ...] = ()

    @field_validator("timezone", "calendar")
    @classmethod
    def _exists(cls, value: str, info: ValidationInfo) -> str:
        try:
            zone(value) if info.field_name == "timezone" else is_business_day(date(2026, 1, 2), value)
        except Permanent as error:
            message = f"{error.what}; {error.fix}"
            raise ValueError(message) from error
        return value

    def build(self, email: str) -> Person:
        """Return the domain object."""
        fields = self.model_dump(exclude={"leave"})
        return Person(email=email, leave=tuple(Leave(off.first, off.last) for off in self.leave), **fields)


class OwnershipRuleModel(_Strict):
    """Read an ownership rule."""

    name: str
    when: MatchModel = MatchModel()
    owner: Words = Field(min_length=1)
    backup: Words = Field(min_length=1)


class OwnershipFile(_Strict):
    """Read `ownership.yaml`."""

    people: dict[str, PersonModel] = Field(min_length=1)
    rules: tuple[OwnershipRuleModel, ...] = Field(min_length=1)
    required_above: Amount | None = None


class PlayModel(_Strict):
    """Read a play."""

    name: str
    when: MatchModel = MatchModel()
    onboarding: str = ""
    welcome: str = ""


class FirstTouchModel(_Strict):
    """Read the service level of the first touch; escalation steps are shares of the time allowed."""

    escalate_at: tuple[float, ...] = (0.5, 1.0, 1.5)
    opens: time = time(9)
    closes: time = time(17, 30)

    @model_validator(mode="after")
    def _opens_first(self) -> FirstTouchModel:
        if self.opens >= self.closes:
            message = f"opens ({self.opens}) must be earlier than closes ({self.closes})"
            raise ValueError(message)
        return self


class PlaybookFile(_Strict):
    """Read `playbook.yaml`."""

    closed_won_channel: str = "#closed-won"
    handoff_channel: str = "#cs-handoffs"
    csm_team: str = "csm"
    revops: str
    our_names: Words = ()
    plays: tuple[PlayModel, ...] = Field(min_length=1)
    first_touch: FirstTouchModel = FirstTouchModel()


_Ladder = tuple[Annotated[int, Field(ge=1, le=730)], ...]


class AlertRuleModel(_Strict):
    """Read a ladder of its own for some contracts."""

    name: str
    when: MatchModel
    ladder: _Ladder | None = None
    decision_buffer_days: int | None = Field(default=None, ge=0, le=120)


class EscalationModel(_Strict):
    """Read who hears of silence, and when."""

    manager_after_business_days: int = Field(default=4, ge=1, le=60)
    executive_within_days: int = Field(default=14, ge=0, le=120)
    executive: str = ""
    give_up_after_attempts: int = Field(default=3, ge=1, le=100)


class AlertsFile(_Strict):
    """Read `alerts.yaml`."""

    ladder: _Ladder = (120, 90, 60, 30)
    rules: tuple[AlertRuleModel, ...] = ()
    escalation: EscalationModel = EscalationModel()
    default_calendar: str = "US"
    calendars: dict[str, str] = {}
    transit_days: int = Field(default=5, ge=0, le=60)
    decision_buffer_days: int = Field(default=10, ge=0, le=120)


class FieldModel(_Strict):
    """Read one line of the brief."""

    key: str
    label: str
    required: bool = False
    ask: str = ""


_QUESTIONS = {question.name.lower(): question for question in Question}


class BriefFile(_Strict):
    """Read `brief.yaml`: fields by question."""

    who: tuple[FieldModel, ...]
    bought: tuple[FieldModel, ...]
    people: tuple[FieldModel, ...]
    promises: tuple[FieldModel, ...]
    complexity: tuple[FieldModel, ...]
    success: tuple[FieldModel, ...]
    first_action: tuple[FieldModel, ...]
    renewal: tuple[FieldModel, ...] = ()
    special: tuple[FieldModel, ...] = ()


class TaskModel(_Strict):
    """Read a task of an onboarding template."""

    key: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str
    role: str
    day: int = Field(ge=0, le=365)
    notes: str = ""
    milestone: bool = False


class OnboardingFile(_Strict):
    """Read `onboarding/*.yaml`."""

    title: str
    tasks: tuple[TaskModel, ...] = Field(min_length=1)


class MailModel(_Strict):
    """Read a mail of the welcome sequence."""

    key: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    day: int = Field(ge=0, le=90)
    subject: str
    body: str
    skip_if_intake_done: bool = False


class MaterialModel(_Strict):
    """Read a link the customer gets."""

    title: str
    url: str


class WelcomeFile(_Strict):
    """Read `welcome/*.yaml`."""

    materials: tuple[MaterialModel, ...] = ()
    mails: tuple[MailModel, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Business:
    """Hold all business configuration as domain objects."""

    people: dict[str, Person]
    ownership: tuple[OwnershipRule, ...]
    required_above: Money | None
    playbook: PlaybookFile
    plays: tuple[Play, ...]
    alerts: AlertsFile
    brief: tuple[FieldSpec, ...]
    onboarding: dict[str, OnboardingTemplate]
    welcome: dict[str, WelcomeTemplate]
    reconciliation: Policy = _POLICY
    access: Access = field(default_factory=closed)

    def csms(self) -> list[Person]:
        """Return the customer success managers."""
        return [p for p in self.people.values() if self.playbook.csm_team in p.teams]

    def is_ours(self, email: str) -> bool:
        """Tell whether an address belongs to our own company."""
        ours = {address.rpartition("@")[2].casefold() for address in self.people}
        return email.rpartition("@")[2].casefold() in ours

    def onboarding_template(self, name: str) -> OnboardingTemplate:
        """Return the template. Raises `Permanent` naming the missing file."""
        return _template(self.onboarding, "onboarding", name)

    def welcome_template(self, name: str) -> WelcomeTemplate:
        """Return the sequence. Raises `Permanent` naming the missing file."""
        return _template(self.welcome, "welcome", name)

    def calendar_for(self, region_or_country: str) -> str:
        """Return the business calendar configured for a country or region."""
        return self.alerts.calendars.get(region_or_country, self.alerts.default_calendar)

    def ladder_for(self, traits: Traits) -> tuple[tuple[int, ...], int]:
        """Return the stages and the business days a decision needs, by the first rule that fits."""
        rule = next((rule for rule in self.alerts.rules if rule.when.build().fits(traits)), None)
        ladder = rule.ladder if rule and rule.ladder else self.alerts.ladder
        buffer = rule.decision_buffer_days if rule else None
        return ladder, self.alerts.decision_buffer_days if buffer is None else buffer

    @property
    def escalation(self) -> Escalation:
        """Return when silence goes up, and to whom."""
        said = self.alerts.escalation
        return Escalation(
            said.manager_after_business_days,
            said.executive_within_days,
            said.executive or self.playbook.revops,
            said.give_up_after_attempts,
        )

    def office_hours(self, person: Person) -> OfficeHours:
        """Return when that person works."""
        hours = self.playbook.first_touch
        return OfficeHours(person.timezone, person.calendar, hours.opens, hours.closes)


def _template(templates: dict[str, T], kind: str, name: str) -> T:
    try:
        return templates[name]
    except KeyError as error:
        raise Permanent(
            f"There is no {kind} template {name!r}",
            why=f"the playbook names it, but config/{kind}/{name}.yaml does not exist",
            fix=f"create that file or name one of: {', '.join(sorted(templates)) or 'none exist'}",
        ) from error


def load_business(directory: Path) -> Business:
    """Read every YAML file of the directory. Raises `ConfigurationError` with file and line."""
    ownership = read_yaml(directory / "ownership.yaml", OwnershipFile)
    playbook = read_yaml(directory / "playbook.yaml", PlaybookFile)
    people = {email: model.build(email) for email, model in ownership.people.items()}
    _known_people(directory / "ownership.yaml", ownership, people)
    return Business(
        people=people,
        ownership=tuple(
            OwnershipRule(rule.name, rule.when.build(), rule.owner, rule.backup) for rule in ownership.rules
        ),
        required_above=ownership.required_above,
        playbook=playbook,
        plays=tuple(Play(p.name, p.when.build(), p.onboarding, p.welcome) for p in playbook.plays),
        alerts=read_yaml(directory / "alerts.yaml", AlertsFile),
        brief=_brief(read_yaml(directory / "brief.yaml", BriefFile)),
        onboarding={path.stem: _onboarding(path) for path in sorted(directory.glob("onboarding/*.yaml"))},
        welcome={path.stem: _welcome(path) for path in sorted(directory.glob("welcome/*.yaml"))},
        reconciliation=read_policy(directory / "reconciliation.yaml"),
        access=read_access(directory, people),
    )


def _known_people(path: Path, file: OwnershipFile, people: dict[str, Person]) -> None:
    named = [
        (f"rule {rule.name!r}", email, line_of(path, "rules", number, part))
        for number, rule in enumerate(file.rules)
        for part, emails in (("owner", rule.owner), ("backup", rule.backup))
        for email in emails
        if email not in people
    ]
    named += [
        (person.email, person.manager, line_of(path, "people", person.email, "manager"))
        for person in people.values()
        if person.manager and person.manager not in people
    ]
    for where, email, line in named:
        raise ConfigurationError(
            f"{path}:{line} {where} names {email!r}",
            why="nobody of that address is listed under people",
            fix="add the person or correct the address",
        )


def _brief(file: BriefFile) -> tuple[FieldSpec, ...]:
    return tuple(
        FieldSpec(field.key, question, field.label, field.required, field.ask)
        for name, question in _QUESTIONS.items()
        for field in getattr(file, name)
    )


def _onboarding(path: Path) -> OnboardingTemplate:
    file = read_yaml(path, OnboardingFile)
    tasks = tuple(TemplateTask(t.key, t.name, t.role, t.day, t.notes, t.milestone) for t in file.tasks)
    return OnboardingTemplate(path.stem, file.title, tasks)


def _welcome(path: Path) -> WelcomeTemplate:
    file = read_yaml(path, WelcomeFile)
    mails = tuple(WelcomeMail(m.key, m.day, m.subject, m.body, m.skip_if_intake_done) for m in file.mails)
    return WelcomeTemplate(path.stem, mails, tuple((m.title, m.url) for m in file.materials))
