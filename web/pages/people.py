"""Colleagues: who does what, who is away, and who takes over from whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection, RowMapping

from domain.access import Act, Viewer
from domain.people import Person
from domain.requests import Kind
from store import access, leaves
from store.read_models import Missing
from store.views import people as view
from web.asking import ask, back
from web.context import WebContext
from web.dependencies import Context, Form, only
from web.identity import colleague
from web.listing import Column, Listing, Look, Row, answer, asked
from web.pages import me
from web.problems import Refused, Unacceptable
from web.rendering import day, page
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
router.include_router(me.router)
LONGEST = 400  # days of one absence


def _own(name: str, key: str) -> Any:
    return lambda row: f"/contracts?{name}={quote(row['email'])}" if row[key] else ""


COLUMNS = (
    Column("name", "Name", link=lambda row: f"/people/{quote(row['email'])}", note="email"),
    Column("roles", "Roles"),
    Column("teams", "Teams"),
    Column("regions", "Regions"),
    Column("manager", "Manager", Look.PERSON),
    Column("owns", "Owns", Look.NUMBER, link=_own("owner", "owns")),
    Column("backs", "Backs up", Look.NUMBER, link=_own("backup", "backs")),
    Column("away", "Away"),
)


@router.get("/people")
@router.get("/people.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List everybody with their roles, what they look after and when they are away."""
    wanted, today = asked(request, ()), context.clock().date()
    with context.database.read() as connection:
        visible = access.visible(viewer, context.business.people)
        owned, backed = view.owned(connection, visible), view.backed(connection, visible)
        away = _away(context, connection, today)
    people = sorted(context.business.people.values(), key=lambda one: (not one.active, one.name))
    rows = [_row(context, one, owned.get(one.email, 0), backed.get(one.email, 0), away) for one in people]
    shown = rows if wanted.suffix else rows[wanted.offset : wanted.offset + wanted.limit]
    extra = {"away": away, "may_assign": viewer.ever(Act.ASSIGN)}
    return answer(request, "people.html", wanted, Listing("people", "People", COLUMNS, shown, len(rows), extra=extra))


@router.get("/people/{email}")
def person(request: Request, context: Context, viewer: Asking, email: str) -> Response:
    """Show one colleague: what they look after, when they are away; hand their contracts over."""
    found = _person(context, email)
    people, today = context.business.people, context.clock().date()
    with context.database.read() as connection:
        visible = access.visible(viewer, people)
        owned, backed = view.owned(connection, visible), view.backed(connection, visible)
        away = [one for one in _away(context, connection, today) if one["email"] == found.email]
        may_hand_over = _contract_of(context, connection, viewer, found) is not None
    values = {
        "person": _row(context, found, owned.get(found.email, 0), backed.get(found.email, 0), away),
        "away": away,
        "may_enter": _may_enter(viewer, found),
        "may_hand_over": may_hand_over,
        "others": sorted((one for one in people.values() if one.active and one != found), key=lambda one: one.name),
        "today": today,
    }
    return page(request, "person.html", values)


@router.post("/people/{email}/leave")
def enter(context: Context, viewer: Asking, email: str, form: Form) -> RedirectResponse:
    """Enter an absence of one's own, or of somebody whose contracts one may assign."""
    found = _person(context, email)
    _allowed(viewer, found)
    only(form, {"first", "last"})
    first, last = _day(form, "first"), _day(form, "last")
    if not 0 <= (last - first).days <= LONGEST:
        raise Unacceptable(
            "The absence cannot be taken", why=f"its last day must follow its first, within {LONGEST} days",
            fix="correct the days",
        )  # fmt: skip
    with context.database.write() as connection:
        leaves.add(connection, found.email, first, last, who=viewer.email, now=context.clock())
    return RedirectResponse(f"/people/{quote(found.email)}", 303)


