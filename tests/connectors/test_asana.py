"""What Asana's refusals mean."""

from __future__ import annotations

import httpx
import pytest

from connectors.asana.errors import FieldRefused, refusal
from connectors.asana.marks import carries, key_of, named, notes
from connectors.asana.models import External, ProjectRow, Task
from domain.errors import Permanent


def answer(status: int, message: str) -> httpx.Response:
    return httpx.Response(status, json={"errors": [{"message": message, "help": "…"}]})


class TestARefusal:
    @pytest.mark.parametrize(
        ("status", "message", "field"),
        [
            (400, "assignee: Not a recognized user: x@y.example", "assignee"),
            (400, "team: Missing input", "team"),
            (400, "custom_fields: Region (7700) is required", "custom_fields"),
            (400, "custom_fields.7700: Not a valid option", "custom_fields"),
            (400, "Custom field Region must have a value", "custom_fields"),
            (400, "external: You must use OAuth", "external"),
            (403, "You cannot access external data with this token", "external"),
        ],
    )
    def test_names_the_field(self, status: int, message: str, field: str) -> None:
        refused = refusal(answer(status, message))
        assert isinstance(refused, FieldRefused)
        assert refused.field == field
        assert message in str(refused)
        assert refused.fix

    @pytest.mark.parametrize(
        ("status", "says"),
        [(401, "AFTERSIGN_ASANA__ACCESS_TOKEN"), (402, "milestone: default_task"), (403, "scopes")],
    )
    def test_of_the_account_says_what_to_do(self, status: int, says: str) -> None:
        refused = refusal(answer(status, "No"))
        assert isinstance(refused, Permanent)
        assert not isinstance(refused, FieldRefused)
        assert says in refused.fix

    @pytest.mark.parametrize("status", [404, 429, 500, 503])
    def test_is_left_to_the_general_table_where_asana_has_no_words_of_its_own(self, status: int) -> None:
        assert refusal(answer(status, "Busy")) is None

    @pytest.mark.parametrize(
        "body", [b"", b"<html>", b"[]", b'{"errors": null}', b'{"errors": [{}]}', b'{"errors": [1]}']
    )
    def test_without_words_is_no_accident(self, body: bytes) -> None:
        assert refusal(httpx.Response(400, content=body)) is None
        assert isinstance(refusal(httpx.Response(402, content=body)), Permanent)


class TestAMark:
    def test_is_read_back_from_notes(self) -> None:
        written = notes("vela-1:project:intro", "Ask\nfor the goal")
        assert written == "Ask\nfor the goal\n\nAftersign: vela-1:project:intro"
        assert key_of(Task(gid="1", notes=f"{written}\nDone on Monday")) == "vela-1:project:intro"
        assert notes("k", "") == "Aftersign: k"

    def test_of_an_oauth_app_is_believed_first(self) -> None:
        assert key_of(Task(gid="1", notes="Aftersign: a", external=External(gid="b"))) == "b"

    @pytest.mark.parametrize("text", ["", "Aftersign: ", "see Aftersign: k", "Aftersign: k and more", "aftersign: k"])
    def test_is_nothing_that_people_write(self, text: str) -> None:
        assert key_of(Task(gid="1", notes=text)) == ""

    def test_of_a_project_is_whole_or_not_at_all(self) -> None:
        assert carries(ProjectRow(gid="1", notes=notes("vela-1:project", "x")), "vela-1:project")
        assert carries(ProjectRow(gid="1", name=named("Onboarding", "vela-1:project")), "vela-1:project")
        assert not carries(ProjectRow(gid="1", notes=notes("vela-11:project", "x")), "vela-1:project")
        assert not carries(ProjectRow(gid="1", name=named("Onboarding", "vela-11:project")), "vela-1:project")

    def test_survives_what_asana_leaves_empty(self) -> None:
        task = Task.model_validate({"gid": "1", "notes": None, "external": None, "assignee": None})
        assert key_of(task) == ""
