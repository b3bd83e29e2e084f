"""Jira Cloud in the work-management role: a project is an epic, its tasks are the epic's children."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.jira.adf import document
from connectors.jira.client import JiraClient
from connectors.jira.errors import FieldsRefused
from connectors.jira.health import health
from connectors.jira.models import PROPERTY, Issue, User
from domain.errors import ConfigurationError
from domain.mappings import WorkMapping
from domain.ports import Health, ItemState, Project, Reference, WorkItem

_TYPES = {"project": "Epic", "task": "Task", "milestone": "Task"}
_LABEL = "aftersign"
_RECONCILED = 50  # as many as one search takes
_SUMMARY = 255


class JiraWork:
    """Keep projects in one Jira project.

    Every issue carries its key as a property, and a hash of it as a label, which is what search
    can be asked for. Jira's index lags behind its issues by seconds to minutes: after a doubtful
    attempt a search that finds nothing proves nothing until `settle_seconds` have passed.
    https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/
    """

    settle_seconds = 300.0

    def __init__(self, client: JiraClient, *, project: str, mapping: WorkMapping | None = None) -> None:
        if not re.fullmatch(r"[A-Z][A-Z0-9_]+", project):
            raise ConfigurationError(
                f"AFTERSIGN_JIRA__PROJECT is no project key: {project!r}",
                why="onboarding epics need a Jira project to go to",
                fix="set it to the capitals before the number of an issue, such as ONB",
            )
        self._client, self._project = client, project
        self._mapping = mapping or WorkMapping()
        self._types = {**_TYPES, **self._mapping.item_types}
        self._accounts: dict[str, str] = dict(self._mapping.people)
        # What this process made is asked for by number, so that it is seen before it is indexed.
        self._made: deque[int] = deque(maxlen=_RECONCILED)

    def find_project(self, key: str) -> Reference | None:
        """Return the epic that carries the key, as far as it is indexed."""
        return self._find(key)

    def create_project(self, project: Project, *, key: str) -> Reference:
        """Create the epic."""
        due = max((item.due for item in project.items), default=project.start).isoformat()
        start = project.start.isoformat()
        text = f"Onboarding template: {project.template}\n\nStarts on {start}."
        custom = self._mapping.custom("project", key=key, name=project.name, start=start, due=due)
        return self._create("project", project.name, text, due, project.owner, key, custom)

    def find_item(self, project: Reference, key: str) -> Reference | None:
        """Return the task that carries the key, as far as it is indexed, wherever it was moved."""
        del project
        return self._find(key)

    def create_item(self, project: Reference, item: WorkItem, *, key: str) -> Reference:
        """Create one child of the epic; a person whom Jira does not know is named in its description."""
        kind = "milestone" if item.milestone else "task"
        due = item.due.isoformat()
        fields = {**self._mapping.custom(kind, key=key, name=item.name, due=due), "parent": {"id": project.id}}
        return self._create(kind, item.name, item.notes, due, item.assignee, key, fields)

    def add_link(self, project: Reference, title: str, url: str, *, key: str) -> Reference:
        """Set the epic's link under our key."""
        return Reference(self._client.link(project.id, f"{_LABEL}:{_short(key)}", title, url), url)

    def items(self, project: Reference) -> Sequence[ItemState]:
        """List the epic's children that carry a key."""
        jql = f"parent = {int(project.id)} ORDER BY created ASC"
        return [self._state(issue) for issue in self._client.search(jql, tuple(self._made)) if issue.mark]

    def check(self) -> Health:
        """Name the account and what would keep an issue from being created."""
        return health(self._client, self._project, self._types, self._mapping)

    def _find(self, key: str) -> Reference | None:
        """Return the oldest issue with the key's label; one whose property got lost is given it back."""
        jql = f'labels = "{_label(key)}" ORDER BY created ASC'
        for issue in self._client.search(jql, tuple(self._made)):
            if issue.mark not in {"", key}:
                continue
            if not issue.mark:
                self._client.set_mark(issue.number, key)
            return self._reference(issue)
        return None

    def _create(
        self, kind: str, name: str, text: str, due: str, email: str, key: str, extra: Mapping[str, object]
    ) -> Reference:
        account = self._account(email) if email else ""
        text = text if account or not email else f"{_meant(email)}\n\n{text}"
        fields = {
            **extra,
            "project": {"key": self._project},
            "issuetype": {"name": self._types[kind]},
            "summary": " ".join(name.split())[:_SUMMARY],
            "duedate": due,
            "labels": [_LABEL, _label(key)],
            **({"description": document(text)} if text.strip() else {}),
            **({"assignee": {"id": account}} if account else {}),
        }
        issue = self._send(fields, key, email, text)
        self._made.append(int(issue.number))
        return self._reference(issue)

    def _send(self, fields: Mapping[str, Any], key: str, email: str, text: str) -> Issue:
        """Create, without the assignee where only he is refused: a refusal made nothing."""
        body = {"fields": fields, "properties": [{"key": PROPERTY, "value": {"key": key}}]}
        try:
            return self._client.create(body)
        except FieldsRefused as refused:
            if set(refused.fields) != {"assignee"} or "assignee" not in fields:
                raise
            kept = {name: value for name, value in fields.items() if name != "assignee"}
            return self._send({**kept, "description": document(f"{_meant(email)}\n\n{text}")}, key, email, text)

    def _account(self, email: str) -> str:
        """Return the account of an address, or nothing when Jira shows no single one."""
        if email not in self._accounts:
            account = _chosen(self._client.users(email), email)
            if not account:
                return ""
            self._accounts[email] = account
        return self._accounts[email]

    def _reference(self, issue: Issue) -> Reference:
        return Reference(issue.number, f"{self._client.site}/browse/{issue.key}")

    def _state(self, issue: Issue) -> ItemState:
        fields = issue.fields
        done = fields.status.category.key == "done"
        done_on = (fields.resolved or fields.moved) if done else None
        assignee = fields.assignee.name if fields.assignee else ""
        return ItemState(issue.mark, fields.summary, done, done_on, assignee, self._reference(issue).url)


def _chosen(users: Sequence[User], email: str) -> str:
    people = [user for user in users if user.active and user.kind == "atlassian"]
    same = [user for user in people if user.email.casefold() == email.casefold()]
    # Jira matches hidden addresses too, and then shows none: a single hit is that person.
    hidden = [user for user in people if not user.email]
    candidates = same or hidden
    return candidates[0].id if len(candidates) == 1 else ""


def _meant(email: str) -> str:
    return f"Meant for {email}, whom Jira does not know here."


def _label(key: str) -> str:
    return f"{_LABEL}-{_short(key)}"


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
