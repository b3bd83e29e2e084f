"""Which deal a document or a customer's name means, where there is exactly one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from connectors.hubspot.client import HubSpotClient
from domain.comparison import normal_name
from domain.ports import DealQuery

_RECENT = timedelta(days=30)


def only_deal(client: HubSpotClient, document_field: str, query: DealQuery, now: datetime) -> str:
    """Return the id of the only deal of the document, else of the customer; empty where there is a doubt.

    Search lags behind by seconds, so a deal that was just made may not be found yet.
    """
    return _by_document(client, document_field, query.document) or _by_customer(client, query.customer, now)


def _by_document(client: HubSpotClient, field: str, document: str) -> str:
    if not field or not document:
        return ""
    rows = list(client.search("deals", [[_equal(field, document)]], (field,)))
    return rows[0].id if len(rows) == 1 else ""


def _by_customer(client: HubSpotClient, customer: str, now: datetime) -> str:
    """Look for companies whose name has the same first word, and compare whole names here."""
    words, normal = re.findall(r"\w+", customer), normal_name(customer)
    if not words or not normal:
        return ""
    token = {"propertyName": "name", "operator": "CONTAINS_TOKEN", "value": f"{words[0]}*"}
    rows = client.search("companies", [[token]], ("name",))
    found = [row for row in rows if normal_name(row.text("name")) == normal]
    return _of_company(client, found[0].id, now) if len(found) == 1 else ""


def _of_company(client: HubSpotClient, company: str, now: datetime) -> str:
    """Return the company's only open deal, else the only one it won lately."""
    of, since = _equal("associations.company", company), int((now - _RECENT).timestamp() * 1000)
    recent = {"propertyName": "closedate", "operator": "GTE", "value": str(since)}
    groups = [[of, _equal("hs_is_closed", "false")], [of, _equal("hs_is_closed_won", "true"), recent]]
    rows = list(client.search("deals", groups, ("hs_is_closed",)))
    candidates = [row for row in rows if row.text("hs_is_closed") != "true"] or rows
    return candidates[0].id if len(candidates) == 1 else ""


def _equal(name: str, value: str) -> dict[str, str]:
    return {"propertyName": name, "operator": "EQ", "value": value}
