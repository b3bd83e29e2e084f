"""Which nights a history consists of; what is not in the manifest does not exist."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

SCHEMA = 1


class OtherSchema(ValueError):
    """Say that a history was written by another version; it is built anew from the stored invoices."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Hold the names of the nights, and how many lines and papers they have together."""

    nights: tuple[str, ...] = ()
    lines: int = 0
    papers: int = 0


def read(path: Path) -> Manifest:
    """Return the manifest at a path, an empty one where there is none. Raises `OtherSchema`."""
    if not path.exists():
        return Manifest()
    fields = json.loads(path.read_text(encoding="utf-8"))
    if fields["schema"] != SCHEMA:
        message = f"{path} has schema {fields['schema']}, this version reads {SCHEMA}; build the history anew"
        raise OtherSchema(message)
    return Manifest(tuple(fields["nights"]), fields["lines"], fields["papers"])


def write(manifest: Manifest, path: Path) -> None:
    """Put a manifest in the place of the one before, all at once."""
    fields = {"schema": SCHEMA, "nights": manifest.nights, "lines": manifest.lines, "papers": manifest.papers}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(fields), encoding="utf-8")
    fresh.replace(path)
