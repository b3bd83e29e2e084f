"""What `aftersign doctor` hears about PandaDoc."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.pandadoc.client import PandaDocClient
from connectors.pandadoc.models import Subscription
from domain.errors import Permanent
from domain.ports import Health

_TRIGGERS = frozenset({"document_state_changed", "document_completed_pdf_ready"})
_KEYS = "AFTERSIGN_PANDADOC__WEBHOOK_KEYS"


def report(client: PandaDocClient, keys: Sequence[str]) -> Health:
    """Return who the API key is and which subscriptions do not reach us.

    PandaDoc deactivates a subscription after one 410, or after seven days of failures, and tells
    nobody; a shared key that was changed there is refused here.
    """
    member = client.member()
    detail = f"{member.get('email', '')} in workspace {member.get('workspace_name') or member.get('workspace', '')}"
    missing = () if keys else (f"webhook key: set {_KEYS}, until then every delivery is refused",)
    return Health(detail, missing, _warnings(client, keys))


def _warnings(client: PandaDocClient, keys: Sequence[str]) -> tuple[str, ...]:
    try:
        found = [Subscription.model_validate(row) for row in client.subscriptions()]
    except Permanent as error:
        return (f"webhook subscriptions cannot be watched: {error.what}",)
    told = [warning for one in found if (warning := _warning(one, keys))]
    if not any(one.status == "ACTIVE" and _TRIGGERS & set(one.triggers or []) for one in found):
        told.append("no active webhook subscription tells of completed documents; only the sweep finds them")
    return tuple(told)


def _warning(one: Subscription, keys: Sequence[str]) -> str:
    if one.status == "DEACTIVATED":
        return f"PandaDoc has deactivated the webhook subscription {one.name!r} to {one.url}; activate it there"
    if one.status == "ACTIVE" and keys and _TRIGGERS & set(one.triggers or []) and one.shared_key not in keys:
        return f"the shared key of the webhook subscription {one.name!r} is not in {_KEYS}; its deliveries are refused"
    return ""
