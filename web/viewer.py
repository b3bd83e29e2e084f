"""Who is asking: every page gets the person with the rules that are theirs, or nobody gets the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from domain.access import Act, FieldClass, Subject, Viewer
from store import access
from store.read_models import Missing
from web.context import WebContext
from web.problems import Refused
from web.rendering import VIEWER

AS = "aftersign_as"  # on one machine without login: whom one looks as


def get_viewer(request: Request) -> Viewer:
    """Return who asks, as the gate found out. Raises `Refused` where nobody has proved who they are."""
    known: Viewer | None = request.scope.get(VIEWER)
    if known is None:
        raise Refused(
            "Nobody is listed who could look at this",
            why="config/ownership.yaml names no active person",
            fix="add yourself to config/ownership.yaml",
        )
    return known


Asking = Annotated[Viewer, Depends(get_viewer)]


def subject_of(context: WebContext, connection: Connection, viewer: Viewer, contract_id: str) -> Subject:
    """Return what rules know of a contract. Raises `Missing`, alike for what is not there and what is not theirs."""
    found = access.subject(connection, contract_id, context.business.people)
    if found is None or not viewer.sees(found):
        raise Missing("There is no such contract", fix="see /contracts for those that you may see")
    return found


def needs(viewer: Viewer, act: Act) -> None:
    """Raise `Missing` unless this person may ever do that: what is not theirs is hidden, not refused."""
    if not viewer.ever(act):
        raise Missing("There is no such page", fix="start at /")


def shown(viewer: Viewer, subject: Subject) -> Mapping[FieldClass, bool]:
    """Tell which kinds of values this person is shown of a contract; templates ask it by name."""
    return {kind: viewer.shows(kind, subject) for kind in FieldClass}
