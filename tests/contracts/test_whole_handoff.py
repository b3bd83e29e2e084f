"""One signature through the real connectors of every role, each behind its vendor's own contract."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from config.business import load_business
from config.settings import Settings
from config.settings_reaching import Asana, Slack
from config.settings_roles import Roles
from config.settings_signing import PandaDoc, Salesforce
from connectors import registry
from domain.errors import Permanent, Transient
from domain.handoff import ACTIONS, PREPARATION, Step
from domain.signatures import SignatureEvent, Verdict
from samples.fake_pandadoc import FakePandaDoc, with_samples
from store import handoffs, migrate
from store.database import Database
from store.inbox import Delivery, write_group
from store.outbox import StoredOutbox
from store.vault import Vault
from tasks import brief, confirm, context, crm, first_touch, prepare, project, welcome
from tasks.context import Context
from tasks.step import perform
from tests.contracts import fake_salesforce
from tests.contracts.conftest import Start
from tests.contracts.fake_asana import TEAM, WORKSPACE, FakeAsana
from tests.contracts.fake_pandadoc import FakePandaDoc as FakeDocuments
from tests.contracts.fake_salesforce import DEAL, FakeSalesforce
from tests.contracts.fake_slack import FakeSlack
from tests.contracts.server import Fault

CONFIG = Path(__file__).parents[2] / "config"
MAIN = "NfpPcvrAaMf2JRNJhZe4km"
BODIES = {
    Step.STORE: prepare.store_document, Step.EXTRACT: prepare.extract_terms, Step.ASSIGN: prepare.assign_people,
    Step.SCHEDULE: prepare.schedule_alerts, Step.CRM: crm.close_deal, Step.BRIEF: brief.issue_brief,
    Step.FIRST_TOUCH: first_touch.ask_first_touch, Step.PROJECT: project.start_project, Step.WELCOME: welcome.start_welcome,
}  # fmt: skip
T = SecretStr("token-1234567890")


@dataclass
class World:
    """Hold the product and every vendor around it."""

    context: Context
    salesforce: FakeSalesforce
    slack: FakeSlack
    asana: FakeAsana

    def signed(self) -> str:
        """Let the inbox hold a completion and open its handoff."""
        event = SignatureEvent("event-1", "document_state_changed", Verdict.COMPLETED, "", MAIN)
        delivery = Delivery("pandadoc", event, b"", {}, self.context.clock())
        receipt = write_group(self.context.database, [delivery], Counter())[0]
        return confirm.open_from(self.context, receipt.inbox_id)

    def run(self, handoff: str, *steps: Step) -> dict[Step, str]:
        """Run steps and return what went wrong, by step."""
        wrong: dict[Step, str] = {}
        for step in steps or (*PREPARATION, *ACTIONS):
            try:
                perform(step, BODIES[step], handoff)
            except (Permanent, Transient) as error:
                wrong[step] = str(error)
        return wrong

    def objects(self) -> dict[str, int]:
        """Count what stands at the vendors."""
        return {
            "closings": len(self.salesforce.server.calls(fake_salesforce.CLOSE)),
            "tasks": len(self.salesforce.data["Task"]),
            "files": len(self.salesforce.data["ContentVersion"]),
            "messages": len(self.slack.everything()),
            "projects": len(self.asana.projects),
            "items": len(self.asana.tasks),
            "links": len(self.asana.links),
        }


@pytest.fixture(scope="module")
def pandadoc() -> Iterator[FakePandaDoc]:
    found = with_samples()
    found.details[MAIN] = {**found.details[MAIN], "metadata": {"deal_id": DEAL}, "linked_objects": []}
    found.start()
    yield found
    found.stop()


@pytest.fixture
def world(
    contract: Start, settings: Callable[..., Settings], pandadoc: FakePandaDoc, tmp_path: Path
) -> Iterator[World]:
    folder = tmp_path / "config"
    shutil.copytree(CONFIG, folder, ignore=shutil.ignore_patterns("*.py"))
    (folder / "crm.yaml").write_text(
        "salesforce:\n  key_field: Aftersign_Key__c\n  document_field: Document__c\n  currency: EUR\n"
        "  renewal: {ends_on: Ends__c, notice_deadline: Notice__c}\n"
    )
    salesforce, slack, asana = (
        FakeSalesforce(contract("salesforce")),
        FakeSlack(contract("slack")),
        FakeAsana(contract("asana")),
    )
    everybody(slack, asana, folder)
    base = f"http://127.0.0.1:{pandadoc._server.server_address[1]}"
    chosen = settings(
        config_dir=folder,
        roles=Roles(esign=["pandadoc"], crm="salesforce", chat="slack", work="asana"),
        pandadoc=PandaDoc(base_url=base, api_key=SecretStr(pandadoc.api_key)),
        salesforce=Salesforce(base_url=salesforce.server.root, client_id="c", client_secret=T),
        slack=Slack(base_url=slack.server.url + "/", bot_token=T),
        asana=Asana(base_url=asana.server.url, access_token=T, workspace=WORKSPACE, team=TEAM),
    )
    slack.now = chosen.now()
    database = Database(chosen.database)
    migrate.migrate(database)
    built = registry.build(chosen, StoredOutbox(database, chosen.now))
    ctx = Context(chosen, load_business(folder), database, Vault(chosen.home / "vault"), built, chosen.now)
    with context.use(ctx):
        yield World(ctx, salesforce, slack, asana)
    database.close()


def everybody(slack: FakeSlack, asana: FakeAsana, folder: Path) -> None:
    """Let everybody of ownership.yaml have an account, and every channel of the playbook exist."""
    business = load_business(folder)
    for number, email in enumerate(business.people):
        slack.people[email] = f"U{number:08}"
        asana.people[email] = business.people[email].name
    for number, name in enumerate((business.playbook.handoff_channel, business.playbook.closed_won_channel)):
        slack.channels[name.removeprefix("#")] = f"C{number:08}"


class TestASignature:
    def test_leads_to_one_handoff_at_every_vendor(self, world: World) -> None:
        handoff = world.signed()
        assert world.run(handoff) == {}
        deal = world.salesforce.data["Opportunity"][0]
        assert (deal["StageName"], deal["Ends__c"] is not None, deal["Notice__c"] is not None) == (
            "Closed Won",
            True,
            True,
        )
        assert world.salesforce.data["ContentVersion"][0]["FirstPublishLocationId"] == DEAL
        assert world.salesforce.data["Task"][0]["WhatId"] == DEAL
        made = world.objects()
        assert (made["tasks"], made["files"], made["projects"], made["links"]) == (1, 1, 1, 1)
        assert made["items"] == len(list(world.context.registry.work.items(_project(world, handoff))))  # type: ignore[union-attr]
        assert made["messages"] >= 3

    def test_run_again_repeats_nothing(self, world: World) -> None:
        handoff = world.signed()
        world.run(handoff)
        before = world.objects()
        assert world.run(handoff) == {}
        assert world.objects() == before

    def test_survives_lost_answers_of_every_vendor(self, world: World) -> None:
        handoff = world.signed()
        for server, name in (
            (world.salesforce.server, fake_salesforce.TASK),
            (world.salesforce.server, fake_salesforce.ATTACH),
            (world.slack.server, "POST /chat.postMessage"),
        ):
            server.fault(name, Fault.BROKEN_AFTER)
        failed = world.run(handoff)
        assert set(failed) <= {Step.CRM, Step.BRIEF, Step.FIRST_TOUCH}
        for _ in range(3):
            failed = world.run(handoff)
        assert failed == {}
        made = world.objects()
        assert (made["tasks"], made["files"]) == (1, 1)
        keys = [
            message["metadata"]["event_payload"]["key"]
            for message in world.slack.everything()
            if message.get("metadata")
        ]
        assert len(keys) == len(set(keys))

    def test_is_held_up_by_one_vendor_only_where_that_vendor_is_needed(self, world: World) -> None:
        handoff = world.signed()
        world.salesforce.refusal = {
            "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "message": "Region is mandatory",
            "fields": ["Region__c"],
        }
        failed = world.run(handoff)
        assert set(failed) == {Step.CRM, Step.FIRST_TOUCH}
        assert "Region is mandatory" in failed[Step.CRM]
        with world.context.database.read() as connection:
            steps = handoffs.step_rows(connection, handoff)
        assert steps[Step.PROJECT]["state"] == steps[Step.BRIEF]["state"] == "done"
        world.salesforce.refusal = None
        assert world.run(handoff) == {}


class TestABriefAsADocument:
    def test_is_made_once_for_each_version(self, world: World, contract: Start) -> None:
        desk = FakeDocuments(contract("pandadoc"))
        built = replace(world.context.registry, drafts=desk.drafts(), brief_template="template-1")
        with context.use(replace(world.context, registry=built)):
            handoff = world.signed()
            desk.server.fault("POST /public/v1/documents", Fault.BROKEN_AFTER)
            assert set(world.run(handoff)) == {Step.BRIEF}
            assert world.run(handoff) == {}
            assert world.run(handoff) == {}
        made = [body for body in desk.documents.values() if body["name"].startswith("Brief: Harbourline")]
        assert len(made) == 1
        sent = json.loads(desk.server.calls("POST /public/v1/documents")[0].body)
        tokens = {token["name"]: token["value"] for token in sent["tokens"]}
        assert sent["template_uuid"] == "template-1"
        assert tokens["customer"].startswith("Harbourline")
        assert tokens["version"] == "v1"
        assert sent["recipients"][0]["role"] == "csm"


def _project(world: World, handoff: str) -> Any:
    with world.context.database.read() as connection:
        return handoffs.applied_effect(connection, f"{handoff}:project")
