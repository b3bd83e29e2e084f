"""The public API of a status page made with Atlassian Statuspage, one method an endpoint; no credential."""

from __future__ import annotations

from typing import Any

from connectors.http import Endpoint

LISTED = 50  # the public lists hold that many of the newest entries and no more


class StatuspageClient:
    """Call one status page; answers come back as parsed JSON."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def components(self) -> dict[str, Any]:
        """Return the page and its components.

        https://metastatuspage.com/api#components
        """
        return self._endpoint.json("GET", "/api/v2/components.json")

    def incidents(self) -> dict[str, Any]:
        """Return the newest incidents, resolved ones too.

        https://metastatuspage.com/api#incidents
        """
        return self._endpoint.json("GET", "/api/v2/incidents.json")

    def maintenances(self) -> dict[str, Any]:
        """Return the newest scheduled maintenances, completed ones too.

        https://metastatuspage.com/api#scheduled-maintenances
        """
        return self._endpoint.json("GET", "/api/v2/scheduled-maintenances.json")
