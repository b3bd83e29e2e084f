"""HubSpot's error answers, and who must act on each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from connectors.http import retry_after
from connectors.redact import redact
from domain.errors import AftersignError, Permanent, Transient

# https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
_POLICIES = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0, "DAILY": 3600.0}
# Beside the usual ones: an object locked while HubSpot works on it, and an account on its way to another region.
# https://developers.hubspot.com/docs/api-reference/error-handling
_WAITING_HELPS = {423: 5.0, 477: 600.0}
_RENEW = "set AFTERSIGN_HUBSPOT__ACCESS_TOKEN to a current service key or private app token of this account"
_CATEGORIES = {
    "VALIDATION_ERROR": "fill or correct {fields} in HubSpot, or relax its rule there, then press Retry; "
    "a name that does not exist stands in config/crm.yaml",
    "MISSING_SCOPES": "give the service key or private app of AFTERSIGN_HUBSPOT__ACCESS_TOKEN {scopes}",
    "INVALID_AUTHENTICATION": _RENEW,
    "EXPIRED_AUTHENTICATION": _RENEW,
    "OBJECT_NOT_FOUND": "restore the record in HubSpot, or correct the deal_id in the signed document's metadata",
    "CONFLICT": "look for another record with the same unique value in HubSpot, and merge or delete one",
}
_STATUSES = {401: "INVALID_AUTHENTICATION", 404: "OBJECT_NOT_FOUND", 409: "CONFLICT"}


class Refusal(Permanent):
    """Say that HubSpot refused, and keep its category."""

    def __init__(self, what: str, *, category: str, why: str = "", fix: str = "") -> None:
        super().__init__(what, why=why, fix=fix)
        self.category = category


def explain(response: httpx.Response) -> AftersignError | None:
    """Return who must act on an error answer, or `None` for one that is not HubSpot's own."""
    body = body_of(response)
    if body is None:
        return None
    where = f"{response.request.method} {response.request.url.path}"
    return problem(response.status_code, body, where, retry_after(response))


def problem(
    status: int, body: Mapping[str, Any], where: str, wished: float | None = None
) -> Transient | Permanent | None:
    """Return who must act on `{category, message, errors: [{message, context}]}`; every part may be missing."""
    category = str(body.get("category") or _STATUSES.get(status, ""))
    why = redact("; ".join(dict.fromkeys(_messages(body)))[:500])
    what = f"HubSpot refused {where}: {category or status}"
    if status == 429 or category == "RATE_LIMITS":
        policy = str(body.get("policyName") or "")
        return Transient(what, why=f"{policy} {why}".strip(), retry_after=wished or _POLICIES.get(policy, 10.0))
    if status in _WAITING_HELPS:
        return Transient(what, why=why, retry_after=wished or _WAITING_HELPS[status])
    if category not in _CATEGORIES:
        return Refusal(what, category=category, why=why, fix="look at HubSpot's own words above") if category else None
    fields, scopes = ", ".join(_fields(body)), ", ".join(_scopes(body))
    fix = _CATEGORIES[category].format(
        fields=fields or "the property it names", scopes=f"the scope {scopes}" if scopes else "the missing scope"
    )
    return Refusal(what, category=category, why=why + (f" ({fields})" if fields else ""), fix=fix)


def body_of(response: httpx.Response) -> dict[str, Any] | None:
    """Return the JSON object of an answer, or `None` when it is something else."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _parts(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield body
    errors = body.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, Mapping):
            yield error


def _messages(body: Mapping[str, Any]) -> Iterator[str]:
    for part in _parts(body):
        if part.get("message"):
            yield str(part["message"])


def _context(body: Mapping[str, Any], word: str) -> Iterator[str]:
    for part in _parts(body):
        context = part.get("context")
        for name, value in context.items() if isinstance(context, Mapping) else ():
            if word in str(name).casefold():
                yield from map(str, value) if isinstance(value, list) else (str(value),)


def _fields(body: Mapping[str, Any]) -> Mapping[str, None]:
    """Return the properties an error names: in its context, else as JSON inside its message."""
    named = re.findall(r'"name"\s*:\s*"(\w+)"', str(body.get("message") or ""))
    return dict.fromkeys((*_context(body, "propert"), *named))


def _scopes(body: Mapping[str, Any]) -> Mapping[str, None]:
    return dict.fromkeys(_context(body, "scope"))
