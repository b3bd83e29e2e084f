"""Read OpenAPI 3.0 schemas as JSON Schema, and ask what they declare beyond what they check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

Schema = dict[str, Any]
_NUMBERS = {"integer": int, "number": float}


_DROPPED = frozenset({"discriminator", "example", "examples", "xml", "externalDocs", "nullable", "deprecated"})
_NAMED = frozenset({"properties", "patternProperties", "definitions", "$defs"})  # names of a vendor's own below
_VALUES = frozenset({"enum", "const", "default"})


def converted(node: Any, *, hidden: str) -> Any:
    """Return a schema in the words of JSON Schema 2020-12.

    `hidden` is `readOnly` for what we send and `writeOnly` for what we get: such properties may
    not travel that way, so they are neither required nor allowed.
    """
    if isinstance(node, list):
        return [converted(item, hidden=hidden) for item in node]
    if not isinstance(node, dict):
        return node
    made = {name: _converted_word(name, value, hidden) for name, value in node.items() if name not in _DROPPED}
    _hide(made, node, hidden)
    if not isinstance(made.get("required", []), list):
        made.pop("required")  # OpenAPI's parameter flag, met inside schemas of older conversions
    _bounds(made)
    return {"anyOf": [made, {"type": "null"}]} if node.get("nullable") is True else made


def _converted_word(name: str, value: Any, hidden: str) -> Any:
    if name in _VALUES:
        return value
    if name in _NAMED and isinstance(value, dict):
        return {inner: converted(schema, hidden=hidden) for inner, schema in value.items()}
    return converted(value, hidden=hidden)


def _hide(made: Schema, node: Schema, hidden: str) -> None:
    listed = node.get("properties")
    if not isinstance(listed, dict):
        return
    closed = {name for name, schema in listed.items() if isinstance(schema, dict) and schema.get(hidden) is True}
    made["properties"] = {name: False if name in closed else schema for name, schema in made["properties"].items()}
    if isinstance(made.get("required"), list):
        made["required"] = [name for name in made["required"] if name not in closed]


def _bounds(made: Schema) -> None:
    """Turn OpenAPI 3.0's exclusive flags into limits."""
    for bound in ("Minimum", "Maximum"):
        name, limit = f"exclusive{bound}", bound.lower()
        if made.get(name) is True:
            made[name] = made.pop(limit)
        elif made.get(name) is False:
            made.pop(name)


