"""Break recorded valid requests one field at a time: a validator that still accepts them is no proof."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from tests.contracts.contract import Contract, Operation, Sent, body_value
from tests.contracts.defects import is_open


@dataclass(frozen=True, slots=True)
class Mutation:
    """Hold a broken request and what was broken; `pointer` is the place of a renamed field."""

    what: str
    sent: Sent
    pointer: str = ""


def mutations(operation: Operation, sent: Sent) -> Iterator[Mutation]:
    """Yield the request with each required field dropped or renamed, and with what nobody declared."""
    yield from _queries(operation, sent)
    if operation.spec.get("security") != []:
        bare = {name: value for name, value in sent.headers.items() if name != "authorization"}
        yield Mutation("without credential", replace(sent, headers=bare))
    content, required = operation.body_of()
    if not sent.body or not content:
        return
    if required:
        yield Mutation("without body", replace(sent, body=b""))
    if "*/*" not in content:
        yield Mutation("as plain text", replace(sent, headers={**sent.headers, "content-type": "text/plain"}))
    if sent.media == "application/json":
        yield from _bodies(operation, sent, content)
    elif sent.media == "application/x-www-form-urlencoded":
        yield from _forms(operation, sent)
    elif sent.media == "multipart/form-data":
        yield from _parts(operation, sent)


def accepted(contract: Contract, operation: Operation, sent: Sent) -> tuple[int, list[str]]:
    """Return how many mutations were refused, and those that were not.

    Refused is only what says something new: a request that leans on a known defect of the
    description must not look as if every mutation of it were noticed.
    """
    refused, through = 0, []
    known = set(contract.check(sent)[2])
    for mutation in mutations(operation, sent):
        if set(contract.check(mutation.sent)[2]) - known:
            refused += 1
        elif not (mutation.pointer and is_open(operation.vendor, operation.name, mutation.pointer)):
            through.append(f"{operation.vendor} {operation.name}: {mutation.what}")
    return refused, through


def _queries(operation: Operation, sent: Sent) -> Iterator[Mutation]:
    if operation.vendor == "slack" and operation.origin == "vendor":
        return
    yield Mutation("unknown query parameter", replace(sent, query=(*sent.query, ("aftersignX", "1"))))
    for parameter in operation.parameters:
        name, where = parameter["name"], parameter["in"]
        if not parameter.get("required") or name.lower() in {"content-type", "accept", "authorization"}:
            continue
        if where == "query":
            kept = tuple(pair for pair in sent.query if pair[0] != name)
            yield Mutation(f"without query {name}", replace(sent, query=kept))
        if where == "header":
            bare = {n: v for n, v in sent.headers.items() if n != name.lower()}
            yield Mutation(f"without header {name}", replace(sent, headers=bare))


def _bodies(operation: Operation, sent: Sent, content: dict[str, Any]) -> Iterator[Mutation]:
    schema = content.get(sent.media, {}).get("schema") or next(iter(content.values())).get("schema", {})
    plain = {name: value for name, value in schema.items() if name != "definitions"}
    body = body_value(operation, plain, sent)
    for pointer in dict.fromkeys(operation.schemas.required(plain, body)):
        yield Mutation(f"without {pointer}", replace(sent, body=_without(body, pointer)))
    for pointer in places(body):
        yield Mutation(f"renamed {pointer}", replace(sent, body=_renamed(body, pointer)), pointer)


def places(value: Any, pointer: str = "") -> Iterator[str]:
    """Yield the pointers of every field of a body; of a list only those of its first item."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if "/" not in name:
                yield f"{pointer}/{name}"
                yield from places(inner, f"{pointer}/{name}")
    if isinstance(value, list) and value:
        yield from places(value[0], f"{pointer}/0")


def _forms(operation: Operation, sent: Sent) -> Iterator[Mutation]:
    pairs = sent.form()
    yield Mutation("unknown form field", replace(sent, body=urlencode([*pairs, ("aftersignX", "1")]).encode()))
    for number, (name, value) in enumerate(pairs):
        renamed = [*pairs[:number], (f"{name}X", value), *pairs[number + 1 :]]
        yield Mutation(f"renamed field {name}", replace(sent, body=urlencode(renamed).encode()), f"/{name}")
    for name in _required_fields(operation, sent):
        kept = [pair for pair in pairs if pair[0] != name]
        yield Mutation(f"without field {name}", replace(sent, body=urlencode(kept).encode()))


def _parts(operation: Operation, sent: Sent) -> Iterator[Mutation]:
    required = _required_fields(operation, sent)
    for name, _, _ in sent.parts():
        head = f'name="{name}"'.encode()
        yield Mutation(
            f"renamed part {name}", replace(sent, body=sent.body.replace(head, f'name="{name}X"'.encode())), f"/{name}"
        )
        if name in required:
            yield Mutation(f"without part {name}", replace(sent, body=_without_part(sent, head)))


def _required_fields(operation: Operation, sent: Sent) -> set[str]:
    content = operation.body_of()[0]
    schema = content.get(sent.media, {}).get("schema") or next(iter(content.values())).get("schema", {})
    names = {name for name, _ in sent.form()}
    flat = operation.schemas.flat([schema], certain=True)
    return {name for one in flat for name in one.get("required", []) if name in names}


def _without_part(sent: Sent, head: bytes) -> bytes:
    """Return a multipart body without one part; the parts stand between lines of the boundary."""
    line = sent.body.partition(b"\r\n")[0]
    pieces = sent.body.split(line)
    return line.join(piece for piece in pieces if head not in piece.partition(b"\r\n\r\n")[0])


def _without(body: Any, pointer: str) -> bytes:
    changed = copy.deepcopy(body)
    parent, name = _parent(changed, pointer)
    del parent[name]
    return json.dumps(changed).encode()


def _renamed(body: Any, pointer: str) -> bytes:
    changed = copy.deepcopy(body)
    parent, name = _parent(changed, pointer)
    parent[f"{name}X"] = parent.pop(name)
    return json.dumps(changed).encode()


def _parent(body: Any, pointer: str) -> tuple[Any, str]:
    *way, name = pointer.removeprefix("/").split("/")
    for part in way:
        body = body[int(part)] if isinstance(body, list) else body[part]
    return body, name
