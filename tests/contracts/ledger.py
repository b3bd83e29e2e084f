"""What a whole run has proved: vendor, operation, valid requests, refused mutations."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.contracts.contract import Contract, Operation, Sent, load, shape
from tests.contracts.mutations import accepted
from tests.contracts.server import ContractServer

CONNECTORS = Path(__file__).parents[2] / "connectors"
_ROW = re.compile(r"^\|\s*`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", re.MULTILINE)
_KEPT = 3  # requests of one operation that are broken in every way


@dataclass
class Ledger:
    """Count over the session."""

    valid: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: dict[tuple[str, str], list[tuple[Contract, Operation, Sent]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    through: list[str] = field(default_factory=list)

    def add(self, server: ContractServer) -> None:
        """Take over what one server saw."""
        for operation, sent in server.valid:
            key = (operation.vendor, operation.name)
            self.valid[key] += 1
            if len(self.kept[key]) < _KEPT and sent.body not in [other.body for _, _, other in self.kept[key]]:
                self.kept[key].append((server.contract, operation, sent))

    def break_all(self) -> None:
        """Mutate the kept requests, once."""
        for key, requests in self.kept.items():
            for contract, operation, sent in requests:
                refused, through = accepted(contract, operation, sent)
                self.refused[key] += refused
                self.through += through
        self.kept.clear()

    def missing(self) -> list[str]:
        """List operations that a connector's README declares and nobody called validly."""
        return [
            f"{vendor} {name}" for vendor, names in declared().items() for name in names if not self._met(vendor, name)
        ]

    def unused(self) -> list[str]:
        """List operations that are described and that nobody calls, of the vendors that were met."""
        return sorted(
            f"{vendor} {operation.name}"
            for vendor in {vendor for vendor, _ in self.valid}
            for operation in load(vendor).operations
            if not self.valid[vendor, operation.name] and (vendor, operation.method) != ("slack", "GET")
        )

    def rows(self) -> list[tuple[str, str, str, int, int, int]]:
        """Return (vendor, operation, whose description, valid, refused, accepted)."""
        origins = {(v, o.name): o.origin for v in {key[0] for key in self.valid} for o in load(v).operations}
        return [
            (
                *key,
                origins[key],
                count,
                self.refused[key],
                sum(t.startswith(f"{key[0]} {key[1]}:") for t in self.through),
            )
            for key, count in sorted(self.valid.items())
        ]

    def _met(self, vendor: str, name: str) -> bool:
        try:
            return self.valid[vendor, load(vendor).operation(name).name] > 0
        except KeyError:
            return False


def declared() -> dict[str, list[str]]:
    """Return the operations that each connector's README lists, for vendors that are described."""
    found = {}
    for readme in sorted(CONNECTORS.glob("*/README.md")):
        names = list(dict.fromkeys(_ROW.findall(readme.read_text(encoding="utf-8"))))
        if names:
            found[readme.parent.name] = list({shape(name): name for name in names}.values())
    return found
