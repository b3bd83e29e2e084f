"""What lies in a folder, and a cursor of bounded size that knows what of it was read already.

The cursor holds the newest file's time and name, and 64 sums over (name, size, time) of every
file up to it. A file that turns up among the old ones, as a copy that keeps its times may, changes
the sum of its bucket, and only that bucket is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import ConfigurationError, Permanent

_BUCKETS = 64
_MODULUS = 1 << 48
_NOT_OURS = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one file: when it last changed in nanoseconds, its name below the folder, and its size."""

    changed: int
    name: str
    size: int

    @property
    def key(self) -> tuple[int, str]:
        """Return what files are read in the order of."""
        return self.changed, self.name


@dataclass(frozen=True, slots=True)
class Cursor:
    """Hold how far a folder was read."""

    after: tuple[int, str] = (-1, "")
    sums: tuple[int, ...] = (0,) * _BUCKETS

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a cursor; empty text is the beginning. Raises `Permanent`."""
        if not text:
            return cls()
        try:
            found = json.loads(text)
            sums = tuple(int(value, 36) for value in found["sums"])
            return cls((int(found["changed"]), str(found["name"])), sums + (0,) * (_BUCKETS - len(sums)))
        except (ValueError, KeyError, TypeError) as error:
            raise Permanent(
                "The cursor of the invoice folder cannot be read", why=str(error), fix="read the folder from its start"
            ) from error

    def __str__(self) -> str:
        if self == Cursor():
            return ""
        sums = [_base36(value) for value in self.sums]
        return json.dumps({"changed": self.after[0], "name": self.after[1], "sums": sums}, separators=(",", ":"))

    def split(self, entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
        """Return the old files that have to be read again, and the new ones."""
        old = [entry for entry in entries if entry.key <= self.after]
        now = _sums(old)
        again = [entry for entry in old if now[_bucket(entry)] != self.sums[_bucket(entry)]]
        return again, [entry for entry in entries if entry.key > self.after]

    def refreshed(self, entries: Sequence[Entry]) -> Cursor:
        """Return the cursor for which every file up to it has been read as it is now."""
        return Cursor(self.after, _sums([entry for entry in entries if entry.key <= self.after]))

    def plus(self, entries: Sequence[Entry]) -> Cursor:
        """Return the cursor after the next files."""
        sums = zip(self.sums, _sums(entries), strict=True)
        return Cursor(entries[-1].key, tuple((one + other) % _MODULUS for one, other in sums))


def listed(folder: Path, before: int) -> list[Entry]:
    """List the files of a folder and those below it that were at rest before a time, oldest change first.

    Hidden files, lock files of office programs and links are not looked at. Raises
    `ConfigurationError` where the folder is not there.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            f"The invoice folder {folder.name!r} is not there",
            why="it is no folder, or may not be read",
            fix="correct AFTERSIGN_FILES__INVOICES",
        )
    entries = (_entry(folder, path) for path in _paths(folder))
    return sorted((entry for entry in entries if entry and entry.changed < before), key=lambda entry: entry.key)


def _paths(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent) / name
            if not name.startswith((".", "~$")) and name.casefold() not in _NOT_OURS and not path.is_symlink():
                yield path


def _entry(folder: Path, path: Path) -> Entry | None:
    try:
        state = path.stat()
    except FileNotFoundError:  # moved away since it was listed
        return None
    return Entry(changed(state), path.relative_to(folder).as_posix(), state.st_size)


def changed(state: os.stat_result) -> int:
    """Return the later of both times: a copy may keep an old mtime, but not the time its entry was made."""
    return max(state.st_mtime_ns, state.st_ctime_ns)


def _bucket(entry: Entry) -> int:
    return hashlib.sha256(entry.name.encode("utf-8", "surrogateescape")).digest()[0] % _BUCKETS


def _sums(entries: Sequence[Entry]) -> tuple[int, ...]:
    sums = [0] * _BUCKETS
    for entry in entries:
        text = f"{entry.name}\0{entry.size}\0{entry.changed}".encode("utf-8", "surrogateescape")
        place = _bucket(entry)
        sums[place] = (sums[place] + int.from_bytes(hashlib.sha256(text).digest()[:6], "big")) % _MODULUS
    return tuple(sums)


def _base36(value: int) -> str:
    digits = ""
    while value:
        value, digit = divmod(value, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"
