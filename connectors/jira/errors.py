"""Jira's own words about what it refuses, turned into who must act.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#status-codes
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import httpx

from domain.errors import AftersignError, Permanent

_QUOTED = re.compile(r"[Ff]ield '([^']+)'")
_FIXES = {
    "project": "set AFTERSIGN_JIRA__PROJECT to the key of a project that the account may create issues in",
    "issuetype": "name a type that the project has under `jira: item_types:` in config/work.yaml",
}
_SCREEN = "add the field to the project's create screen in Jira"
_FILL = "give it a value under `jira: fields:` in config/work.yaml, or make it optional in Jira"


class FieldsRefused(Permanent):
    """Say which fields of an issue Jira would not take, by field id; nothing was made."""

    def __init__(self, fields: Mapping[str, str], fix: str) -> None:
        names = ", ".join(fields)
        super().__init__(f"Jira refused {names}", why="; ".join(fields.values())[:300], fix=fix)
        self.fields = dict(fields)


def refusal(response: httpx.Response) -> AftersignError | None:
    """Return what a refusal means; `None` leaves it to the general table."""
    match response.status_code:
        case 400:
            fields = _fields(response)
            return FieldsRefused(fields, _fix(fields)) if fields else None
        case 401:
            return Permanent(
                "Jira does not know the credential",
                why="the e-mail address and the API token do not belong together, or the token expired",
                fix="set AFTERSIGN_JIRA__USERNAME and AFTERSIGN_JIRA__API_KEY anew",
            )
        case 403:
            return Permanent(
                "Jira forbids it",
                why=response.text[:300],
                fix="give the account of AFTERSIGN_JIRA__USERNAME the permissions that the connector's README lists",
            )
    return None


def _fields(response: httpx.Response) -> dict[str, str]:
    """Return field and complaint; Jira names some fields only inside a sentence."""
    try:
        body = json.loads(response.content)
        fields = {str(name): str(text) for name, text in (body.get("errors") or {}).items()}
        told = [str(text) for text in body.get("errorMessages") or []]
    except (ValueError, AttributeError):
        return {}
    return fields | {found[1]: text for text in told if (found := _QUOTED.search(text))}


def _fix(fields: Mapping[str, str]) -> str:
    """Return what to do about the fields, each way once."""
    ways = [_FIXES.get(name, _SCREEN if "cannot be set" in text else _FILL) for name, text in fields.items()]
    return "; ".join(dict.fromkeys(ways))
