"""The playbook: what kind of deal this is and which template onboards it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain import calendars
from domain.errors import Permanent
from domain.handoff import DealType
from domain.people import Match, Traits, describe
from domain.ports import Project, WorkItem


@dataclass(frozen=True, slots=True)
class Play:
    """Hold a rule of the playbook: the deals it fits and their templates.

    An empty `onboarding` or `welcome` means that these customers get no project, no welcome sequence.
    """

    name: str
    match: Match
    onboarding: str
    welcome: str


@dataclass(frozen=True, slots=True)
class TemplateTask:
    """Hold a task of an onboarding template, due so many business days after its start."""

    key: str
    name: str
    role: str
    day: int
    notes: str = ""
    milestone: bool = False


@dataclass(frozen=True, slots=True)
class OnboardingTemplate:
    """Hold an onboarding template as the customer success team wrote it."""

    name: str
    title: str
    tasks: tuple[TemplateTask, ...]


@dataclass(frozen=True, slots=True)
class Obligation:
    """Hold a dated duty of ours that becomes a milestone."""

    text: str
    due: date
    citation: str


def classify(deal_type: str, *, known_customer: bool, amends: bool = False) -> tuple[DealType, str]:
    """Tell what the signature means and why; the CRM's word wins over the contract family."""
    if deal_type:
        try:
            return DealType(deal_type), "the CRM says so"
        except ValueError as error:
            raise Permanent(
                f"Unknown deal type {deal_type!r}",
                why="the CRM holds a value the playbook does not know",
                fix=f"use one of {', '.join(DealType)} or map it under `types` in config/crm.yaml",
            ) from error
    if amends:
        return DealType.AMENDMENT, "it changes a contract that is on file"
    if known_customer:
        return DealType.EXPANSION, "this customer already has a contract with us"
    return DealType.NEW, "no earlier contract with this customer is on file"


def choose_play(plays: Sequence[Play], traits: Traits) -> Play:
    """Return the first play that fits. Raises `Permanent` when none does."""
    play = next((play for play in plays if play.match.fits(traits)), None)
    if play is None:
        raise Permanent(
            "The playbook has no play for this deal",
            why=f"no entry matches {describe(traits)}",
            fix="add a last play without conditions to config/playbook.yaml",
        )
    return play


def plan_project(
    template: OnboardingTemplate,
    *,
    customer: str,
    start: date,
    calendar: str,
    people: dict[str, str],
    obligations: Sequence[Obligation] = (),
) -> Project:
    """Lay the template's tasks on the calendar and add our obligations as milestones.

    `start` is the day of signature; due days count business days of the calendar from it.
    `people` maps a template role to an e-mail; an unmapped role stays unassigned.
    """
    items = [
        WorkItem(
            key=task.key,
            name=task.name.replace("{customer}", customer),
            due=calendars.add_business_days(start, task.day, calendar),
            role=task.role,
            assignee=people.get(task.role, ""),
            notes=task.notes,
            milestone=task.milestone,
        )
        for task in template.tasks
    ]
    items += [
        WorkItem(
            key=f"obligation-{number}",
            name=_shorten(obligation.text),
            due=calendars.roll_back(obligation.due, calendar),
            role="csm",
            assignee=people.get("csm", ""),
            notes=f"{obligation.text}\n{obligation.citation}",
            milestone=True,
        )
        for number, obligation in enumerate(obligations, 1)
    ]
    return Project(
        name=template.title.replace("{customer}", customer),
        template=template.name,
        owner=people.get("csm", ""),
        start=start,
        items=tuple(sorted(items, key=lambda item: item.due)),
    )


def _shorten(text: str, limit: int = 90) -> str:
    words = " ".join(text.split())
    return words if len(words) <= limit else words[: limit - 1].rsplit(" ", 1)[0] + "…"


def first_touch_instruction(customer: str, goal: str | None) -> str:
    """Return the sentence the CSM's task carries; without a known goal it says what to ask."""
    start = f"Introduce yourself to {customer} within 24 hours and"
    if goal:
        return f"{start} reference their goal: {goal}"
    return f"{start} ask for their goal: sales did not record one"


def escalation_level(*, created: float, due: float, now: float, steps: Sequence[float] = (0.5, 1.0, 1.5)) -> int:
    """Return how many escalation steps have passed, as shares of the time allowed.

    Instants are POSIX seconds; 0 means nothing to do, 1 remind the CSM, 2 the manager, 3 RevOps.
    """
    allowed = max(due - created, float(timedelta(minutes=1).total_seconds()))
    return sum(1 for share in steps if now - created >= share * allowed)
