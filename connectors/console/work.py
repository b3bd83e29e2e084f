"""Projects without an account: a project and its tasks are rows of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from domain.ports import Health, ItemState, Outbox, Project, Reference, WorkItem


class ConsoleWork:
    """Keep projects in the outbox."""

    settle_seconds = 0.0

    def __init__(self, outbox: Outbox, public_url: str) -> None:
        self._outbox = outbox
        self._public_url = public_url

    def find_project(self, key: str) -> Reference | None:
        """Return the project under that key."""
        return Reference(key) if self._outbox.get("work", "project", key) else None

    def create_project(self, project: Project, *, key: str) -> Reference:
        """Store the empty project."""
        body = {
            "name": project.name,
            "template": project.template,
            "owner": project.owner,
            "start": project.start.isoformat(),
            "links": dict(project.links),
        }
        identity = self._outbox.put("work", "project", key, body)
        return Reference(key, f"{self._public_url}/outbox/{identity}")

    def find_item(self, project: Reference, key: str) -> Reference | None:
        """Return the task under that key."""
        del project
        return Reference(key) if self._outbox.get("work", "item", key) else None

    def create_item(self, project: Reference, item: WorkItem, *, key: str) -> Reference:
        """Store one task."""
        body = {**asdict(item), "due": item.due.isoformat(), "project": project.id}
        self._outbox.put("work", "item", key, body)
        return Reference(key)

    def add_link(self, project: Reference, title: str, url: str, *, key: str) -> Reference:
        """Store the link."""
        self._outbox.put("work", "link", key, {"project": project.id, "title": title, "url": url})
        return Reference(key, url)

    def items(self, project: Reference) -> Sequence[ItemState]:
        """List the tasks; nobody can complete one here."""
        return [
            ItemState(key, str(body["name"]), done=bool(body.get("done")), assignee=str(body.get("assignee", "")))
            for key, body in self._outbox.find("work", "item")
            if body.get("project") == project.id
        ]

    def check(self) -> Health:
        """Say where projects go."""
        return Health("projects are kept in the outbox")
