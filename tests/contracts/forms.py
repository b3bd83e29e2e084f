"""Bodies as the values that their schemas speak of."""

from __future__ import annotations

import re
from typing import Any

from tests.contracts.operations import Operation
from tests.contracts.schema import Schema, Schemas, coerced
from tests.contracts.sent import Sent

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
BRACKET = re.compile(r"\[([^\[\]]*)\]")


def body_value(operation: Operation, schema: Schema, sent: Sent) -> Any:
    """Return the body as the value its schema speaks of. Raises `ValueError`."""
    if sent.media in FORMS:
        return form_value(operation, schema, sent.form())
    return sent.json() if sent.media.endswith("json") else sent.body.decode("latin-1")


def form_value(operation: Operation, schema: Schema, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return a form as its schema speaks of it: `a[b]`, `a[]` and `a[0][b]` are objects and lists."""
    flat = operation.schemas.flat([schema])
    tree: dict[str, Any] = {}
    for key, text in pairs:
        known = any(key in s.get("properties", {}) for s in flat)
        name = key if known else key.partition("[")[0]
        _put(tree, [name, *BRACKET.findall(key[len(name) :])], text)
    return {name: _read(operation.schemas, property_of(flat, name), value) for name, value in tree.items()}


def _put(tree: dict[str, Any], way: list[str], text: str) -> None:
    *parents, last = way
    for name in parents:
        below = tree.setdefault(name, {})
        tree = below if isinstance(below, dict) else tree
    last = last or str(len(tree))
    tree[last] = {"0": tree[last], "1": text} if isinstance(tree.get(last), str) else text


def _read(schemas: Schemas, schema: Schema, value: Any) -> Any:
    flat = schemas.flat([schema])
    if not isinstance(value, dict):
        single = coerced(schemas, schema, value)
        items = next((s["items"] for s in flat if s.get("type") == "array" and "items" in s), None)
        return [coerced(schemas, items, value)] if items is not None and single is value else single
    if all(name.isdigit() for name in value):
        items = next((s["items"] for s in flat if "items" in s), {})
        return [_read(schemas, items, inner) for inner in value.values()]
    return {name: _read(schemas, property_of(flat, name), inner) for name, inner in value.items()}


def property_of(flat: list[Schema], name: str) -> Schema:
    """Return the schema of a property."""
    found: Schema = next((s["properties"][name] for s in flat if name in s.get("properties", {})), {})
    return found
