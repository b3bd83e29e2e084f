"""A calendar feed shows the deadlines in force to whoever has its address, until it is revoked."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlalchemy import select, update

from domain.deadlines import Deadlines
from store import clock, decisions, feeds
from store.tables import contracts
from tests.web.conftest import Make
from web.app import create_app
from web.context import WebContext

WHO = "sofia.marin@lumora.example"
FOUND = Deadlines(
    term_end=date(2026, 12, 31), notice_deadline=date(2026, 11, 1), effective_deadline=date(2026, 10, 30),
    send_by=date(2026, 10, 23), decide_by=date(2026, 10, 8), alerts=(), explanation=("It ends.", "So there."),
)  # fmt: skip


@pytest.fixture
def context(make_context: Make) -> WebContext:
    made = make_context(public_url="https://aftersign.lumora.example")
    with made.database.write() as connection:
        contract = connection.scalar(select(contracts.c.id).limit(1))
        connection.execute(update(contracts).where(contracts.c.id == contract).values(owner_email=WHO))
        clock.record(
            made.database, connection, str(contract), "v1", FOUND, inputs={}, calendar="US", calendar_version="1",
            provisional=False, now=made.clock(),
        )  # fmt: skip
    return made


def read(context: WebContext, token: str) -> tuple[int, list[object]]:
    with TestClient(create_app(context)) as http:
        answer = http.get(f"/t/calendar/{token}.ics")
    if answer.status_code != 200:
        return answer.status_code, []
    assert answer.headers["content-type"].startswith("text/calendar")
    return 200, list(Calendar.from_ical(answer.content).walk("VEVENT"))


def feed(context: WebContext, email: str = WHO, view: str = "mine") -> str:
    with context.database.write() as connection:
        return feeds.create(connection, email, view, context.clock())


class TestAFeed:
    def test_shows_each_day_as_an_event_that_blocks_nobody(self, context: WebContext) -> None:
        status, events = read(context, feed(context))
        assert status == 200
        days = {str(event["summary"]).partition(": ")[2]: event["dtstart"].dt for event in events}  # type: ignore[index]
        assert days == {
            "decide by today": date(2026, 10, 8),
            "send notice by today": date(2026, 10, 23),
            "term ends": date(2026, 12, 31),
        }
        assert {str(event["transp"]) for event in events} == {"TRANSPARENT"}  # type: ignore[index]
        assert all(event.walk("VALARM") for event in events)  # type: ignore[attr-defined]

    def test_keeps_an_events_identity_when_its_day_moves(self, context: WebContext) -> None:
        token = feed(context)
        before = {str(event["uid"]) for event in read(context, token)[1]}  # type: ignore[index]
        with context.database.write() as connection:
            row = clock.every(connection)[0]
            clock.record(
                context.database, connection, row["contract_id"], "v2", FOUND.because("moved"), inputs={},
                calendar="US", calendar_version="1", provisional=False, now=context.clock(),
            )  # fmt: skip
        events = read(context, token)[1]
        assert {str(event["uid"]) for event in events} == before  # type: ignore[index]
        assert {int(event["sequence"]) for event in events} == {2}  # type: ignore[index]

    def test_of_somebody_else_is_empty_and_that_of_everything_is_not(self, context: WebContext) -> None:
        assert read(context, feed(context, "lea.brandt@lumora.example"))[1] == []
        assert len(read(context, feed(context, "lea.brandt@lumora.example", "all"))[1]) == 3

    def test_loses_what_was_carried_out(self, context: WebContext) -> None:
        with context.database.write() as connection:
            row = clock.every(connection)[0]
            decisions.add(
                connection, row["contract_id"], FOUND.term_end, "renew", who=WHO, because="", now=context.clock(),
                state=decisions.EXECUTED,
            )  # fmt: skip
        assert read(context, feed(context))[1] == []

    def test_is_closed_once_it_is_revoked_and_to_a_guess(self, context: WebContext) -> None:
        token = feed(context)
        with context.database.write() as connection:
            assert feeds.revoke(connection, WHO, context.clock()) == 1
        assert read(context, token)[0] == 403
        assert read(context, "x" * 32)[0] == 403

    def test_is_kept_as_a_digest_only(self, context: WebContext) -> None:
        token = feed(context)
        with context.database.read() as connection:
            row = feeds.opened(connection, token)
        assert row is not None
        assert token not in str(dict(row))
