"""Renewals: the windows that close, by the day one must act; and what happens if nobody does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain import simulator
from domain.access import Act, FieldClass, Viewer
from domain.periods import Period, Unit, add
from domain.requests import Kind
from store import access
from store.views import outlook
from store.views import renewals as view
from web.asking import ask, back
from web.context import WebContext
from web.dependencies import Context, Form
from web.listing import PAGE, Asked, Choice, Column, Facet, Listing, Look, answer, asked
from web.problems import Unacceptable
from web.rendering import words
from web.viewer import Asking

router = APIRouter(include_in_schema=False)
HORIZONS = (3, 6, 12, 18, 24)
_KINDS = {"decide": Kind.DECIDE_RENEWAL, "acknowledge": Kind.ACKNOWLEDGE_RENEWAL}
COLUMNS = (
    Column("customer", "Customer", link=lambda row: f"/contracts/{row['id']}", note="title", sortable=True),
    Column("act_by", "Act by", Look.DAY, note="left", sortable=True),
    Column("decide_by", "Decide by", Look.DAY),
    Column("notice_deadline", "Notice deadline", Look.DAY),
    Column("term_end", "Term ends", Look.DAY, sortable=True),
    Column("renewal_type", "Renews", note="notice"),
    Column("annual", "A year", Look.MONEY, kind=FieldClass.PRICE, sortable=True),
    Column("owner_email", "Owner", Look.PERSON),
    Column("verdict", "Decision", Look.STATE),
    Column("told", "Alerts", Look.STATE),
)
HAPPENS = (
    Column("customer", "Customer", link=lambda row: f"/contracts/{row['id']}", note="title"),
    Column("fate", "What happens", Look.STATE),
    Column("on", "Cannot be turned after", Look.DAY),
    Column("term_end", "Term ends", Look.DAY),
    Column("until", "Then until", Look.DAY),
    Column("cost", "Commits us to", Look.MONEY, kind=FieldClass.PRICE, note="basis"),
    Column("owner", "Owner", Look.PERSON),
)
_LABELS = {"due": "Act", "decision": "Decision", "renewal": "Renews", "owner": "Owner", "region": "Region"}


@router.get("/renewals")
@router.get("/renewals.{suffix}")
def listed(request: Request, context: Context, viewer: Asking) -> Response:
    """List the windows that wait for a decision."""
    wanted = asked(request, view.FILTERS, sorts=view.SORTS)
    question = _question(context, viewer, wanted)
    with context.database.read() as connection:
        rows = view.rows(connection, question, wanted.limit, wanted.offset)
        for row in rows:
            _describe(row)
        whole = not wanted.suffix
        counts = view.counts(connection, question) if whole else None
        months = outlook.months(connection, question) if whole else []
    facets = tuple(_facet(context, name, counts.facets[name]) for name in view.FACETS) if counts else ()
    total = counts.total if counts else len(rows)
    extra = {"months": months, "may": viewer.ever(Act.DECIDE)}
    empty = "No window waits for a decision under these filters."
    return answer(
        request, "renewals.html", wanted, Listing("renewals", "Renewals", COLUMNS, rows, total, facets, empty, extra)
    )


@router.post("/renewals/{contract_id}/{what}")
async def settled(context: Context, viewer: Asking, contract_id: str, what: str, form: Form) -> RedirectResponse:
    """Take a decision from the list and go back to it."""
    kind = _KINDS.get(what)
    if kind is None:
        raise Unacceptable(f"{what[:40]!r} is nothing to do with a renewal", fix="decide or acknowledge it")
    here = form.pop("here", "/renewals")
    identity = await ask(context, viewer, kind, contract_id, {**form, "contract": contract_id})
    return back(here if here.startswith("/renewals") else "/renewals", identity)


@router.get("/renewals/simulator")
@router.get("/renewals/simulator.{suffix}")
def simulated(request: Request, context: Context, viewer: Asking) -> Response:
    """Show what renews and what ends until a horizon if nobody acts, and which windows nobody would hear of."""
    wanted = asked(request, ("months",))
    months = wanted.filters.get("months", "12")
    months = months if months.isdecimal() and int(months) in HORIZONS else "12"
    today = context.clock().date()
    horizon = add(today, Period(int(months), Unit.MONTH))
    question = _question(context, viewer, wanted)
    with context.database.read() as connection:
        running, hidden = outlook.running(connection, question, horizon)
        unheard = outlook.unheard(connection, question)
    events = sorted(_events(running, today, horizon), key=lambda event: (event.on, event.running.contract_id))
    sums, unknown = simulator.sums(events)
    extra = {
        "months": months, "horizons": HORIZONS, "horizon": horizon, "hidden": hidden, "unheard": unheard,
        "sums": sums, "unknown": unknown, "ends": sum(event.fate is simulator.Fate.ENDS for event in events),
        "renews": sum(event.fate is simulator.Fate.RENEWS for event in events),
    }  # fmt: skip
    rows = [_event(event) for event in events]
    shown = rows if wanted.suffix else rows[wanted.offset : wanted.offset + PAGE]
    empty = "Nothing renews or ends until then."
    listing = Listing("simulator", "If nobody acts", HAPPENS, shown, len(rows), empty=empty, extra=extra)
    return answer(request, "simulator.html", wanted, listing)


def _events(running: list[simulator.Running], today: date, horizon: date) -> list[simulator.Event]:
    return [event for one in running for event in simulator.unattended(one, today=today, horizon=horizon)]


def _event(event: simulator.Event) -> dict[str, object]:
    one = event.running
    return {
        "id": one.contract_id, "customer": one.customer, "title": one.title, "owner": one.owner,
        "fate": event.fate.value, "on": event.on, "term_end": event.term_end, "until": event.until,
        "cost": event.cost.amount, "basis": event.cost.basis if event.fate is simulator.Fate.RENEWS else "",
    }  # fmt: skip


def _question(context: WebContext, viewer: Viewer, wanted: Asked) -> view.Wanted:
    people = context.business.people
    return view.Wanted(
        access.visible(viewer, people),
        access.showing(viewer, people, FieldClass.PRICE),
        wanted.filters,
        context.clock().date(),
        wanted.sort,
    )


def _facet(context: WebContext, name: str, found: Sequence[tuple[str, int]]) -> Facet:
    labels: dict[str, Callable[[str], str]] = {
        "due": lambda step: "too late" if step == view.LATE else f"within {step} days",
        "decision": lambda one: "nothing decided" if one == view.NONE else words(one),
        "owner": lambda one: _person(context, one),
    }
    label = labels.get(name, words)
    return Facet(name, _LABELS[name], tuple(Choice(value, label(value), count) for value, count in found))


def _person(context: WebContext, email: str) -> str:
    known = context.business.people.get(email)
    return known.name if known else "Nobody" if email == view.NOBODY else email


def _describe(row: dict[str, object]) -> None:
    days = int(str(row["days_left"]))
    row["left"] = f"{-days} days late" if days < 0 else "today" if days == 0 else f"{days} days left"
    row["left"] = f"{row['left']}, provisional" if row["provisional"] else row["left"]
    row["renewal_type"] = words(str(row["renewal_type"])) if row["renewal_type"] else ""
    notice = str(row["notice_period"] or "")
    row["notice"] = f"notice {Period.parse(notice).display()}" if notice else ""
