"""A vendor's own status page in the uptime role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from connectors.statuspage.client import LISTED, StatuspageClient
from connectors.statuspage.models import Component, Incident
from domain.errors import Permanent
from domain.outages import Impact, Outage, Span, outages, touching
from domain.ports import Health

_Model = TypeVar("_Model", bound=BaseModel)
_SOURCE = "statuspage"
_OPEN = datetime.max.replace(tzinfo=UTC)
# https://metastatuspage.com/api#components
_STATUSES = {
    "operational": None,
    "degraded_performance": Impact.DEGRADED,
    "partial_outage": Impact.DEGRADED,
    "major_outage": Impact.DOWN,
    "under_maintenance": Impact.MAINTENANCE,
}
# https://metastatuspage.com/api#incidents; an incident of impact `none` informs and claims no outage
_IMPACTS = {
    "none": None,
    "minor": Impact.DEGRADED,
    "major": Impact.DOWN,
    "critical": Impact.DOWN,
    "maintenance": Impact.MAINTENANCE,
}


class StatuspageUptime:
    """Read incidents and maintenances of components.

    `services` maps our name of a service to the name or id of its component; a service that it
    does not name is looked for under its own name. `clock` tells which maintenances lie ahead.
    """

    def __init__(self, client: StatuspageClient, services: Mapping[str, str], clock: Callable[[], datetime]) -> None:
        self._client = client
        self._services = dict(services)
        self._clock = clock

    def check(self) -> Health:
        """Look for every mapped component. Raises `Transient` or `Permanent`."""
        body = self._client.components()
        found = _components(body)
        known = {text.casefold() for one in found for text in (one.id, one.name)}
        missing = tuple(
            f"component {name!r} of service {service!r}: the page has {', '.join(one.name for one in found)}"
            for service, name in self._services.items()
            if name.casefold() not in known
        )
        return Health(f"{(body.get('page') or {}).get('name', '')}, {len(found)} components", missing=missing)

    def outages(self, service: str, start: datetime, end: datetime) -> Sequence[Outage]:
        """List what touches the window [start, end), whole and oldest first.

        The part of the window before the oldest incident that the page still lists is `UNKNOWN`.
        Raises `Permanent` where the page has no such component.
        """
        component = self._component(service)
        incidents = _read(self._client.incidents(), "incidents")
        planned = _read(self._client.maintenances(), "scheduled_maintenances")
        found = [
            *(outage for one in incidents for outage in _incident(service, one, component)),
            *(outage for one in planned for outage in self._maintenance(service, one, component)),
            *_forgotten(service, incidents, start, end),
        ]
        return touching(found, start, end)

    def _component(self, service: str) -> Component:
        wanted = self._services.get(service, service).casefold()
        found = _components(self._client.components())
        for one in found:
            if wanted in {one.id.casefold(), one.name.casefold()}:
                return one
        raise Permanent(
            f"The status page has no component {wanted!r} for the service {service!r}",
            why=f"it has {', '.join(one.name for one in found) or 'none'}",
            fix="map the service to one of them in uptime.yaml",
        )

    def _maintenance(self, service: str, one: Incident, component: Component) -> Iterator[Outage]:
        """Yield a maintenance that has begun; its end is when it was over, else when it is planned to be."""
        begin = one.started_at or one.scheduled_for or one.created_at
        if begin <= self._clock() and _concerns(one, component):
            over = one.resolved_at or (None if one.status in {"in_progress", "verifying"} else one.scheduled_until)
            yield _outage(service, one, begin, over, Impact.MAINTENANCE)


def _incident(service: str, one: Incident, component: Component) -> Iterator[Outage]:
    """Yield what an incident did to a component, by its own updates where they tell."""
    if not _concerns(one, component):
        return
    begin = one.started_at or one.created_at
    if spans := list(_told(one, component)):
        for found in outages(service, spans, source=_SOURCE):
            yield _outage(service, one, found.start, None if found.end == _OPEN else found.end, found.impact)
        return
    # Without a component the page says that something was wrong, and not with what.
    impact = _IMPACTS.get(one.impact, Impact.UNKNOWN)
    if impact is not None:
        impact = impact if one.components else Impact.UNKNOWN
        yield _outage(service, one, begin, one.resolved_at, impact)


def _told(one: Incident, component: Component) -> Iterator[Span]:
    """Yield the states that the updates name for a component, each until the next one."""
    states = [
        (update.at, _STATUSES.get(affected.new_status, Impact.UNKNOWN))
        for update in sorted(one.incident_updates, key=lambda update: update.at)
        for affected in update.affected_components or []
        if component.id == affected.code or component.name == affected.name
    ]
    over = one.resolved_at or _OPEN
    for place, (begin, impact) in enumerate(states):
        until = states[place + 1][0] if place + 1 < len(states) else over
        yield Span(begin, min(until, over), impact)


def _forgotten(service: str, incidents: Sequence[Incident], start: datetime, end: datetime) -> Iterator[Outage]:
    """Yield the part of the window that the list, cut at its newest entries, does not reach back to."""
    if len(incidents) < LISTED:
        return
    oldest = min(one.created_at for one in incidents)
    if start < oldest:
        title = f"the page lists its newest {LISTED} incidents only"
        yield Outage(service, start, min(oldest, end), Impact.UNKNOWN, title=title, source=_SOURCE)


def _concerns(one: Incident, component: Component) -> bool:
    """Tell whether an incident is about a component, about its group, or names none."""
    named = {other.id for other in one.components}
    return not named or component.id in named or component.group_id in named or bool(named & set(component.components))


def _outage(service: str, one: Incident, begin: datetime, over: datetime | None, impact: Impact) -> Outage:
    end = None if over is None else over.astimezone(UTC)
    return Outage(
        service, begin.astimezone(UTC), end, impact, id=one.id, title=one.name, source=_SOURCE, url=one.shortlink or ""
    )


def _components(body: dict[str, Any]) -> list[Component]:
    return _parsed(body, "components", Component)


def _read(body: dict[str, Any], name: str) -> list[Incident]:
    return _parsed(body, name, Incident)


def _parsed(body: dict[str, Any], name: str, model: type[_Model]) -> list[_Model]:
    """Return a list of an answer. Raises `Permanent` where it is not there: that is no quiet month."""
    try:
        return TypeAdapter(list[model]).validate_python(body.get(name))  # type: ignore[valid-type]
    except ValidationError as error:
        first = error.errors()[0]
        raise Permanent(
            "The status page answers in another shape than documented",
            why=f"{'.'.join(map(str, (name, *first['loc'])))}: {first['msg']}",
            fix="check that AFTERSIGN_STATUSPAGE__BASE_URL is a page made with Statuspage",
        ) from error
