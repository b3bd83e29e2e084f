"""A project out of Asana's own project template."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from connectors.asana.client import AsanaClient
from connectors.asana.errors import FieldRefused
from connectors.asana.models import Job, Template
from domain.errors import Permanent, Transient
from domain.ports import Project

log = logging.getLogger("aftersign.asana")
_START, _DUE = "1", "2"  # gids that Asana reserves for a project's own dates
_PAUSES = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0)  # well inside the minute for which an effect is claimed


def instantiate(
    client: AsanaClient, template: Template, body: Mapping[str, Any], sleep: Callable[[float], None]
) -> str:
    """Make a project of a template and return its gid.

    Raises `Transient` while Asana is still at it: the next attempt finds the project by its name.
    """
    job = _started(client, template, body)
    for pause in _PAUSES:
        if job.status in {"succeeded", "failed"}:
            break
        sleep(pause)
        job = client.job(job.gid)
    if job.status == "succeeded" and job.new_project:
        return job.new_project.gid
    raise _unfinished(template, job)


def request(
    template: Template, project: Project, name: str, team: str, roles: Mapping[str, str], people: Mapping[str, str]
) -> dict[str, Any]:
    """Return the body that fills a template's variables from the project."""
    last = max((item.due for item in project.items), default=project.start)
    dates = {_START: project.start.isoformat(), _DUE: last.isoformat()}
    wanted = {variable.gid for variable in template.requested_dates}
    persons = _persons(project)
    filled = [
        {"gid": role.gid, "value": people.get(persons[ours], persons[ours])}
        for role in template.requested_roles
        for ours, theirs in roles.items()
        if theirs in {role.gid, role.name} and persons.get(ours)
    ]
    return {
        "name": name,
        **({"team": team} if team else {}),
        "is_strict": False,  # a date variable that only the template knows takes Asana's default
        "requested_dates": [{"gid": gid, "value": day} for gid, day in dates.items() if gid in wanted],
        "requested_roles": filled,
    }


def _persons(project: Project) -> dict[str, str]:
    found = {item.role: item.assignee for item in project.items if item.assignee}
    return {"csm": project.owner, **found} if project.owner else found


def _started(client: AsanaClient, template: Template, body: Mapping[str, Any]) -> Job:
    try:
        return client.instantiate(template.gid, body)
    except FieldRefused as refused:
        if refused.field != "requested_roles" or not body.get("requested_roles"):
            raise
        log.warning("Asana took no role of template %s, so its tasks stay unassigned: %s", template.gid, refused.why)
        return client.instantiate(template.gid, {**body, "requested_roles": []})


def _unfinished(template: Template, job: Job) -> Permanent | Transient:
    if job.status in {"succeeded", "failed"}:
        return Permanent(
            f"Asana could not make a project of its template {template.name!r}",
            why=f"its job {job.gid} ended as {job.status!r}",
            fix="make a project of that template at Asana by hand once and see what it says",
        )
    return Transient(
        f"Asana is still making a project of its template {template.name!r}", why=f"job {job.gid}", retry_after=30
    )
