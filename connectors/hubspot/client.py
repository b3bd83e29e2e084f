"""HubSpot's API, one method an endpoint; requests are built by hubspot-api-client and sent by us."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx
from hubspot.utils.requests.http_request_builder import Request

from connectors.http import Endpoint, segment
from connectors.hubspot.errors import Refusal, body_of, explain, problem
from connectors.hubspot.models import Link, Links, Owner, Page, Pipeline, Portal, Property, Record, read
from domain.errors import Transient

VERSION = "2026-09"
OLDER = "2026-03"  # uploading and account details have no later version
_OBJECTS = f"/crm/objects/{VERSION}"
_BATCH = 100
_SEARCH = 200
Filters = Sequence[Mapping[str, str]]


class HubSpotClient:
    """Read, search, write and upsert objects of the CRM. Raises `Transient` or `Permanent`."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = replace(endpoint, explain=explain)

    def record(
        self,
        kind: str,
        identity: str,
        properties: Sequence[str] = (),
        *,
        history: Sequence[str] = (),
        beside: str = "",
        by: str = "",
    ) -> Record | None:
        """Return an object by id, or by the unique property `by`, with ids of the kind `beside`.

        https://developers.hubspot.com/docs/api-reference/latest/crm/objects/deals/basic/get-deal
        """
        query = {
            "properties": ",".join(properties),
            "propertiesWithHistory": ",".join(history),
            "associations": beside,
            "idProperty": by,
        }
        answer = self._send("GET", f"{_OBJECTS}/{kind}/{segment(identity, 'HubSpot')}", query=query)
        if _absent(answer):
            return None
        return read(Record, self._endpoint.parsed(self._endpoint.checked(answer)))

    def records(self, kind: str, identities: Sequence[str], properties: Sequence[str]) -> Sequence[Record]:
        """Return objects by id in the order of the ids; one that was deleted meanwhile is left out.

        https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/batch/get-contacts
        """
        found: dict[str, Record] = {}
        for start in range(0, len(identities), _BATCH):
            body = {
                "inputs": [{"id": one} for one in identities[start : start + _BATCH]],
                "properties": list(properties),
                "propertiesWithHistory": [],
            }
            rows = [read(Record, row) for row in self._batch(f"{_OBJECTS}/{kind}/batch/read", body, repeatable=True)]
            found |= {row.id: row for row in rows}
        return [found[one] for one in identities if one in found]

    def links(self, kind: str, identity: str, to: str) -> Sequence[Link]:
        """Return an object's associations to a kind, with their labels.

        https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
        """
        found: list[Link] = []
        after = ""
        while True:
            body = {"inputs": [{"id": identity, **({"after": after} if after else {})}]}
            rows = self._batch(f"/crm/associations/{VERSION}/{kind}/{to}/batch/read", body, repeatable=True)
            pages = [read(Links, row) for row in rows]
            found += [link for page in pages for link in page.to]
            after = next((page.paging.next.after for page in pages if page.paging), "")
            if not after:
                return found

    def search(self, kind: str, groups: Sequence[Filters], properties: Sequence[str]) -> Iterator[Record]:
        """Yield objects that fit one of the groups of filters; what was just written may be missing.

        https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
        """
        after = "0"
        while after:
            body = {
                "filterGroups": [{"filters": [dict(one) for one in group]} for group in groups],
                "properties": list(properties),
                "sorts": ["hs_object_id"],
                "limit": _SEARCH,
                "after": after,
            }
            page = read(Page, self._json("POST", f"{_OBJECTS}/{kind}/search", body=body, repeatable=True))
            yield from page.results
            after = page.paging.next.after if page.paging else ""

    def update(self, kind: str, identity: str, values: Mapping[str, str]) -> None:
        """Set properties of an object.

        https://developers.hubspot.com/docs/api-reference/latest/crm/objects/deals/basic/update-deal
        """
        path = f"{_OBJECTS}/{kind}/{segment(identity, 'HubSpot')}"
        self._json("PATCH", path, body={"properties": dict(values)}, repeatable=True)

    def upsert(self, kind: str, field: str, key: str, values: Mapping[str, str]) -> str:
        """Create or update the object that carries our key, and return its id.

        https://developers.hubspot.com/docs/api-reference/latest/crm/activities/tasks/batch/upsert-tasks
        Raises `Transient` while somebody else creates the same one.
        """
        body = {"inputs": [{"idProperty": field, "id": key, "properties": dict(values)}]}
        try:
            rows = self._batch(f"{_OBJECTS}/{kind}/batch/upsert", body)
        except Refusal as error:
            if error.category != "CONFLICT":
                raise
            raise Transient(
                f"{kind} {key} is being made by somebody else", why=error.why or str(error), retry_after=2
            ) from error
        if len(rows) != 1:
            raise Transient(f"HubSpot did not say what became of {kind} {key}", why=f"{len(rows)} results for one")
        return read(Record, rows[0]).id

    def associate(self, kind: str, identity: str, to: str, target: str) -> None:
        """Associate two objects; they may be associated already.

        https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
        """
        ids = segment(identity, "HubSpot"), segment(target, "HubSpot")
        self._json("PUT", f"{_OBJECTS}/{kind}/{ids[0]}/associations/default/{to}/{ids[1]}", repeatable=True)

    def upload(self, folder: str, name: str, content: bytes, media: str) -> str:
        """Put a private file into a folder, in place of one with the same name, and return its id.

        https://developers.hubspot.com/docs/api-reference/latest/files/upload-file
        """
        answer = self._endpoint.send(
            "POST",
            f"/files/{OLDER}/files",
            data={
                "folderPath": folder,
                "fileName": name,
                "options": json.dumps({"access": "PRIVATE", "overwrite": True}),
            },
            files={"file": (name, content, media)},
        )
        return read(Record, self._endpoint.parsed(self._endpoint.checked(answer))).id

    def owner(self, identity: str) -> Owner | None:
        """Return an owner by id.

        https://developers.hubspot.com/docs/api-reference/latest/crm/owners/get-owner
        """
        answer = self._send("GET", f"/crm/owners/{VERSION}/{segment(identity, 'HubSpot')}")
        return None if _absent(answer) else read(Owner, self._endpoint.parsed(self._endpoint.checked(answer)))

    def owners(self, email: str) -> Sequence[Owner]:
        """Return the active owners with an e-mail address.

        https://developers.hubspot.com/docs/api-reference/latest/crm/owners/get-owners
        """
        body = self._json("GET", f"/crm/owners/{VERSION}", query={"email": email, "limit": "2"})
        return [read(Owner, row) for row in body.get("results", [])]

    def pipelines(self) -> Sequence[Pipeline]:
        """Return the pipelines of deals with their stages.

        https://developers.hubspot.com/docs/api-reference/latest/crm/pipelines/get-pipelines
        """
        return [read(Pipeline, row) for row in self._json("GET", f"/crm/pipelines/{VERSION}/deals").get("results", [])]

    def properties(self, kind: str) -> Mapping[str, Property]:
        """Return the properties of a kind of objects by name.

        https://developers.hubspot.com/docs/api-reference/latest/crm/properties/get-properties
        """
        rows = self._json("GET", f"/crm/properties/{VERSION}/{kind}").get("results", [])
        return {made.name: made for made in (read(Property, row) for row in rows)}

    def account(self) -> tuple[Portal, Mapping[str, str]]:
        """Return the account's details, and the headers that say how much of the day's limit is left.

        https://developers.hubspot.com/docs/api-reference/latest/account/account-information/get-account-details
        """
        answer = self._endpoint.checked(self._send("GET", f"/account-info/{OLDER}/details"))
        return read(Portal, self._endpoint.parsed(answer)), answer.headers

    def _batch(self, path: str, body: Mapping[str, Any], *, repeatable: bool = False) -> Sequence[Any]:
        """Return the results of a batch. Raises for a part that failed, unless it is only not there."""
        answer = self._json("POST", path, body=body, repeatable=repeatable)
        for error in answer.get("errors") or ():
            if error.get("category") != "OBJECT_NOT_FOUND":
                raise problem(207, error, f"POST {path}") or Refusal(
                    f"HubSpot refused a part of POST {path}", category="", why=str(error.get("message"))[:300]
                )
        results: Sequence[Any] = answer.get("results") or ()
        return results

    def _json(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        repeatable: bool = False,
    ) -> dict[str, Any]:
        answer = self._send(method, path, query=query, body=body, repeatable=repeatable)
        return self._endpoint.parsed(self._endpoint.checked(answer))

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        repeatable: bool = False,
    ) -> httpx.Response:
        """Let the SDK build the request; its own way of sending has no time-out and prints errors."""
        given = {name: value for name, value in (query or {}).items() if value}
        options = {"method": method, "path": path, "qs": given, **({} if body is None else {"body": body})}
        built = Request({"base_url": "", "user_agent": "aftersign"}, options)
        ready = built.get_options_for_sending()
        content = ready["data"].encode() if "data" in ready else None
        return self._endpoint.send(
            built.get_method(), built.get_url(), content=content, headers=ready["headers"], repeatable=repeatable
        )


def _absent(answer: httpx.Response) -> bool:
    """Tell whether HubSpot itself says that the object is not there; a 404 of another host is no such word."""
    if answer.status_code != 404:
        return False
    body = body_of(answer)
    return body is not None and (body.get("status") == "error" or body.get("category") == "OBJECT_NOT_FOUND")
