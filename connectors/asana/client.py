"""Asana's API, one method an endpoint.

Bodies travel as bodies only: customer data has no place in an address that proxies log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from connectors.asana.errors import refusal
from connectors.asana.models import Job, Link, Me, ProjectRow, Task, Template
from connectors.http import Endpoint, Params, segment
from domain.errors import Permanent

M = TypeVar("M", bound=BaseModel)
_PAGE = 100
_PROJECT = "name,notes,permalink_url"
_TASK = "name,notes,completed,completed_at,assignee.name,external,permalink_url"


class AsanaClient:
    """Call Asana; answers come back as models."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = replace(endpoint, explain=refusal)

    def me(self) -> Me:
        """Return the account of the token.

        https://developers.asana.com/reference/getuser
        """
        return _read(Me, self._data("GET", "/users/me", {"opt_fields": "name,email,workspaces.name"}))

    def projects(self, workspace: str, team: str = "") -> Iterator[ProjectRow]:
        """Yield every project, archived ones too.

        https://developers.asana.com/reference/getprojects
        """
        scope = {"team": team} if team else {"workspace": workspace}
        for row in self._pages("/projects", {**scope, "opt_fields": _PROJECT}):
            yield _read(ProjectRow, row)

    def project(self, gid: str) -> ProjectRow:
        """Return a project.

        https://developers.asana.com/reference/getproject
        """
        path = f"/projects/{segment(gid, 'Asana')}"
        return _read(ProjectRow, self._data("GET", path, {"opt_fields": _PROJECT}))

    def create_project(self, data: Mapping[str, Any]) -> ProjectRow:
        """Create a project.

        https://developers.asana.com/reference/createproject
        """
        return _read(ProjectRow, self._data("POST", "/projects", {"opt_fields": _PROJECT}, data))

    def template(self, gid: str) -> Template:
        """Return a project template.

        https://developers.asana.com/reference/getprojecttemplate
        """
        fields = {"opt_fields": "name,requested_dates.name,requested_roles.name"}
        return _read(Template, self._data("GET", f"/project_templates/{segment(gid, 'Asana')}", fields))

    def instantiate(self, template: str, data: Mapping[str, Any]) -> Job:
        """Start the job that makes a project of a template.

        https://developers.asana.com/reference/instantiateproject
        """
        path = f"/project_templates/{segment(template, 'Asana')}/instantiateProject"
        return _read(Job, self._data("POST", path, {"opt_fields": "status,new_project.name"}, data))

    def job(self, gid: str) -> Job:
        """Return how far a job is.

        https://developers.asana.com/reference/getjob
        """
        path = f"/jobs/{segment(gid, 'Asana')}"
        return _read(Job, self._data("GET", path, {"opt_fields": "status,new_project.name"}))

    def tasks(self, project: str) -> Iterator[Task]:
        """Yield a project's tasks.

        https://developers.asana.com/reference/gettasksforproject
        """
        for row in self._pages(f"/projects/{segment(project, 'Asana')}/tasks", {"opt_fields": _TASK}):
            yield _read(Task, row)

    def task(self, external: str) -> Task | None:
        """Return the task with that external gid.

        https://developers.asana.com/docs/custom-external-data
        """
        answer = self._endpoint.get(f"/tasks/external:{segment(external, 'Asana')}", params={"opt_fields": _TASK})
        if answer.status_code == 404:
            return None
        return _read(Task, self._endpoint.parsed(self._endpoint.checked(answer)).get("data"))

    def create_task(self, data: Mapping[str, Any]) -> Task:
        """Create a task.

        https://developers.asana.com/reference/createtask
        """
        return _read(Task, self._data("POST", "/tasks", {"opt_fields": _TASK}, data))

    def attachments(self, parent: str) -> Iterator[Link]:
        """Yield what is attached.

        https://developers.asana.com/reference/getattachmentsforobject
        """
        fields = "name,resource_subtype,view_url"
        for row in self._pages("/attachments", {"parent": parent, "opt_fields": fields}):
            yield _read(Link, row)

    def attach_link(self, parent: str, name: str, url: str) -> Link:
        """Attach a web address.

        https://developers.asana.com/reference/createattachmentforobject
        """
        form = {"parent": parent, "resource_subtype": "external", "name": name, "url": url}
        parts = {field: ("", value.encode(), "text/plain; charset=utf-8") for field, value in form.items()}
        answer = self._endpoint.send("POST", "/attachments", files=parts)
        return _read(Link, self._endpoint.parsed(self._endpoint.checked(answer)).get("data"))

    def _data(self, method: str, path: str, params: Params, data: Mapping[str, Any] | None = None) -> Any:
        body = None if data is None else {"data": data}
        return self._endpoint.json(method, path, params=params, json=body).get("data")

    def _pages(self, path: str, params: Mapping[str, str | int]) -> Iterator[dict[str, Any]]:
        offset, seen = "", set[str]()
        while offset not in seen:
            seen.add(offset)
            page = {**params, "limit": _PAGE, **({"offset": offset} if offset else {})}
            answer = self._endpoint.json("GET", path, params=page)
            yield from answer.get("data") or []
            following = answer.get("next_page")
            if not following:
                return
            offset = str(following["offset"])
        raise Permanent(f"Asana's list {path} has no end", why="it named the same next page twice")


def _read(shape: type[M], row: object) -> M:
    try:
        return shape.model_validate(row)
    except ValidationError as error:
        raise Permanent(
            "Asana's answer has another shape than documented",
            why=str(error)[:300],
            fix="report it with the answer; the vendor's API has changed",
        ) from error
