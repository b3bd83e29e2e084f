"""Asana in the work-management role."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from connectors.asana.client import AsanaClient
from connectors.asana.errors import FieldRefused
from connectors.asana.health import health
from connectors.asana.marks import carries, key_of, named, notes
from connectors.asana.models import ProjectRow, Task
from connectors.asana.templates import instantiate, request
from domain.errors import ConfigurationError
from domain.mappings import WorkMapping
from domain.ports import Health, ItemState, Project, Reference, WorkItem

T = TypeVar("T")
# What we can do without; the notes say who was meant.
_DISPENSABLE = frozenset({"assignee", "owner", "external"})


class AsanaWork:
    """Keep projects in Asana.

    Every object carries its key as a line of its notes. Tasks carry it as their external gid too
    where the token belongs to an OAuth app. A project made of a template carries a short form of
    it in its name, because that is all a template takes. `settle_seconds` is how long after a
    doubtful attempt a project may still be missing from Asana's lists.
    """

    settle_seconds = 120.0

    def __init__(
        self,
        client: AsanaClient,
        *,
        workspace: str,
        team: str = "",
        mapping: WorkMapping | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not workspace:
            raise ConfigurationError(
                "AFTERSIGN_ASANA__WORKSPACE is not set",
                why="projects are created and found again there",
                fix="set it to the gid in the address of the workspace's admin pages",
            )
        self._client, self._workspace, self._team = client, workspace, team
        self._mapping, self._sleep = mapping or WorkMapping(), sleep
        self._external = True  # until Asana says that the token is not an OAuth app's

    def find_project(self, key: str) -> Reference | None:
        """Return the project whose notes, or whose name, carry the key."""
        rows = self._client.projects(self._workspace, self._team)
        found = next((row for row in rows if carries(row, key)), None)
        return _reference(found) if found else None

    def create_project(self, project: Project, *, key: str) -> Reference:
        """Create the project, of Asana's own template where one is mapped."""
        gid = self._mapping.templates.get(project.template)
        if gid is None:
            return _reference(self._made(self._client.create_project, self._project(project, key)))
        template = self._client.template(gid)
        name, mapping = named(project.name, key), self._mapping
        body = request(template, project, name, self._team, mapping.roles, mapping.people)
        return _reference(self._client.project(instantiate(self._client, template, body, self._sleep)))

    def find_item(self, project: Reference, key: str) -> Reference | None:
        """Return the task that carries the key, in the project or wherever it was moved."""
        found = self._by_external(key) or next((t for t in self._client.tasks(project.id) if key_of(t) == key), None)
        return _reference(found) if found else None

    def create_item(self, project: Reference, item: WorkItem, *, key: str) -> Reference:
        """Create one task; a person whom Asana does not know is named in its notes."""
        kind = "milestone" if item.milestone else "task"
        types = {"task": "default_task", "milestone": "milestone", **self._mapping.item_types}
        data = {
            "projects": [project.id],
            "name": item.name,
            "notes": notes(key, item.notes),
            "due_on": item.due.isoformat(),
            "resource_subtype": types[kind],
            **({"assignee": self._person(item.assignee)} if item.assignee else {}),
            **({"external": {"gid": key}} if self._external else {}),
            **self._custom(kind, key=key, name=item.name, due=item.due.isoformat()),
        }
        return _reference(self._made(self._client.create_task, data))

    def add_link(self, project: Reference, title: str, url: str, *, key: str) -> Reference:
        """Attach the link to the project; its title is what it is found again by."""
        del key  # an attachment carries nothing but its name
        for attached in self._client.attachments(project.id):
            if attached.name == title and attached.resource_subtype == "external":
                return Reference(attached.gid, attached.view_url or url)
        return Reference(self._client.attach_link(project.id, title, url).gid, url)

    def items(self, project: Reference) -> Sequence[ItemState]:
        """List the tasks of the project that carry a key."""
        return [_state(task) for task in self._client.tasks(project.id) if key_of(task)]

    def check(self) -> Health:
        """Name the account and what the connector needs and cannot see."""
        return health(self._client, self._workspace, self._team, self._mapping)

    def _project(self, project: Project, key: str) -> dict[str, Any]:
        start, due = project.start, max((item.due for item in project.items), default=project.start)
        return {
            "name": project.name,
            "workspace": self._workspace,
            "notes": notes(key, f"Onboarding template: {project.template}"),
            "due_on": due.isoformat(),
            **({"start_on": start.isoformat()} if start < due else {}),  # Asana takes no equal pair
            **({"team": self._team} if self._team else {}),
            **({"owner": self._person(project.owner)} if project.owner else {}),
            **self._custom("project", key=key, name=project.name, start=start.isoformat(), due=due.isoformat()),
        }

    def _custom(self, kind: str, **facts: str) -> dict[str, Any]:
        values = self._mapping.custom(kind, **facts)
        return {"custom_fields": values} if values else {}

    def _person(self, email: str) -> str:
        return self._mapping.people.get(email, email)  # Asana takes an address for a user

    def _by_external(self, key: str) -> Task | None:
        try:
            return self._client.task(key) if self._external else None
        except FieldRefused:
            self._external = False
            return None

    def _made(self, send: Callable[[Mapping[str, Any]], T], data: Mapping[str, Any]) -> T:
        """Create, leaving out what Asana refused and we can do without: a refusal made nothing."""
        try:
            return send(data)
        except FieldRefused as refused:
            if refused.field not in _DISPENSABLE or refused.field not in data:
                raise
            self._external = self._external and refused.field != "external"
            return self._made(send, _without(data, refused.field))


def _without(data: Mapping[str, Any], field: str) -> dict[str, Any]:
    kept = {name: value for name, value in data.items() if name != field}
    if field == "external":
        return kept
    return {**kept, "notes": f"Meant for {data[field]}, whom Asana does not know here.\n\n{kept['notes']}"}


def _reference(made: ProjectRow | Task) -> Reference:
    return Reference(made.gid, made.permalink_url)


def _state(task: Task) -> ItemState:
    done_on = task.completed_at.date() if task.completed_at else None
    assignee = task.assignee.name if task.assignee else ""
    return ItemState(key_of(task), task.name, task.completed, done_on, assignee, task.permalink_url)
