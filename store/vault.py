"""The document vault: content-addressed, write-once, flushed before anybody relies on it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from domain.errors import Permanent


class Vault:
    """Keep files under the sha256 of their bytes; a stored file is never written again."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def put(self, data: bytes) -> str:
        """Store bytes and return their sha256; storing the same bytes again changes nothing."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._path(digest)
        if target.exists():
            return digest
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o400)
            Path(temporary).rename(target)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
        _flush_directory(target.parent)
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes. Raises `Permanent` when they are missing or were altered."""
        try:
            data = self._path(digest).read_bytes()
        except OSError as error:
            raise Permanent(
                f"Document {digest[:12]}… is missing from the vault",
                why=str(error.strerror),
                fix="restore the vault folder from backup",
            ) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise Permanent(
                f"Document {digest[:12]}… was altered in the vault",
                why="its bytes no longer match its sha256",
                fix="restore that file from backup and run `aftersign audit verify`",
            )
        return data

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            raise Permanent(f"{digest!r} is not a document id", fix="use the sha256 shown with the document")
        return self._root / digest[:2] / digest


def _flush_directory(path: Path) -> None:
    if os.name == "nt":  # directories cannot be opened for flushing there
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
