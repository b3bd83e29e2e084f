"""Signed checkpoints of the audit chain, in files outside the database: one JSON file each, never written over."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from sqlalchemy import Connection, select

from domain.audit import GENESIS, Checkpoint, checkpoint_faults
from domain.errors import Permanent
from store.tables import audit

EVERY = timedelta(minutes=10)
MOST_ROWS = 1000
_PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Keeper:
    """Hold where checkpoints lie and the key that signs them."""

    folder: Path
    key: Ed25519PrivateKey

    def due(self, connection: Connection, now: datetime) -> bool:
        """Tell whether ten minutes have passed or a thousand entries been written since the last checkpoint."""
        last, (seq, _) = self.newest(), head(connection)
        if last is None or seq == last.seq:
            return last is None and seq > 0
        return seq - last.seq >= MOST_ROWS or now - datetime.fromisoformat(last.at) >= EVERY

    def write(self, connection: Connection, now: datetime) -> Checkpoint:
        """Sign the chain as it stands and put the checkpoint beside the others. Raises `FileExistsError` rather than write over one."""
        last, (seq, entry) = self.newest(), head(connection)
        bare = Checkpoint(
            number=last.number + 1 if last else 1, seq=seq, hash=entry, at=now.isoformat(),
            previous=last.digest() if last else GENESIS, key=name_of(self.key.public_key()),
        )  # fmt: skip
        made = replace(bare, signature=self.key.sign(bare.signed()).hex())
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{made.number:08d}.json").open("x", encoding="utf-8") as file:
            json.dump(asdict(made), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        return made

    def newest(self) -> Checkpoint | None:
        """Return the last checkpoint of the folder."""
        files = sorted(self.folder.glob("*.json"))
        return _read(files[-1]) if files else None


def keeper(home: Path, folder: Path | None = None) -> Keeper:
    """Return the keeper of an installation; its key is made once and stays in `<home>/audit-key`."""
    path = home / "audit-key"
    if not path.exists():
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:
            file.write(made)
    return Keeper(folder or home / "checkpoints", _private(path))


def head(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the chain's last entry."""
    row = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def read(place: Path) -> list[Checkpoint]:
    """Read one checkpoint or a folder of them. Raises `Permanent` for a file that is none."""
    files = sorted(place.glob("*.json")) if place.is_dir() else [place]
    return [_read(file) for file in files]


def forged(checkpoints: Iterable[Checkpoint], public: Ed25519PublicKey) -> list[str]:
    """Say which checkpoints this key has not signed."""
    return [f"checkpoint {one.number} was not signed by this key" for one in checkpoints if not _holds(one, public)]


def faults(connection: Connection, checkpoints: Sequence[Checkpoint], public: Ed25519PublicKey) -> list[str]:
    """Say where signed checkpoints and the stored chain disagree; a single one is held against the chain alone."""
    wrong = forged(checkpoints, public)
    if wrong:
        return wrong
    named = [one.seq for one in checkpoints]
    query = select(audit.c.seq, audit.c.hash).where(audit.c.seq.in_(named))
    hashes = {row.seq: row.hash for row in connection.execute(query)}
    only = [replace(one, number=1, previous=GENESIS) for one in checkpoints] if len(checkpoints) == 1 else checkpoints
    return checkpoint_faults(only, hashes, head(connection)[0])


def public_pem(key: Ed25519PublicKey) -> str:
    """Return a public key as text, to be kept where the database is not."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_key(text: bytes) -> Ed25519PublicKey:
    """Read a public key. Raises `Permanent` for another kind of key."""
    try:
        key = load_pem_public_key(text)
    except ValueError as error:
        raise Permanent(
            "This is no public key", why=str(error)[:100], fix="write it with `aftersign audit key`"
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise Permanent("This is no Ed25519 key", fix="write it with `aftersign audit key`")
    return key


def name_of(key: Ed25519PublicKey) -> str:
    """Return the short name of a key."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def _holds(one: Checkpoint, public: Ed25519PublicKey) -> bool:
    try:
        public.verify(bytes.fromhex(one.signature), one.signed())
    except (InvalidSignature, ValueError):
        return False
    return one.key == name_of(public)


def _read(file: Path) -> Checkpoint:
    try:
        return Checkpoint(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise Permanent(
            f"{file.name} is no checkpoint", why=str(error)[:200], fix="take the file as it was written"
        ) from error


def _private(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Permanent(f"{path.name} is no Ed25519 key", fix="restore the key that was made first")
    return key
