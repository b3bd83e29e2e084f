"""Who is asking: every page gets the person with the rules that are theirs, or nobody gets the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection

from domain.access import Act, FieldClass, Subject, Viewer
from domain.people import Person
from store import access
from store.read_models import Missing
from web.context import WebContext
from web.dependencies import get_context
from web.problems import Refused
from web.rendering import VIEWER

AS = "aftersign_as"  # on one machine without login: whom one looks as


def get_viewer(request: Request) -> Viewer:
    """Return who asks. Raises `Refused` where nobody has proved who they are."""
    context = get_context(request)
    known: Viewer | None = request.scope.get(VIEWER)
    if known is not None:
        return known
    person = _local(context, request.cookies.get(AS, ""))
    if person is None:
        raise Refused(
            "Nobody is listed who could look at this",
            why="config/ownership.yaml names no active person",
            fix="add yourself to config/ownership.yaml",
        )
    request.scope[VIEWER] = found = context.business.access.viewer(person, "local")
    return found


Asking = Annotated[Viewer, Depends(get_viewer)]


def _local(context: WebContext, chosen: str) -> Person | None:
    """Return whom one looks as on one's own machine: the chosen colleague, else the first administrator."""
    people = context.business.people
    active = [person for person in people.values() if person.active]
    viewers = {person.email: context.business.access.viewer(person, "local") for person in active}
    if chosen in viewers:
        return people[chosen]
    return max(active, key=lambda person: viewers[person.email].ever(Act.AUDIT), default=None)


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
