"""A portfolio that is brought in at once: its files, its shards, and when to refuse it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.documents import Document, FileKind
from domain.errors import Permanent
from domain.lateness import Late
from domain.papers import Paper

KINDS = {".pdf": FileKind.PDF, ".docx": FileKind.WORD, ".txt": FileKind.PLAIN}
MOST_UNREADABLE = 0.5
_FEW = 5
_TELLING = 200  # characters; below, two texts may be the same by chance


class FileState(StrEnum):
    """Name how far the import of one file has come; `failed` is tried again by the next run."""

    FOUND = "found"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one file of the folder; `name` is its path below the folder."""

    sha256: str
    path: str
    name: str
    kind: FileKind
    size: int


@dataclass(frozen=True, slots=True)
class Omitted:
    """Hold a file that is not imported, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class PlannedAlert:
    """Hold one reminder that is, or would be, planned."""

    stage: int
    on: date


@dataclass(frozen=True, slots=True)
class Look:
    """Hold what reading one file gave.

    `problem` says why the file cannot be read, or, where `failed`, why its import broke off;
    `text_hash` is empty for texts too short to tell apart.
    """

    name: str
    paper: Paper
    customer: str = ""
    terms: int = 0
    needs_review: tuple[str, ...] = ()
    alerts: tuple[PlannedAlert, ...] = ()
    late: Late | None = None
    text_hash: str = ""
    problem: str = ""
    failed: bool = False
    on_file: bool = False


def batch_id(folder: str) -> str:
    """Return the id under which the import of an absolute folder goes on."""
    return hashlib.sha256(folder.encode()).hexdigest()


def in_shard(sha256: str, shard: int, of: int) -> bool:
    """Tell whether a file belongs to one of so many shards, counted from 0."""
    return int(sha256[:8], 16) % of == shard


def text_hash(document: Document) -> str:
    """Return what two files share whose texts differ in white space and case at most."""
    text = " ".join(" ".join(page.text for page in document.pages).casefold().split())
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest() if len(text) >= _TELLING else ""


def refuse_implausible(looks: Sequence[Look], *, sample: bool) -> None:
    """Raise `Permanent` when more than half of the files cannot be read: that is no folder of contracts."""
    bad = [look for look in looks if look.problem]
    if len(looks) < _FEW or len(bad) <= MOST_UNREADABLE * len(looks):
        return
    of = f"{len(looks)} files that were looked at" if sample else f"{len(looks)} files"
    raise Permanent(
        f"{len(bad)} of {of} cannot be read; nothing was imported",
        why="; ".join(f"{look.name}: {look.problem}" for look in bad[:3]),
        fix="name the folder of the signed contracts, or import with --force what can be read",
    )
