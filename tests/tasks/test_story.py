"""The story step by step, without Prefect: with no CRM, with wrong templates, and with edited files."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.business import load_business
from config.settings import Settings
from config.settings_roles import Roles
from config.settings_signing import PandaDoc
from connectors import registry
from domain.errors import Permanent
from domain.handoff import ACTIONS, PREPARATION, Step
from domain.signatures import SignatureEvent, Verdict
from samples.fake_pandadoc import FakePandaDoc, with_samples
from store import briefs, contracts, handoffs, migrate
from store.database import Database
from store.inbox import Delivery, write_group
from store.outbox import StoredOutbox
from store.vault import Vault
from tasks import brief, confirm, context, crm, first_touch, prepare, project, welcome
from tasks.answers import ITEM, pass_on
from tasks.context import Context
from tasks.step import perform

BODIES = {
    Step.STORE: prepare.store_document, Step.EXTRACT: prepare.extract_terms, Step.ASSIGN: prepare.assign_people,
    Step.SCHEDULE: prepare.schedule_alerts, Step.CRM: crm.close_deal, Step.BRIEF: brief.issue_brief,
    Step.FIRST_TOUCH: first_touch.ask_first_touch, Step.PROJECT: project.start_project, Step.WELCOME: welcome.start_welcome,
}  # fmt: skip
MAIN = "NfpPcvrAaMf2JRNJhZe4km"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakePandaDoc]:
    found = with_samples()
    found.start()
    yield found
    found.stop()


@pytest.fixture
def world(settings: Callable[..., Settings], fake: FakePandaDoc, tmp_path: Path) -> Iterator[Callable[..., Context]]:
    opened: list[Database] = []

    def build(**roles: Any) -> Context:
        folder = tmp_path / "config"
        shutil.copytree(
            Path(__file__).parents[2] / "config", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py")
        )
        base = f"http://127.0.0.1:{fake._server.server_address[1]}"
        pandadoc = PandaDoc(base_url=base, api_key=fake.api_key, webhook_keys=[fake.shared_key])
        chosen = settings(roles=Roles(esign=["pandadoc"], **roles), pandadoc=pandadoc, config_dir=folder)
        database = Database(chosen.database)
        migrate.migrate(database)
        opened.append(database)
        outbox = StoredOutbox(database, chosen.now)
        built = registry.build(chosen, outbox)
        return Context(chosen, load_business(folder), database, Vault(chosen.home / "vault"), built, chosen.now)

    yield build
    for database in opened:
        database.close()


def signed(ctx: Context, document: str = MAIN) -> str:
    event = SignatureEvent(f"event-{document}", "document_state_changed", Verdict.COMPLETED, "", document)
    receipt = write_group(ctx.database, [Delivery("pandadoc", event, b"", {}, ctx.clock())], Counter())[0]
    return confirm.open_from(ctx, receipt.inbox_id)


def run(handoff: str, *steps: Step) -> dict[Step, Exception | None]:
    outcomes: dict[Step, Exception | None] = {}
    for step in steps or (*PREPARATION, *ACTIONS):
        try:
            perform(step, BODIES[step], handoff)
            outcomes[step] = None
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes[step] = error
    return outcomes


class TestWithoutACrm:
    def test_the_same_story_runs_and_the_brief_asks_for_what_is_missing(self, world: Callable[..., Context]) -> None:
        ctx = world(crm="none")
        with context.use(ctx):
            handoff = signed(ctx)
            assert set(run(handoff).values()) == {None}
        with ctx.database.read() as connection:
            steps = handoffs.step_rows(connection, handoff)
            body = briefs.latest(connection, handoff)["body"]
        assert steps[Step.CRM]["state"] == "skipped"
        assert "no CRM" in steps[Step.CRM]["detail"]
        assert {"economic_buyer", "day_to_day", "primary_goal"} <= {gap["key"] for gap in body["gaps"]}
        rows = StoredOutbox(ctx.database, ctx.clock).rows()
        asked = next(row for row in rows if row["key"].endswith(":brief:v1:chat:gaps"))
        assert asked["body"]["to"] == ctx.business.playbook.revops
        assert "/t/rep/" in asked["body"]["buttons"][0]["url"]
        assert not [row for row in rows if row["role"] == "crm"]


class TestAFieldOfTheSignedDocument:
    def test_named_like_a_line_of_the_brief_answers_it(self, world: Callable[..., Context], fake: FakePandaDoc) -> None:
        before = fake.details[MAIN]
        answer = {
            "name": "primary_goal",
            "value": "See churn before it happens",
            "type": "text",
            "field_id": "primary_goal",
        }
        fake.details[MAIN] = {**before, "fields": [answer]}
        ctx = world(crm="none")
        try:
            with context.use(ctx):
                handoff = signed(ctx)
                assert set(run(handoff).values()) == {None}
        finally:
            fake.details[MAIN] = before
        with ctx.database.read() as connection:
            body = briefs.latest(connection, handoff)["body"]
        found = {row["key"]: row for section in body["sections"] for row in section["answers"]}
        assert found["primary_goal"]["value"] == "See churn before it happens"
        assert found["primary_goal"]["source"] == "field of the signed document"


class TestAProviderWithoutACertificate:
    def test_costs_the_certificate_and_not_the_handoff(self, world: Callable[..., Context], fake: FakePandaDoc) -> None:
        ctx = world(crm="none")
        fake.evidence = False
        try:
            with context.use(ctx):
                handoff = signed(ctx)
                assert set(run(handoff).values()) == {None}
        finally:
            fake.evidence = True
        with ctx.database.read() as connection:
            step = handoffs.step_rows(connection, handoff)[Step.STORE]
            contract = contracts.get(connection, handoffs.get(connection, handoff)["contract_id"])
        assert "without certificate" in step["detail"]
        assert contract["certificate_sha256"] is None
        assert contract["document_sha256"]


class TestAMissingTemplate:
    def test_stops_only_its_own_step_and_names_the_file(self, world: Callable[..., Context]) -> None:
        ctx = world(crm="none")
        (ctx.settings.config_dir / "onboarding" / "standard.yaml").unlink()
        (ctx.settings.config_dir / "onboarding" / "enterprise.yaml").unlink()
        ctx = Context(
            ctx.settings, load_business(ctx.settings.config_dir), ctx.database, ctx.vault, ctx.registry, ctx.clock
        )
        with context.use(ctx):
            outcomes = run(signed(ctx))
        problem = outcomes.pop(Step.PROJECT)
        assert isinstance(problem, Permanent)
        assert "config/onboarding/" in problem.why
        assert "create that file" in problem.fix
        assert set(outcomes.values()) == {None}


class TestAColleagueWithoutChat:
    def test_is_told_by_mail(self, world: Callable[..., Context]) -> None:
        ctx = world(crm="none", chat="none")
        with context.use(ctx):
            handoff = signed(ctx)
            assert set(run(handoff).values()) == {None}
        keys = {row["key"] for row in StoredOutbox(ctx.database, ctx.clock).rows() if row["role"] == "mail"}
        assert f"{handoff}:first-touch:mail" in keys


class TestAStepThatIsDone:
    def test_is_not_carried_out_again(self, world: Callable[..., Context]) -> None:
        ctx = world(crm="none")
        with context.use(ctx):
            handoff = signed(ctx)
            run(handoff)
            before = {row["id"]: row["updated_at"] for row in StoredOutbox(ctx.database, ctx.clock).rows()}
            run(handoff)
        assert {row["id"]: row["updated_at"] for row in StoredOutbox(ctx.database, ctx.clock).rows()} == before


class TestAnEditedFile:
    def test_is_read_again_before_the_next_step(
        self, world: Callable[..., Context], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ctx = world(crm="none")
        monkeypatch.setattr(context, "_current", ctx)
        monkeypatch.setattr(context, "_read", context._edited(ctx.settings.config_dir))
        assert context.current() is ctx
        path = ctx.settings.config_dir / "playbook.yaml"
        path.write_text(path.read_text().replace('"#closed-won"', '"#signed"'))
        assert context.current().business.playbook.closed_won_channel == "#signed"


class TestAnswers:
    def world_with_a_deal(self, world: Callable[..., Context]) -> tuple[Context, StoredOutbox]:
        ctx = world()
        outbox = StoredOutbox(ctx.database, ctx.clock)
        account = {"id": "A", "legal_name": "Harbourline Logistics Ltd", "country": "GB"}
        outbox.put(
            "crm",
            "deal",
            "D-1001",
            {"id": "D-1001", "name": "Harbourline", "stage": "open", "document": MAIN, "account": account},
        )
        return ctx, outbox

    def answered(self, ctx: Context, handoff: str, source: str, **values: str) -> None:
        with ctx.database.write() as connection:
            briefs.answer(ctx.database, connection, handoff, source, values, "somebody", ctx.clock())

    def deal(self, outbox: StoredOutbox) -> dict[str, Any]:
        [row] = [row for _, row in outbox.find("crm", "deal") if row.get("document") == MAIN]
        return row

    def tasks(self, outbox: StoredOutbox) -> list[dict[str, Any]]:
        return [row["body"] for row in outbox.rows() if row["role"] == "work" and ITEM in row["key"]]

    def test_reach_the_deal_and_the_project_once(self, world: Callable[..., Context]) -> None:
        ctx, outbox = self.world_with_a_deal(world)
        with context.use(ctx):
            handoff = signed(ctx)
            assert set(run(handoff).values()) == {None}
            assert pass_on(ctx, handoff) == 0
            self.answered(ctx, handoff, "rep", promise="A named engineer")
            assert pass_on(ctx, handoff) == 1
            assert self.deal(outbox)["answers"] == {"promise": "A named engineer"}
            assert self.tasks(outbox) == []  # what the rep knows is no task for onboarding
            self.answered(ctx, handoff, "customer", integrations="SAP, Workday")
            for _ in range(2):
                assert pass_on(ctx, handoff) == 2
        assert self.deal(outbox)["answers"] == {"promise": "A named engineer", "integrations": "SAP, Workday"}
        [item] = self.tasks(outbox)
        assert "SAP, Workday" in item["notes"]
        assert "/t/brief/" in item["notes"]
        assert "named engineer" not in item["notes"]

    def test_never_replace_what_stands_in_the_deal(self, world: Callable[..., Context]) -> None:
        ctx, outbox = self.world_with_a_deal(world)
        with context.use(ctx):
            handoff = signed(ctx)
            run(handoff)
            outbox.put("crm", "deal", "D-1001", {**self.deal(outbox), "answers": {"sso": "Okta, says Rafael"}})
            self.answered(ctx, handoff, "customer", sso="none")
            pass_on(ctx, handoff)
        assert self.deal(outbox)["answers"] == {"sso": "Okta, says Rafael"}

    def test_wait_without_a_project_and_without_a_crm(self, world: Callable[..., Context]) -> None:
        ctx = world(crm="none", work="none")
        with context.use(ctx):
            handoff = signed(ctx)
            run(handoff)
            self.answered(ctx, handoff, "customer", sso="none")
            assert pass_on(ctx, handoff) == 1
        assert self.tasks(StoredOutbox(ctx.database, ctx.clock)) == []
