"""Datadog's metrics API, one method an endpoint; the endpoint carries both keys as headers."""

from __future__ import annotations

from typing import Any

from connectors.http import Endpoint
from domain.errors import Permanent


class DatadogClient:
    """Call Datadog; answers come back as parsed JSON."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def validate(self) -> dict[str, Any]:
        """Tell whether the API key is valid.

        https://docs.datadoghq.com/api/latest/authentication/#validate-api-key
        """
        return self._endpoint.json("GET", "/api/v1/validate")

    def query(self, query: str, *, start: int, end: int) -> dict[str, Any]:
        """Return the series of a metrics query in a window of seconds. Raises `Permanent` for a bad query.

        https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-points
        """
        body = self._endpoint.json("GET", "/api/v1/query", params={"query": query, "from": start, "to": end})
        if body.get("status") == "error" or body.get("error"):
            raise Permanent(
                "Datadog refuses a query",
                why=str(body.get("error") or "it does not say why"),
                fix="try it in Datadog's metrics explorer and correct uptime.yaml",
            )
        return body
