"""QuickBooks Online's accounting API, one method an endpoint; only reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from connectors.http import Endpoint, Params, segment
from domain.errors import Permanent

# https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/minor-versions
MINOR_VERSION = 75
PAGE = 1000
_JSON = {"Accept": "application/json"}


class QuickBooksClient:
    """Call QuickBooks Online for one company; `realm` is its id."""

    def __init__(self, endpoint: Endpoint, realm: str) -> None:
        self._endpoint = endpoint
        self._company = f"/v3/company/{segment(realm, 'QuickBooks')}"

    def query(self, entity: str, *, since: datetime | None, start: int = 1, size: int = PAGE) -> dict[str, Any]:
        """Return a page of an entity, oldest change first, and the vendor's own time.

        https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/data-queries
        """
        changed = f" where MetaData.LastUpdatedTime >= '{_time(since)}'" if since else ""
        statement = (
            f"select * from {entity}{changed} orderby MetaData.LastUpdatedTime startposition {start} maxresults {size}"  # noqa: S608 - the entity is ours
        )
        params: Params = {"query": statement, "minorversion": MINOR_VERSION}
        return self._get("query", params, "QueryResponse")

    def changes(self, entities: tuple[str, ...], *, since: datetime) -> dict[str, Any]:
        """Return what changed within the last 30 days, at most 1,000 objects; deleted ones are named.

        https://developer.intuit.com/app/developer/qbo/docs/learn/explore-the-quickbooks-online-api/change-data-capture
        """
        params: Params = {"entities": ",".join(entities), "changedSince": _time(since), "minorversion": MINOR_VERSION}
        return self._get("cdc", params, "CDCResponse")

    def _get(self, path: str, params: Params, name: str) -> dict[str, Any]:
        body = self._endpoint.json("GET", f"{self._company}/{path}", params=params, headers=_JSON)
        if name in body:
            return body
        raise Permanent(
            f"QuickBooks' answer to {path} has another shape than documented",
            why=f"it has no {name}",
            fix="check that AFTERSIGN_QUICKBOOKS__BASE_URL is QuickBooks' own address",
        )


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