@dataclass(slots=True)
class Schemas:
    """Validate values against schemas of one document, for one direction."""

    document: Schema
    hidden: str
    _root: Schema = field(init=False)
    _compiled: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sections = self.document.get("components", {})
        self._root = {
            "components": {name: self._converted(section) for name, section in sections.items()},
            "definitions": self._converted(self.document.get("definitions", {})),
        }

    def problems(self, schema: Schema, value: Any) -> list[str]:
        """Return what is wrong with a value: by the schema, and by the closed world."""
        plain = converted(schema, hidden=self.hidden)
        found = [_said(error) for error in self._validator(plain).iter_errors(value)]
        return [*found, *self._undeclared([plain], value, "")]

    def flat(self, schemas: list[Any], *, certain: bool = False) -> list[Schema]:
        """Return schemas with references and combinations unfolded; `certain` leaves choices out."""
        found: list[Schema] = []
        for schema in schemas:
            if not isinstance(schema, dict):
                continue
            if "$ref" in schema:
                found += self.flat([self._resolved(schema["$ref"])], certain=certain)
            found.append(schema)
            for name in ("allOf",) if certain else ("allOf", "anyOf", "oneOf"):
                found += self.flat(schema.get(name, []), certain=certain)
            if certain:
                for name in ("anyOf", "oneOf"):  # nullable is written as a choice of one
                    real = [s for s in schema.get(name, []) if s != {"type": "null"}]
                    found += self.flat(real, certain=True) if len(real) == 1 else []
        return found

    def required(self, schema: Schema, value: Any, pointer: str = "") -> Iterator[str]:
        """Yield the pointers of sent properties that the schema certainly requires."""
        yield from self._required([converted(schema, hidden=self.hidden)], value, pointer)

    def declared(self, schema: Schema, value: Any) -> Iterator[str]:
        """Yield the pointers of sent properties that stand in closed objects."""
        yield from self._declared([converted(schema, hidden=self.hidden)], value, "")

    def _required(self, schemas: list[Any], value: Any, pointer: str) -> Iterator[str]:
        flat = self.flat(schemas, certain=True)
        if isinstance(value, dict):
            names = {name for schema in flat for name in schema.get("required", [])}
            yield from (f"{pointer}/{name}" for name in value if name in names)
            for name, inner in value.items():
                below = [s["properties"][name] for s in flat if name in s.get("properties", {})]
                yield from self._required(below, inner, f"{pointer}/{name}")
        if isinstance(value, list) and value:
            yield from self._required([s["items"] for s in flat if "items" in s], value[0], f"{pointer}/0")

    def _declared(self, schemas: list[Any], value: Any, pointer: str) -> Iterator[str]:
        flat = self.flat(schemas)
        if isinstance(value, dict) and not _open(flat):
            yield from (f"{pointer}/{name}" for name in value)
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from self._declared(_below(flat, name), inner, f"{pointer}/{name}")
        if isinstance(value, list) and value:
            yield from self._declared([s["items"] for s in flat if "items" in s], value[0], f"{pointer}/0")

    def _undeclared(self, schemas: list[Any], value: Any, pointer: str) -> Iterator[str]:
        flat = self._chosen(schemas, value)
        if isinstance(value, dict):
            known = {name for schema in flat for name in schema.get("properties", {})}
            for name, inner in value.items():
                if name not in known and not _open(flat):
                    yield f"{pointer}/{name} is not declared"
                else:
                    yield from self._undeclared(_below(flat, name), inner, f"{pointer}/{name}")
        if isinstance(value, list):
            items = [s["items"] for s in flat if "items" in s]
            for number, inner in enumerate(value):
                yield from self._undeclared(items, inner, f"{pointer}/{number}")

    def _chosen(self, schemas: list[Any], value: Any) -> list[Schema]:
        """Return schemas unfolded, of several choices only those that the value keeps to."""
        found: list[Schema] = []
        for schema in schemas:
            if not isinstance(schema, dict):
                continue
            found.append(schema)
            if "$ref" in schema:
                found += self._chosen([self._resolved(schema["$ref"])], value)
            found += self._chosen(schema.get("allOf", []), value)
            for name in ("anyOf", "oneOf"):
                choices = [choice for choice in schema.get(name, []) if choice != {"type": "null"}]
                kept = [c for c in choices if self._validator(c).is_valid(value)] if len(choices) > 1 else choices
                found += self._chosen(kept or choices, value)
        return found

    def _converted(self, section: Schema) -> Schema:
        return {name: converted(part, hidden=self.hidden) for name, part in section.items()}

    def _validator(self, schema: Schema) -> Any:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._compiled:
            whole = {**self._root, "allOf": [schema], "$schema": "https://json-schema.org/draft/2020-12/schema"}
            self._compiled[key] = jsonschema_rs.validator_for(whole, validate_formats=True)
        return self._compiled[key]

    def _resolved(self, reference: str) -> Any:
        node: Any = self._root
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~").replace("%24", "$")]
        return node


def _open(flat: list[Schema]) -> bool:
    """Tell whether an object may hold names that are not listed.

    Silence about `additionalProperties` does not open an object that lists properties.
    """
    if any(schema.get("additionalProperties") not in (None, False) for schema in flat):
        return True
    if any("patternProperties" in schema for schema in flat):
        return True
    return not any("properties" in schema for schema in flat)


def _below(flat: list[Schema], name: str) -> list[Any]:
    listed = [s["properties"][name] for s in flat if name in s.get("properties", {})]
    return listed or [s["additionalProperties"] for s in flat if isinstance(s.get("additionalProperties"), dict)]


def _said(error: Any) -> str:
    where = "/" + "/".join(str(part) for part in error.instance_path)
    return f"{where}: {str(error.message)[:300]}"


def coerced(schemas: Schemas, schema: Schema, text: str) -> Any:
    """Return a text from a query or form as the kind of value that its schema wants."""
    flat = schemas.flat([converted(schema, hidden=schemas.hidden)])
    kinds = {kind for s in flat for kind in ([s["type"]] if isinstance(s.get("type"), str) else s.get("type", []))}
    for kind, read in _NUMBERS.items():
        if kind in kinds:
            try:
                return read(text)
            except ValueError:
                pass
    if "boolean" in kinds and text in {"true", "false"}:
        return text == "true"
    if kinds & {"object", "array"} and text[:1] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text
