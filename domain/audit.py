"""The audit chain: each entry's hash covers the entry and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one entry exactly as stored; `detail` is canonical JSON text."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    detail: str
    previous: str
    hash: str


def canonical(detail: Mapping[str, object]) -> str:
    """Return the one JSON text that stands for these details."""
    return json.dumps(detail, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def link(seq: int, at: str, actor: str, action: str, subject: str, detail: str, previous: str) -> str:
    """Return the hash (sha256, hex) that seals an entry to its predecessor."""
    sealed = json.dumps([seq, at, actor, action, subject, detail, previous], ensure_ascii=False)
    return hashlib.sha256(sealed.encode()).hexdigest()


def first_break(entries: Iterable[Entry]) -> tuple[int, str] | None:
    """Return (sequence number, reason) of the first entry that does not fit, else `None`.

    Entries must come in order of `seq`. A truncated tail cannot be seen from inside the chain;
    compare the last hash with one kept elsewhere for that.
    """
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry.seq != expected:
            return expected, f"entry {expected} is missing; the next one found is {entry.seq}"
        if entry.previous != previous:
            return entry.seq, "it does not continue the entry before it"
        sealed = link(entry.seq, entry.at, entry.actor, entry.action, entry.subject, entry.detail, previous)
        if entry.hash != sealed:
            return entry.seq, "its content does not match its hash"
        expected, previous = entry.seq + 1, entry.hash
    return None
