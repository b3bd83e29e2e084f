"""Prometheus in the uptime role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from connectors.prometheus.client import PrometheusClient
from connectors.prometheus.models import Result, Series
from domain.errors import ConfigurationError, Permanent
from domain.outages import Impact, Outage, outages, sampled
from domain.ports import Health

_POINTS = 10_000  # Prometheus answers with at most 11,000 a series


class PrometheusUptime:
    """Read outages out of one query a service.

    A value below `threshold` is down for its step; NaN, or no value, is `UNKNOWN`. `clock` tells
    where the window is still ahead and cannot be known.
    """

    def __init__(
        self,
        client: PrometheusClient,
        queries: Mapping[str, str],
        clock: Callable[[], datetime],
        *,
        step: timedelta = timedelta(minutes=1),
        threshold: Decimal = Decimal(1),
    ) -> None:
        self._client = client
        self._queries = dict(queries)
        self._clock = clock
        self._step = step
        self._threshold = threshold

    def check(self) -> Health:
        """Ask every query for its value now. Raises `Transient` or `Permanent`."""
        missing = []
        for service, query in self._queries.items():
            if _series(self._client.query(query), service) is None:
                missing.append(f"a value for {service!r} now: its query finds none; check uptime.yaml")
        return Health(f"{len(self._queries)} services", missing=tuple(missing))

    def outages(self, service: str, start: datetime, end: datetime) -> Sequence[Outage]:
        """List the outages within [start, end), oldest first; they are known only inside of it.

        Raises `ConfigurationError` for a service without a query.
        """
        if service not in self._queries:
            raise ConfigurationError(
                f"No query is set for the service {service!r}",
                why=f"there are queries for {', '.join(self._queries) or 'none'}",
                fix="add one to uptime.yaml",
            )
        end = min(end, self._clock())
        samples = {number: self._impact(value) for number, value in self._values(service, start, end)}
        return outages(service, sampled(samples, start, end, self._step), source="prometheus")

    def _values(self, service: str, start: datetime, end: datetime) -> Iterator[tuple[int, str]]:
        """Yield (number of the step since 1970, value), a request for every so many points."""
        step = int(self._step.total_seconds())
        first, last = int(start.timestamp()) // step, -(-int(end.timestamp()) // step) - 1
        for begin in range(first, last + 1, _POINTS):
            until = min(begin + _POINTS - 1, last)
            body = self._client.query_range(self._queries[service], start=begin * step, end=until * step, step=step)
            found = _series(body, service)
            for moment, value in found.values if found else []:
                yield int(moment) // step, value

    def _impact(self, value: str) -> Impact | None:
        number = Decimal(value)
        if number.is_nan():
            return Impact.UNKNOWN
        return Impact.DOWN if number < self._threshold else None


def _series(body: dict[str, Any], service: str) -> Series | None:
    """Return the only series of an answer, or `None`. Raises `Permanent` where there are several."""
    try:
        found = Result.model_validate(body).result
    except ValidationError as error:
        raise Permanent(
            f"Prometheus answers the query of {service!r} in another shape than documented",
            why=str(error.errors()[0]["msg"]),
            fix='let the query return a vector, such as min(probe_success{job="api"})',
        ) from error
    if len(found) > 1:
        raise Permanent(
            f"The query of {service!r} finds {len(found)} series",
            why=f"two of them are {found[0].metric} and {found[1].metric}",
            fix="join them in the query, such as min(...) for down if any is, max(...) for down if all are",
        )
    return found[0] if found else None
