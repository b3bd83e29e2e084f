"""Asana's own ways: templates that take their time, tokens without external data, fields that it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import httpx
import pytest

from connectors import http
from connectors.asana.client import AsanaClient
from connectors.asana.work import AsanaWork
from domain.errors import ConfigurationError, Permanent, Transient
from domain.mappings import WorkMapping
from domain.ports import Project, Reference, WorkItem
from tests.contracts import fake_asana
from tests.contracts.conftest import Start
from tests.contracts.fake_asana import CREATE_PROJECT, CREATE_TASK, INSTANTIATE, LEA, MAX, TEMPLATE, FakeAsana
from tests.contracts.server import Fault

KEY, STRANGER = "vela-1:project", "gone@lumora.example"
ITEMS = (
    WorkItem("intro", "Introduce the CSM", date(2026, 11, 25), "csm", LEA),
    WorkItem("data", "Connect the first data source", date(2026, 12, 8), "onboarding", MAX, "Ask for the sandbox"),
)
PROJECT = Project("Onboarding: Vela", "enterprise", LEA, date(2026, 11, 24), ITEMS)
TEMPLATES = WorkMapping({"enterprise": TEMPLATE}, {"csm": "Success manager", "onboarding": "72"})


@pytest.fixture
def fake(contract: Start) -> FakeAsana:
    return FakeAsana(contract("asana"))


class TestATemplateOfAsana:
    def test_is_filled_with_the_projects_dates_and_people(self, fake: FakeAsana) -> None:
        made = fake.work(TEMPLATES).create_project(PROJECT, key=KEY)
        (sent,) = fake.filled
        assert sent["requested_dates"] == [{"gid": "1", "value": "2026-11-24"}]
        assert sent["requested_roles"] == [{"gid": "71", "value": LEA}, {"gid": "72", "value": MAX}]
        assert made == Reference(fake.projects[0]["gid"], fake.projects[0]["permalink_url"])
        assert not fake.server.calls(CREATE_PROJECT)

    def test_gives_its_project_a_name_that_carries_the_key(self, fake: FakeAsana) -> None:
        """A template takes nothing else of ours, so a project renamed before it is recorded is not found again."""
        work = fake.work(TEMPLATES)
        made = work.create_project(PROJECT, key=KEY)
        assert fake.projects[0]["name"].startswith("Onboarding: Vela · ")
        assert work.find_project(KEY) == made
        fake.projects[0]["name"] = "Vela"
        assert work.find_project(KEY) is None

    def test_is_waited_for_within_a_bound_and_then_found_instead_of_made_again(self, fake: FakeAsana) -> None:
        fake.polls = 100
        work = fake.work(TEMPLATES)
        with pytest.raises(Transient, match="still making"):
            work.create_project(PROJECT, key=KEY)
        assert len(fake.server.calls("GET /jobs/{gid}")) < 10
        found = work.find_project(KEY)
        assert found is not None
        assert found.id == fake.projects[0]["gid"]
        assert len(fake.server.calls(INSTANTIATE)) == 1

    @pytest.mark.parametrize("fault", [Fault.DROPPED_AFTER, Fault.BROKEN_AFTER, Fault.TRUNCATED])
    def test_leaves_one_project_when_the_answer_is_lost(self, fake: FakeAsana, fault: Fault) -> None:
        work = fake.work(TEMPLATES)
        fake.server.fault(INSTANTIATE, fault)
        with pytest.raises(Transient):
            work.create_project(PROJECT, key=KEY)
        assert work.find_project(KEY) is not None
        assert len(fake.projects) == 1

    def test_may_not_be_listed_at_once_so_the_next_attempt_has_to_wait(self, fake: FakeAsana) -> None:
        """Asana promises no moment at which a job's project appears: an attempt right away would make two."""
        work = fake.work(TEMPLATES)
        fake.server.fault(INSTANTIATE, Fault.DROPPED_AFTER)
        with pytest.raises(Transient):
            work.create_project(PROJECT, key=KEY)
        hidden, fake.projects = fake.projects, []
        assert work.find_project(KEY) is None
        assert work.settle_seconds >= 60
        fake.projects = hidden
        assert work.find_project(KEY) is not None

    def test_that_fails_needs_a_person(self, fake: FakeAsana) -> None:
        fake.job_ends = "failed"
        with pytest.raises(Permanent, match="Enterprise"):
            fake.work(TEMPLATES).create_project(PROJECT, key=KEY)

    def test_with_a_person_whom_asana_does_not_know_stays_unassigned(self, fake: FakeAsana) -> None:
        stranger = replace(ITEMS[1], assignee=STRANGER)
        fake.work(TEMPLATES).create_project(replace(PROJECT, items=(ITEMS[0], stranger)), key=KEY)
        assert [sent["requested_roles"] for sent in fake.filled] == [[]]
        assert len(fake.projects) == 1

    def test_asks_for_people_by_their_mapped_gid(self, fake: FakeAsana) -> None:
        fake.people["900"] = "Lea Brandt"
        fake.work(replace(TEMPLATES, people={LEA: "900"})).create_project(PROJECT, key=KEY)
        assert fake.filled[0]["requested_roles"][0]["value"] == "900"


