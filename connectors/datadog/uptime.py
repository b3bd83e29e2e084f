"""Datadog in the uptime role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from connectors.datadog.client import DatadogClient
from connectors.datadog.models import Result, Series
from domain.errors import ConfigurationError, Permanent
from domain.outages import Impact, Outage, outages, sampled
from domain.ports import Health

# Datadog joins points of longer windows; within this many every step keeps its own.
_POINTS = 1_200


class DatadogUptime:
    """Read outages out of one metrics query a service.

    The query has to keep its steps, as with `.rollup(min, 60)` for a step of a minute. A value
    below `threshold` is down for its step, no value is `UNKNOWN`. `clock` tells where the window
    is still ahead and cannot be known.
    """

    def __init__(
        self,
        client: DatadogClient,
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
        """Validate the API key, and ask every query for its last hour. Raises `Transient` or `Permanent`."""
        self._client.validate()
        now = int(self._clock().timestamp())
        missing = []
        for service, query in self._queries.items():
            if self._series(self._client.query(query, start=now - 3600, end=now), service) is None:
                missing.append(f"a value for {service!r} within the last hour; check uptime.yaml")
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
        return outages(service, sampled(samples, start, end, self._step), source="datadog")

    def _values(self, service: str, start: datetime, end: datetime) -> Iterator[tuple[int, Decimal | None]]:
        """Yield (number of the step since 1970, value), a request for every so many points."""
        step = int(self._step.total_seconds())
        first, last = int(start.timestamp()) // step, -(-int(end.timestamp()) // step)
        for begin in range(first, last, _POINTS):
            until = min(begin + _POINTS, last)
            body = self._client.query(self._queries[service], start=begin * step, end=until * step)
            found = self._series(body, service)
            for milliseconds, value in found.pointlist if found else []:
                yield int(milliseconds // 1000) // step, value

    def _impact(self, value: Decimal | None) -> Impact | None:
        if value is None:
            return Impact.UNKNOWN
        return Impact.DOWN if value < self._threshold else None

    def _series(self, body: dict[str, Any], service: str) -> Series | None:
        """Return the only series of an answer, or `None`. Raises `Permanent` where it cannot be used."""
        try:
            found = Result.model_validate(body).series
        except ValidationError as error:
            raise Permanent(
                f"Datadog answers the query of {service!r} in another shape than documented",
                why=str(error.errors()[0]["msg"]),
                fix="try it in Datadog's metrics explorer",
            ) from error
        if len(found) > 1:
            raise Permanent(
                f"The query of {service!r} finds {len(found)} series",
                why=f"two of them are {found[0].scope} and {found[1].scope}",
                fix="join them in the query, such as min:my.check{service:api}.rollup(min, 60)",
            )
        step = int(self._step.total_seconds())
        if found and found[0].interval != step:
            raise Permanent(
                f"The query of {service!r} has a point every {found[0].interval} s, not every {step} s",
                why="an outage shorter than its points would be lost or stretched",
                fix=f"end the query with .rollup(min, {step})",
            )
        return found[0] if found else None
