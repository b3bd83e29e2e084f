"""Handoffs under the rules of access: which of them somebody sees, and without which values."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from domain.access import Act, FieldClass, Viewer, class_of
from domain.terms import TermField
from domain.tokens import Purpose
from store import access, read_models
from store.read_models import Missing
from store.views import handoffs as view
from web.context import WebContext

# Lines of a brief that tell what something costs, or who works at the counterparty.
_PRICES = frozenset({"product", "total_value", "annual_value", "billing", "payment", "uplift", "promise", "special"})
_PEOPLE = frozenset({"signer", "day_to_day", "economic_buyer", "champion", "technical"})


def seen_by(context: WebContext, viewer: Viewer) -> access.Condition:
    """Return which rows of `handoffs` somebody may see; those without a stored paper are for who may audit."""
    return view.within(access.visible(viewer, context.business.people), unread=viewer.everywhere(Act.AUDIT))


def shown_to(context: WebContext, connection: Connection, viewer: Viewer, row: dict[str, Any]) -> dict[str, Any]:
    """Return a handoff without what the rules hide of its contract."""
    contract = row["contract"]
    if contract is None:
        return row
    subject = access.subject(connection, contract["id"], context.business.people)
    return row if subject is None else without(row, {kind for kind in FieldClass if not viewer.shows(kind, subject)})


def without(row: dict[str, Any], hidden: set[FieldClass]) -> dict[str, Any]:
    """Return a handoff without the values of these kinds; lists lose entries, single values become null or empty."""
    found = dict(row)
    if FieldClass.PERSONAL in hidden:
        found["contract"] = {**found["contract"], "signers": []}
        found |= {name: [] for name in ("answers",) if name in found}
        if found.get("welcome"):
            found["welcome"] = {**found["welcome"], "recipient": "", "contact_name": ""}
    if FieldClass.PRICE in hidden:
        found |= {"differences": []} if "differences" in found else {}
        found |= (
            {"terms": [one for one in found.get("terms", []) if not _is_price(one["field"])]}
            if "terms" in found
            else {}
        )
        found |= (
            {"lines": [{**one, "unit_price": None, "total": None} for one in found["lines"]]}
            if "lines" in found
            else {}
        )
    return _unquoted(found) if hidden & {FieldClass.TEXT, FieldClass.PRICE} else found


def _is_price(field: str) -> bool:
    return field in set(TermField) and class_of(TermField(field)) is FieldClass.PRICE


def _unquoted(row: dict[str, Any]) -> dict[str, Any]:
    """Return a handoff without words of the paper; those of a line or term often tell its price too."""
    found = dict(row)
    for name in {"terms", "lines", "parties"} & set(found):
        found[name] = [
            {**one, "citation": {**one["citation"], "quote": ""} if one["citation"] else None} for one in found[name]
        ]
    return found


def opened(
    context: WebContext, connection: Connection, viewer: Viewer, handoff_id: str, act: Act | None = None
) -> dict[str, Any]:
    """Return one handoff as somebody may see it; with `act` only to those who may do that.

    Raises `Missing` alike for what is not there and for what is not theirs.
    """
    there, contract_id = view.contract_of(connection, handoff_id, seen_by(context, viewer))
    if not there or not _may(context, connection, viewer, act, contract_id):
        raise Missing(f"There is no handoff {handoff_id!r}", fix="see /handoffs for those that exist")
    return shown_to(context, connection, viewer, read_models.handoff_detail(connection, handoff_id))


def may(context: WebContext, connection: Connection, viewer: Viewer, act: Act, handoff: dict[str, Any]) -> bool:
    """Tell whether somebody may do that with a handoff that they see."""
    return _may(context, connection, viewer, act, (handoff["contract"] or {}).get("id"))


def links_for(
    context: WebContext, connection: Connection, viewer: Viewer, handoff: dict[str, Any]
) -> tuple[Purpose, ...]:
    """Return which links somebody may make for people without a login; none shows more than they see themselves."""
    if not may(context, connection, viewer, Act.HAND_OVER, handoff) or handoff["contract"] is None:
        return ()
    subject = access.subject(connection, handoff["contract"]["id"], context.business.people)
    if subject is None or not all(viewer.shows(kind, subject) for kind in FieldClass):
        return ()
    ready = {Purpose.BRIEF: handoff["brief"], Purpose.REP_FORM: handoff["brief"], Purpose.INTAKE: handoff["welcome"]}
    return tuple(purpose for purpose, there in ready.items() if there)


def _may(context: WebContext, connection: Connection, viewer: Viewer, act: Act | None, contract_id: str | None) -> bool:
    if act is None:
        return True
    if contract_id is None:
        return viewer.everywhere(act)
    subject = access.subject(connection, contract_id, context.business.people)
    return subject is not None and viewer.may(act, subject)


def brief_for(
    context: WebContext, connection: Connection, viewer: Viewer, contract_id: str, body: dict[str, Any]
) -> dict[str, Any]:
    """Return a brief without the lines that the rules hide from somebody."""
    subject = access.subject(connection, contract_id, context.business.people)
    hidden = {kind for kind in FieldClass if subject is None or not viewer.shows(kind, subject)}
    keys = (_PRICES if FieldClass.PRICE in hidden else frozenset()) | (
        _PEOPLE if FieldClass.PERSONAL in hidden else frozenset()
    )
    sections = [
        {**section, "answers": [one for one in section["answers"] if one["key"] not in keys]}
        for section in body["sections"]
    ]
    return {**body, "sections": sections, **({"differences": [], "changes": []} if FieldClass.PRICE in hidden else {})}