class TestAProject:
    def test_carries_dates_owner_team_and_its_key(self, fake: FakeAsana) -> None:
        fake.work().create_project(PROJECT, key=KEY)
        sent = fake.server.calls(CREATE_PROJECT)[0].json()["data"]
        assert (sent["start_on"], sent["due_on"]) == ("2026-11-24", "2026-12-08")
        assert (sent["owner"], sent["workspace"], sent["team"]) == (LEA, "1100", "1200")
        assert sent["notes"].endswith(f"\nAftersign: {KEY}")

    def test_that_ends_on_its_first_day_has_no_start(self, fake: FakeAsana) -> None:
        fake.work().create_project(replace(PROJECT, items=()), key=KEY)
        assert "start_on" not in fake.server.calls(CREATE_PROJECT)[0].json()["data"]

    def test_is_found_on_a_later_page_and_under_notes_that_people_have_edited(self, fake: FakeAsana) -> None:
        work = fake.work()
        for number in range(7):
            work.create_project(PROJECT, key=f"other-{number}:project")
        made = work.create_project(PROJECT, key=KEY)
        fake.projects[-1]["notes"] = f"Please read:\n{fake.projects[-1]['notes']}\n\nKick-off moved."
        assert work.find_project(KEY) == made

    def test_of_an_owner_whom_asana_does_not_know_names_the_person(self, fake: FakeAsana) -> None:
        fake.work().create_project(replace(PROJECT, owner=STRANGER), key=KEY)
        assert STRANGER in fake.projects[0]["notes"]
        assert len(fake.projects) == 1

    def test_of_an_organization_without_a_team_names_the_setting(self, fake: FakeAsana) -> None:
        with pytest.raises(Permanent, match="AFTERSIGN_ASANA__TEAM"):
            fake.work(team="").create_project(PROJECT, key=KEY)

    def test_lacking_a_mandatory_field_names_it_and_the_file(self, fake: FakeAsana) -> None:
        fake.mandatory = "7700"
        with pytest.raises(Permanent, match=r"Region \(7700\).*config/work\.yaml"):
            fake.work().create_project(PROJECT, key=KEY)
        mapping = WorkMapping(fields={"project": {"7700": "EMEA", "7701": "{key} {start}"}})
        fake.work(mapping).create_project(PROJECT, key=KEY)
        sent = fake.server.calls(CREATE_PROJECT)[-1].json()["data"]
        assert sent["custom_fields"] == {"7700": "EMEA", "7701": f"{KEY} 2026-11-24"}

    def test_cannot_be_kept_without_a_workspace(self, fake: FakeAsana) -> None:
        with pytest.raises(ConfigurationError, match="AFTERSIGN_ASANA__WORKSPACE"):
            AsanaWork(fake.work()._client, workspace="")


