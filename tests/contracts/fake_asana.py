"""A small Asana behind its own contract: one workspace, its projects, tasks, templates and people."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors import http
from connectors.asana.client import AsanaClient
from connectors.asana.work import AsanaWork
from domain.mappings import WorkMapping
from tests.contracts.server import Answer, Call, ContractServer

WORKSPACE, TEAM, TEMPLATE = "1100", "1200", "1300"
LEA, MAX = "lea@lumora.example", "max@lumora.example"
CREATE_PROJECT, CREATE_TASK = "POST /projects", "POST /tasks"
INSTANTIATE = "POST /project_templates/{gid}/instantiateProject"
LIST_PROJECTS, LIST_TASKS = "GET /projects", "GET /projects/{gid}/tasks"
ATTACH = "POST /attachments"

Row = dict[str, Any]


@dataclass
class FakeAsana:
    """Hold what Asana holds. `oauth` is whether the token is an OAuth app's; `polls` how often a job is not done."""

    server: ContractServer
    oauth: bool = True
    polls: int = 1
    job_ends: str = "succeeded"
    page: int = 2
    mandatory: str = ""
    people: dict[str, str] = field(default_factory=lambda: {LEA: "Lea Brandt", MAX: "Max Ito"})
    projects: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    jobs: dict[str, Row] = field(default_factory=dict)
    filled: list[Row] = field(default_factory=list)
    _gids: itertools.count[int] = field(default_factory=lambda: itertools.count(5000))

    def __post_init__(self) -> None:
        for name, handler in {
            "GET /users/me": self._me,
            LIST_PROJECTS: lambda call: self._listed(self.projects, call),
            CREATE_PROJECT: self._create_project,
            "GET /projects/{gid}": lambda call: self._shown(self._one(self.projects, call.path["project_gid"]), call),
            "GET /project_templates/{gid}": self._template,
            INSTANTIATE: self._instantiate,
            "GET /jobs/{gid}": self._job,
            LIST_TASKS: self._list_tasks,
            "GET /tasks/{gid}": self._task,
            CREATE_TASK: self._create_task,
            "GET /attachments": lambda call: self._listed(
                [link for link in self.links if link["parent"] == call.query["parent"]], call
            ),
            ATTACH: self._attach,
        }.items():
            self.server.on(name, handler)

    def work(self, mapping: WorkMapping | None = None, team: str = TEAM) -> AsanaWork:
        """Return our connector, pointed here."""
        headers = {"Authorization": "Bearer 2/1100/t"}
        endpoint = http.Endpoint("asana", self.server.url, headers, http.client(), sleep=lambda _: None)
        client = AsanaClient(endpoint)
        return AsanaWork(client, workspace=WORKSPACE, team=team, mapping=mapping, sleep=lambda _: None)

    def complete(self, key: str) -> None:
        """Let somebody tick off a task."""
        task = next(task for task in self.tasks if key in task["notes"])
        task |= {"completed": True, "completed_at": "2026-11-26T09:30:00.000Z"}

    def _me(self, call: Call) -> Row:
        me = {"gid": "1", "name": "Aftersign", "email": "bot@lumora.example"}
        return self._shown({**me, "workspaces": [{"gid": WORKSPACE, "name": "Lumora"}]}, call)

    def _create_project(self, call: Call) -> Answer | Row:
        sent = call.json["data"]
        if "team" not in sent:
            return refused(400, "team: Missing input")
        if self.mandatory and self.mandatory not in sent.get("custom_fields", {}):
            return refused(400, f"custom_fields: Region ({self.mandatory}) is required")
        if sent.get("owner", LEA) not in self.people:
            return refused(400, "owner: Not a recognized user")
        self.projects.append(self._new("project", sent, ("name", "notes", "due_on", "start_on")))
        return Answer(201, self._shown(self.projects[-1], call))

    def _template(self, call: Call) -> Answer | Row:
        if call.path["project_template_gid"] != TEMPLATE:
            return refused(404, "project_template: Not a recognized ID")
        dates = [{"gid": "1", "name": "Start date"}, {"gid": "99", "name": "Review"}]
        roles = [{"gid": "71", "name": "Success manager"}, {"gid": "72", "name": "Engineer"}]
        row = {"gid": TEMPLATE, "name": "Enterprise", "requested_dates": dates, "requested_roles": roles}
        return self._shown(row, call)

    def _instantiate(self, call: Call) -> Answer:
        sent = call.json["data"]
        if any(role["value"] not in self.people for role in sent["requested_roles"]):
            return refused(400, "requested_roles: Not a recognized user")
        self.filled.append(sent)
        self.projects.append(self._new("project", sent, ("name",)))
        gid, made = str(next(self._gids)), {name: self.projects[-1][name] for name in ("gid", "name")}
        self.jobs[gid] = {"gid": gid, "status": "in_progress", "left": self.polls, "new_project": made}
        return Answer(201, self._shown(self.jobs[gid], call))

    def _job(self, call: Call) -> Row:
        job = self.jobs[call.path["job_gid"]]
        job["left"] -= 1
        if job["left"] <= 0:
            job["status"] = self.job_ends
        return self._shown(job, call)

    def _list_tasks(self, call: Call) -> Row:
        return self._listed([task for task in self.tasks if call.path["project_gid"] in task["projects"]], call)

    def _task(self, call: Call) -> Answer | Row:
        if not self.oauth:
            return refused(403, "external: You must use OAuth to access external data")
        key = call.path["task_gid"].removeprefix("external:")
        found = [task for task in self.tasks if (task.get("external") or {}).get("gid") == key]
        return self._shown(found[0], call) if found else refused(404, "task: Unknown object")

    def _create_task(self, call: Call) -> Answer:
        sent = call.json["data"]
        if "external" in sent and not self.oauth:
            return refused(400, "external: You must use OAuth to access external data")
        if sent.get("assignee", LEA) not in self.people:
            return refused(400, "assignee: Not a recognized user")
        task = self._new("task", sent, ("name", "notes", "due_on", "resource_subtype", "external"))
        person = sent.get("assignee")
        task |= {"projects": sent["projects"], "completed": False, "completed_at": None}
        task["assignee"] = {"gid": person, "name": self.people[person]} if person else None
        self.tasks.append(task)
        return Answer(201, self._shown(task, call))

    def _attach(self, call: Call) -> Row:
        link = self._new("attachment", call.form, ("name", "resource_subtype", "parent"))
        self.links.append({**link, "view_url": call.form["url"]})
        return {"data": {name: link[name] for name in ("gid", "resource_type", "name", "resource_subtype")}}

    def _new(self, kind: str, sent: Row, kept: Sequence[str]) -> Row:
        gid = str(next(self._gids))
        url = f"https://app.asana.com/0/{gid}"
        return {"gid": gid, "resource_type": kind, "permalink_url": url} | {n: sent[n] for n in kept if n in sent}

    def _one(self, rows: list[Row], gid: str) -> Row:
        return next(row for row in rows if row["gid"] == gid)

    def _shown(self, row: Row, call: Call) -> Row:
        return {"data": _only(row, call)}

    def _listed(self, rows: list[Row], call: Call) -> Row:
        start = int(call.query.get("offset", 0))
        shown = [_only(row, call) for row in rows[start : start + self.page]]
        after = start + self.page
        return {"data": shown, "next_page": {"offset": str(after)} if after < len(rows) else None}


def refused(status: int, message: str) -> Answer:
    """Return an error in Asana's shape."""
    return Answer(status, {"errors": [{"message": message, "help": "See the documentation on errors"}]})


def _only(row: Row, call: Call) -> Row:
    """Return the fields that were asked for, as Asana does."""
    asked = {name.partition(".")[0] for name in call.query.get("opt_fields", "").split(",")}
    return {name: value for name, value in row.items() if name in {"gid", "resource_type", *asked}}