@router.post("/people/leaves/{number:int}/withdraw")
def withdraw(context: Context, viewer: Asking, number: int) -> RedirectResponse:
    """Withdraw an absence that was entered here."""
    with context.database.write() as connection:
        row = leaves.get(connection, number) if number < 2**31 else None
        if row is None:
            raise Missing("There is no such absence", fix="reload the page")
        if row["email"] != viewer.email and not viewer.ever(Act.ASSIGN):
            raise _refused()
        leaves.withdraw(connection, number, who=viewer.email, now=context.clock())
    return RedirectResponse(f"/people/{quote(row['email'])}", 303)


@router.post("/people/{email}/hand-over")
async def hand_over(context: Context, viewer: Asking, email: str, form: Form) -> Response:
    """Ask that everything a colleague looks after goes to somebody else."""
    found = _person(context, email)
    only(form, {"to"})
    contract = await run_in_threadpool(_theirs, context, viewer, found)
    identity = await ask(
        context, viewer, Kind.HAND_OVER, contract, {"leaver": found.email, "to": form.get("to", "")},
        subject=found.email,
    )  # fmt: skip
    return back(f"/people/{quote(found.email)}", identity)


def _theirs(context: WebContext, viewer: Viewer, person: Person) -> str:
    with context.database.read() as connection:
        contract = _contract_of(context, connection, viewer, person)
    if contract is None:
        raise Refused(
            "There is nothing to hand over", why=f"{person.name} looks after no contracts, or not all are yours to assign",
            fix="ask whoever may assign all of them",
        )  # fmt: skip
    return contract


def _contract_of(context: WebContext, connection: Connection, viewer: Viewer, person: Person) -> str | None:
    """Return a contract of a colleague, `None` where one may not assign every one of theirs: all of them move."""
    allowed = access.allowed(viewer, context.business.people, Act.ASSIGN)
    if view.beyond(connection, allowed, person.email):
        return None
    return view.one_of(connection, allowed, person.email)


def _row(context: WebContext, person: Person, owns: int, backs: int, away: Sequence[Row]) -> dict[str, Any]:
    roles = context.business.access.viewer(person, "").roles
    theirs = [one for one in away if one["email"] == person.email]
    return {
        "email": person.email,
        "name": person.name if person.active else f"{person.name} (left)",
        "active": person.active,
        "roles": ", ".join(sorted(roles)),
        "teams": ", ".join(person.teams),
        "regions": ", ".join(person.regions),
        "manager": person.manager,
        "owns": owns,
        "backs": backs,
        "away": "; ".join(f"{day(one['first'])} to {day(one['last'])}" for one in theirs),
    }


def _away(context: WebContext, connection: Connection, today: date) -> list[dict[str, Any]]:
    """List absences of `ownership.yaml` and those entered here, the earliest first; `id` is of the latter only."""
    written = [
        {"id": None, "email": one.email, "first": off.first, "last": off.last, "entered_by": "ownership.yaml"}
        for one in context.business.people.values()
        for off in one.leave
        if off.last >= today
    ]
    entered = [_entered(row) for row in leaves.coming(connection, today)]
    return sorted([*written, *entered], key=lambda one: (one["first"], one["email"]))


def _entered(row: RowMapping) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "email", "first", "last", "entered_by")}


def _person(context: WebContext, email: str) -> Person:
    found = colleague(context.business.people, email) or context.business.people.get(email)
    if found is None:
        raise Missing("There is no such colleague", fix="see /people for everybody")
    return found


def _may_enter(viewer: Viewer, person: Person) -> bool:
    return viewer.email == person.email or viewer.ever(Act.ASSIGN)


def _allowed(viewer: Viewer, person: Person) -> None:
    if not _may_enter(viewer, person):
        raise _refused()


def _refused() -> Refused:
    return Refused(
        "You may not change this absence", why="it is not yours, and no rule lets you assign contracts",
        fix="ask them, or whoever assigns contracts",
    )  # fmt: skip


def _day(form: dict[str, str], name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError as error:
        raise Unacceptable(f"The {name} day cannot be read", fix="write it as YYYY-MM-DD") from error