class TestATask:
    def test_is_found_where_it_was_moved_to(self, fake: FakeAsana) -> None:
        work = fake.work()
        project = work.create_project(PROJECT, key=KEY)
        made = work.create_item(project, ITEMS[0], key=f"{KEY}:intro")
        fake.tasks[0]["projects"] = ["another"]
        assert work.find_item(project, f"{KEY}:intro") == made

    def test_is_found_by_its_notes_when_the_token_is_not_an_oauth_apps(self, fake: FakeAsana) -> None:
        fake.oauth = False
        work = fake.work()
        project = work.create_project(PROJECT, key=KEY)
        made = [work.create_item(project, item, key=f"{KEY}:{item.key}") for item in ITEMS]
        with_external = ["external" in sent.json()["data"] for sent in fake.server.calls(CREATE_TASK)]
        assert with_external == [True, False, False]
        assert [work.find_item(project, f"{KEY}:{item.key}") for item in ITEMS] == made
        assert [state.key for state in work.items(project)] == [f"{KEY}:intro", f"{KEY}:data"]
        assert fake.work().find_item(project, f"{KEY}:data") == made[1]

    def test_of_a_template_is_nobodys_and_not_counted(self, fake: FakeAsana) -> None:
        work = fake.work()
        project = work.create_project(PROJECT, key=KEY)
        fake.tasks.append({"gid": "1", "name": "From the template", "notes": "", "projects": [project.id]})
        assert work.items(project) == []

    def test_can_be_another_type_where_milestones_are_not_paid_for(self, fake: FakeAsana) -> None:
        work = fake.work(WorkMapping(item_types={"milestone": "default_task"}))
        project = work.create_project(PROJECT, key=KEY)
        work.create_item(project, replace(ITEMS[0], milestone=True), key=f"{KEY}:intro")
        fake.work().create_item(project, replace(ITEMS[0], milestone=True), key=f"{KEY}:other")
        assert [task["resource_subtype"] for task in fake.tasks] == ["default_task", "milestone"]

    def test_of_a_project_that_is_gone_needs_a_person(self, fake: FakeAsana) -> None:
        fake.server.on(CREATE_TASK, fake_asana.refused(404, "projects: Unknown object: 1"))
        with pytest.raises(Permanent, match="Unknown object"):
            fake.work().create_item(Reference("1"), ITEMS[0], key=f"{KEY}:intro")


class TestTheDoctor:
    def test_hears_who_we_are(self, fake: FakeAsana) -> None:
        health = fake.work(TEMPLATES).check()
        assert health.detail == "acts as Aftersign <bot@lumora.example>"
        assert health.missing == ()
        assert "deprecated" in health.warnings[0]
        assert fake.work(team="").check().warnings == ()

    def test_hears_of_a_template_and_a_role_that_are_not_there(self, fake: FakeAsana) -> None:
        mapping = WorkMapping({"enterprise": TEMPLATE, "standard": "404"}, {"csm": "Nobody"})
        assert [text.split(":")[0] for text in fake.work(mapping).check().missing] == [
            "template 'Enterprise' has no role 'Nobody'",
            "template 404 for 'standard' cannot be seen",
        ]

    def test_hears_of_a_workspace_and_projects_that_cannot_be_seen(self, fake: FakeAsana) -> None:
        fake.server.on("GET /users/me", {"data": {"gid": "1", "name": "Aftersign", "workspaces": []}})
        fake.server.on(fake_asana.LIST_PROJECTS, fake_asana.refused(403, "team: Forbidden"))
        workspace, projects = fake.work().check().missing
        assert "AFTERSIGN_ASANA__WORKSPACE" in workspace
        assert "AFTERSIGN_ASANA__TEAM" in projects
        assert "team: Forbidden" in projects


class TestAList:
    def test_without_end_is_given_up(self, fake: FakeAsana) -> None:
        fake.server.on(fake_asana.LIST_PROJECTS, {"data": [], "next_page": {"offset": "again"}})
        with pytest.raises(Permanent, match="no end"):
            fake.work().find_project(KEY)

    def test_is_read_again_while_asana_is_briefly_away(self, fake: FakeAsana) -> None:
        fake.server.fault(fake_asana.LIST_PROJECTS, Fault.UNAVAILABLE)
        assert fake.work().find_project(KEY) is None
        assert len(fake.server.calls(fake_asana.LIST_PROJECTS)) == 2

    def test_of_another_shape_needs_a_person(self) -> None:
        endpoint = http.Endpoint("asana", "https://asana.example", {}, httpx.Client(transport=httpx.MockTransport(odd)))
        with pytest.raises(Permanent, match="another shape"):
            AsanaWork(AsanaClient(endpoint), workspace="1").find_project(KEY)


def odd(_: httpx.Request) -> httpx.Response:
    """Answer as no description allows."""
    return httpx.Response(200, json={"data": [{"gid": ["x"]}]})
