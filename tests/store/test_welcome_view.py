"""Welcome sequences as listed and counted by the database, against the same told by hand."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, literal

from store import tables as t
from store.database import Database
from store.views import welcome

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
STATES = ("active", "stopped", "finished")
MAILS = ("planned", "sent", "skipped", "unknown")


def sequence(number: int, chance: random.Random) -> dict[str, Any]:
    mails = [(f"day-{day}", NOW + timedelta(days=day), chance.choice(MAILS)) for day in range(chance.randrange(4))]
    return {"id": f"h-{number:03}", "customer": chance.choice(["Vela", "vela", "Okoro"]), "mails": mails,
            "csm": chance.choice(["lea@lumora.example", ""]), "state": chance.choice(STATES),
            "intake": chance.choice([None, NOW])}  # fmt: skip


@pytest.fixture
def sequences(database: Database) -> list[dict[str, Any]]:
    chance = random.Random(5)
    rows = [sequence(number, chance) for number in range(70)]
    with database.write() as connection:
        for row in rows:
            own = {"id": row["id"], "source": "pandadoc", "received_at": NOW, "document": row["id"]}
            connection.execute(
                insert(t.inbox).values(**own, event_id=row["id"], kind="x", state="done", body=b"", headers={})
            )
            connection.execute(insert(t.handoffs).values(
                id=row["id"], inbox_id=row["id"], source="pandadoc", document=row["id"], signed={},
                customer=row["customer"], csm_email=row["csm"], state="complete", accepted_at=NOW,
            ))  # fmt: skip
            connection.execute(insert(t.sequences).values(
                handoff_id=row["id"], template="standard", recipient=f"{row['id']}@x.example", state=row["state"],
                intake_done_at=row["intake"], created_at=NOW,
            ))  # fmt: skip
            for key, due, state in row["mails"]:
                connection.execute(
                    insert(t.welcome_mails).values(handoff_id=row["id"], key=key, due_at=due, state=state)
                )
    return rows


def told(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a person would say of a sequence."""
    states = [state for _, _, state in row["mails"]]
    ahead = [(due, key) for key, due, state in row["mails"] if state == "planned" and row["state"] == "active"]
    return {"state": "in doubt" if "unknown" in states else row["state"], "sent": states.count("sent"),
            "mails": len(states), "next": ahead[0][1] if ahead else None, "next_at": ahead[0][0] if ahead else None}  # fmt: skip


def question(filters: dict[str, str] | None = None, sort: str = "", *, named: bool = True) -> welcome.Wanted:
    return welcome.Wanted(literal(value=True), literal(value=named), filters or {}, sort)


class TestRows:
    def test_tell_how_far_each_is(self, database: Database, sequences: list[dict[str, Any]]) -> None:
        with database.read() as connection:
            found = welcome.rows(connection, question(), 1000)
        wanted = {row["id"]: told(row) for row in sequences}
        assert {row["id"]: {name: row[name] for name in told(sequences[0])} for row in found} == wanted

    @pytest.mark.parametrize("down", [False, True])
    def test_stand_by_the_next_mail_with_those_that_ended_last(
        self, database: Database, sequences: list[dict[str, Any]], down: bool
    ) -> None:
        with database.read() as connection:
            pages = [
                welcome.rows(connection, question(sort="-next_at" if down else ""), 9, at) for at in range(0, 72, 9)
            ]
        dates = {row["id"]: told(row)["next_at"] for row in sequences}
        sign = -1 if down else 1
        wanted = sorted(dates, key=lambda one: (dates[one] is None, sign * (dates[one] or NOW).timestamp(), one))
        assert [row["id"] for page in pages for row in page] == wanted

    def test_name_no_recipient_to_those_who_may_not_see_people(
        self, database: Database, sequences: list[dict[str, Any]]
    ) -> None:
        with database.read() as connection:
            shown = welcome.rows(connection, question(), 5)
            hidden = welcome.rows(connection, question(named=False), 5)
        assert all(row["recipient"] == f"{row['id']}@x.example" for row in shown)
        assert [row["recipient"] for row in hidden] == [None] * 5


class TestCounts:
    @pytest.mark.parametrize(
        "filters",
        [{}, {"state": "active"}, {"csm": "nobody", "intake": "done"}, {"customer": "VELA", "state": "stopped"}],
    )
    def test_are_those_of_the_rows_under_the_other_filters(
        self, database: Database, sequences: list[dict[str, Any]], filters: dict[str, str]
    ) -> None:
        values = [{"state": row["state"], "csm": row["csm"] or "nobody", "intake": "done" if row["intake"] else "waiting",
                   "customer": row["customer"].casefold()} for row in sequences]  # fmt: skip
        said = {name: value.casefold() if name == "customer" else value for name, value in filters.items()}

        def fits(row: dict[str, str], but: str = "") -> bool:
            return all(row[name] == value for name, value in said.items() if name != but)

        with database.read() as connection:
            found = welcome.counts(connection, question(filters))
            rows = welcome.rows(connection, question(filters), 1000)
        assert found.total == sum(fits(row) for row in values) == len(rows)
        for name in welcome.FACETS:
            assert dict(found.facets[name]) == dict(Counter(row[name] for row in values if fits(row, name)))
