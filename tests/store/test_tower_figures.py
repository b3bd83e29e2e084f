"""The control tower's figures, counted by the database, against the same counted by hand."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from statistics import mean, median
from typing import Any

import pytest
from sqlalchemy import Connection, insert, literal

from store import tables as t
from store.database import Database
from store.views import tower, tower_figures, tower_filters

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CSMS = ("lea@lumora.example", "tomas@lumora.example", "")
TEAMS = {"lea@lumora.example": "EMEA", "tomas@lumora.example": "AMER"}


def signature(connection: Connection, number: int, chance: random.Random) -> dict[str, Any]:
    """Insert one signature that has got somewhere, and return what a person would say of it."""
    signed = NOW - timedelta(minutes=chance.randrange(1, 60 * 24 * 120))
    due = signed + timedelta(hours=24)
    contacted = signed + timedelta(minutes=chance.randrange(1, 3000)) if chance.random() < 0.6 else None
    briefed = signed + timedelta(seconds=chance.randrange(5, 900)) if chance.random() < 0.9 else None
    shares = [round(chance.random(), 2) for _ in range(chance.randrange(1, 4))] if briefed else []
    row = {"id": f"h-{number}", "csm": chance.choice(CSMS), "type": chance.choice(["new", "renewal"]), "signed": signed,
           "due": due, "contacted": contacted, "briefed": briefed, "shares": shares,
           "dead": chance.random() < 0.2, "state": chance.choice(["complete", "incomplete", "running"])}  # fmt: skip
    connection.execute(insert(t.inbox).values(
        id=row["id"], source="pandadoc", event_id=row["id"], kind="x", state="done", body=b"", headers={},
        received_at=signed, document=row["id"],
    ))  # fmt: skip
    connection.execute(insert(t.handoffs).values(
        id=row["id"], inbox_id=row["id"], source="pandadoc", document=row["id"], signed={}, customer=f"Customer {number}",
        deal_id="", deal_type=row["type"], csm_email=row["csm"], csm_reason="", state=row["state"], signed_at=signed,
        accepted_at=signed, runs=1,
    ))  # fmt: skip
    connection.execute(insert(t.first_touches).values(
        handoff_id=row["id"], csm_email=row["csm"] or "nobody", instruction="", due_at=due, created_at=signed,
        state="contacted" if contacted else "open", contacted_at=contacted,
    ))  # fmt: skip
    connection.execute(insert(t.steps).values(
        handoff_id=row["id"], step="project", state="dead" if row["dead"] else "done", attempts=1,
    ))  # fmt: skip
    for version, share in enumerate(shares, 1):
        connection.execute(insert(t.briefs).values(
            handoff_id=row["id"], version=version, content_hash=f"{version}", body={}, changes=[], html="", markdown="", text="", completeness=share,
            created_at=briefed,
        ))  # fmt: skip
    return row


@pytest.fixture
def signatures(database: Database) -> list[dict[str, Any]]:
    chance = random.Random(7)
    with database.write() as connection:
        return [signature(connection, number, chance) for number in range(60)]


def percentile(values: list[float]) -> float:
    return sorted(values)[math.ceil(len(values) * 0.9) - 1]


def seconds(rows: list[dict[str, Any]], end: str) -> list[float]:
    return [(row[end] - row["signed"]).total_seconds() for row in rows if row[end]]


def expected(rows: list[dict[str, Any]]) -> dict[str, Any]:
    made = seconds(rows, "contacted")
    return {
        "n": len(rows),
        "contacted": len(made),
        "in_time": sum(bool(row["contacted"] and row["contacted"] <= row["due"]) for row in rows),
        "overdue": sum(row["contacted"] is None and row["due"] < NOW for row in rows),
        "median": median(made) if made else None,
        "p90": percentile(made) if made else None,
    }


def rounded(found: dict[str, Any], names: Any) -> dict[str, Any]:
    return {name: round(found[name], 3) if isinstance(found[name], float) else found[name] for name in names}


class TestFigures:
    def test_are_those_counted_by_hand(self, database: Database, signatures: list[dict[str, Any]]) -> None:
        with database.read() as connection:
            found, _ = tower_figures.figures(connection, tower_filters.Wanted(literal(value=True), NOW))
        wanted = expected(signatures)
        assert rounded(found, wanted) == rounded(wanted, wanted)
        briefed = [row for row in signatures if row["briefed"]]
        assert found["brief_median"] == pytest.approx(median(seconds(briefed, "briefed")))
        assert found["first"] == pytest.approx(mean(row["shares"][0] for row in briefed))
        assert found["latest"] == pytest.approx(mean(row["shares"][-1] for row in briefed))
        assert found["promise"] == pytest.approx(86400)

    @pytest.mark.parametrize(("by", "key"), [("csm", "csm"), ("type", "type"), ("team", "csm")])
    def test_by_a_dimension_are_those_of_its_rows(
        self, database: Database, signatures: list[dict[str, Any]], by: str, key: str
    ) -> None:
        question = tower_filters.Wanted(literal(value=True), NOW, teams=TEAMS)
        with database.read() as connection:
            _, groups = tower_figures.figures(connection, question, by)
        names = TEAMS if by == "team" else {}
        assert sum(row["n"] for row in groups) == len(signatures)
        for group in groups:
            own = [row for row in signatures if names.get(row[key], "" if by == "team" else row[key]) == group["of"]
                   or (group["of"] == tower_filters.NOBODY and not row[key])]  # fmt: skip
            wanted = expected(own)
            assert rounded(group, wanted) == rounded(wanted, wanted)

    def test_by_month_stand_in_order_and_count_their_own(
        self, database: Database, signatures: list[dict[str, Any]]
    ) -> None:
        with database.read() as connection:
            _, groups = tower_figures.figures(connection, tower_filters.Wanted(literal(value=True), NOW))
        assert [row["of"] for row in groups] == sorted(row["of"] for row in groups)
        for group in groups:
            own = [row for row in signatures if row["signed"].year * 100 + row["signed"].month == int(group["of"])]
            wanted = expected(own)
            assert rounded(group, wanted) == rounded(wanted, wanted)

    def test_of_nothing_are_unknown_and_not_nought(self, database: Database) -> None:
        with database.read() as connection:
            found, _ = tower_figures.figures(connection, tower_filters.Wanted(literal(value=True), NOW))
        assert found["n"] == 0
        for name in ("median", "p90", "promise", "brief_median", "first", "latest"):
            assert found[name] is None


class TestRows:
    def test_every_figure_leads_to_as_many_rows(self, database: Database, signatures: list[dict[str, Any]]) -> None:
        def total(**filters: str) -> int:
            with database.read() as connection:
                return tower.counts(connection, tower_filters.Wanted(literal(value=True), NOW, filters, TEAMS)).total

        with database.read() as connection:
            found, _ = tower_figures.figures(connection, tower_filters.Wanted(literal(value=True), NOW))
        assert total(contact="made") == found["contacted"]
        assert total(contact="in_time") == found["in_time"]
        assert total(contact="overdue") == found["overdue"]
        assert total(brief="issued") == found["briefs"]
        assert total(stuck="project") == sum(row["dead"] for row in signatures)
        assert total(team="EMEA") == sum(row["csm"] == CSMS[0] for row in signatures)
        assert total(contact="nonsense") == 0
        assert total(month="soon") == 0

    def test_come_in_the_order_asked_for_with_their_steps(
        self, database: Database, signatures: list[dict[str, Any]]
    ) -> None:
        with database.read() as connection:
            rows = tower.rows(connection, tower_filters.Wanted(literal(value=True), NOW, sort="contacted"), 100)
        known = [row["contacted_at"] for row in rows if row["contacted_at"]]
        assert known == sorted(known)
        assert [row["contacted_at"] is None for row in rows] == sorted(row["contacted_at"] is None for row in rows)
        dead = {row["id"] for row in signatures if row["dead"]}
        assert {row["id"] for row in rows if row["steps"]["project"]["state"] == "dead"} == dead

    def test_facets_count_what_choosing_them_would_show(
        self, database: Database, signatures: list[dict[str, Any]]
    ) -> None:
        filters = {"type": "new"}
        with database.read() as connection:
            for name in tower_filters.FACETS:
                for value, count in tower.counts(
                    connection, tower_filters.Wanted(literal(value=True), NOW, filters, TEAMS)
                ).facets[name]:
                    chosen = tower_filters.Wanted(literal(value=True), NOW, {**filters, name: value}, TEAMS)
                    assert tower.counts(connection, chosen).total == count, (name, value)
        assert signatures
