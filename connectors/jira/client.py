"""Jira Cloud's REST API v3, one method an endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from connectors.http import Endpoint, json_of, segment
from connectors.jira.errors import refusal
from connectors.jira.models import PROPERTY, CreateField, Issue, IssueType, User
from domain.errors import Permanent, Transient

_PAGE = 100
_READ = ("summary", "status", "assignee", "resolutiondate", "statuscategorychangedate")
M = TypeVar("M", bound=BaseModel)


class JiraClient:
    """Call Jira; answers come back as models."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = replace(endpoint, explain=refusal)

    @property
    def site(self) -> str:
        """Return the address that people open issues under."""
        return self._endpoint.base_url.rstrip("/")

    def myself(self) -> User:
        """Return the account of the token.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-myself/#api-rest-api-3-myself-get
        """
        return _read(User, self._endpoint.json("GET", "/rest/api/3/myself"))

    def create(self, body: Mapping[str, Any]) -> Issue:
        """Create an issue with its properties.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-post
        """
        return _read(Issue, self._endpoint.json("POST", "/rest/api/3/issue", json=body))

    def search(self, jql: str, reconcile: Sequence[int] = ()) -> Iterator[Issue]:
        """Yield issues with our property. The index lags; issues to `reconcile` are read as they are, at most 50.

        https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/
        """
        body: dict[str, Any] = {"jql": jql, "fields": _READ, "properties": [PROPERTY], "maxResults": _PAGE}
        body |= {"reconcileIssues": list(reconcile)} if reconcile else {}
        token, seen = "", set[str]()
        while token not in seen:
            seen.add(token)
            asked = {**body, "nextPageToken": token} if token else body
            page = self._endpoint.json("POST", "/rest/api/3/search/jql", json=asked, repeatable=True)
            yield from (_read(Issue, row) for row in page.get("issues") or [])
            if page.get("isLast") or not page.get("nextPageToken"):
                return
            token = str(page["nextPageToken"])
        raise Permanent("Jira's search has no end", why="it named the same next page twice")

    def set_mark(self, issue: str, key: str) -> None:
        """Store our key as a property of the issue.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-properties/#api-rest-api-3-issue-issueidorkey-properties-propertykey-put
        """
        path = f"/rest/api/3/issue/{segment(issue, 'Jira')}/properties/{PROPERTY}"
        answer = self._endpoint.send("PUT", path, json={"key": key}, repeatable=True)
        self._endpoint.checked(answer)

    def users(self, query: str) -> list[User]:
        """Search active users by address or name.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-user-search/#api-rest-api-3-user-search-get
        Jira offers no way to ask this in a body.
        """
        answer = self._endpoint.get("/rest/api/3/user/search", params={"query": query, "maxResults": 10})
        try:
            rows = json_of(self._endpoint.checked(answer).content)
        except ValueError as error:
            raise Transient("Jira's answer to a search for people is not JSON", why="it was cut off") from error
        return [_read(User, row) for row in rows]

    def link(self, issue: str, identity: str, title: str, url: str) -> str:
        """Set the issue's remote link of that global id, new or not, and return its id.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-remote-links/#api-rest-api-3-issue-issueidorkey-remotelink-post
        """
        path = f"/rest/api/3/issue/{segment(issue, 'Jira')}/remotelink"
        body = {"globalId": identity, "object": {"title": title, "url": url}}
        return str(self._endpoint.json("POST", path, json=body, repeatable=True).get("id", ""))

    def types(self, project: str) -> list[IssueType]:
        """Return the issue types that we may create in a project.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-get
        """
        path = f"/rest/api/3/issue/createmeta/{segment(project, 'Jira')}/issuetypes"
        return [_read(IssueType, row) for row in self._rows(path, "issueTypes")]

    def fields(self, project: str, kind: str) -> list[CreateField]:
        """Return the fields of a type's create screen.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-createmeta-projectidorkey-issuetypes-issuetypeid-get
        """
        path = f"/rest/api/3/issue/createmeta/{segment(project, 'Jira')}/issuetypes/{segment(kind, 'Jira')}"
        return [_read(CreateField, row) for row in self._rows(path, "fields")]

    def _rows(self, path: str, name: str) -> Iterator[dict[str, Any]]:
        start = 0
        while True:
            page = self._endpoint.json("GET", path, params={"startAt": start, "maxResults": _PAGE})
            rows = page.get(name) or []
            yield from rows
            start += len(rows)
            if not rows or start >= page.get("total", 0):
                return


def _read(shape: type[M], row: object) -> M:
    try:
        return shape.model_validate(row)
    except ValidationError as error:
        raise Permanent(
            "Jira's answer has another shape than documented",
            why=str(error)[:300],
            fix="report it with the answer; the vendor's API has changed",
        ) from error
