"""Jira's documents, refusals and days."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from connectors.jira.adf import document
from connectors.jira.errors import FieldsRefused, refusal
from connectors.jira.models import Issue
from domain.errors import Permanent


class TestADocument:
    def test_keeps_paragraphs_and_line_breaks(self) -> None:
        assert document("One\ntwo\n\n\n three ") == {
            "type": "doc",
            "version": 1,
            "content": [
                {
                    "type": "paragraph",
                    "content": [
                        {"type": "text", "text": "One"},
                        {"type": "hardBreak"},
                        {"type": "text", "text": "two"},
                    ],
                },
                {"type": "paragraph", "content": [{"type": "text", "text": "three"}]},
            ],
        }

    def test_of_nothing_is_empty(self) -> None:
        assert document(" \n\n ") == {"type": "doc", "version": 1, "content": []}

    def test_takes_markup_as_text(self) -> None:
        (paragraph,) = document("<b>h1. {code}</b>")["content"]
        assert paragraph["content"] == [{"type": "text", "text": "<b>h1. {code}</b>"}]


class TestARefusal:
    def test_names_every_field_and_each_way_out_once(self) -> None:
        errors = {"customfield_1": "A is required.", "customfield_2": "B is required.", "labels": "cannot be set."}
        refused = refusal(httpx.Response(400, json={"errorMessages": [], "errors": errors}))
        assert isinstance(refused, FieldsRefused)
        assert list(refused.fields) == ["customfield_1", "customfield_2", "labels"]
        assert refused.fix.count("config/work.yaml") == 1
        assert "create screen" in refused.fix

    @pytest.mark.parametrize(("status", "says"), [(401, "AFTERSIGN_JIRA__API_KEY"), (403, "permissions")])
    def test_of_the_account_says_what_to_do(self, status: int, says: str) -> None:
        refused = refusal(httpx.Response(status, json={}))
        assert isinstance(refused, Permanent)
        assert says in refused.fix

    @pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"{}", b'{"errorMessages": ["Oops"], "errors": {}}'])
    def test_without_a_field_is_left_to_the_general_table(self, body: bytes) -> None:
        assert refusal(httpx.Response(400, content=body)) is None


class TestAnIssue:
    def test_is_read_with_days_of_its_own_zone(self) -> None:
        fields = {"summary": "x", "resolutiondate": "2026-11-26T00:30:00.000+0100", "statuscategorychangedate": None}
        issue = Issue.model_validate({"id": "1", "key": "ONB-1", "fields": fields})
        assert issue.fields.resolved == date(2026, 11, 26)
        assert issue.fields.moved is None

    @pytest.mark.parametrize("value", [{}, "text", 5, None, ["x"]])
    def test_with_a_property_that_is_not_ours_carries_no_key(self, value: object) -> None:
        assert Issue.model_validate({"id": "1", "key": "ONB-1", "properties": {"aftersign": value}}).mark == ""
