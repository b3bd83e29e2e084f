"""HubSpot's webhooks: something about a deal has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from connectors import signing
from connectors.hubspot.models import Event
from domain.errors import Permanent
from domain.signatures import SignatureEvent, Verdict

_EVENTS = TypeAdapter(list[Event])
_DEAL = "0-3"
_CHANGES = frozenset({"propertyChange", "associationChange"})
# Deliveries we know and have no use for. Anything else is unknown, and loud.
# https://developers.hubspot.com/docs/api-reference/latest/webhooks/guide
_ACTIONS = _CHANGES | {"creation", "deletion", "merge", "restore", "privacyDeletion", "newMessage"}
_KINDS = frozenset({"object", "deal", "company", "contact", "line_item", "product", "ticket", "conversation"})


class HubSpotHook:
    """Verify HubSpot's webhooks and name the deals that changed.

    `address` is the target URL as it is configured at HubSpot; it is part of what is signed.
    """

    def __init__(self, client_secret: str, address: str, clock: Callable[[], datetime]) -> None:
        self._secret = client_secret
        self._address = address
        self._clock = clock

    def events(self, body: bytes, headers: Mapping[str, str], query: Mapping[str, str]) -> Sequence[SignatureEvent]:
        """Verify a webhook on its raw bytes and name its events. Raises `Forged`."""
        del query  # a query of the target URL stands in the address
        signing.hubspot("POST", self._address, body, headers, self._secret, now=self._clock())
        return [_event(event) for event in _parse(body)]


def _parse(body: bytes) -> list[Event]:
    try:
        return _EVENTS.validate_json(body)
    except ValidationError as error:
        raise Permanent(
            "The webhook's body is not a list of HubSpot events",
            why="; ".join(str(one["msg"]) for one in error.errors()[:3]),
            fix="look at the delivery in the app's log in HubSpot",
        ) from error


def _event(event: Event) -> SignatureEvent:
    verdict = _verdict(event)
    document = _deal(event) if verdict is Verdict.NOTED else ""
    return SignatureEvent(_identity(event), event.kind, verdict, event.portal, document)


def _identity(event: Event) -> str:
    """Return what another attempt of the same delivery has in common; `eventId` alone is not unique."""
    parts = (event.portal, event.subscription, event.event, event.object or event.source, event.property, event.at)
    return "-".join(parts)[:200]


def _verdict(event: Event) -> Verdict:
    kind, _, action = event.kind.partition(".")
    if kind not in _KINDS or action not in _ACTIONS:
        return Verdict.UNKNOWN
    return Verdict.NOTED if action in _CHANGES and _deal(event) else Verdict.IGNORED


def _deal(event: Event) -> str:
    """Return the id of the deal that an event is about; empty for another object's."""
    about_deal = event.kind.startswith("deal.")
    if event.kind.endswith(".associationChange"):
        return event.source if about_deal or event.source_type == _DEAL else ""
    return event.object if about_deal or event.type == _DEAL else ""
