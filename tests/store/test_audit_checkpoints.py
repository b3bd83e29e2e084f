"""Signed checkpoints outside the database show every tampering, a cut tail and a rewritten chain included."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.audit import GENESIS, Checkpoint, Entry, canonical, checkpoint_faults, first_break, link
from domain.errors import Permanent
from store import audit, checkpoints
from store.checkpoints import Keeper, keeper, name_of
from store.database import Database

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ENTRIES, EVERY, TAMPERINGS = 60, 20, 10_000


def entry(seq: int, previous: str, detail: str = "") -> Entry:
    fields = (
        seq,
        NOW.isoformat(),
        f"person {seq % 7}",
        "term.accepted",
        f"contract {seq % 5}",
        detail or canonical({"n": seq}),
    )
    return Entry(*fields, previous, link(*fields, previous))


def chain(count: int, *, since: tuple[Entry, ...] = (), mark: str = "") -> tuple[Entry, ...]:
    found = list(since)
    while len(found) < count:
        detail = canonical({"n": len(found), "by": mark}) if mark else ""
        found.append(entry(len(found) + 1, found[-1].hash if found else GENESIS, detail))
    return tuple(found)


def signed(entries: tuple[Entry, ...], key: Ed25519PrivateKey, every: int = EVERY) -> tuple[Checkpoint, ...]:
    found: list[Checkpoint] = []
    for number, seq in enumerate(range(every, len(entries) + 1, every), start=1):
        previous = found[-1].digest() if found else GENESIS
        bare = Checkpoint(number, seq, entries[seq - 1].hash, NOW.isoformat(), previous, name_of(key.public_key()))
        found.append(replace(bare, signature=key.sign(bare.signed()).hex()))
    return tuple(found)


def detected(entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...], key: Ed25519PrivateKey) -> str:
    """Say what shows a tampering: the chain itself, a signature, or only an outside checkpoint; empty for nothing."""
    if first_break(entries):
        return "chain"
    if checkpoints.forged(kept, key.public_key()):
        return "signature"
    hashes = {one.seq: one.hash for one in entries}
    return "checkpoint" if checkpoint_faults(kept, hashes, entries[-1].seq if entries else 0) else ""


Tampering = Callable[
    [Random, tuple[Entry, ...], tuple[Checkpoint, ...]], tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]
]
KEY, OTHER = Ed25519PrivateKey.from_private_bytes(b"a" * 32), Ed25519PrivateKey.from_private_bytes(b"b" * 32)


def edited(
    draw: Random, entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...]
) -> tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]:
    place, name = (
        draw.randrange(len(entries)),
        draw.choice(["at", "actor", "action", "subject", "detail", "previous", "hash"]),
    )
    value = getattr(entries[place], name)
    return (*entries[:place], replace(entries[place], **{name: f"{value[:-1]}~"}), *entries[place + 1 :]), kept


def deleted(
    draw: Random, entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...]
) -> tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]:
    place = draw.randrange(len(entries) - 1)
    return (*entries[:place], *entries[place + 1 :]), kept


def inserted(
    draw: Random, entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...]
) -> tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]:
    place = draw.randrange(len(entries))
    return (*entries[:place], replace(entries[place], actor="somebody"), *entries[place:]), kept


def swapped(
    draw: Random, entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...]
) -> tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]:
    one, other = draw.sample(range(len(entries)), 2)
    found = list(entries)
    found[one], found[other] = found[other], found[one]
    return tuple(found), kept


def cut(
    draw: Random, entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...]
) -> tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]:
    return entries[: draw.randrange(kept[-1].seq)], kept


def rewritten(
    draw: Random, entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...]
) -> tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]:
    """Write the chain anew from an entry on, with every hash right."""
    return chain(len(entries), since=entries[: draw.randrange(kept[-1].seq)], mark=f"liar {draw.random()}"), kept


def resigned(
    draw: Random, entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...]
) -> tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]:
    """Write the chain anew and sign its checkpoints with a key of one's own."""
    found, _ = rewritten(draw, entries, kept)
    return found, signed(found, OTHER)


