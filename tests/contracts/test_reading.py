"""A description is read as OpenAPI 3.0 means it, with a closed world on top."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.contracts.contract import Contract, Sent, operations_of

PERSON = {
    "type": "object",
    "required": ["name", "id"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "name": {"type": "string", "nullable": True},
        "required": {"type": "boolean"},
        "example": {"type": "string", "enum": ["a"], "example": "b"},
        "age": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
        "born": {"type": "string", "format": "date"},
        "pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
        "tags": {"type": "array", "items": {"type": "string"}},
        "notes": {"type": "object", "additionalProperties": {"type": "string"}},
        "secret": {"type": "string", "writeOnly": True},
    },
}
CAT = {"type": "object", "required": ["meows"], "properties": {"meows": {"type": "boolean"}}}
DOG = {"type": "object", "required": ["barks"], "properties": {"barks": {"type": "boolean"}}}
ANSWER = {"200": {"content": {"application/json; charset=utf-8": {"schema": {"$ref": "#/components/schemas/Person"}}}}}


def body(*kinds: str) -> dict[str, Any]:
    return {"required": True, "content": {kind: {"schema": {"$ref": "#/components/schemas/Person"}} for kind in kinds}}


def query(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **more}


DOCUMENT = {
    "paths": {
        "/people": {
            "post": {"requestBody": body("application/json", "application/x-www-form-urlencoded"), "responses": ANSWER},
            "get": {
                "parameters": [
                    query("limit", {"type": "integer"}),
                    query("filter", {"type": "object", "properties": {"code": {"type": "string"}}}),
                    query("ids", {"type": "array", "items": {"type": "integer"}}, explode=False),
                    query("expand", {"type": "array", "items": {"type": "string"}}),
                    {"name": "X-Page", "in": "header", "required": True, "schema": {"type": "integer"}},
                ],
                "responses": ANSWER,
            },
        },
        "/people?upload": {"post": {"requestBody": body("multipart/form-data"), "responses": ANSWER}},
        "/people/{person-id}": {"get": {"responses": ANSWER}},
        "/people/me": {"get": {"security": [], "responses": ANSWER}},
    },
    "components": {"schemas": {"Person": PERSON, "Cat": CAT, "Dog": DOG}},
}
ACME = Contract("acme", operations_of("acme", DOCUMENT, "ours", "/api"))


def problems(request: httpx.Request) -> list[str]:
    """Ask about a request as httpx sends it."""
    pairs = tuple(request.url.params.multi_items())
    headers = {"authorization": "Bearer t", **{name.lower(): value for name, value in request.headers.items()}}
    return ACME.check(Sent(request.method, request.url.path, pairs, headers, request.read()))[2]


def made(value: Any) -> list[str]:
    return problems(httpx.Request("POST", "http://a.example/api/people", json=value))


def asked(address: str, page: str = "1") -> list[str]:
    return problems(httpx.Request("GET", f"http://a.example/api/people{address}", headers={"X-Page": page}))


class TestABody:
    @pytest.mark.parametrize(
        "value",
        [
            {"name": "Lea"}, {"name": None}, {"name": "Lea", "required": True, "example": "a"},
            {"name": "Lea", "age": 1, "born": "2001-02-28"}, {"name": "Lea", "pet": {"meows": True}},
            {"name": "Lea", "notes": {"whatever": "one likes"}},
        ],
    )  # fmt: skip
    def test_that_keeps_to_its_schema_is_taken(self, value: Any) -> None:
        assert made(value) == []

    @pytest.mark.parametrize(
        ("value", "said"),
        [
            ({}, "name"), ({"name": "Lea", "id": "1"}, "/id"), ({"name": "Lea", "nme": "x"}, "/nme is not declared"),
            ({"name": "Lea", "age": 0}, "/age"), ({"name": "Lea", "born": "2001-02-30"}, "/born"),
            ({"name": "Lea", "example": "b"}, "/example"), ({"name": "Lea", "notes": {"a": 1}}, "/notes/a"),
            ({"name": "Lea", "pet": {"meows": True, "bark": True}}, "/pet/bark is not declared"),
            ({"name": "Lea", "pet": {"meows": True, "barks": 1}}, "/pet/barks is not declared"),
        ],
    )  # fmt: skip
    def test_that_does_not_is_refused(self, value: Any, said: str) -> None:
        found = made(value)
        assert any(said in problem for problem in found), found

    def test_with_an_error_still_has_its_names_looked_at(self) -> None:
        assert [p for p in made({"name": 1, "nme": "x"}) if "/nme is not declared" in p]

    def test_of_a_form_is_read_by_its_brackets(self) -> None:
        address = "http://a.example/api/people"
        data = {"name": "Lea", "age": "3", "notes[a]": "b", "tags[]": "x", "pet[meows]": "true"}
        assert problems(httpx.Request("POST", address, data=data)) == []
        assert problems(httpx.Request("POST", address, data={"name": "Lea", "tags[0]": "x", "tags[1]": "y"})) == []
        assert problems(httpx.Request("POST", address, data={"name": "Lea", "tags": ["x", "y"]})) == []
        assert problems(httpx.Request("POST", address, data={"name": "Lea", "pet[meow]": "true"})) != []

    def test_may_belong_to_a_path_with_a_query(self) -> None:
        files = {"name": (None, "Lea")}
        assert problems(httpx.Request("POST", "http://a.example/api/people?upload", files=files)) == []
        assert problems(httpx.Request("POST", "http://a.example/api/people", files=files)) != []
        assert ACME.operation("POST /people?upload").name == "POST /people?upload"
        assert ACME.operation("POST /people").name == "POST /people"


class TestAQuery:
    @pytest.mark.parametrize(
        "address",
        ["", "/", "?limit=5", "?ids=1,2", "?filter[code]=007", "?expand[]=a&expand[]=b", "?expand[0]=a", "?expand=a"],
    )
    def test_that_is_declared_is_taken(self, address: str) -> None:
        assert asked(address) == []

    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("?limit=many", "query limit"), ("?limits=5", "query limits is not declared"), ("?ids=1,b", "query ids"),
            ("?filter[cod]=7", "/cod is not declared"), ("?filters[code]=7", "query filters is not declared"),
        ],
    )  # fmt: skip
    def test_that_is_not_is_refused(self, address: str, said: str) -> None:
        found = asked(address)
        assert any(said in problem for problem in found), found

    def test_stands_beside_headers_that_are_read_too(self) -> None:
        assert any("header x-page" in problem for problem in asked("", page="two"))


class TestAPath:
    def test_is_taken_by_its_most_literal_description(self) -> None:
        assert [ACME.find("GET", f"/api/people/{name}")[0].name for name in ("me", "7")] == [  # type: ignore[index]
            "GET /people/me",
            "GET /people/{person-id}",
        ]

    def test_needs_its_prefix(self) -> None:
        assert ACME.find("GET", "/people/me") is None

    def test_without_security_wants_no_credential(self) -> None:
        assert ACME.check(Sent("GET", "/api/people/me", (), {}, b""))[2] == []
        assert ACME.check(Sent("GET", "/api/people/7", (), {}, b""))[2] == ["header authorization is missing"]


class TestAnAnswer:
    @staticmethod
    def told(value: Any) -> list[str]:
        raw = json.dumps(value).encode() if value is not None else b""
        return ACME.check_answer(ACME.operation("GET /people/me"), 200, "application/json", raw)

    def test_holds_what_requests_may_not(self) -> None:
        assert self.told({"id": "1", "name": "Lea"}) == []

    @pytest.mark.parametrize("value", [{"name": "Lea"}, {"id": "1", "name": "Lea", "secret": "x"}, None])
    def test_that_its_schema_does_not_know_is_noticed(self, value: Any) -> None:
        assert self.told(value) != []
