"""The columns of the outbox: what a message, mail, project, task or deal is called and to whom it goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from store.views import outbox as view
from web.listing import Column, Look
from web.rendering import web_link, words

_TITLES = {"role": "Role", "kind": "Kind", "state": "State", "connector": "Connector", "month": "Month"}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "role": {"crm": "CRM", "work": "Work tool"},
    "state": {
        "applied": "Done",
        "intended": "About to be made",
        "unknown": "In doubt",
        view.KEPT: "Kept, in no ledger",
    },
    "kind": {"effect": "Effect without a preview"},
}
_SNIPPET = 120
# Who has such a link needs no login: its preview shows it, a list does not.
_LINK = re.compile(r"(/t/[a-z]+/)[\w.~-]+")


def _address(row: Any) -> str:
    """Return where somebody looks at it: its preview, its doubt, or the vendor's own page."""
    if row["state"] == "unknown":
        return f"/dead-letters/in-doubt?{urlencode({'key': row['key']})}"
    if row["kind"] == "deal":
        return f"/outbox/crm/{quote(row['key'], safe='')}" if row["opened"] else ""
    return f"/outbox/{row['id']}" if row["id"] else web_link(row["url"])


def _owner(row: Any) -> str:
    if row["handoff_id"]:
        return f"/handoffs/{quote(row['handoff_id'], safe='')}"
    return f"/contracts/{row['contract_id']}" if row["contract_id"] else ""


COLUMNS = (
    Column("title", "What", link=_address, note="snippet"),
    Column("role", "Role", note="kind", sortable=True),
    Column("to", "To", Look.PERSON),
    Column("state", "State", Look.STATE, sortable=True),
    Column("connector", "Connector", sortable=True),
    Column("belongs", "Belongs to", link=_owner),
    Column("at", "Written", Look.MOMENT, sortable=True),
)
# What only a file tells as well.
MORE = (
    Column("kind", "Kind"), Column("key", "Key"), Column("handoff_id", "Handoff"), Column("contract_id", "Contract"),
    Column("url", "Address"), Column("id", "Number"),
)  # fmt: skip


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its title, receiver and first words; where its contents are hidden only its kind."""
    body = row["body"] or {}
    what = _first(body, "subject", "title", "name", "text") or f"{words(row['role'])} {row['kind']}"
    text = _first(body, "text", "body", "summary")
    belongs = row["handoff_id"] or ("Contract" if row["contract_id"] else "")
    return {
        **row, "title": what, "to": _receiver(body), "belongs": belongs,
        "snippet": row["key"] if not text or text == what else _LINK.sub(r"\1…", " ".join(text.split()))[:_SNIPPET],
    }  # fmt: skip


def labels(name: str) -> tuple[str, Callable[[str], str]]:
    """Return what a facet is called, and how its values are."""
    known = _WORDS.get(name)
    if known is None:
        return _TITLES[name], str if name == "month" else words
    return _TITLES[name], lambda value: known.get(value, words(value))


def _first(body: Mapping[str, Any], *names: str) -> str:
    return next((str(body[name]) for name in names if isinstance(body.get(name), str) and body[name]), "")


def _receiver(body: Mapping[str, Any]) -> str:
    found = body.get("to") or body.get("owner") or body.get("assignee") or ""
    if isinstance(found, Mapping):
        return str(found.get("email") or found.get("name") or "")
    return found if isinstance(found, str) else ", ".join(str(one) for one in found)
