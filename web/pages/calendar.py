"""A calendar that others subscribe to: all-day events with stable identities. A view, never the alert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from fastapi.responses import Response
from icalendar import Alarm, Calendar, Event
from sqlalchemy import Connection, and_, false

from domain.access import FieldClass, Viewer
from store import access, feeds
from store.access import Condition
from store.tables import contracts
from store.views import contracts as contract_list
from store.views import renewals
from web.context import WebContext
from web.dependencies import Context
from web.identity import colleague
from web.problems import Refused

router = APIRouter(include_in_schema=False)
_KINDS = {
    "window_opens": "notice may be given from today",
    "decide_by": "decide by today",
    "send_by": "send notice by today",
    "term_end": "term ends",
}
_ALARM = timedelta(days=-7)
MOST = 5000  # contracts of a saved view; no calendar shows more

Filters = Mapping[str, str]


@router.get("/t/calendar/{token}")
def calendar(context: Context, token: str) -> Response:
    """Return the feed that a token opens, as iCalendar (RFC 5545)."""
    now = context.clock()
    with context.database.read() as connection:
        feed = feeds.opened(connection, token.removesuffix(".ics"))
        person = colleague(context.business.people, feed["email"]) if feed else None
        if feed is None or person is None:
            raise Refused(
                "This calendar is not open to you",
                why="the address is incomplete, or the feed was revoked",
                fix="make a new one at /people/me",
            )
        viewer = context.business.access.viewer(person, "link")
        within = _within(context, connection, viewer, feed["view"])
        terms = feeds.deadlines_for(connection, feed["email"], feed["view"], within)
        duties = feeds.duties_for(
            connection,
            feed["email"],
            feed["view"],
            within,
            access.showing(viewer, context.business.people, FieldClass.TEXT),
        )
    found = Calendar()
    found.add("prodid", "-//Aftersign//Deadlines//EN")
    found.add("version", "2.0")
    found.add("x-wr-calname", "Contract deadlines")
    for event in (*_deadlines(terms, context.settings.public_url, now), *_duties(duties, now)):
        found.add_component(event)
    return Response(found.to_ical(), media_type="text/calendar; charset=utf-8")


def _within(context: WebContext, connection: Connection, viewer: Viewer, which: str) -> Condition:
    """Return of which contracts a feed tells: those its person may see, and that fit the saved view."""
    people = context.business.people
    seen = access.visible(viewer, people)
    if which in feeds.VIEWS:
        return seen
    row = feeds.saved_view(connection, which, viewer.email)
    filters = dict(parse_qsl(row["query"])) if row else {}
    if row is None or row["page"] not in _VIEWS or "q" in filters:
        return false()
    priced, today = access.showing(viewer, people, FieldClass.PRICE), context.clock().date()
    return and_(seen, contracts.c.id.in_(_VIEWS[row["page"]](connection, seen, priced, filters, today)))


def _listed(connection: Connection, seen: Condition, priced: Condition, filters: Filters, today: date) -> list[str]:
    wanted = contract_list.Wanted(seen, priced, filters, today)
    return [str(row["id"]) for row in contract_list.rows(connection, wanted, MOST)]


def _renewing(connection: Connection, seen: Condition, priced: Condition, filters: Filters, today: date) -> list[str]:
    wanted = renewals.Wanted(seen, priced, filters, today)
    return [str(row["id"]) for row in renewals.rows(connection, wanted, MOST)]


_VIEWS = {"contracts": _listed, "renewals": _renewing}


def _deadlines(rows: Any, url: str, now: datetime) -> Iterator[Event]:
    for row in rows:
        for kind, words in _KINDS.items():
            if row[kind] is not None:
                summary = f"{row['customer']}: {words}"
                text = "\n".join(row["explanation"])
                yield _event(
                    f"{row['contract_id']}-{row['renewals']}-{kind}", row[kind], summary, text, row["id"], url, now
                )


def _duties(rows: Any, now: datetime) -> Iterator[Event]:
    for row in rows:
        whose = "we owe" if row["direction"] == "ours" else "they owe"
        yield _event(f"due-{row['id']}", row["due_on"], f"{row['customer']}: {whose} today", row["text"], 0, "", now)


def _event(identity: str, day: date, summary: str, text: str, sequence: int, url: str, now: datetime) -> Event:
    """Return an all-day event that blocks nobody's time; its identity stays when its day moves."""
    values: Mapping[str, object] = {
        "uid": f"{identity}@aftersign",
        "sequence": sequence,
        "dtstamp": now,
        "dtstart": day,
        "dtend": day + timedelta(days=1),
        "summary": summary,
        "description": text,
        "transp": "TRANSPARENT",
        **({"url": url} if url else {}),
    }
    event, alarm = Event(), Alarm()
    for name, value in values.items():
        event.add(name, value)
    for name, value in (("action", "DISPLAY"), ("description", summary), ("trigger", _ALARM)):
        alarm.add(name, value)
    event.add_component(alarm)
    return event
