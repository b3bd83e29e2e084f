"""Prometheus' query API, one method an endpoint; also that of Thanos, Mimir and VictoriaMetrics."""

from __future__ import annotations

from typing import Any

from connectors.http import Endpoint


class PrometheusClient:
    """Call Prometheus; answers come back as the `data` of its envelope."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def query(self, query: str) -> dict[str, Any]:
        """Return the value of a query now.

        https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
        """
        return self._data("/api/v1/query", {"query": query})

    def query_range(self, query: str, *, start: int, end: int, step: int) -> dict[str, Any]:
        """Return the values of a query at every step of [start, end], both included, in seconds.

        https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries
        """
        return self._data("/api/v1/query_range", {"query": query, "start": start, "end": end, "step": step})

    def _data(self, path: str, params: dict[str, str | int]) -> dict[str, Any]:
        found = self._endpoint.json("GET", path, params=params).get("data")
        return found if isinstance(found, dict) else {}
