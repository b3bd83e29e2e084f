"""Salesforce's REST API through simple-salesforce, whose session is ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError

from connectors.bridge import session
from connectors.http import Endpoint
from connectors.salesforce.errors import problem
from domain.errors import Permanent, Transient

Record = Mapping[str, Any]


class SalesforceClient:
    """Query, read, write and upsert records.

    The endpoint's client carries the access token; the session id that the SDK wants is never
    used. Raises `Transient` or `Permanent`.
    """

    def __init__(self, endpoint: Endpoint, version: str) -> None:
        self._endpoint = replace(endpoint, breaker=endpoint.breaker)
        self._sdk = Salesforce(
            session_id="unused",
            instance_url=endpoint.base_url,
            version=version,
            session=session(self._endpoint),
            parse_float=Decimal,
        )
        self._version = version

    @property
    def web(self) -> str:
        """Return the address that records are looked at under."""
        return self._endpoint.base_url.rstrip("/")

    def query(self, soql: str) -> Sequence[Record]:
        """Return every record of a query.

        https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
        """
        try:
            return list(self._sdk.query_all(soql)["records"])
        except SalesforceError as error:
            raise _told(error, "the query") from error
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise _cut_off("a query") from error

    def update(self, kind: str, record: str, values: Record) -> None:
        """Set fields of a record.

        https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_retrieve_patch.htm
        """
        self._do(f"{kind} {record}", lambda sdk: sdk.update(_id(record), values), kind)

    def create(self, kind: str, values: Record) -> str:
        """Create a record and return its id.

        https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_basic_info_post.htm
        """
        made = self._do(f"a new {kind}", lambda sdk: sdk.create(values), kind)
        return str(made["id"])

    def upsert(self, kind: str, field: str, key: str, values: Record) -> str:
        """Create or update the record that carries our key, and return its id.

        https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_upsert_patch.htm
        """
        path = f"{field}/{quote(key, safe='')}"
        answer = self._do(f"{kind} {key}", lambda sdk: sdk.upsert(path, values, raw_response=True), kind)
        try:
            return str(answer.json()["id"])
        except (ValueError, KeyError, TypeError) as error:
            raise _cut_off(f"{kind} {key}") from error

    def by_key(self, kind: str, field: str, key: str) -> Record | None:
        """Return the record that carries our key.

        https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_upsert_get.htm
        """
        try:
            found: Record = self._do(f"{kind} {key}", lambda sdk: sdk.get_by_custom_id(field, key), kind)
        except Permanent as error:
            if getattr(error, "code", "") == "NOT_FOUND":
                return None
            raise
        return found

    def fields(self, kind: str) -> Mapping[str, Record]:
        """Return an object's fields by name, as far as the user may see them.

        https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm
        """
        described = self._do(f"the description of {kind}", lambda sdk: sdk.describe(), kind)
        return {str(field["name"]): field for field in described["fields"]}

    def limits(self) -> Mapping[str, Record]:
        """Return what is left of the org's limits.

        https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_limits.htm
        """
        return self._endpoint.json("GET", f"/services/data/v{self._version}/limits")

    def _do(self, where: str, act: Any, kind: str) -> Any:
        try:
            return act(getattr(self._sdk, kind))
        except SalesforceError as error:
            raise _told(error, where) from error
        except (requests.RequestException, ValueError) as error:
            raise _cut_off(where) from error


def literal(value: str) -> str:
    """Return a text as a SOQL literal that no name can break out of.

    https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm
    """
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    for plain, code in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), ("\b", "\\b"), ("\f", "\\f")):
        escaped = escaped.replace(plain, code)
    return f"'{escaped}'"


def _id(record: str) -> str:
    if record.isalnum() and len(record) in {15, 18}:
        return record
    raise Permanent(
        f"{record[:40]!r} is not a Salesforce id",
        why="ids are 15 or 18 letters and digits",
        fix="correct the deal_id in the signed document's metadata, then press Retry",
    )


def _told(error: SalesforceError, where: str) -> Transient | Permanent:
    return problem(int(error.status), error.content, where)


def _cut_off(where: str) -> Transient:
    return Transient(f"Salesforce's answer about {where} was cut off", why="it is not the JSON it should be")
