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


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Hold a signed word about the chain as it stood: its last entry then, and the checkpoint before.

    It is kept outside the database. `previous` is the digest of the one before, `key` names the key,
    `signature` is hex.
    """

    number: int
    seq: int
    hash: str
    at: str
    previous: str
    key: str
    signature: str = ""

    def signed(self) -> bytes:
        """Return the bytes that the signature covers."""
        values = [self.number, self.seq, self.hash, self.at, self.previous, self.key]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

    def digest(self) -> str:
        """Return what the next checkpoint calls this one."""
        return hashlib.sha256(self.signed() + bytes.fromhex(self.signature)).hexdigest()


def checkpoint_faults(checkpoints: Iterable[Checkpoint], hashes: Mapping[int, str], last: int) -> list[str]:
    """Say where signed checkpoints and a chain disagree; signatures are checked before.

    `hashes` are those of the entries that checkpoints name, `last` is the chain's last entry. Only an
    outside checkpoint shows a tail that was cut off, or a chain that was written anew as a whole.
    """
    faults: list[str] = []
    previous, seq = GENESIS, 0
    for number, one in enumerate(sorted(checkpoints, key=lambda each: each.number), start=1):
        if one.number != number:
            return [*faults, f"checkpoint {number} is missing; the next one found is {one.number}"]
        if one.previous != previous:
            faults.append(f"checkpoint {number} does not continue the one before it")
        if one.seq < seq:
            faults.append(f"checkpoint {number} covers fewer entries than the one before it")
        if one.seq > last:
            faults.append(f"checkpoint {number} covers entry {one.seq}; the chain ends at entry {last}")
        elif one.seq and hashes.get(one.seq) != one.hash:
            faults.append(f"entry {one.seq} is not the one that checkpoint {number} was signed for")
        previous, seq = one.digest(), one.seq
    return faults
