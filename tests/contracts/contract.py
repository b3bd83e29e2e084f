"""A vendor's own description of its API, asked whether a request or an answer keeps to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import shared
from tests.contracts.checks import answer_problems, body_problems, header_problems, path_problems, query_problems
from tests.contracts.defects import CLOSED, excused
from tests.contracts.forms import body_value
from tests.contracts.operations import MOVING, Operation, operations_of, shape, slack_operations
from tests.contracts.schema import Schema
from tests.contracts.sent import Sent

__all__ = ["SUPPLEMENTS", "Contract", "Operation", "Sent", "body_value", "load", "operations_of", "shape"]

SUPPLEMENTS = Path(__file__).parent / "supplements"
SLICES = frozenset({"pandadoc", "docusign", "dropboxsign", "salesforce", "slack", "asana", "jira", "stripe"})
# Where the description says nothing about the address.
_PREFIXES = {"salesforce": MOVING, "slack": "/api"}


@dataclass(slots=True)
class Contract:
    """Hold every operation of a vendor that is described: by the vendor, or by us where it is not."""

    vendor: str
    operations: list[Operation] = field(default_factory=list)

    @property
    def base_path(self) -> str:
        """Return what a connector's base URL ends in; empty where the description has no fixed one."""
        return "" if self.vendor == "salesforce" else _prefix(self.vendor, _slice(self.vendor))

    def operation(self, name: str) -> Operation:
        """Return the operation named `METHOD /path/{x}`; the names of its parameters do not matter."""
        fits = [operation for operation in self.operations if shape(operation.name) == shape(name)]
        if not fits:
            raise KeyError(f"{self.vendor} has no operation {name}")
        flags = name.partition("?")[2]
        return min(fits, key=lambda operation: operation.name.partition("?")[2] != flags)

    def find(
        self, method: str, path: str, query: tuple[tuple[str, str], ...] = ()
    ) -> tuple[Operation, dict[str, str]] | None:
        """Return the operation of a request, the most literal path first."""
        names = {name for name, _ in query}
        for candidate in (path, path.rstrip("/")):
            fits = [
                (o, found)
                for o in self.operations
                if o.method == method and o.flags <= names and (found := o.path_of(candidate)) is not None
            ]
            if fits:
                return min(fits, key=lambda fit: (len(fit[1]), -len(fit[0].flags)))
        return None

    def check(self, sent: Sent) -> tuple[Operation | None, dict[str, str], list[str]]:
        """Return the operation, its path parameters, and everything that breaks the description."""
        found = self.find(sent.method, sent.path, sent.query)
        if found is None:
            return None, {}, [f"{sent.method} {sent.path} is no operation of {self.vendor}"]
        operation, path = found
        problems = [
            *path_problems(operation, path),
            *query_problems(operation, sent.query),
            *header_problems(operation, sent.headers),
            *body_problems(operation, sent),
        ]
        return operation, path, [text for text in problems if not excused(self.vendor, operation.name, text)]

    def check_answer(self, operation: Operation, status: int, media: str, body: bytes) -> list[str]:
        """Return how an answer of a fake breaks the description."""
        problems = answer_problems(operation, status, media, body)
        return [text for text in problems if not excused(self.vendor, operation.name, text)]


@lru_cache
def load(vendor: str) -> Contract:
    """Read a vendor's slice and our supplement. Skips the test where the slices are absent."""
    contract = Contract(vendor)
    if vendor == "slack":
        contract.operations += slack_operations(_slice(vendor))
    elif vendor in SLICES:
        contract.operations += operations_of(vendor, _slice(vendor), "vendor", _prefix(vendor, _slice(vendor)))
    path = SUPPLEMENTS / f"{vendor}.json"
    if path.exists():
        document = json.loads(path.read_text(encoding="utf-8"))
        prefix = urlsplit(document["servers"][0]["url"]).path.rstrip("/") if document.get("servers") else None
        own = _prefix(vendor, _slice(vendor)) if prefix is None else prefix
        contract.operations += operations_of(vendor, document, "ours", own)
    if not contract.operations:
        raise KeyError(f"nothing describes {vendor}")
    return contract


@lru_cache
def _slice(vendor: str) -> Schema:
    if vendor not in SLICES:
        return {}
    document: Schema = json.loads(shared(f"contracts/{vendor}.json").read_text(encoding="utf-8"))
    for name in CLOSED.get(vendor, ()):
        del document["components"]["schemas"][name]["additionalProperties"]
    return document


def _prefix(vendor: str, document: Schema) -> str:
    if vendor in _PREFIXES:
        return _PREFIXES[vendor]
    servers = document.get("servers") or [{"url": ""}]
    return urlsplit(str(servers[0]["url"])).path.rstrip("/")
