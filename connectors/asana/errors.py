"""Asana's own words about what it refuses, turned into who must act.

https://developers.asana.com/docs/errors
"""

from __future__ import annotations

import json
import re

import httpx

from domain.errors import AftersignError, Permanent

_FIELD = re.compile(r"(\w+)(?:[.\[][^:]*)?: ")
_FIXES = {
    "team": "set AFTERSIGN_ASANA__TEAM to a team's gid; a project of an organization needs one",
    "workspace": "set AFTERSIGN_ASANA__WORKSPACE to the workspace's gid",
    "start_on": "choose a paid plan or leave the start to Asana",
    "resource_subtype": "name a type that Asana has under `asana: item_types:` in config/work.yaml",
    "requested_dates": "give the template's date variables defaults at Asana",
    "requested_roles": "compare `asana: roles:` in config/work.yaml with the template's roles",
}
_FILL = "give it a value under `asana: fields:` in config/work.yaml, or make it optional at Asana"


class FieldRefused(Permanent):
    """Say which field of a request Asana would not take; nothing was made."""

    def __init__(self, field: str, what: str, *, why: str, fix: str) -> None:
        super().__init__(what, why=why, fix=fix)
        self.field = field


def refusal(response: httpx.Response) -> AftersignError | None:
    """Return what a refusal means; `None` leaves it to the general table."""
    words = _words(response)
    match response.status_code:
        case 400:
            return _field(words)
        case 401:
            return Permanent(
                "Asana does not know the credential",
                why=words,
                fix="set AFTERSIGN_ASANA__ACCESS_TOKEN to a token that is not expired or revoked",
            )
        case 402:
            return Permanent(
                "Asana says that this needs a paid plan",
                why=words,
                fix="choose a plan with start dates, custom fields and milestones;"
                " `asana: item_types: {milestone: default_task}` in config/work.yaml does without milestones",
            )
        case 403:
            return _field(words) if "external" in words else _forbidden(words)
    return None


def _field(words: str) -> AftersignError | None:
    found = _FIELD.match(words)
    name = "external" if "external" in words.lower() else found[1] if found else ""
    if "custom" in words.lower() and name != "external":
        name = name or "custom_fields"
    if not name:
        return None
    return FieldRefused(name, f"Asana refused the field {name}", why=words, fix=_FIXES.get(name, _FILL))


def _forbidden(words: str) -> Permanent:
    return Permanent(
        "Asana forbids it",
        why=words,
        fix="let the account of AFTERSIGN_ASANA__ACCESS_TOKEN edit that team and project, with the scopes that the"
        " connector's README lists",
    )


def _words(response: httpx.Response) -> str:
    try:
        errors = json.loads(response.content)["errors"]
        return "; ".join(str(error["message"]) for error in errors)[:300]
    except (ValueError, KeyError, TypeError):
        return ""