def forged(
    draw: Random, entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...]
) -> tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]:
    place = draw.randrange(len(kept))
    changed = draw.choice(
        [
            {"seq": kept[place].seq - 1},
            {"hash": "0" * 64},
            {"at": "2020-01-01T00:00:00+00:00"},
            {"signature": "00" * 64},
        ]
    )
    return entries, (*kept[:place], replace(kept[place], **changed), *kept[place + 1 :])  # type: ignore[arg-type]


def thinned(
    draw: Random, entries: tuple[Entry, ...], kept: tuple[Checkpoint, ...]
) -> tuple[tuple[Entry, ...], tuple[Checkpoint, ...]]:
    place = draw.randrange(len(kept) - 1)
    return entries, (*kept[:place], *kept[place + 1 :])


WAYS: tuple[Tampering, ...] = (edited, deleted, inserted, swapped, cut, rewritten, resigned, forged, thinned)


class TestTamperings:
    def test_of_every_kind_are_all_detected(self) -> None:
        entries = chain(ENTRIES)
        kept = signed(entries, KEY)
        assert detected(entries, kept, KEY) == ""
        draw, seen = Random(20261123), dict.fromkeys((way.__name__ for way in WAYS), 0)
        for number in range(TAMPERINGS):
            way = WAYS[number % len(WAYS)]
            tampered = way(draw, entries, kept)
            assert tampered != (entries, kept)
            seen[way.__name__] += bool(detected(*tampered, KEY))
        assert sum(seen.values()) == TAMPERINGS, seen

    def test_of_the_whole_chain_show_only_by_an_outside_checkpoint(self) -> None:
        entries = chain(ENTRIES)
        kept = signed(entries, KEY)
        draw = Random(1)
        for way in (cut, rewritten):
            found, _ = way(draw, entries, kept)
            assert first_break(found) is None
            assert detected(found, kept, KEY) == "checkpoint"


@pytest.fixture
def trail(database: Database) -> Database:
    with database.write() as connection:
        for number in range(30):
            audit.record(connection, NOW, "aftersign", "step.done", "s", number=number)
    return database


class TestTheKeeper:
    def test_writes_a_checkpoint_every_ten_minutes_and_never_over_one(self, trail: Database, tmp_path: Path) -> None:
        own = keeper(tmp_path)
        with trail.read() as connection:
            assert own.due(connection, NOW)
            first = own.write(connection, NOW)
            assert not own.due(connection, NOW + timedelta(hours=1)), "nothing was written since"
        with trail.write() as connection:
            audit.record(connection, NOW, "a", "b", "c")
        with trail.read() as connection:
            assert not own.due(connection, NOW + timedelta(minutes=9))
            assert own.due(connection, NOW + timedelta(minutes=10))
            second = own.write(connection, NOW + timedelta(minutes=10))
        assert (second.number, second.seq, second.previous) == (2, 31, first.digest())
        assert oct((tmp_path / "audit-key").stat().st_mode)[-3:] == "600"

    def test_writes_one_after_a_thousand_entries(self, trail: Database, tmp_path: Path) -> None:
        own = keeper(tmp_path)
        with trail.read() as connection:
            own.write(connection, NOW)
        with trail.write() as connection:
            audit.record_all(connection, NOW, [audit.Happening("a", "b", "c", {})] * 1000)
        with trail.read() as connection:
            assert own.due(connection, NOW)

    def test_keeps_its_key(self, tmp_path: Path) -> None:
        assert name_of(keeper(tmp_path).key.public_key()) == name_of(keeper(tmp_path).key.public_key())

    def test_is_held_against_the_stored_chain(self, trail: Database, tmp_path: Path) -> None:
        own = keeper(tmp_path)
        with trail.read() as connection:
            one = own.write(connection, NOW)
            key = own.key.public_key()
            assert checkpoints.faults(connection, checkpoints.read(own.folder), key) == []
            ahead = replace(one, seq=99)
            ahead = replace(ahead, signature=own.key.sign(ahead.signed()).hex())
            assert "ends at entry 30" in checkpoints.faults(connection, [ahead], key)[0]
            assert "not signed by this key" in checkpoints.faults(connection, [one], OTHER.public_key())[0]

    def test_refuses_what_is_no_checkpoint(self, tmp_path: Path) -> None:
        (tmp_path / "x.json").write_text(json.dumps({"seq": 1}))
        with pytest.raises(Permanent, match="is no checkpoint"):
            checkpoints.read(tmp_path)
        assert Keeper(tmp_path / "none", KEY).newest() is None
