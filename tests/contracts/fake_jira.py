"""A small Jira Cloud behind its own contract, with an index that lags behind its issues."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connectors import http
from connectors.jira.client import JiraClient
from connectors.jira.work import JiraWork
from domain.mappings import WorkMapping
from tests.contracts.server import Answer, Call, ContractServer, Handler

LEA, MAX, HIDDEN = "lea@lumora.example", "max@lumora.example", "hidden@lumora.example"
CREATE, SEARCH, USERS = "POST /rest/api/3/issue", "POST /rest/api/3/search/jql", "GET /rest/api/3/user/search"
LINK = "POST /rest/api/3/issue/{key}/remotelink"
PROPERTY = "PUT /rest/api/3/issue/{key}/properties/{name}"
_KEYS = {"project", "issuetype", "summary", "description", "duedate", "labels", "parent", "assignee", "reporter"}

Row = dict[str, Any]


@dataclass
class FakeJira:
    """Hold what Jira holds. An issue is found by search `lag` seconds after it was made, on `clock`'s time."""

    server: ContractServer
    clock: Callable[[], datetime]
    lag: float = 0.0
    page: int = 2
    types: tuple[str, ...] = ("Epic", "Task")
    mandatory: dict[str, str] = field(default_factory=dict)
    screen: set[str] = field(default_factory=lambda: set(_KEYS))
    assignable: set[str] = field(default_factory=lambda: {"a-lea", "a-hidden"})
    issues: list[Row] = field(default_factory=list)
    links: dict[tuple[str, str], Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        handlers: dict[str, Handler] = {
            "GET /rest/api/3/myself": lambda _: person("a-bot", "Aftersign", "bot@lumora.example"),
            CREATE: self._create,
            SEARCH: self._search,
            USERS: self._users,
            PROPERTY: self._set_property,
            LINK: self._link,
            "GET /rest/api/3/issue/createmeta/{project}/issuetypes": self._types,
            "GET /rest/api/3/issue/createmeta/{project}/issuetypes/{type}": self._fields,
        }
        for name, handler in handlers.items():
            self.server.on(name, handler)

    def work(self, mapping: WorkMapping | None = None, project: str = "ONB") -> JiraWork:
        """Return our connector, pointed here; each has a memory of its own, as a process has."""
        basic = base64.b64encode(b"bot@lumora.example:t").decode()
        headers = {"Authorization": f"Basic {basic}"}
        endpoint = http.Endpoint("jira", self.server.url, headers, http.client(), sleep=lambda _: None)
        return JiraWork(JiraClient(endpoint), project=project, mapping=mapping)

    def complete(self, key: str) -> None:
        """Let somebody move an issue to done."""
        found = next(issue for issue in self.issues if issue["properties"].get("aftersign") == {"key": key})
        found["fields"] |= {
            "status": {"name": "Fertig", "statusCategory": {"key": "done"}},
            "resolutiondate": "2026-11-26T10:30:00.000+0100",
        }

    def _create(self, call: Call) -> Answer:
        fields = call.json["fields"]
        if problems := dict(self._problems(fields)):
            return Answer(400, {"errorMessages": [], "errors": problems})
        number = 10001 + len(self.issues)
        assignee = fields.get("assignee")
        shown = {"status": {"name": "Offen", "statusCategory": {"key": "new"}}, "resolutiondate": None}
        shown["assignee"] = person(assignee["id"], "Lea Brandt") if assignee else None
        issue = {"id": str(number), "key": f"ONB-{number - 10000}", "made": self.clock(), "fields": {**fields, **shown}}
        self.issues.append({**issue, "properties": {p["key"]: p["value"] for p in call.json.get("properties", [])}})
        return Answer(201, {"id": issue["id"], "key": issue["key"], "self": f"{self.server.url}/{issue['id']}"})

    def _problems(self, fields: Row) -> Iterator[tuple[str, str]]:
        if fields["project"] != {"key": "ONB"}:
            yield "project", "valid project is required"
        if fields["issuetype"]["name"] not in self.types:
            yield "issuetype", "Specify a valid issue type"
        if "assignee" in fields and fields["assignee"]["id"] not in self.assignable:
            yield "assignee", f"User '{fields['assignee']['id']}' cannot be assigned issues."
        yield from ((name, text) for name, text in self.mandatory.items() if name not in fields)
        for name in fields.keys() - self.screen - self.mandatory.keys():
            yield name, f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
        if "description" in fields:
            yield from (("description", text) for text in adf_problems(fields["description"]))

    def _search(self, call: Call) -> Row:
        body = call.json
        seen = [issue for issue in self.issues if self._seen(issue, body.get("reconcileIssues", []))]
        found = [issue for issue in seen if _matches(issue, body["jql"])]
        start = int(body.get("nextPageToken", 0))
        page = {"issues": [_shown(issue, body) for issue in found[start : start + self.page]]}
        after = start + self.page
        return (
            {**page, "isLast": False, "nextPageToken": str(after)} if after < len(found) else {**page, "isLast": True}
        )

    def _seen(self, issue: Row, reconciled: list[int]) -> bool:
        return int(issue["id"]) in reconciled or self.clock() - issue["made"] >= timedelta(seconds=self.lag)

    def _users(self, call: Call) -> list[Row]:
        known = {
            LEA: [person("a-lea", "Lea Brandt", LEA), person("a-lea2", "Lea Brandt", f"{LEA}.invalid")],
            MAX: [person("a-max", "Max Ito", MAX)],
            HIDDEN: [person("a-hidden", "Somebody"), person("a-app", "Robot", kind="app")],
        }
        return known.get(call.query["query"], [])

    def _set_property(self, call: Call) -> Answer:
        issue = next(issue for issue in self.issues if issue["id"] == call.path["issueIdOrKey"])
        issue["properties"][call.path["propertyKey"]] = call.json
        return Answer(200)

    def _link(self, call: Call) -> Answer:
        at, existed = (call.path["issueIdOrKey"], call.json["globalId"]), len(self.links)
        self.links[at] = call.json["object"]
        return Answer(201 if len(self.links) > existed else 200, {"id": 20000, "self": f"{self.server.url}/20000"})

    def _types(self, call: Call) -> Answer | Row:
        if call.path["projectIdOrKey"] != "ONB":
            return Answer(404, {"errorMessages": ["No project could be found with key 'NOPE'."], "errors": {}})
        rows = [{"id": str(n), "name": name, "subtask": False} for n, name in enumerate(self.types, 1)]
        return {"issueTypes": rows, "startAt": 0, "maxResults": 100, "total": len(rows)}

    def _fields(self, call: Call) -> Row:
        start = int(call.query["startAt"])
        known = [(name, name in {"summary", "reporter"}) for name in sorted(self.screen)]
        rows = [_field(name, required=required) for name, required in [*known, *((m, True) for m in self.mandatory)]]
        return {"fields": rows[start : start + 4], "startAt": start, "maxResults": 4, "total": len(rows)}


def person(account: str, name: str, email: str = "", kind: str = "atlassian") -> Row:
    """Return an account as Jira shows it; most addresses are hidden."""
    shown = {"accountId": account, "accountType": kind, "active": True, "displayName": name}
    return {**shown, **({"emailAddress": email} if email else {})}


def adf_problems(node: Any) -> Iterator[str]:
    """Yield what Jira would refuse about a document; its description leaves the document open."""
    if not isinstance(node, dict) or node.get("type") != "doc" or node.get("version") != 1:
        yield "Operation value must be an Atlassian Document (see the Atlassian Document Format)"
        return
    for block in node["content"]:
        if block.get("type") != "paragraph" or set(block) - {"type", "content"}:
            yield f"unknown block {block}"
        for inline in block.get("content", []):
            good = inline == {"type": "hardBreak"} or (inline["type"] == "text" and inline["text"].strip())
            if not good or set(inline) - {"type", "text", "marks"}:
                yield f"bad inline node {inline}"


def _field(name: str, *, required: bool) -> Row:
    shape = {"fieldId": name, "key": name, "name": name.title(), "required": required, "operations": ["set"]}
    return {**shape, "hasDefaultValue": False, "schema": {"type": "string"}}


def _matches(issue: Row, jql: str) -> bool:
    found = re.fullmatch(r'(?:labels = "([\w-]+)"|parent = (\d+)) ORDER BY created ASC', jql)
    assert found, f"no such JQL: {jql}"
    label, parent = found.groups()
    return label in issue["fields"]["labels"] if label else issue["fields"].get("parent") == {"id": parent}


def _shown(issue: Row, body: Row) -> Row:
    fields = {name: value for name, value in issue["fields"].items() if name in body["fields"]}
    properties = {name: value for name, value in issue["properties"].items() if name in body["properties"]}
    return {"id": issue["id"], "key": issue["key"], "fields": fields, "properties": properties}
