"""The audit trail on the command line: is it whole, what does it say, which key signs it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import make_url

from cli import output
from config.settings import settings
from domain.audit import Checkpoint
from domain.errors import Permanent
from store import audit, audit_rights, checkpoints
from store.database import Database


def verify(places: list[Path], public: Path | None, *, as_json: bool) -> int:
    """Check every link of the chain, and signed checkpoints against it; without any, those of this installation."""
    chosen = settings()
    database = Database(chosen.database)
    count, head, broken = audit.verify(database)
    keeper = checkpoints.keeper(chosen.home, chosen.audit.checkpoints)
    key = checkpoints.public_key(public.read_bytes()) if public else keeper.key.public_key()
    found = [one for place in places or [keeper.folder] for one in (checkpoints.read(place) if place.exists() else [])]
    with database.read() as connection:
        excess = audit_rights.excess(connection)
        faults = checkpoints.faults(connection, found, key) if found else []
    wrong = [f"entry {broken[0]}: {broken[1]}"] if broken else []
    wrong += faults
    uncovered = count - max((one.seq for one in found), default=0)
    if as_json:
        said = {
            "entries": count,
            "head": head,
            "checkpoints": len(found),
            "uncovered": max(uncovered, 0),
            "excess_rights": excess,
        }
        output.data({**said, "ok": not wrong, "wrong": wrong})
        return 1 if wrong else 0
    if wrong:
        raise Permanent(
            "The audit trail is not whole", why="; ".join(wrong[:5]),
            fix="compare with the last backup; entries before the first break are intact",
        )  # fmt: skip
    output.say(f"✓ {count} entries, every link holds; the last one is {head}")
    output.say(_covered(found, uncovered))
    if excess:
        output.say(
            f"! the program's role may do more than append and read ({', '.join(excess)}); see aftersign audit protect"
        )
    return 0


def protect(role: str) -> int:
    """Print what an administrator of PostgreSQL runs so that the program can append to the trail and read it alone."""
    chosen = make_url(settings().database)
    if chosen.get_backend_name() != "postgresql":
        raise Permanent(
            "Only PostgreSQL knows roles", why="this installation keeps its data in SQLite, where triggers guard the trail",
            fix="keep checkpoints where nobody who reaches this machine can write",
        )  # fmt: skip
    output.say(audit_rights.statements(role or chosen.username or ""))
    return 0


def key(file: Path | None) -> int:
    """Print the public key that proves checkpoints; keep it where the database is not."""
    chosen = settings()
    text = checkpoints.public_pem(checkpoints.keeper(chosen.home, chosen.audit.checkpoints).key.public_key())
    if file is None:
        output.say(text)
    else:
        file.write_text(text, encoding="utf-8")
        output.say(f"✓ {file}")
    return 0


def export(file: Path) -> int:
    """Write the whole chain, one entry a line, for those who check it without us."""
    count = 0
    with Database(settings().database).read() as connection, file.open("w", encoding="utf-8") as out:
        for entry in audit.entries(connection):
            out.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
            count += 1
    output.say(f"✓ {count} entries in {file}")
    return 0


def _covered(found: list[Checkpoint], uncovered: int) -> str:
    if not found:
        return "no checkpoint is there yet; the sweep writes one every ten minutes"
    return f"✓ {len(found)} signed checkpoints agree; {max(uncovered, 0)} later entries wait for the next one"
