"""What breaks a description: in a path, a query, headers, a body, an answer."""

from __future__ import annotations

import json
from typing import Any

from tests.contracts.forms import BRACKET, FORMS, body_value, form_value, property_of
from tests.contracts.operations import JSON, Operation
from tests.contracts.schema import Schema, coerced
from tests.contracts.sent import Sent, plain

_OURS = frozenset({"content-type", "accept", "authorization"})


def path_problems(operation: Operation, path: dict[str, str]) -> list[str]:
    """Return how the parameters of a path break the description."""
    found = []
    for parameter in operation.parameters:
        if parameter["in"] == "path" and parameter["name"] in path:
            schema = parameter.get("schema", {})
            value = coerced(operation.schemas, schema, path[parameter["name"]])
            found += [f"path {parameter['name']} {text}" for text in operation.schemas.problems(schema, value)]
    return found


def query_problems(operation: Operation, query: tuple[tuple[str, str], ...]) -> list[str]:
    """Return how a query breaks the description."""
    if operation.vendor == "slack" and operation.origin == "vendor":
        return []  # checked with the body: Slack takes its arguments either way
    declared = {p["name"]: p for p in operation.parameters if p["in"] == "query"}
    given: dict[str, list[tuple[str, str]]] = {}
    for key, value in query:
        if key in operation.flags:
            continue
        name = key if key in declared else key.partition("[")[0]
        given.setdefault(name, []).append((key, value))
    found = [f"query {name} is not declared" for name in given if name not in declared]
    for name, parameter in declared.items():
        if name in given:
            schema = parameter.get("schema", {})
            value = _query_value(operation, parameter, given[name])
            found += [f"query {name} {text}" for text in operation.schemas.problems(schema, value)]
        elif parameter.get("required"):
            found.append(f"query {name} is required")
    return found


def _query_value(operation: Operation, parameter: Schema, given: list[tuple[str, str]]) -> Any:
    schema, name = parameter.get("schema", {}), parameter["name"]
    flat = operation.schemas.flat([schema])
    deep = [(BRACKET.findall(key[len(name) :]), value) for key, value in given if key != name]
    if deep and all(len(way) == 1 and way[0] and not way[0].isdigit() for way, _ in deep):
        return {way[0]: coerced(operation.schemas, property_of(flat, way[0]), value) for way, value in deep}
    if any(s.get("type") == "array" for s in flat):
        items: Schema = next((s.get("items", {}) for s in flat if s.get("type") == "array"), {})
        values = [value for _, value in given]
        if parameter.get("explode") is False and len(values) == 1:
            values = values[0].split(",")
        return [coerced(operation.schemas, items, value) for value in values]
    if len(given) > 1:
        return [value for _, value in given]
    return coerced(operation.schemas, schema, given[0][1])


def header_problems(operation: Operation, headers: dict[str, str]) -> list[str]:
    """Return which headers are missing or wrong."""
    found = []
    if operation.spec.get("security") != [] and "authorization" not in headers:
        found.append("header authorization is missing")
    for parameter in operation.parameters:
        name = parameter["name"].lower()
        if parameter["in"] != "header" or name in _OURS:
            continue
        schema = parameter.get("schema", {})
        if name in headers:
            value = coerced(operation.schemas, schema, headers[name])
            found += [f"header {name} {text}" for text in operation.schemas.problems(schema, value)]
        elif parameter.get("required"):
            found.append(f"header {name} is required")
    return found


def body_problems(operation: Operation, sent: Sent) -> list[str]:
    """Return how a body breaks the description."""
    content, required = operation.body_of()
    if operation.vendor == "slack" and operation.origin == "vendor":
        return _slack_problems(operation, sent)
    if not sent.body:
        return ["body is missing"] if required and content else []
    if not content:
        return ["body is not declared"]
    if sent.media not in content and "*/*" not in content:
        return [f"content type {sent.media or 'none'} is not one of {', '.join(content)}"]
    schema = (content.get(sent.media) or content.get("*/*") or {}).get("schema", {})
    try:
        value = body_value(operation, schema, sent)
    except ValueError:
        return ["body is not JSON"]
    return [f"body {text}" for text in operation.schemas.problems(schema, value)]


def _slack_problems(operation: Operation, sent: Sent) -> list[str]:
    schema = next(iter(operation.body_of()[0].values()))["schema"]
    plain = {name: value for name, value in schema.items() if name != "definitions"}
    if sent.body and sent.media not in {JSON, *FORMS}:
        return [f"content type {sent.media or 'none'} is not one that Slack reads"]
    if sent.media == JSON:
        try:
            value = sent.json()
        except ValueError:
            return ["body is not JSON"]
    else:
        value = form_value(operation, plain, [*sent.query, *sent.form()])
    return [f"body {text}" for text in operation.schemas.problems(plain, value)]


def answer_problems(operation: Operation, status: int, media: str, body: bytes) -> list[str]:
    """Return how an answer breaks the description."""
    responses = operation.spec.get("responses", {})
    declared = responses.get(str(status)) or responses.get(f"{status // 100}XX") or responses.get("default")
    if declared is None:
        return [] if status in {401, 403, 404, 429} or status >= 500 else [f"status {status} is not declared"]
    content = {plain(kind): of for kind, of in operation.resolved(declared).get("content", {}).items()}
    if not content:
        return []
    if not body:
        return ["answer is empty"] if content.get(JSON, {}).get("schema") else []
    media = plain(media)
    if media not in content and "*/*" not in content:
        return [f"answer type {media or 'none'} is not one of {', '.join(content)}"]
    schema = (content.get(media) or content.get("*/*") or {}).get("schema", {})
    if not media.endswith("json"):
        return []
    try:
        value = json.loads(body)
    except ValueError:
        return ["answer is not JSON"]
    return [f"answer {text}" for text in operation.answers.problems(schema, value)]
