"""Jira's own ways: an index that lags, documents instead of texts, fields that an administrator made mandatory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from connectors.jira.work import JiraWork
from domain.errors import ConfigurationError, Permanent, Transient
from domain.mappings import WorkMapping
from domain.ports import Project, Reference, WorkItem
from tests.conftest import Clock
from tests.contracts.conftest import Start
from tests.contracts.fake_jira import CREATE, HIDDEN, LEA, LINK, MAX, PROPERTY, SEARCH, USERS, FakeJira, adf_problems
from tests.contracts.server import Answer, Fault

KEY = "vela-1:project"
ITEM = WorkItem("intro", "Introduce the CSM", date(2026, 11, 25), "csm", LEA, "Line one\nline two\n\nSource: page 4")
PROJECT = Project("Onboarding: Vela", "standard", LEA, date(2026, 11, 24), (ITEM,))


@pytest.fixture
def fake(contract: Start, clock: Clock) -> FakeJira:
    return FakeJira(contract("jira"), clock)


def sent(fake: FakeJira, number: int = -1) -> Any:
    """Return the body of a create request."""
    return fake.server.calls(CREATE)[number].json()


class TestTheIndex:
    """After a lost answer, search proves nothing until `settle_seconds` have passed."""

    @pytest.fixture
    def lost(self, fake: FakeJira) -> JiraWork:
        """Make an epic whose answer is lost, and start as a new process that remembers nothing."""
        fake.lag = 120
        fake.server.fault(CREATE, Fault.DROPPED_AFTER)
        with pytest.raises(Transient):
            fake.work().create_project(PROJECT, key=KEY)
        return fake.work()

    def test_hides_the_epic_at_first(self, lost: JiraWork) -> None:
        assert lost.find_project(KEY) is None

    def test_would_let_a_hasty_second_attempt_make_two(self, fake: FakeJira, lost: JiraWork) -> None:
        lost.create_project(PROJECT, key=KEY)
        assert len(fake.issues) == 2

    def test_shows_the_epic_to_who_waits_as_long_as_the_connector_says(
        self, fake: FakeJira, lost: JiraWork, clock: Clock
    ) -> None:
        assert lost.settle_seconds > fake.lag
        clock.advance(timedelta(seconds=lost.settle_seconds))
        found = lost.find_project(KEY)
        assert found == Reference("10001", f"{fake.server.url}/browse/ONB-1")
        assert len(fake.issues) == 1

    def test_is_passed_by_for_what_this_process_made_itself(self, fake: FakeJira) -> None:
        fake.lag = 120
        work = fake.work()
        project = work.create_project(PROJECT, key=KEY)
        made = work.create_item(project, ITEM, key=f"{KEY}:intro")
        assert work.find_project(KEY) == project
        assert work.find_item(project, f"{KEY}:intro") == made
        assert [state.key for state in work.items(project)] == [f"{KEY}:intro"]
        assert fake.server.calls(SEARCH)[-1].json()["reconcileIssues"] == [10001, 10002]
        assert list(fake.work().items(project)) == []

    def test_is_never_asked_about_more_issues_than_it_takes(self, fake: FakeJira) -> None:
        work = fake.work()
        for number in range(60):
            work.create_project(PROJECT, key=f"{number}")
        work.find_project("x")
        assert fake.server.calls(SEARCH)[-1].json()["reconcileIssues"] == list(range(10011, 10061))


class TestAnIssue:
    def test_carries_its_key_as_a_property_and_hashed_as_a_label(self, fake: FakeJira) -> None:
        fake.work().create_project(PROJECT, key=KEY)
        body = sent(fake)
        assert body["properties"] == [{"key": "aftersign", "value": {"key": KEY}}]
        general, label = body["fields"]["labels"]
        assert general == "aftersign"
        assert label.startswith("aftersign-")
        assert "vela" not in label

    def test_is_an_epic_or_its_child(self, fake: FakeJira) -> None:
        fake.types = ("Epic", "Task", "Meilenstein")
        work = fake.work(WorkMapping(item_types={"milestone": "Meilenstein"}))
        project = work.create_project(PROJECT, key=KEY)
        work.create_item(project, ITEM, key=f"{KEY}:intro")
        work.create_item(project, replace(ITEM, milestone=True), key=f"{KEY}:kickoff")
        assert [i["fields"]["issuetype"]["name"] for i in fake.issues] == ["Epic", "Task", "Meilenstein"]
        assert [i["fields"].get("parent") for i in fake.issues] == [None, {"id": "10001"}, {"id": "10001"}]
        assert fake.issues[1]["fields"]["duedate"] == "2026-11-25"

    def test_describes_itself_in_a_document(self, fake: FakeJira) -> None:
        work = fake.work()
        project = work.create_project(PROJECT, key=KEY)
        for notes in ("", "One", ITEM.notes, "\n\n\n", "a\n\n\n\nb\r\nc"):
            work.create_item(project, replace(ITEM, notes=notes), key=f"{KEY}:{notes!r}")
            described = sent(fake)["fields"].get("description")
            assert (described is not None) is bool(notes.strip())
            assert not described or list(adf_problems(described)) == []
        assert list(adf_problems("a plain text"))
        assert list(adf_problems({"type": "doc", "version": 1, "content": [{"type": "text", "text": "bare"}]}))

    def test_with_a_long_name_of_two_lines_has_a_summary_that_jira_takes(self, fake: FakeJira) -> None:
        fake.work().create_project(replace(PROJECT, name="Onboarding:\nVela " + "x" * 300), key=KEY)
        summary = sent(fake)["fields"]["summary"]
        assert len(summary) == 255
        assert summary.startswith("Onboarding: Vela")

    def test_that_lost_its_property_gets_it_back(self, fake: FakeJira) -> None:
        work = fake.work()
        made = work.create_project(PROJECT, key=KEY)
        fake.issues[0]["properties"] = {}
        assert fake.work().find_project(KEY) == made
        assert fake.issues[0]["properties"] == {"aftersign": {"key": KEY}}
        assert len(fake.server.calls(PROPERTY)) == 1

    def test_of_another_key_with_the_same_label_is_left_alone(self, fake: FakeJira) -> None:
        work = fake.work()
        work.create_project(PROJECT, key=KEY)
        fake.issues[0]["properties"] = {"aftersign": {"key": "atlas-9:project"}}
        assert work.find_project(KEY) is None
        assert not fake.server.calls(PROPERTY)


class TestAMandatoryField:
    def test_without_a_value_is_named_with_the_file_to_write_it_in(self, fake: FakeJira) -> None:
        fake.mandatory = {"customfield_10010": "Region is required."}
        with pytest.raises(Permanent, match=r"customfield_10010.*Region is required.*jira: fields.*config/work\.yaml"):
            fake.work().create_project(PROJECT, key=KEY)
        assert fake.issues == []

    def test_that_jira_names_in_a_sentence_only_is_named_all_the_same(self, fake: FakeJira) -> None:
        fake.server.on(CREATE, Answer(400, {"errorMessages": ["Field 'priority' is required"], "errors": {}}))
        with pytest.raises(Permanent, match="Jira refused priority"):
            fake.work().create_project(PROJECT, key=KEY)

    def test_is_filled_from_the_mapping_for_epics_and_tasks_apart(self, fake: FakeJira) -> None:
        fake.mandatory = {"customfield_10010": "Region is required."}
        region = {"customfield_10010": {"value": "EMEA"}}
        mapping = WorkMapping(fields={"project": {**region, "customfield_10011": "{name}"}, "task": region})
        fake.screen.add("customfield_10011")
        work = fake.work(mapping)
        project = work.create_project(PROJECT, key=KEY)
        assert sent(fake)["fields"]["customfield_10011"] == PROJECT.name
        work.create_item(project, replace(ITEM, milestone=True), key=f"{KEY}:intro")
        assert sent(fake)["fields"]["customfield_10010"] == {"value": "EMEA"}
        assert "customfield_10011" not in sent(fake)["fields"]

    def test_off_the_create_screen_is_to_be_put_there(self, fake: FakeJira) -> None:
        fake.screen.remove("duedate")
        with pytest.raises(Permanent, match=r"duedate.*create screen"):
            fake.work().create_project(PROJECT, key=KEY)

    def test_of_type_or_project_names_the_setting(self, fake: FakeJira) -> None:
        with pytest.raises(Permanent, match="AFTERSIGN_JIRA__PROJECT"):
            fake.work(project="NOPE").create_project(PROJECT, key=KEY)
        with pytest.raises(Permanent, match="item_types"):
            fake.work(WorkMapping(item_types={"project": "Saga"})).create_project(PROJECT, key=KEY)
        with pytest.raises(ConfigurationError, match="AFTERSIGN_JIRA__PROJECT"):
            fake.work(project="onboarding epics")


class TestAnAssignee:
    def test_is_the_account_of_exactly_that_address(self, fake: FakeJira) -> None:
        fake.work().create_project(PROJECT, key=KEY)
        assert sent(fake)["fields"]["assignee"] == {"id": "a-lea"}

    def test_who_hides_the_address_is_the_only_person_found_by_it(self, fake: FakeJira) -> None:
        fake.work().create_project(replace(PROJECT, owner=HIDDEN), key=KEY)
        assert sent(fake)["fields"]["assignee"] == {"id": "a-hidden"}

    def test_who_may_not_be_assigned_is_named_in_the_description(self, fake: FakeJira) -> None:
        fake.work().create_project(replace(PROJECT, owner=MAX), key=KEY)
        assert len(fake.issues) == 1
        assert "assignee" not in sent(fake)["fields"]
        assert MAX in str(sent(fake)["fields"]["description"])

    def test_is_asked_for_again_at_once_when_the_answer_is_cut_off(self, fake: FakeJira) -> None:
        fake.server.fault(USERS, Fault.TRUNCATED)
        fake.work().create_project(PROJECT, key=KEY)
        assert len(fake.server.calls(USERS)) == 2
        assert sent(fake)["fields"]["assignee"] == {"id": "a-lea"}

    def test_is_asked_for_again_later_when_the_answer_is_a_web_page(self, fake: FakeJira) -> None:
        fake.server.fault(USERS, Fault.HTML)
        with pytest.raises(Transient):
            fake.work().create_project(PROJECT, key=KEY)
        assert fake.issues == []

    def test_is_asked_for_once(self, fake: FakeJira) -> None:
        work = fake.work()
        for number in range(3):
            work.create_project(PROJECT, key=str(number))
        assert len(fake.server.calls(USERS)) == 1

    def test_who_is_mapped_is_not_asked_for(self, fake: FakeJira) -> None:
        fake.work(WorkMapping(people={LEA: "a-lea"})).create_project(PROJECT, key=KEY)
        assert fake.server.calls(USERS) == []
        assert sent(fake)["fields"]["assignee"] == {"id": "a-lea"}


class TestALink:
    def test_is_replaced_under_its_key(self, fake: FakeJira) -> None:
        work = fake.work()
        project = work.create_project(PROJECT, key=KEY)
        for url in ("https://handoff.example/a", "https://handoff.example/b"):
            work.add_link(project, "Brief", url, key=f"{KEY}:link:Brief" + "x" * 300)
        assert [link["url"] for link in fake.links.values()] == ["https://handoff.example/b"]

    def test_is_set_again_by_itself_while_jira_is_briefly_away(self, fake: FakeJira) -> None:
        work = fake.work()
        project = work.create_project(PROJECT, key=KEY)
        fake.server.fault(LINK, Fault.UNAVAILABLE)
        work.add_link(project, "Brief", "https://handoff.example/a", key="k")
        assert len(fake.links) == 1


class TestTheDoctor:
    def test_hears_who_we_are_and_where(self, fake: FakeJira) -> None:
        health = fake.work().check()
        assert health.detail.startswith("acts as Aftersign <bot@lumora.example> in project ONB of http://127.0.0.1")
        assert health.missing == ()

    def test_hears_what_would_keep_an_issue_from_being_made(self, fake: FakeJira) -> None:
        fake.types, fake.mandatory = ("Task",), {"customfield_10010": "Region is required."}
        fake.screen.remove("labels")
        epic, label, region = fake.work().check().missing
        assert "no issue type 'Epic' for a project" in epic
        assert "field labels is not on the create screen of Task" in label
        assert "customfield_10010" in region
        assert "config/work.yaml" in region

    def test_hears_nothing_of_a_mandatory_field_that_the_mapping_fills(self, fake: FakeJira) -> None:
        fake.mandatory = {"customfield_10010": "Region is required."}
        mapping = WorkMapping(fields={kind: {"customfield_10010": "EMEA"} for kind in ("project", "task")})
        assert fake.work(mapping).check().missing == ()

    def test_hears_of_a_project_that_cannot_be_seen(self, fake: FakeJira) -> None:
        (missing,) = fake.work(project="NOPE").check().missing
        assert "AFTERSIGN_JIRA__PROJECT" in missing


class TestASearch:
    def test_without_end_is_given_up(self, fake: FakeJira) -> None:
        fake.server.on(SEARCH, {"issues": [], "isLast": False, "nextPageToken": "again"})
        with pytest.raises(Permanent, match="no end"):
            fake.work().find_project(KEY)

    def test_reads_every_page(self, fake: FakeJira) -> None:
        work = fake.work()
        project = work.create_project(PROJECT, key=KEY)
        for number in range(5):
            work.create_item(project, ITEM, key=f"{KEY}:{number}")
        assert [state.key[-1] for state in work.items(project)] == ["0", "1", "2", "3", "4"]
