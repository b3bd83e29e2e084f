"""To whom traffic belongs, and the lists of it, alike on either database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.access import Act, FieldClass, Rule, Viewer, Where
from domain.handoff import EffectState
from store import doubts, effects
from store import tables as t
from store.database import Database
from store.tables_desk import contract_facts
from store.tables_ledger import dues, obligations
from store.vault import Vault
from store.views import bound, dead_letters, months, outbox, outbox_counts, webhooks
from tests.web.seed import DEAD, DONE, NOW, seed
from tests.web.test_webhooks_page import FACTS

HARBOURLINE, MERIDIAN = f"c-{DONE}"[:36], f"c-{DEAD}"[:36]
DUE = "4a1f0c66-0000-4000-8000-000000000001"
ALERT = f"90-{DEAD}"[:36]


def viewer(where: Where | None = None, *, ban: Where | None = None) -> Viewer:
    rules = [Rule("all", where=where or Where(), show=frozenset(FieldClass), may=frozenset(Act))]
    rules += [Rule("ban", where=ban, ban=True)] if ban else []
    return Viewer("a@lumora.example", "A", rules=tuple(rules))


def wanted(who: Viewer, **filters: str) -> tuple[webhooks.Wanted, outbox.Wanted, dead_letters.Wanted]:
    reach = bound.reach(who, {})
    return (
        webhooks.Wanted(reach, filters),
        outbox.Wanted(reach, filters, connectors={"chat": "console", "work": "asana"}),
        dead_letters.Wanted(reach, dead_letters.allowed(who, {}), filters),
    )


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> Database:
    with database.write() as connection:
        seed(connection, Vault(tmp_path / "vault"))
        for contract, name in ((HARBOURLINE, "harbourline"), (MERIDIAN, "meridian")):
            connection.execute(insert(contract_facts).values(**FACTS, contract_id=contract, counterparty_key=name))
        duty(connection)
    return database


def duty(connection: Any) -> None:
    values = {
        "id": "duty", "contract_id": MERIDIAN, "key": "k", "source": "contract", "direction": "ours", "text": "Report",
        "trigger_kind": "date", "lead_days": 1, "grace_days": 0, "calendar": "none", "evidence_required": False,
        "status": "confirmed", "version": 1, "created_at": NOW,
    }  # fmt: skip
    connection.execute(insert(obligations).values(**values))
    due = {"id": DUE, "obligation_id": "duty", "due_on": date(2026, 12, 1), "state": "open"}
    connection.execute(insert(dues).values(**due))


def effect(database: Database, key: str, **values: Any) -> None:
    given = {
        "key": key, "handoff_id": key.partition(":")[0], "role": "chat", "state": "applied", "request_hash": "h",
        "attempts": 1, "intended_at": NOW, **values,
    }  # fmt: skip
    with database.write() as connection:
        connection.execute(insert(t.effects).values(**given))


class TestAKey:
    @pytest.mark.parametrize(
        ("key", "contract"),
        [
            (f"{DONE}:welcome:day-3", HARBOURLINE),
            (f"alert-{ALERT}:dm", MERIDIAN),
            (f"due-{DUE}:open:dm", MERIDIAN),
            (f"obligations:due-{DUE}", MERIDIAN),
            ("obligations:project", None),
            (f"locked-in-{MERIDIAN}-2027-01-01:dm", MERIDIAN),
            (f"sla-leave-{MERIDIAN}-2027-01-01:uptime:dm", MERIDIAN),
            ("inbox-inbox-1:dead:1:dm", MERIDIAN),
            ("inbox-stray:dead:1:dm", None),
            ("digest-lea.brandt@lumora.example-2026-11-23:day:dm", None),
            ("no-colon-at-all", None),
            ("", None),
        ],
    )
    def test_names_its_contract(self, filled: Database, key: str, contract: str | None) -> None:
        effect(filled, key)
        with filled.read() as connection:
            found = connection.scalar(select(bound.of_key(t.effects.c.key)).where(t.effects.c.key == key))
        assert found == contract


class TestLists:
    def test_tell_everything_to_who_may_audit_everything(self, filled: Database) -> None:
        effect(filled, f"{DONE}:welcome:day-3", state=EffectState.UNKNOWN, role="mail")
        hooks, things, letters = wanted(viewer())
        with filled.read() as connection:
            assert webhooks.total(connection, hooks) == len(webhooks.rows(connection, hooks, 50)) == 5
            assert outbox_counts.counts(connection, things)[0] == len(outbox.rows(connection, things, 50))
            found = dead_letters.rows(connection, letters, 50)
            assert dead_letters.total(connection, letters) == len(found) == 3
        assert {(row["letter"], row["can"]) for row in found} == {
            ("event", "look"), ("step", "redrive"), ("effect", "settle"),
        }  # fmt: skip
        assert all(isinstance(row["since"], datetime) and row["since"].tzinfo is UTC for row in found)

    def test_tell_only_of_contracts_that_may_be_audited(self, filled: Database) -> None:
        effect(filled, f"{DONE}:welcome:day-3", state=EffectState.UNKNOWN, role="mail")
        hooks, things, letters = wanted(viewer(Where(counterparty=("Meridian",))))
        with filled.read() as connection:
            assert [row["id"] for row in webhooks.rows(connection, hooks, 50)] == ["inbox-1"]
            assert {row["contract_id"] for row in outbox.rows(connection, things, 50)} == {MERIDIAN}
            assert [row["letter"] for row in dead_letters.rows(connection, letters, 50)] == ["step"]

    def test_close_with_a_ban_also_what_belongs_to_no_contract(self, filled: Database) -> None:
        effect(filled, "digest-a@lumora.example-2026-11-23:day:dm")
        hooks, things, letters = wanted(viewer(ban=Where(counterparty=("Meridian",))))
        with filled.read() as connection:
            assert [row["id"] for row in webhooks.rows(connection, hooks, 50)] == ["inbox-0"]
            assert {row["contract_id"] for row in outbox.rows(connection, things, 50)} == {HARBOURLINE}
            assert dead_letters.rows(connection, letters, 50) == []

    def test_count_every_facet_and_sort_by_every_column(self, filled: Database) -> None:
        hooks, things, letters = wanted(viewer())
        with filled.read() as connection:
            for module, question in ((webhooks, hooks), (outbox, things), (dead_letters, letters)):
                total, facets = counts(connection, module, question)
                for name in module.FACETS:
                    assert name == "day" or sum(count for _, count in facets[name]) in {total, 0}, name
                for name in module.SORTS:
                    for sort in (name, f"-{name}"):
                        asked = type(question)(**{**_fields(question), "sort": sort})
                        assert len(module.rows(connection, asked, 200)) == total, sort

    @pytest.mark.parametrize("said", [{}, {"month": "2026-11"}, {"state": "dead"}, {"letter": "step"}, {"can": "look"}])
    def test_count_of_a_value_what_choosing_it_lists(self, filled: Database, said: dict[str, str]) -> None:
        with filled.read() as connection:
            for module, question in zip((webhooks, outbox, dead_letters), wanted(viewer(), **said), strict=True):
                total, facets = counts(connection, module, question)
                assert total == len(module.rows(connection, question, 200))
                for name, values in facets.items():
                    for value, count in values:
                        chosen = dict(
                            zip(
                                (webhooks, outbox, dead_letters), wanted(viewer(), **{**said, name: value}), strict=True
                            )
                        )
                        assert len(module.rows(connection, chosen[module], 200)) == count, (name, value)

    @pytest.mark.parametrize("sort", ["", "-at", "at", "kind"])
    def test_list_page_by_page_what_stands_in_the_whole_list(self, filled: Database, sort: str) -> None:
        for number in range(12):  # newer, older and as old as what was written, with nothing kept of them
            effect(filled, f"paged:{number}", intended_at=NOW - timedelta(hours=number - 6))
        question = outbox.Wanted(**{**_fields(wanted(viewer())[1]), "sort": sort})
        with filled.read() as connection:
            whole = outbox.rows(connection, question, 1000)
            pages = [row for at in range(0, len(whole), 3) for row in outbox.rows(connection, question, 3, at)]
        assert pages == whole
        assert len(whole) > 12
        if sort in {"", "-at"}:
            assert [row["at"] for row in whole] == sorted((row["at"] for row in whole), reverse=True)

    def test_know_which_connector_has_it(self, filled: Database) -> None:
        effect(filled, "x:1", role="work", url="https://asana.example/1")
        effect(filled, "x:2", role="chat", url="https://slack.example/2")
        effect(filled, "x:3", role="chat", state="intended")
        effect(filled, "x:4", role="fax", url="https://fax.example/4")
        with filled.read() as connection:
            rows = outbox.rows(connection, wanted(viewer(), about="x")[1], 50)
        assert {row["key"]: row["connector"] for row in rows} == {
            "x:1": "asana", "x:2": outbox.FORMER, "x:3": "console", "x:4": outbox.FORMER,
        }  # fmt: skip


def counts(connection: Any, module: Any, question: Any) -> tuple[int, dict[str, list[tuple[str, int]]]]:
    if module is outbox:
        total, facets = outbox_counts.counts(connection, question)
        return total, dict(facets)
    if module is dead_letters:
        counted = dead_letters.counts(connection, question)
        return counted.total, {name: list(found) for name, found in counted.facets.items()}
    found = {name: module.facet(connection, question, name) for name in module.FACETS}
    return module.total(connection, question), found


def _fields(question: Any) -> dict[str, Any]:
    return {name: getattr(question, name) for name in question.__slots__}


class TestMonths:
    def test_hold_their_first_and_last_moments_in_utc(self, filled: Database) -> None:
        edges = (
            ("a", datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)), ("b", datetime(2026, 3, 1, tzinfo=UTC)),
            ("c", datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)), ("d", datetime(2026, 4, 1, tzinfo=UTC)),
        )  # fmt: skip
        for name, moment in edges:
            effect(filled, f"edge:{name}", intended_at=moment)
        with filled.read() as connection:
            rows = outbox.rows(connection, wanted(viewer(), month="2026-03")[1], 50)
        assert {row["key"] for row in rows} == {"edge:b", "edge:c"}

    @pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-1x", "nonsense", "9999-12", "2026-02-30"])
    def test_that_are_none_filter_nothing(self, text: str) -> None:
        assert months.within(t.inbox.c.received_at, text) is None
        assert months.days_of(text) == []

    def test_go_back_a_year(self) -> None:
        found = months.latest_months(datetime(2026, 2, 3, tzinfo=UTC))
        assert (found[0], found[2], found[-1], len(found)) == ("2026-02", "2025-12", "2025-03", 12)
        assert months.days_of("2028-02")[0] == "2028-02-29"


class TestADoubt:
    def test_is_settled_once_and_lets_the_mail_go_on(self, filled: Database) -> None:
        key = f"{DONE}:welcome:day-3"
        effect(filled, key, state=EffectState.UNKNOWN, role="mail")
        assert doubts.settle(filled, key, happened=True, who="dana", now=NOW)
        assert not doubts.settle(filled, key, happened=False, who="dana", now=NOW)
        with filled.read() as connection:
            assert doubts.one(connection, key) is None
            row = connection.execute(select(t.effects).where(t.effects.c.key == key)).mappings().one()
        assert (row["state"], row["reference"]) == ("applied", "by dana")

    def test_that_did_not_happen_may_be_made_again(self, filled: Database) -> None:
        key = f"{DONE}:welcome:day-3"
        effect(filled, key, state=EffectState.UNKNOWN, role="mail")
        assert doubts.settle(filled, key, happened=False, who="dana", now=NOW)
        ledger = effects.Effects(filled, lambda: NOW, "host:1:x")
        assert not ledger.claim(key, handoff=DONE, role="mail", request_hash="h").earlier
