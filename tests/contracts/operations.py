"""A vendor's operations, read out of its description."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.contracts.schema import Schema, Schemas
from tests.contracts.sent import plain

MOVING = r"/services/data/v\d+\.\d"  # a path prefix whose version is the caller's choice
_METHODS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"
PARAMETER = re.compile(r"{([^{}/]+)}")


@dataclass(frozen=True, slots=True)
class Operation:
    """Hold one operation: `name` is `METHOD /path/{x}` as the description writes it."""

    vendor: str
    name: str
    origin: str
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    spec: Schema
    parameters: tuple[Schema, ...]
    schemas: Schemas
    answers: Schemas
    document: Schema

    @property
    def method(self) -> str:
        """Return the HTTP method."""
        return self.name.partition(" ")[0]

    @property
    def flags(self) -> frozenset[str]:
        """Return the query names that are part of the path, as in `/documents?upload`."""
        return frozenset(name for name, _ in parse_qsl(self.name.partition("?")[2], keep_blank_values=True))

    def path_of(self, path: str) -> dict[str, str] | None:
        """Return the path parameters, or `None` when the path is another operation's."""
        found = self.pattern.fullmatch(path)
        return {name: unquote(value) for name, value in zip(self.names, found.groups(), strict=True)} if found else None

    def body_of(self) -> tuple[dict[str, Any], bool]:
        """Return the media types of the body and whether there must be one."""
        body = self.resolved(self.spec.get("requestBody") or {})
        return {plain(media): of for media, of in body.get("content", {}).items()}, bool(body.get("required"))

    def resolved(self, node: Any) -> Any:
        """Follow references of the document."""
        while isinstance(node, dict) and "$ref" in node:
            target: Any = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node


def operations_of(vendor: str, document: Schema, origin: str, prefix: str) -> list[Operation]:
    sending, getting = Schemas(document, "readOnly"), Schemas(document, "writeOnly")
    made = []
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            root = "" if item.get("x-root") else prefix
            operation = Operation(
                vendor,
                f"{method.upper()} {path}",
                origin,
                re.compile((root if root == MOVING else re.escape(root)) + _regex(path)),
                tuple(PARAMETER.findall(path)),
                item[method],
                (),
                sending,
                getting,
                document,
            )
            parameters = [
                operation.resolved(p) for p in [*item.get("parameters", []), *item[method].get("parameters", [])]
            ]
            made.append(replace(operation, parameters=tuple(parameters)))
    return made


def slack_operations(document: Schema) -> list[Operation]:
    """Return Slack's methods: JSON Schemas generated from Slack's own types, a body each."""
    made = []
    for name, schema in document.items():
        if name.startswith("resp_") or name in {"block", "view"}:
            continue
        answer = document.get(f"resp_{name}")
        body = {"definitions": schema["definitions"]}
        whole: Schema = {k: v for k, v in schema.items() if k != "$schema"}
        spec = {
            "requestBody": {
                "content": {kind: {"schema": whole} for kind in (JSON, "application/x-www-form-urlencoded")}
            },
            "responses": {"200": {"content": {JSON: {"schema": {"$ref": answer["$ref"]} if answer else {}}}}},
        }
        method = name.replace("_", ".")
        for verb in ("POST", "GET"):
            made.append(
                Operation(
                    "slack",
                    f"{verb} /{method}",
                    "vendor",
                    re.compile(f"/api/{re.escape(method)}"),
                    (),
                    spec,
                    (),
                    Schemas(body, "readOnly"),
                    Schemas({"definitions": answer["definitions"]} if answer else {}, "writeOnly"),
                    {},
                )
            )
    return made


def _regex(path: str) -> str:
    literal = PARAMETER.split(path.partition("?")[0])[::2]
    return "([^/]+)".join(re.escape(part) for part in literal)


def shape(name: str) -> str:
    """Return an operation's name without its query and without the names of its parameters."""
    return PARAMETER.sub("{}", name.partition("?")[0])
